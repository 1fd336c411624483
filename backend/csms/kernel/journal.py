"""The Journal port: where facts become durable before anybody is told that they are."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from csms.kernel.errors import ConflictError, InvalidError, UnavailableError
from csms.kernel.facts import Fact
from csms.kernel.ids import ChargePointId, ChargerId, Epoch, OrganizationId

NO_CONNECTION = Epoch(0)
"""The epoch of an entry that no connection said: a deadline, an operator. No newer one refuses it."""


class LoggedMessage(msgspec.Struct, frozen=True, gc=False):
    """One exchange on the wire: a request with its answer, or a frame that has none.

    `direction` is that of the request: IN from the charger, OUT from us. Texts are masked before
    they get here. `outcome` is `answered`, `error`, `no_answer`, `garbage`, `unsolicited`.
    """

    direction: Literal["IN", "OUT"]
    action: str | None
    message_id: str | None
    request: str | None
    answer: str | None
    received_at: datetime
    answered_at: datetime | None
    outcome: Literal["answered", "error", "no_answer", "garbage", "unsolicited"]
    correlation_id: str | None = None
    repairs: str | None = None
    is_repeat: bool = False


class JournalEntry(msgspec.Struct, frozen=True, gc=False):
    """Everything that one message causes. It is stored whole or not at all."""

    organization_id: OrganizationId
    charger_id: ChargerId
    charge_point_id: ChargePointId
    epoch: Epoch
    message: LoggedMessage | None
    facts: tuple[Fact, ...] = ()


class StorageUnavailableError(UnavailableError):
    """Nothing can be stored at present: do not acknowledge."""


class StaleEpochError(ConflictError):
    """A newer connection of the same charger exists; this one must say nothing more."""


class EntryRefusedError(InvalidError):
    """This one entry cannot be stored while others can; it is in quarantine, raw."""


Stored = Callable[[Exception | None], None]
"""Told once how an entry ended: None when it is committed, else an error that `append` raises."""


class Journal(Protocol):
    """Makes entries durable, many of them in one commit."""

    def submit(self, entry: JournalEntry, stored: Stored) -> None:
        """Have `entry` committed and `stored` told of it, later and on the event loop.

        What `append` does, without a task that waits. `stored` must not raise.
        """
        ...

    async def append(self, entry: JournalEntry) -> None:
        """Return when `entry` is committed.

        Raises StorageUnavailableError (outcome: not stored, or unknown and settled on retry),
        StaleEpochError (nothing was stored) or EntryRefusedError (only the raw message was kept).
        """
        ...

    @property
    def is_available(self) -> bool:
        """False from the first failed commit until a probe write succeeds."""
        ...

    @property
    def backlog(self) -> int:
        """Entries that wait for a commit; reading from sockets stops above a bound."""
        ...
