"""What letters, and the links in them, need from the outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from csms.domain.identity.letters import Letter
from csms.kernel.ids import OrganizationId, UserId

MailPurpose = Literal["SIGN_UP", "RESET_PASSWORD", "VERIFY_EMAIL"]


@dataclass(frozen=True, slots=True)
class MailToken:
    """What a link in a letter stands for. A sign-up's has a name and no account yet."""

    organization_id: OrganizationId
    purpose: MailPurpose
    email: str
    user_id: UserId | None
    full_name: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that waits to be sent, or was."""

    id: int
    letter: Letter
    created_at: datetime
    is_sent: bool


class LetterStore(Protocol):
    """Keeps letters and the hashes of what their links carry."""

    async def post(
        self, letter: Letter, token: MailToken | None = None, token_hash: bytes | None = None
    ) -> None:
        """Store the letter, its token, and the job that sends it, all or nothing."""
        ...

    async def peek(
        self, purpose: MailPurpose, token_hash: bytes, now: datetime
    ) -> MailToken | None:
        """Return what a link stands for while it can be used."""
        ...

    async def redeem(
        self, purpose: MailPurpose, token_hash: bytes, now: datetime
    ) -> MailToken | None:
        """Take a link for its one use; all others of that purpose and address end with it."""
        ...

    async def letter(self, letter_id: int) -> KeptLetter | None:
        """Return a letter that was posted."""
        ...

    async def mark_sent(self, letter_id: int, now: datetime) -> None:
        """Note that the letter is on its way, and forget its text."""
        ...


class Mailer(Protocol):
    """Sends letters."""

    async def send(self, letter_id: int, letter: Letter) -> None:
        """Hand the letter over; `letter_id` names it, so that repeats can be told.

        Raises MailServerUnavailableError when it may work later, MailRefusedError when not.
        """
        ...
