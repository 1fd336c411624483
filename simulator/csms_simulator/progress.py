"""What a person sees while chargers run, and the figures at the end."""

import asyncio
import contextlib
import json
import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from csms_simulator.fleet import Fleet

REFRESH_LIVE_S = 0.5
REFRESH_PLAIN_S = 5.0


class Screen:
    """Progress on standard error, results on standard output."""

    def __init__(self, *, is_quiet: bool, is_json: bool) -> None:
        self._is_quiet = is_quiet
        self._is_json = is_json
        self._progress = Console(stderr=True, highlight=False)
        self._results = Console(highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Show one line unless told to be quiet."""
        if not self._is_quiet:
            self._progress.print(text, markup=False, soft_wrap=True)

    def complain(self, text: str) -> None:
        """Show why something failed, quiet or not."""
        self._progress.print(text, markup=False, soft_wrap=True)

    async def follow(self, fleet: Fleet) -> None:
        """Show a fleet's figures until cancelled: a table on a terminal, lines elsewhere."""
        if self._is_quiet or len(fleet.options.chargers) == 1:
            return
        started_s = time.monotonic()
        with contextlib.suppress(asyncio.CancelledError):
            if self._progress.is_terminal:
                with Live(console=self._progress, auto_refresh=False) as live:
                    while True:
                        live.update(_table(_figures(fleet, started_s)), refresh=True)
                        await asyncio.sleep(REFRESH_LIVE_S)
            while True:
                await asyncio.sleep(REFRESH_PLAIN_S)
                figures = _figures(fleet, started_s)
                self.say(", ".join(f"{name} {value}" for name, value in figures.items()))

    def show_result(self, fleet: Fleet, duration_s: float) -> None:
        """Print the statistics of a run, as JSON or as a table."""
        result = {
            "scenario": fleet.options.scenario,
            "chargers": len(fleet.options.chargers),
            **fleet.outcome.as_dict(),
            "duration_s": round(duration_s, 3),
            **fleet.statistics.as_dict(),
        }
        if self._is_json:
            self._results.print(json.dumps(result, indent=2), markup=False)
        elif not self._is_quiet:
            self._results.print(_table(_flat(result)))
        for reason, count in fleet.outcome.reasons.items():
            self.complain(f"{count} charger(s): {reason}")


def _figures(fleet: Fleet, started_s: float) -> dict[str, Any]:
    statistics = fleet.statistics
    return {
        "seconds": f"{time.monotonic() - started_s:.0f}",
        "connected": f"{fleet.connected}/{len(fleet.options.chargers)}",
        "charging": fleet.charging,
        "messages": sum(statistics.sent.values()),
        "answers": sum(statistics.answered.values()),
        "errors": sum(statistics.errors.values()),
        "p99 ms": statistics.latency_ms(99),
        "energy Wh": statistics.energy_wh,
    }


def _flat(result: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in result.items():
        if name == "failures":
            continue
        if isinstance(value, dict):
            flat[name.replace("_", " ")] = ""
            flat.update({f"  {key}": count for key, count in value.items()})
        else:
            flat[name.replace("_", " ")] = value
    return flat


def _table(figures: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None)
    for name, value in figures.items():
        table.add_row(name, "-" if value is None else str(value))
    return table
