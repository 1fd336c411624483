"""Puts together what lets people in: accounts, sign-ins, second factors, letters."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from csms.adapters.identity.one_time_passwords import TotpPasswords
from csms.adapters.identity.passwords import Argon2PasswordHasher
from csms.adapters.identity.tokens import JwtTokens
from csms.adapters.mail.smtp import SmtpMailer
from csms.adapters.sql.engine import Database
from csms.adapters.sql.repositories.accounts import SqlAccountStore
from csms.adapters.sql.repositories.letters import SqlLetters
from csms.adapters.sql.repositories.second_factors import SqlSecondFactors
from csms.adapters.sql.repositories.server_secrets import (
    SECOND_FACTORS,
    TOKEN_SIGNING,
    server_secret,
)
from csms.adapters.sql.repositories.sessions import SqlSessions
from csms.api.settings import IdentityOffer
from csms.bootstrap.settings import Settings
from csms.domain.identity.access_ended import access_ended
from csms.domain.identity.errors import MailRefusedError
from csms.domain.identity.post_office import DELIVER_MAIL, DeliverJob, PostOffice
from csms.domain.identity.registry import Accounts
from csms.domain.identity.second_factor import SecondFactors
from csms.domain.identity.self_service import (
    ANSWER_RESET,
    ANSWER_SIGN_UP,
    ResetJob,
    SelfService,
    SelfServiceRules,
    SignUpJob,
)
from csms.domain.identity.sessions import SessionTimes
from csms.domain.identity.sign_in import SignIn
from csms.kernel.clock import Clock
from csms.kernel.coordination import RateLimits
from csms.kernel.ids import OrganizationId
from csms.kernel.jobs import ClaimedJob, JobQueue
from csms.kernel.live import LiveEvents
from csms.worker.errors import JobIsHopelessError
from csms.worker.runner import Handler


@dataclass(frozen=True)
class People:
    """The use cases about people, and the jobs that they queue."""

    accounts: Accounts
    store: SqlAccountStore
    sign_in: SignIn
    second_factors: SecondFactors
    self_service: SelfService
    handlers: dict[str, Handler]


async def assemble_people(  # what the process has, once
    settings: Settings,
    database: Database,
    queue: JobQueue,
    limits: RateLimits,
    clock: Clock,
    organization_id: OrganizationId,
    live: LiveEvents,
) -> People:
    """Return the use cases over `database`; `live` hears of sign-ins that a change has ended."""
    hasher, store = Argon2PasswordHasher(), SqlAccountStore(await database.for_api())
    accounts = Accounts(
        store,
        hasher,
        clock,
        access_ended=lambda account: live.publish(access_ended(account, clock.now())),
    )
    second_factors = SecondFactors(
        SqlSecondFactors(database, await server_secret(database, SECOND_FACTORS)),
        TotpPasswords(),
        limits,
        clock,
    )
    sign_in = SignIn(
        accounts,
        SqlSessions(database),
        second_factors,
        JwtTokens(await server_secret(database, TOKEN_SIGNING)),
        clock,
        times=times_of(settings),
    )
    server = settings.mail_server
    letters = SqlLetters(database, is_sent=server is not None)
    self_service = SelfService(
        accounts, store, letters, hasher, queue, clock, rules_of(settings, organization_id)
    )
    post_office = None if server is None else PostOffice(letters, SmtpMailer(server), clock)
    return People(
        accounts=accounts,
        store=store,
        sign_in=sign_in,
        second_factors=second_factors,
        self_service=self_service,
        handlers=people_handlers(self_service, post_office),
    )


def times_of(settings: Settings) -> SessionTimes:
    """Return how long sign-ins last."""
    return SessionTimes(
        access_token=timedelta(seconds=settings.access_token_s),
        longest=timedelta(days=settings.session_days),
        idle=timedelta(days=settings.session_idle_days),
    )


def rules_of(settings: Settings, organization_id: OrganizationId) -> SelfServiceRules:
    """Return what people may do themselves."""
    is_builtin = not settings.has_clerk and settings.oidc_issuer is None
    has_post = is_builtin and (settings.mail_server is not None or not settings.is_production)
    return SelfServiceRules(
        organization_id=organization_id,
        web_url=settings.web_url,
        can_sign_up=has_post and settings.sign_up is not False,
        can_reset=has_post,
    )


def identity_offer(settings: Settings) -> IdentityOffer:
    """Return how people may sign in, as the web app is told."""
    if settings.has_clerk:
        key = settings.next_public_clerk_publishable_key
        return IdentityOffer(provider="clerk", name="Clerk", clerk_publishable_key=key)
    if settings.oidc_issuer is not None:
        return IdentityOffer(provider="oidc", name=settings.oidc_name)
    return IdentityOffer()


def people_handlers(
    self_service: SelfService, post_office: PostOffice | None
) -> dict[str, Handler]:
    """Return the handler of each kind of job about people."""

    async def answer_sign_up(job: ClaimedJob) -> None:
        await self_service.answer_sign_up(msgspec.json.decode(job.payload, type=SignUpJob))

    async def answer_reset(job: ClaimedJob) -> None:
        await self_service.answer_reset(msgspec.json.decode(job.payload, type=ResetJob))

    async def deliver(job: ClaimedJob) -> None:
        if post_office is None:
            raise JobIsHopelessError("CSMS_SMTP_URL is not set any more; nothing can be sent")
        order = msgspec.json.decode(job.payload, type=DeliverJob)
        try:
            await post_office.deliver(order.letter_id)
        except MailRefusedError as error:
            raise JobIsHopelessError(error.detail) from error

    return {ANSWER_SIGN_UP: answer_sign_up, ANSWER_RESET: answer_reset, DELIVER_MAIL: deliver}
