"""Small jobs that nobody waits for: each has an owner here that sees its error."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from csms.kernel.errors import CsmsError

logger = logging.getLogger("csms.gateway")


class Errands:
    """Runs coroutines in the background, logs what fails, and can wait for all of them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None], what: str) -> None:
        """Start an errand; `what` names it in the log should it fail."""
        task = asyncio.get_running_loop().create_task(self._watched(errand, what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until every errand is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _watched(self, errand: Coroutine[Any, Any, None], what: str) -> None:
        try:
            await errand
        except CsmsError as error:
            logger.warning("an errand failed", extra={"errand": what, "detail": error.detail})
        except Exception:
            logger.exception("an errand failed", extra={"errand": what})
