"""A whole measurement on the stand-in: CPU of the right processes, figures that add up."""

from pathlib import Path

import msgspec
import pytest

from benchmarks.load.contract import LoadResult
from benchmarks.measure import Measurement, Meter, Options
from benchmarks.report import median_of, ratios_of
from benchmarks.standin_side import standin_side

pytestmark = pytest.mark.infrastructure

_OPTIONS = Options(duration_s=0.5, warmup_s=0.1, chargers=8, storm_chargers=8)


async def measured(directory: Path) -> tuple[Measurement, Measurement]:
    """Return a closed loop and a storm measured on the stand-in."""
    async with standin_side(directory, 8) as side:
        meter = Meter(side, directory, _OPTIONS, say=lambda _: None)
        closed = await meter.load("ingest", meter.spec("closed", 8), run=1, processes=1)
        return closed, await meter.storm(run=1)


async def test_measurement_attributes_cpu_to_server_and_generator(tmp_path: Path) -> None:
    closed, storm = await measured(tmp_path)
    assert closed.is_valid
    assert storm.is_valid
    assert closed.server_us > 0
    assert closed.generator_us > 0
    assert closed.postgres_us == 0
    assert storm.answered == 8
    assert storm.rss_kib_per_connection is not None


async def test_ratio_is_product_by_baseline_and_for_the_storm_the_other_way_round(
    tmp_path: Path,
) -> None:
    closed, storm = await measured(tmp_path)
    slower = with_figures(closed, "baseline", rate_per_s=closed.rate_per_s / 4)
    faster = with_figures(closed, "product", rate_per_s=closed.rate_per_s)
    long = with_figures(storm, "baseline", seconds=9.0)
    short = with_figures(storm, "product", seconds=3.0)
    assert ratios_of([slower, faster, long, short]) == pytest.approx(
        {"ingest closed": 4.0, "storm storm": 3.0}
    )


async def test_median_is_the_run_in_the_middle(tmp_path: Path) -> None:
    closed, _ = await measured(tmp_path)
    runs = [with_figures(closed, "product", rate_per_s=rate) for rate in (30.0, 10.0, 20.0)]
    assert median_of(runs).rate_per_s == 20.0


def with_figures(
    measurement: Measurement, side: str, rate_per_s: float = 0.0, seconds: float = 0.0
) -> Measurement:
    """Return a copy that another side could have produced."""
    return msgspec.structs.replace(measurement, side=side, rate_per_s=rate_per_s, seconds=seconds)


@pytest.mark.parametrize(
    "result", [LoadResult(wrong=1), LoadResult(lost=1), LoadResult(disconnected=1)]
)
def test_any_error_makes_a_result_count_errors(result: LoadResult) -> None:
    assert result.error_count == 1
