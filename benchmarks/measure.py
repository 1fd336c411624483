"""One measurement: a load on a running side, with the CPU of everybody over the same window."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from benchmarks.chargers import write_accounts
from benchmarks.cpu import CpuUse, ProcessGroups
from benchmarks.load.contract import LoadResult, LoadSpec, Mode
from benchmarks.load.fleet import Fleet
from benchmarks.load.timing import sleep_until
from benchmarks.side import RunningSide

Suite = Literal["ceiling", "ingest", "storm", "operations", "api"]
_IDLE_S = 2.0
_STORM_PATIENCE_S = 60.0
_PERCENTILES = (50.0, 90.0, 99.0, 99.9)


class Options(msgspec.Struct, frozen=True):
    """What the person at the command line asked for."""

    duration_s: float = 15.0
    warmup_s: float = 3.0
    chargers: int = 2000
    storm_chargers: int = 10_000
    rate_per_s: float = 10_000.0
    runs: int = 1
    generators: int = 1
    concurrency: int = 50
    is_pinned: bool = False


class Measurement(msgspec.Struct):
    """Figures of one run; CPU is microseconds of one core per message, boot or request.

    `rate_per_s` is answers in the window by its length; for the storm `seconds` counts instead.
    """

    suite: Suite
    load: str
    side: str
    run: int
    seconds: float
    answered: int
    rate_per_s: float
    latency_ms: dict[str, float]
    lateness_ms_p99: float | None
    server_us: float
    postgres_us: float
    generator_us: float
    use: CpuUse
    by_action: dict[str, int]
    unserved: int
    retries: int
    wrong: int
    lost: int
    disconnected: int
    examples: list[str]
    rss_kib_per_connection: float | None = None

    @property
    def is_valid(self) -> bool:
        """Whether every call had its right answer."""
        return self.wrong == self.lost == self.disconnected == 0 and self.answered > 0


class Meter:
    """Measures loads on one side; `say` gets a line for the person who watches."""

    def __init__(
        self, side: RunningSide, directory: Path, options: Options, say: Callable[[str], None]
    ) -> None:
        self._side = side
        self._options = options
        self._say = say
        self._csv = directory / "chargers.csv"
        write_accounts(self._csv, side.accounts)

    def spec(self, mode: Mode, count: int) -> LoadSpec:
        """Return the orders for a load of `count` chargers on this side."""
        options = self._options
        return LoadSpec(
            url=self._side.ws_url,
            chargers_csv=str(self._csv),
            first=0,
            count=count,
            mode=mode,
            duration_s=options.duration_s,
            warmup_s=options.warmup_s,
            rate_per_s=options.rate_per_s if mode == "open" else 0.0,
        )

    async def load(self, suite: Suite, spec: LoadSpec, run: int, processes: int) -> Measurement:
        """Run a load with a window and return what was seen and used within it."""
        label = f"{suite} {spec.mode} {self._side.name} run {run}"
        async with Fleet(spec, processes, self._progress(label)) as fleet:
            groups = self._groups(fleet)
            start_s = await fleet.start()
            await sleep_until(start_s + spec.warmup_s)
            first = groups.sample()
            await sleep_until(start_s + spec.warmup_s + spec.duration_s)
            last = groups.sample()
            result = await fleet.result()
        use = CpuUse.between(first, last)
        return self._measurement(suite, spec, run, result, use, result.window_s)

    async def storm(self, run: int) -> Measurement:
        """Run the boot storm, then look at the memory of the idle connections."""
        # An attempt that is given up too early is work for nothing and makes a storm worse.
        spec = msgspec.structs.replace(
            self.spec("storm", self._options.storm_chargers), answer_timeout_s=_STORM_PATIENCE_S
        )
        label = f"storm {self._side.name} run {run}"
        async with Fleet(spec, self._options.generators, self._progress(label)) as fleet:
            groups = self._groups(fleet)
            rss_before = groups.server_rss_bytes()
            start_s = await fleet.start()
            await sleep_until(start_s)
            first = groups.sample()
            result = await fleet.result()
            last = groups.sample()
            await asyncio.sleep(_IDLE_S)
            rss_bytes = groups.server_rss_bytes() - rss_before
        use = CpuUse.between(first, last)
        measured = self._measurement("storm", spec, run, result, use, last.at_s - first.at_s)
        measured.seconds = result.window_s
        if result.answered:
            measured.rss_kib_per_connection = rss_bytes / 1024 / result.answered
        return measured

    def _groups(self, fleet: Fleet) -> ProcessGroups:
        groups = ProcessGroups(self._side.server_pid, self._side.postmaster_pid, fleet.pids)
        if self._options.is_pinned:
            groups.pin(server_core=0, other_core=1)
        return groups

    def _progress(self, label: str) -> Callable[[int], None]:
        def tell(answered: int) -> None:
            self._say(f"{label}: {answered:,} answers")

        return tell

    def _measurement(
        self,
        suite: Suite,
        spec: LoadSpec,
        run: int,
        result: LoadResult,
        use: CpuUse,
        window_s: float,
    ) -> Measurement:
        rate_per_s = result.answered / window_s
        per_message_us = 1e6 / rate_per_s if rate_per_s else 0.0
        histogram, lateness = result.latency.histogram(), result.lateness.histogram()
        latency_ms = {}
        if histogram.count:
            latency_ms = {f"p{p:g}": histogram.percentile(p) / 1000 for p in _PERCENTILES}
            latency_ms["max"] = histogram.max_value / 1000
        return Measurement(
            suite=suite,
            load=f"open {spec.rate_per_s:g}/s" if spec.mode == "open" else spec.mode,
            side=self._side.name,
            run=run,
            seconds=window_s,
            answered=result.answered,
            rate_per_s=rate_per_s,
            latency_ms=latency_ms,
            lateness_ms_p99=lateness.percentile(99) / 1000 if lateness.count else None,
            server_us=use.server * per_message_us,
            postgres_us=use.postgres * per_message_us,
            generator_us=use.generator * per_message_us,
            use=use,
            by_action=result.by_action,
            unserved=result.unserved,
            retries=result.retries,
            wrong=result.wrong,
            lost=result.lost,
            disconnected=result.disconnected,
            examples=result.examples,
        )
