"""The command line of the virtual chargers."""

import argparse
import asyncio
import contextlib
import csv
import signal
import ssl
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from csms_simulator.fleet import Fleet, tls_context
from csms_simulator.progress import Screen
from csms_simulator.run_options import Credentials, RunOptions
from csms_simulator.scenarios.table import SCENARIOS

EXIT_USAGE = 2
ID_DIGITS_MIN = 3


def build_parser() -> argparse.ArgumentParser:
    """All options, in groups."""
    parser = argparse.ArgumentParser(
        prog="csms_simulator",
        description="Virtual OCPP 1.6 chargers. Exit codes: 0 done, 1 scenario failed, 2 usage, "
        "3 server unreachable, 4 server refused.",
    )
    _add_identity(parser.add_argument_group("who and where"))
    _add_behaviour(parser.add_argument_group("what they do"))
    _add_time(parser.add_argument_group("time"))
    _add_output(parser.add_argument_group("output"))
    return parser


def _add_identity(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--url", default="ws://127.0.0.1:8000/ocpp", help="the charge point id is appended"
    )
    group.add_argument("--chargers", type=_count, metavar="N", help="how many (default 1)")
    group.add_argument("--prefix", default="CP", help="ids are PREFIX001, PREFIX002, ...")
    group.add_argument("--first", type=_count, default=1, metavar="N", help="number of the first")
    group.add_argument("--id", metavar="ID", help="the one charger's id")
    group.add_argument("--password", help="Basic authentication, the same for all")
    group.add_argument(
        "--credentials", type=Path, metavar="FILE", help="CSV: id,password; more columns ignored"
    )
    group.add_argument("--tls-ca", type=Path, metavar="FILE", help="roots that may sign the server")
    group.add_argument("--tls-cert", type=Path, metavar="FILE", help="client certificate (PEM)")
    group.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key (PEM)")


def _add_behaviour(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--scenario", default="full-session", metavar="NAME", help="`list` shows all"
    )
    group.add_argument(
        "--id-tag", action="append", metavar="TAG", help="may be repeated; demo picks at random"
    )
    group.add_argument("--connectors", type=_count, default=1, metavar="N")
    group.add_argument("--power-kw", type=_positive, default=22.0, metavar="KW")
    group.add_argument("--vendor", default="Virtual Chargers")
    group.add_argument("--model", default="VC-22")
    group.add_argument("--seed", type=int, default=0, help="for everything random")


def _add_time(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--speed",
        type=_positive,
        default=1.0,
        metavar="FACTOR",
        help="shorten pauses, durations and meter intervals; timestamps and energy stay real",
    )
    group.add_argument(
        "--clock",
        choices=("real", "fast"),
        default="real",
        help="fast: timestamps and energy run ahead with --speed, into the future",
    )
    group.add_argument("--meter-interval-s", type=_count, default=10, metavar="S")
    group.add_argument("--heartbeat-interval-s", type=_positive, metavar="S", help="never sped up")
    group.add_argument(
        "--auto-start", type=_positive, metavar="S", help="start sessions after this pause"
    )
    group.add_argument(
        "--auto-stop", type=_positive, metavar="S", help="sessions last this long (default 60)"
    )
    group.add_argument("--duration-s", type=_positive, metavar="S", help="end after this long")
    group.add_argument(
        "--end-sessions-s",
        type=_positive,
        metavar="S",
        help="told to end, first end open sessions and tell the server, for at most this long",
    )
    group.add_argument(
        "--patience-s", type=_positive, default=300.0, metavar="S", help="for the operator"
    )
    group.add_argument(
        "--wait-server-s", type=float, default=0.0, metavar="S", help="for the server to come up"
    )
    group.add_argument("--response-timeout-s", type=_positive, default=30.0, metavar="S")
    group.add_argument("--reconnect-min-s", type=_positive, default=1.0, metavar="S")
    group.add_argument("--reconnect-max-s", type=_positive, default=60.0, metavar="S")
    group.add_argument(
        "--connect-rate", type=_positive, default=50.0, metavar="N", help="new chargers a second"
    )


