"""`python -m benchmarks [suite]`: measure, print a table, write JSON."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from benchmarks.load.fleet import GeneratorError
from benchmarks.load.process import raise_open_files_limit
from benchmarks.machine import describe_machine
from benchmarks.measure import Measurement, Options, Suite
from benchmarks.report import Report, print_report, ratios_of, write_json
from benchmarks.side import SideError
from benchmarks.suites import SIDES, run_suite

_SUITES: tuple[Suite, ...] = ("ceiling", "ingest", "storm", "operations", "api")
_RESULTS = Path(__file__).parent / "results"
_QUICK = Options(duration_s=3.0, warmup_s=1.0, chargers=200, storm_chargers=500, rate_per_s=500.0)


def main() -> int:
    """Run the suites asked for; 1 when an answer was wrong or missing, or a side failed."""
    arguments = _parser().parse_args()
    raise_open_files_limit()
    try:
        return asyncio.run(_run(arguments))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.stderr.write("stopped; everything that was started is ended and removed\n")
        return 130
    except (SideError, GeneratorError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("suite", nargs="?", default="all", choices=(*_SUITES, "all"))
    parser.add_argument("--duration", type=float, help="seconds of each window (15)")
    parser.add_argument("--warmup", type=float, help="seconds before each window (3)")
    parser.add_argument("--chargers", type=int, help="chargers of the ingest load (2000)")
    parser.add_argument("--storm-chargers", type=int, help="chargers of the boot storm (10000)")
    parser.add_argument("--rate", type=float, help="messages/s offered by the open loop (10000)")
    parser.add_argument("--runs", type=int, help="times each side is measured (1)")
    parser.add_argument("--generators", type=int, help="processes of the load generator (1)")
    parser.add_argument("--concurrency", type=int, help="HTTP requests in flight (50)")
    parser.add_argument("--only", choices=tuple(SIDES), help="measure one side only")
    parser.add_argument("--pin", action="store_true", help="server on core 0, the rest on core 1")
    parser.add_argument("--quick", action="store_true", help="3-second smoke with few chargers")
    parser.add_argument("--work-dir", type=Path, help="where databases are made; must be a disk")
    parser.add_argument(
        "--json", type=Path, help="file for the whole report (benchmarks/results/TIME.json)"
    )
    return parser


def _options(arguments: argparse.Namespace) -> Options:
    asked = {
        "duration_s": arguments.duration,
        "warmup_s": arguments.warmup,
        "chargers": arguments.chargers,
        "storm_chargers": arguments.storm_chargers,
        "rate_per_s": arguments.rate,
        "runs": arguments.runs,
        "generators": arguments.generators,
        "concurrency": arguments.concurrency,
        "is_pinned": arguments.pin or None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return msgspec.structs.replace(_QUICK if arguments.quick else Options(), **given)


async def _run(arguments: argparse.Namespace) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    options = _options(arguments)
    suites = _SUITES if arguments.suite == "all" else (arguments.suite,)
    sides = [arguments.only] if arguments.only else list(SIDES)
    progress = Console(stderr=True, highlight=False)
    report = Report(
        started_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        machine=describe_machine(postgres="not used"),
        options=options,
        measurements=[],
    )
    for suite in suites:
        async for measurement, postgres in run_suite(
            suite, sides, options, arguments.work_dir, progress.print
        ):
            report.measurements.append(measurement)
            if postgres != "none":
                report.machine = msgspec.structs.replace(report.machine, postgres=postgres)
            progress.print(_line(measurement))
    report.ratios = ratios_of(report.measurements)
    print_report(report, Console(width=max(Console().width, 200)))
    file = arguments.json or _RESULTS / f"{report.started_at.replace(':', '')}.json"
    write_json(report, file)
    progress.print(f"everything that was measured: {file}")
    return 0 if all(measurement.is_valid for measurement in report.measurements) else 1


def _line(measurement: Measurement) -> str:
    return (
        f"{measurement.suite} {measurement.load} {measurement.side} run {measurement.run}: "
        f"{measurement.rate_per_s:,.0f}/s, p99 {measurement.latency_ms.get('p99', 0.0):.1f} ms, "
        f"CPU {measurement.server_us:.0f}+{measurement.postgres_us:.0f} us"
        f"{'' if measurement.is_valid else ', INVALID'}"
    )


if __name__ == "__main__":
    sys.exit(main())
