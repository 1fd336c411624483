"""Storing for a connection: what must not be lost is held until it can be, the rest is tried once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from csms.gateway.connection import Connection
from csms.gateway.log_entries import entry_of
from csms.gateway.settings import GatewaySettings
from csms.kernel.errors import UnavailableError
from csms.kernel.facts import Fact
from csms.kernel.journal import (
    EntryRefusedError,
    Journal,
    LoggedMessage,
    StorageUnavailableError,
)

logger = logging.getLogger("csms.gateway")

StepT = TypeVar("StepT")


class HoldExpiredError(Exception):
    """What must not be lost could not be stored in time; its message stays unanswered."""


class Storing:
    """The journal as the inbound path uses it."""

    def __init__(self, journal: Journal, settings: GatewaySettings) -> None:
        self.journal = journal
        self._settings = settings

    async def held(self, connection: Connection, step: Callable[[], Awaitable[StepT]]) -> StepT:
        """Repeat `step` while nothing can be stored, for the named time.

        Raises HoldExpiredError (OCPP 1.6 §3.7.1: a CALLERROR would use up one of the charger's
        attempts), and whatever else `step` raises.
        """
        loop = asyncio.get_running_loop()
        held_until = loop.time() + self._settings.unstorable_hold_s
        while True:
            try:
                return await step()
            except UnavailableError:
                if loop.time() >= held_until or connection.is_over:
                    raise HoldExpiredError from None
                await asyncio.sleep(self._settings.unstorable_retry_s)

    async def log(
        self, connection: Connection, message: LoggedMessage | None, facts: tuple[Fact, ...] = ()
    ) -> bool:
        """Store once and return whether it was stored. Raises StaleEpochError."""
        try:
            await self.journal.append(entry_of(connection, message, facts))
        except (StorageUnavailableError, EntryRefusedError):
            logger.warning(
                "a message could not be logged",
                extra={"charge_point_id": connection.charger.charge_point_id},
            )
            return False
        return True

    async def wait_for_room(self) -> None:
        """Wait while too many entries wait for a commit; inboxes fill and reading stops meanwhile."""
        # The Journal port has no event for it, and this is rare.
        while self.journal.backlog > self._settings.journal_backlog_max:  # noqa: ASYNC110
            await asyncio.sleep(self._settings.backlog_pause_s)
