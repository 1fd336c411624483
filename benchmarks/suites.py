"""The suites: what is measured on each side, one after the other, each on a fresh server."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec

from benchmarks.baseline_side import baseline_side
from benchmarks.load.fleet import Fleet
from benchmarks.measure import Measurement, Meter, Options, Suite
from benchmarks.product_side import product_side
from benchmarks.side import OpenSide, RunningSide
from benchmarks.standin_side import standin_side

SIDES: dict[str, OpenSide] = {"product": product_side, "baseline": baseline_side}

_LISTED_CHARGERS = 10_000
_ANSWERING_CHARGERS = 200

Measure = Callable[[Meter, RunningSide, Options, int], AsyncIterator[Measurement]]
Say = Callable[[str], None]


async def run_suite(
    suite: Suite, sides: list[str], options: Options, work_dir: Path | None, say: Say
) -> AsyncIterator[tuple[Measurement, str]]:
    """Yield each measurement with the PostgreSQL it ran on; the sides take turns within a run.

    Every server starts on an empty directory below `work_dir`, which must be on a disk (not in
    memory) for the figures to mean anything, and which is removed afterwards.
    """
    measure, chargers = _plan(suite, options)
    openers = {"stand-in": standin_side} if suite == "ceiling" else {s: SIDES[s] for s in sides}
    for run in range(1, options.runs + 1):
        for name, open_side in openers.items():
            directory = Path(tempfile.mkdtemp(prefix="csms-bench-", dir=work_dir))
            try:
                say(f"{suite} {name} run {run}: starting, {chargers:,} chargers")
                async with open_side(directory, chargers) as side:
                    meter = Meter(side, directory, options, say)
                    async for measurement in measure(meter, side, options, run):
                        yield measurement, side.postgres
            finally:
                shutil.rmtree(directory, ignore_errors=True)


def _plan(suite: Suite, options: Options) -> tuple[Measure, int]:
    match suite:
        case "ceiling":
            return _ceiling, max(options.chargers, options.storm_chargers)
        case "ingest":
            return _ingest, options.chargers
        case "storm":
            return _storm, options.storm_chargers
        case "operations":
            return _operations, _ANSWERING_CHARGERS
        case "api":
            return _api, _LISTED_CHARGERS


async def _ceiling(
    meter: Meter, _: RunningSide, options: Options, run: int
) -> AsyncIterator[Measurement]:
    yield await meter.load("ceiling", meter.spec("closed", options.chargers), run, 1)
    storm = await meter.storm(run)
    storm.suite = "ceiling"
    yield storm


async def _ingest(
    meter: Meter, _: RunningSide, options: Options, run: int
) -> AsyncIterator[Measurement]:
    for mode in ("closed", "open"):
        spec = meter.spec("closed" if mode == "closed" else "open", options.chargers)
        yield await meter.load("ingest", spec, run, options.generators)


async def _storm(
    meter: Meter, _: RunningSide, options: Options, run: int
) -> AsyncIterator[Measurement]:
    yield await meter.storm(run)


async def _operations(
    meter: Meter, side: RunningSide, options: Options, run: int
) -> AsyncIterator[Measurement]:
    chargers = msgspec.structs.replace(
        meter.spec("answering", _ANSWERING_CHARGERS), transaction_share=0.0
    )
    requests = [side.operation_request(account.charge_point_id) for account in side.accounts]
    http = msgspec.structs.replace(
        meter.spec("http", options.concurrency),
        url=side.http_url,
        headers=side.headers,
        requests=requests,
    )
    async with Fleet(chargers) as answering:
        await answering.start()
        measurement = await meter.load("operations", http, run, 1)
        await answering.finish()
        answers = await answering.result()
    measurement.wrong += answers.wrong
    measurement.disconnected += answers.disconnected
    yield measurement


async def _api(
    meter: Meter, side: RunningSide, options: Options, run: int
) -> AsyncIterator[Measurement]:
    http = msgspec.structs.replace(
        meter.spec("http", options.concurrency),
        url=side.http_url,
        headers=side.headers,
        requests=[side.list_request],
    )
    yield await meter.load("api", http, run, 1)
