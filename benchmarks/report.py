"""The measurements as a table for people and as JSON for machines."""

import statistics
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine
from benchmarks.measure import Measurement, Options


class Report(msgspec.Struct):
    """Everything a run has to say."""

    started_at: str
    machine: Machine
    options: Options
    measurements: list[Measurement]
    ratios: dict[str, float] = {}


def median_of(measurements: list[Measurement]) -> Measurement:
    """Return the run in the middle: by rate, for the storm by time."""
    is_storm = measurements[0].load == "storm"
    ordered = sorted(measurements, key=lambda m: m.seconds if is_storm else m.rate_per_s)
    return ordered[(len(ordered) - 1) // 2]


def ratios_of(measurements: list[Measurement]) -> dict[str, float]:
    """Return product by baseline for each load that both sides ran: how many times as good.

    Throughput for loads with a rate; for the storm, baseline seconds by product seconds.
    """
    ratios = {}
    for load, by_side in _grouped(measurements).items():
        if {"product", "baseline"} <= by_side.keys():
            product, baseline = (by_side[side] for side in ("product", "baseline"))
            if load == "storm storm":
                ratios[load] = _middle_s(baseline) / _middle_s(product)
            else:
                ratios[load] = _middle_rate(product) / _middle_rate(baseline)
    return ratios


def print_report(report: Report, console: Console) -> None:
    """Print the machine, the table of medians and the ratios."""
    machine = report.machine
    console.print(
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_gib} GiB, {machine.system}, "
        f"load {machine.load_average_1min} at the start"
    )
    versions = ", ".join(f"{name} {version}" for name, version in machine.libraries.items())
    console.print(f"Python {machine.python}, PostgreSQL {machine.postgres}, {versions}")
    table = Table(title="median of the runs; latency in ms, CPU in us per answer")
    for column in ("load", "side", "answers/s", "seconds", "p50", "p90", "p99", "p99.9", "max"):
        table.add_column(column, justify="left" if column in ("load", "side") else "right")
    for column in ("server", "PG", "gen", "gen busy", "KiB/conn", "unserved", "retries", "errors"):
        table.add_column(column, justify="right")
    for load, by_side in _grouped(report.measurements).items():
        for side, measurements in by_side.items():
            table.add_row(load, side, *_cells(median_of(measurements)))
    console.print(table)
    for load, ratio in report.ratios.items():
        console.print(f"{load}: product {ratio:.1f} times the baseline")
    for measurement in report.measurements:
        for example in [] if measurement.is_valid else measurement.examples:
            console.print(f"{measurement.load} {measurement.side}: {example}", markup=False)


def write_json(report: Report, path: Path) -> None:
    """Write the whole report, indented."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def _cells(measurement: Measurement) -> list[str]:
    latency = measurement.latency_ms
    rss = measurement.rss_kib_per_connection
    return [
        f"{measurement.rate_per_s:,.0f}",
        f"{measurement.seconds:.2f}",
        *(f"{latency[p]:.1f}" if p in latency else "-" for p in ("p50", "p90", "p99", "p99.9")),
        f"{latency['max']:.1f}" if latency else "-",
        f"{measurement.server_us:.1f}",
        f"{measurement.postgres_us:.1f}",
        f"{measurement.generator_us:.1f}",
        f"{measurement.use.generator:.0%}",
        f"{rss:.1f}" if rss is not None else "-",
        f"{measurement.unserved:,}",
        f"{measurement.retries:,}",
        f"{measurement.wrong + measurement.lost + measurement.disconnected:,}",
    ]


def _grouped(measurements: list[Measurement]) -> dict[str, dict[str, list[Measurement]]]:
    groups: dict[str, dict[str, list[Measurement]]] = {}
    for measurement in measurements:
        by_side = groups.setdefault(f"{measurement.suite} {measurement.load}", {})
        by_side.setdefault(measurement.side, []).append(measurement)
    return groups


def _middle_rate(measurements: list[Measurement]) -> float:
    return statistics.median(m.rate_per_s for m in measurements)


def _middle_s(measurements: list[Measurement]) -> float:
    return statistics.median(m.seconds for m in measurements)