def _add_output(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--json", action="store_true", help="statistics as JSON")
    group.add_argument("--quiet", action="store_true", help="no progress")
    group.add_argument("--frames", action="store_true", help="show every frame")


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def read_credentials(path: Path) -> list[Credentials]:
    """Read `id,password[,...]` rows; a heading row and empty lines are skipped.

    Raises OSError for an unreadable file and ValueError for one without chargers.
    """
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row and row[0].strip()]
    if rows and rows[0][0].strip().lower() in {"id", "charge_point_id"}:
        rows = rows[1:]
    if not rows:
        raise ValueError(f"{path} names no charger")
    return [
        Credentials(row[0].strip(), row[1] if len(row) > 1 and row[1] else None) for row in rows
    ]


def choose_chargers(arguments: argparse.Namespace) -> tuple[Credentials, ...]:
    """The chargers of a run: from the file, the one id, or numbered ids.

    Raises ValueError when the options contradict each other.
    """
    if arguments.credentials is not None:
        rows = read_credentials(arguments.credentials)
        if arguments.chargers is not None and arguments.chargers > len(rows):
            raise ValueError(f"{arguments.credentials} names only {len(rows)} chargers")
        return tuple(rows[: arguments.chargers])
    count = arguments.chargers or 1
    if arguments.id is not None:
        if count > 1:
            raise ValueError("--id is for one charger; use --prefix for more")
        return (Credentials(arguments.id, arguments.password),)
    last = arguments.first + count - 1
    digits = max(ID_DIGITS_MIN, len(str(last)))
    return tuple(
        Credentials(f"{arguments.prefix}{number:0{digits}d}", arguments.password)
        for number in range(arguments.first, last + 1)
    )


def run_options(arguments: argparse.Namespace) -> RunOptions:
    """Turn parsed arguments into the options of a run.

    Raises ValueError or OSError when they make no run.
    """
    if arguments.scenario not in SCENARIOS:
        raise ValueError(f"no scenario {arguments.scenario!r}; `--scenario list` shows all")
    if arguments.tls_key is not None and arguments.tls_cert is None:
        raise ValueError("--tls-key needs --tls-cert")
    return RunOptions(
        url=arguments.url,
        chargers=choose_chargers(arguments),
        scenario=arguments.scenario,
        id_tags=tuple(arguments.id_tag or ["DEMO0001"]),
        connectors=arguments.connectors,
        power_kw=arguments.power_kw,
        vendor=arguments.vendor,
        model=arguments.model,
        meter_interval_s=arguments.meter_interval_s,
        heartbeat_interval_real_s=arguments.heartbeat_interval_s,
        auto_start_s=arguments.auto_start,
        auto_stop_s=arguments.auto_stop,
        speed=arguments.speed,
        is_clock_fast=arguments.clock == "fast",
        duration_real_s=arguments.duration_s,
        patience_real_s=arguments.patience_s,
        end_sessions_real_s=arguments.end_sessions_s or 0.0,
        wait_server_real_s=arguments.wait_server_s,
        response_timeout_real_s=arguments.response_timeout_s,
        reconnect_min_real_s=arguments.reconnect_min_s,
        reconnect_max_real_s=arguments.reconnect_max_s,
        connect_rate_per_s=arguments.connect_rate,
        seed=arguments.seed,
        is_json=arguments.json,
        is_quiet=arguments.quiet,
        shows_frames=arguments.frames,
        tls_ca=arguments.tls_ca,
        tls_certificate=arguments.tls_cert,
        tls_key=arguments.tls_key,
    )


async def play(options: RunOptions, screen: Screen) -> int:
    """Run a fleet until it is done or a signal ends it; returns the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    fleet = Fleet(options, screen.say)
    following = asyncio.create_task(screen.follow(fleet))
    started_s = time.monotonic()
    try:
        outcome = await fleet.run(stop)
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        for number in signals:
            loop.remove_signal_handler(number)
    screen.show_result(fleet, time.monotonic() - started_s)
    return outcome.exit_code


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, run, and return the exit code."""
    arguments = build_parser().parse_args(argv)
    if arguments.scenario == "list":
        for name, scenario in SCENARIOS.items():
            sys.stdout.write(f"{name:<22}{scenario.line}\n")
        return 0
    screen = Screen(is_quiet=arguments.quiet, is_json=arguments.json)
    try:
        options = run_options(arguments)
        tls_context(options)
    except (ValueError, OSError, ssl.SSLError) as error:
        screen.complain(str(error))
        return EXIT_USAGE
    return asyncio.run(play(options, screen))
