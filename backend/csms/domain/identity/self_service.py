"""What people do themselves: sign up, prove their address, get over a forgotten password.

Whether an address has an account is found out in a job, never before the answer: what strangers see
is the same for every address, and takes as long.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec

from csms.domain.identity.accounts import (
    Account,
    AccountSurroundings,
    NewAccount,
    checked_email,
    new_app_tag,
    verified,
)
from csms.domain.identity.actor import Actor
from csms.domain.identity.errors import BadMailLinkError, SignUpClosedError
from csms.domain.identity.letters import LetterKind, Locale, write_letter
from csms.domain.identity.mail_ports import LetterStore, MailPurpose, MailToken
from csms.domain.identity.passwords import check_password
from csms.domain.identity.ports import AccountStore, PasswordHasher
from csms.domain.identity.registry import Accounts
from csms.domain.identity.sessions import hash_of, new_secret
from csms.kernel.clock import Clock
from csms.kernel.ids import OrganizationId
from csms.kernel.jobs import JobQueue, JobRequest

ANSWER_SIGN_UP: Final = "answer_sign_up"
ANSWER_RESET: Final = "answer_password_reset"
PAGES: Final[dict[MailPurpose, str]] = {
    "SIGN_UP": "/sign-up/finish",
    "RESET_PASSWORD": "/reset-password",
    "VERIFY_EMAIL": "/verify-email",
}
FORGOT_PAGE: Final = "/forgot-password"


class SignUpJob(msgspec.Struct, frozen=True):
    """The payload of a job that answers a sign-up by letter."""

    email: str
    full_name: str
    locale: Locale


class ResetJob(msgspec.Struct, frozen=True):
    """The payload of a job that answers a forgotten password by letter."""

    email: str
    locale: Locale


@dataclass(frozen=True, slots=True)
class SelfServiceRules:
    """What people may do themselves. Links lead to `web_url`, never to the host of a request."""

    organization_id: OrganizationId
    web_url: str
    can_sign_up: bool = True
    can_reset: bool = True
    sign_up_link: timedelta = timedelta(hours=24)
    reset_link: timedelta = timedelta(hours=1)


class SelfService:
    """Sign-up, address and forgotten password. Letters are posted; jobs send them."""

    def __init__(
        self,
        accounts: Accounts,
        store: AccountStore,
        letters: LetterStore,
        hasher: PasswordHasher,
        queue: JobQueue,
        clock: Clock,
        rules: SelfServiceRules,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._letters = letters
        self._hasher = hasher
        self._queue = queue
        self._clock = clock
        self.rules = rules

    async def ask_sign_up(self, email: str, full_name: str, locale: Locale) -> None:
        """Have a letter written to the address. Raises SignUpClosedError, BadEmailError."""
        if not self.rules.can_sign_up:
            raise SignUpClosedError("accounts are made by the operator here")
        await self._queue_answer(
            ANSWER_SIGN_UP, SignUpJob(checked_email(email), full_name.strip(), locale)
        )

    async def answer_sign_up(self, job: SignUpJob) -> None:
        """Write the letter: to a new address how to go on, to a known one that it is known."""
        known = await self._store.find_by_email(job.email)
        if known is None:
            token = self._token("SIGN_UP", job.email, full_name=job.full_name)
            await self._post("sign_up", job.locale, token)
        elif known.is_active and self.rules.can_reset:
            await self._post("already_registered", job.locale, self._token_of(known))

    async def finish_sign_up(self, token: str, password: str, address: str | None) -> Account:
        """Make the account of whoever got the letter; the address is proven by that.

        Raises BadMailLinkError, WeakPasswordError, EmailTakenError, SignUpClosedError.
        """
        if not self.rules.can_sign_up:
            raise SignUpClosedError("accounts are made by the operator here")
        hashed, now = hash_of(token), self._clock.now()
        kept = _usable(await self._letters.peek("SIGN_UP", hashed, now))
        check_password(password, email=kept.email)
        password_hash = await self._hasher.hash(password)
        _usable(await self._letters.redeem("SIGN_UP", hashed, now))
        return await self._store.add(
            Actor(None, "USER", kept.organization_id, "sign-up", address),
            NewAccount(
                organization_id=kept.organization_id,
                email=kept.email,
                full_name=kept.full_name or kept.email,
                role="USER",
                password_hash=password_hash,
                app_id_tag=new_app_tag(),
                email_verified_at=now,
            ),
        )

    async def ask_reset(self, email: str, locale: Locale) -> None:
        """Have a letter written, if the address has an account. Raises BadEmailError."""
        if not self.rules.can_reset:
            raise SignUpClosedError("passwords are not kept here; ask whoever signs you in")
        await self._queue_answer(ANSWER_RESET, ResetJob(checked_email(email), locale))

    async def answer_reset(self, job: ResetJob) -> None:
        """Write the letter to an account that may sign in; to nobody else."""
        account = await self._store.find_by_email(job.email)
        if account is not None and account.is_active:
            await self._post("reset_password", job.locale, self._token_of(account))

    async def reset(self, token: str, password: str, address: str | None) -> None:
        """Give the account another password; every sign-in ends, the second factor stays.

        Raises BadMailLinkError, WeakPasswordError.
        """
        hashed, now = hash_of(token), self._clock.now()
        account = await self._account_of(
            _usable(await self._letters.peek("RESET_PASSWORD", hashed, now))
        )
        check_password(password, email=account.email)
        _usable(await self._letters.redeem("RESET_PASSWORD", hashed, now))
        actor = Actor(
            account.id, account.role, account.organization_id, f"user {account.id}", address
        )
        await self._accounts.set_password(actor, account, password, is_by_mail=True)

    async def ask_verification(self, account: Account, locale: Locale) -> None:
        """Write to the person's address, to prove that it is theirs."""
        token = self._token("VERIFY_EMAIL", account.email, account=account)
        await self._post("verify_email", locale, token)

    async def verify(self, token: str, address: str | None) -> None:
        """Take the address of the letter as proven. Raises BadMailLinkError."""
        now = self._clock.now()
        kept = _usable(await self._letters.redeem("VERIFY_EMAIL", hash_of(token), now))
        account = await self._account_of(kept)
        actor = Actor(
            account.id, account.role, account.organization_id, f"user {account.id}", address
        )

        def decide(found: Account, _: AccountSurroundings) -> Account:
            return verified(found, kept.email, now)

        await self._store.change(actor, account.id, "user.email_verified", decide)

    async def tell_of_change(self, account: Account, locale: Locale) -> None:
        """Write that the password was changed, so that a stranger's change does not go unseen."""
        letter = write_letter(
            "changed",
            locale,
            organization_id=account.organization_id,
            recipient=account.email,
            link=f"{self.rules.web_url}{FORGOT_PAGE}",
        )
        await self._letters.post(letter)

    async def _queue_answer(self, kind: str, payload: SignUpJob | ResetJob) -> None:
        await self._queue.enqueue(
            JobRequest(
                kind=kind,
                unique_key=f"{kind}:{secrets.token_hex(16)}",
                payload=msgspec.json.encode(payload).decode(),
                organization_id=self.rules.organization_id,
            )
        )

    async def _post(self, kind: LetterKind, locale: Locale, token: MailToken) -> None:
        secret = new_secret()
        lifetime = token.expires_at - self._clock.now()
        letter = write_letter(
            kind,
            locale,
            organization_id=token.organization_id,
            recipient=token.email,
            link=f"{self.rules.web_url}{PAGES[token.purpose]}#token={secret}",
            hours=max(1, round(lifetime.total_seconds() / 3600)),
        )
        await self._letters.post(letter, token, hash_of(secret))

    async def _account_of(self, kept: MailToken) -> Account:
        account = None if kept.user_id is None else await self._store.find(kept.user_id)
        if account is None or not account.is_active:
            raise BadMailLinkError("the account of this link is not active")
        if account.email.casefold() != kept.email.casefold():
            raise BadMailLinkError("the account has another address by now; ask for a new link")
        return account

    def _token_of(self, account: Account) -> MailToken:
        return self._token("RESET_PASSWORD", account.email, account=account)

    def _token(
        self,
        purpose: MailPurpose,
        email: str,
        *,
        full_name: str | None = None,
        account: Account | None = None,
    ) -> MailToken:
        lifetime = self.rules.reset_link if purpose == "RESET_PASSWORD" else self.rules.sign_up_link
        return MailToken(
            organization_id=(
                self.rules.organization_id if account is None else account.organization_id
            ),
            purpose=purpose,
            email=email,
            user_id=None if account is None else account.id,
            full_name=full_name,
            expires_at=self._clock.now() + lifetime,
        )


def _usable(found: MailToken | None) -> MailToken:
    if found is None:
        raise BadMailLinkError("the link was used before or is too old; ask for a new one")
    return found
