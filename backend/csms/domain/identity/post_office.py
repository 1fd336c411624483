"""Sending letters: the durable job's use case."""

from datetime import timedelta
from typing import Final

import msgspec

from csms.domain.identity.errors import MailRefusedError
from csms.domain.identity.mail_ports import LetterStore, Mailer
from csms.kernel.clock import Clock

DELIVER_MAIL: Final = "deliver_mail"
"""Kind of the job that sends a letter; payload {letter_id}."""
TOO_OLD: Final = timedelta(days=2)
"""Links in letters live shorter: one that could not be sent for so long is of no use."""


class DeliverJob(msgspec.Struct, frozen=True):
    """The payload of a job that sends a letter."""

    letter_id: int


class PostOffice:
    """Sends what was posted."""

    def __init__(self, store: LetterStore, mailer: Mailer, clock: Clock) -> None:
        self._store = store
        self._mailer = mailer
        self._clock = clock

    async def deliver(self, letter_id: int) -> None:
        """Send a letter, once as far as can be known: a crash after sending sends it again.

        Raises MailServerUnavailableError; MailRefusedError when another try is useless.
        """
        kept = await self._store.letter(letter_id)
        if kept is None or kept.is_sent:
            return
        if kept.created_at + TOO_OLD < self._clock.now():
            raise MailRefusedError("the letter could not be sent for two days; its link is too old")
        await self._mailer.send(letter_id, kept.letter)
        await self._store.mark_sent(letter_id, self._clock.now())
