"""One message of a charger at a time: who has the turn, and what becomes of a message that fails."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from csms.gateway.connection import Connection, Message
from csms.gateway.storing import HoldExpiredError
from csms.gateway.transport import CLOSE_INTERNAL_ERROR, CLOSE_TRY_LATER
from csms.kernel.journal import StaleEpochError

logger = logging.getLogger("csms.gateway")


class Turns:
    """Begins with a connection's next message when the one before it is dealt with.

    `begin` starts a message and returns; whatever ends it, now or later, calls `pass_on`.
    """

    def __init__(self, begin: Callable[[Connection, Message], None]) -> None:
        self._begin = begin
        self._taken: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._all_passed = asyncio.Event()

    def take(self, connection: Connection, message: Message) -> None:
        """Begin with a message that came while nothing of its connection was under way."""
        self._taken.add(connection)
        self._go(connection, message)

    def pass_on(self, connection: Connection) -> None:
        """A message is dealt with: begin with the next one, if there is one."""
        connection.answered_or_dropped()
        message = connection.next_message()
        if message is not None:
            self._go(connection, message)
            return
        self._taken.discard(connection)
        if not self._taken:
            self._all_passed.set()

    def later(
        self, connection: Connection, steps: Coroutine[Any, Any, None], then: Message | None = None
    ) -> None:
        """Deal with a message in a task; then begin with `then`, by default the inbox's next."""
        task = asyncio.get_running_loop().create_task(self._run(connection, steps, then))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def fail(self, connection: Connection, error: Exception) -> None:
        """Do to a connection what an error calls for, and log the ones that nobody foresaw."""
        if isinstance(error, StaleEpochError):
            connection.retire("a newer connection of this charger exists")
        elif isinstance(error, HoldExpiredError):
            connection.close(CLOSE_TRY_LATER, "nothing can be stored at present")
        else:
            logger.error(
                "a message could not be handled",
                exc_info=error,
                extra={"charge_point_id": connection.charger.charge_point_id},
            )
            connection.close(CLOSE_INTERNAL_ERROR, "internal error")

    async def finish(self, timeout_s: float) -> None:
        """Wait until everything received is dealt with, at most for the given time."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._taken:
                    self._all_passed.clear()
                    await self._all_passed.wait()
        except TimeoutError:
            logger.warning("messages were left unanswered", extra={"chargers": len(self._taken)})

    async def cancel(self) -> None:
        """End the tasks that are still under way."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _go(self, connection: Connection, message: Message) -> None:
        try:
            self._begin(connection, message)
        except Exception as error:
            self.fail(connection, error)
            self.pass_on(connection)

    async def _run(
        self, connection: Connection, steps: Coroutine[Any, Any, None], then: Message | None
    ) -> None:
        try:
            await steps
        except Exception as error:
            self.fail(connection, error)
            then = None
        if then is None:
            self.pass_on(connection)
        else:
            self._go(connection, then)
