"""Lets many callers share one database call: who comes while a call runs joins the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from csms.kernel.journal import StorageUnavailableError

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Batcher(Generic[ItemT, ResultT]):
    """Calls `work` with up to `limit` items at a time, in at most `workers` calls at once.

    `work` returns one result or exception per item; an exception of its own goes to all of them.
    At most `capacity` items wait; one more raises StorageUnavailableError.
    """

    def __init__(
        self,
        work: Callable[[Sequence[ItemT]], Awaitable[Sequence[ResultT | Exception]]],
        *,
        limit: int = 200,
        workers: int = 2,
        capacity: int = 50_000,
    ) -> None:
        self._work = work
        self._limit = limit
        self._workers = workers
        self._capacity = capacity
        self._waiting: deque[tuple[ItemT, asyncio.Future[ResultT]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def submit(self, item: ItemT) -> ResultT:
        """Return the item's result, or raise what became of it."""
        if self._is_closed or len(self._waiting) >= self._capacity:
            raise StorageUnavailableError("no more requests can wait for the database")
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._tasks) < self._workers:
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def close(self) -> None:
        """Finish what was submitted; refuse what comes later."""
        self._is_closed = True
        await asyncio.gather(*self._tasks)

    async def _run(self) -> None:
        while self._waiting:
            count = min(self._limit, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            try:
                results = await self._work([item for item, _ in batch])
            except Exception as error:  # handed to every caller, none of whom may hang
                results = [error] * len(batch)
            for (_, future), result in zip(batch, results, strict=True):
                if future.done():
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
