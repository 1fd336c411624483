"""A generator process: reads its orders from stdin, writes what it saw to stdout.

Run as `python -m benchmarks.load.process`; the first line is a LoadSpec, then come orders. It stays
until it is told to stop, so that its CPU clock can be read after its result.
"""

import asyncio
import gc
import resource
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import uvloop

from benchmarks.chargers import ChargerAccount, read_accounts
from benchmarks.load.charger import Tally
from benchmarks.load.contract import (
    Failure,
    FromGenerator,
    Latency,
    LoadResult,
    LoadSpec,
    Progress,
    Ready,
    StartOrder,
    StopOrder,
    ToGenerator,
)
from benchmarks.load.http import http_closed_loop
from benchmarks.load.loops import Window, closed_loop, open_loop
from benchmarks.load.phases import PhaseError, close_all, connect_all, drain, stop_all
from benchmarks.load.storm import Storm

_NOFILE_WANTED = 65_536
_CLOSE_TIMEOUT_S = 5.0


def raise_open_files_limit() -> int:
    """Raise the limit of open files as far as this user may; return what it is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in ((max(soft, _NOFILE_WANTED), max(hard, _NOFILE_WANTED)), (hard, hard)):
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, wanted)
            break
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def say(message: FromGenerator) -> None:
    """Write one JSON line to the orchestrator."""
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


class Orders:
    """The orchestrator's lines; the end of the stream is an order to stop."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    async def spec(self) -> LoadSpec:
        """Read the first line."""
        return msgspec.json.decode(await self._reader.readline(), type=LoadSpec)

    async def next(self) -> ToGenerator:
        """Read the next order."""
        line = await self._reader.readline()
        if not line:
            return StopOrder()
        order: ToGenerator = msgspec.json.decode(line, type=StartOrder | StopOrder)
        return order


async def main() -> None:
    """Do what the spec says; end with the process when the orchestrator goes away."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    orders = Orders(reader)
    spec = await orders.spec()
    raise_open_files_limit()
    try:
        await _obey(spec, orders)
    except (PhaseError, ConnectionError) as error:
        say(Failure(str(error)))


async def _obey(spec: LoadSpec, orders: Orders) -> None:
    if spec.mode == "http":
        await _http(spec, orders)
        return
    accounts = read_accounts(Path(spec.chargers_csv))[spec.first : spec.first + spec.count]
    if len(accounts) < spec.count:
        say(Failure(f"{spec.count} chargers wanted, {len(accounts)} are in the csv"))
    elif spec.mode == "storm":
        await _storm(spec, accounts, orders)
    else:
        await _load(spec, accounts, orders)


async def _load(spec: LoadSpec, accounts: list[ChargerAccount], orders: Orders) -> None:
    tally = Tally()
    chargers = await connect_all(accounts, spec, tally)
    _quiet_collector()
    say(Ready(len(chargers)))
    order = await orders.next()
    if isinstance(order, StopOrder):
        await close_all(chargers, tally, _CLOSE_TIMEOUT_S)
        return
    ticker = asyncio.create_task(_tick(tally))
    window, lost = Window(), 0
    if spec.mode == "answering":
        await orders.next()
    else:
        run = open_loop if spec.mode == "open" else closed_loop
        window = await run(chargers, spec, order.at_s)
        lost = await drain(chargers, spec.answer_timeout_s)
    await stop_all(chargers, spec)
    say(_result(tally, window, lost))
    ticker.cancel()
    await orders.next()
    await close_all(chargers, tally, _CLOSE_TIMEOUT_S)


async def _storm(spec: LoadSpec, accounts: list[ChargerAccount], orders: Orders) -> None:
    storm = Storm(accounts, spec)
    _quiet_collector()
    say(Ready(0))
    order = await orders.next()
    if isinstance(order, StopOrder):
        return
    await storm.run(order.at_s)
    # A broken attempt that was tried again is no failure of the storm; giving up is.
    result = LoadResult(
        window_s=storm.seconds,
        answered=len(storm.standing),
        sent_total=len(accounts),
        answered_total=len(storm.standing),
        disconnected=storm.failed,
        retries=storm.retries,
        examples=storm.examples,
        latency=Latency.of(storm.latency),
    )
    say(result)
    await orders.next()
    await storm.close(_CLOSE_TIMEOUT_S)


def _quiet_collector() -> None:
    """Keep the collector's pauses out of the latencies; a run is short enough to do without."""
    gc.collect()
    gc.freeze()
    gc.disable()


async def _http(spec: LoadSpec, orders: Orders) -> None:
    say(Ready(0))
    order = await orders.next()
    if isinstance(order, StopOrder):
        return
    outcome = await http_closed_loop(
        spec.url,
        spec.headers,
        spec.requests,
        spec.count,
        spec.warmup_s,
        spec.duration_s,
        order.at_s,
    )
    result = LoadResult(
        window_s=outcome.seconds,
        answered=outcome.answered,
        sent_total=outcome.answered_total,
        answered_total=outcome.answered_total,
        wrong=outcome.wrong,
        examples=outcome.examples,
        latency=Latency.of(outcome.latency),
    )
    say(result)
    await orders.next()


def _result(tally: Tally, window: Window, lost: int) -> LoadResult:
    return LoadResult(
        window_s=window.seconds,
        answered=window.answered,
        by_action=window.counts(),
        sent_total=tally.sent,
        answered_total=tally.answered,
        wrong=tally.wrong,
        lost=lost,
        disconnected=tally.disconnected,
        unserved=window.unserved,
        server_calls=tally.server_calls,
        examples=tally.examples,
        latency=Latency.of(window.latency),
        lateness=Latency.of(window.lateness),
    )


async def _tick(tally: Tally) -> None:
    loop = asyncio.get_running_loop()
    at_s = loop.time()
    while True:
        at_s += 1.0
        await asyncio.sleep(max(0.0, at_s - loop.time()))
        say(Progress(tally.answered))


if __name__ == "__main__":
    uvloop.run(main())
