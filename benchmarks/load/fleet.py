"""The orchestrator's handle on its generator processes."""

import asyncio
import contextlib
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from benchmarks.load.contract import (
    Failure,
    LoadResult,
    LoadSpec,
    Progress,
    Ready,
    StartOrder,
    StopOrder,
    ToGenerator,
    merge_results,
)

REPOSITORY = Path(__file__).resolve().parents[2]
_START_DELAY_S = 0.2
_END_TIMEOUT_S = 15.0
_RESULT_GRACE_S = 120.0
_LINE_LIMIT_BYTES = 1 << 22
_MESSAGES = msgspec.json.Decoder(Ready | Progress | LoadResult | Failure)


_Message = TypeVar("_Message", Ready, LoadResult)


class GeneratorError(Exception):
    """A generator process failed, and what it said."""


class Fleet:
    """One or more generator processes that share the chargers of a load evenly.

    Use as an async context manager: entering waits until every charger stands ready, leaving
    ends the processes whatever happened.
    """

    def __init__(
        self, spec: LoadSpec, processes: int = 1, on_progress: Callable[[int], None] | None = None
    ) -> None:
        self._specs = _share(spec, processes)
        self._spec = spec
        self._on_progress = on_progress
        self._processes: list[asyncio.subprocess.Process] = []
        self._answered: dict[int, int] = {}
        self.started_at_s = 0.0

    @property
    def pids(self) -> list[int]:
        """Process ids of the generators, for CPU accounting."""
        return [process.pid for process in self._processes]

    async def __aenter__(self) -> Self:
        """Start the processes; raises GeneratorError when one cannot get ready."""
        try:
            for spec in self._specs:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "benchmarks.load.process",
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    cwd=REPOSITORY,
                    # Ctrl-C is the orchestrator's to handle; it ends its generators itself.
                    start_new_session=True,
                    limit=_LINE_LIMIT_BYTES,
                )
                self._processes.append(process)
                await _write(process, msgspec.json.encode(spec))
            for process in self._processes:
                await self._read_until(process, Ready)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ask every process to close its sockets and end; kill one that does not."""
        for process in self._processes:
            with contextlib.suppress(ConnectionError):
                await _write(process, msgspec.json.encode(StopOrder()))
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), _END_TIMEOUT_S)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def start(self) -> float:
        """Order all generators to begin together; return that moment on the monotonic clock."""
        self.started_at_s = time.monotonic() + _START_DELAY_S
        await self._order(StartOrder(self.started_at_s))
        return self.started_at_s

    async def result(self) -> LoadResult:
        """Wait for the end of the load and add up what all generators saw."""
        spec = self._spec
        patience_s = spec.warmup_s + spec.duration_s + 3 * spec.answer_timeout_s + _RESULT_GRACE_S
        async with asyncio.timeout(patience_s):
            results = await asyncio.gather(
                *(self._read_until(process, LoadResult) for process in self._processes)
            )
        return merge_results(list(results))

    async def finish(self) -> None:
        """Tell chargers that only answer (mode `answering`) that the load is over."""
        await self._order(StopOrder())

    async def _order(self, order: ToGenerator) -> None:
        for process in self._processes:
            await _write(process, msgspec.json.encode(order))

    async def _read_until(
        self, process: asyncio.subprocess.Process, kind: type[_Message]
    ) -> _Message:
        if process.stdout is None:
            raise GeneratorError("a generator without stdout")
        while line := await process.stdout.readline():
            message = _MESSAGES.decode(line)
            if isinstance(message, kind):
                return message
            if isinstance(message, Failure):
                raise GeneratorError(message.reason)
            if isinstance(message, Progress) and self._on_progress is not None:
                self._answered[process.pid] = message.answered
                self._on_progress(sum(self._answered.values()))
        raise GeneratorError("a generator ended without a word; its error is on stderr")


def _share(spec: LoadSpec, processes: int) -> list[LoadSpec]:
    if not 1 <= processes <= spec.count:
        raise ValueError("a fleet has at least one process and one charger for each")
    bounds = [spec.first + spec.count * i // processes for i in range(processes + 1)]
    return [
        msgspec.structs.replace(
            spec, first=first, count=last - first, rate_per_s=spec.rate_per_s / processes
        )
        for first, last in itertools.pairwise(bounds)
    ]


async def _write(process: asyncio.subprocess.Process, line: bytes) -> None:
    if process.stdin is None:
        raise GeneratorError("a generator without stdin")
    process.stdin.write(line + b"\n")
    await process.stdin.drain()
