"""The generator against a server that answers by table, and against one that misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]
import pytest

from benchmarks import standin
from benchmarks.chargers import make_accounts, write_accounts
from benchmarks.load.contract import LoadResult, LoadSpec, Mode
from benchmarks.load.fleet import Fleet, GeneratorError

pytestmark = pytest.mark.infrastructure

_CHARGERS = 8
# Long enough to connect on a busy machine; a lost answer is waited for this long.
_IMPATIENT_S = 2.0
_STAYS_S = 1.0


@asynccontextmanager
async def stand_in(fault: str = "none", fault_every: int = 1) -> AsyncIterator[str]:
    """Serve in this process; yields the address before the charge point id."""
    server = await standin.serve(fault, fault_every)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp"
    finally:
        server.close()


def spec_of(url: str, directory: Path, mode: Mode, **changes: float) -> LoadSpec:
    """Return orders for a few chargers and a short window."""
    csv = directory / "chargers.csv"
    write_accounts(csv, make_accounts(_CHARGERS))
    spec = LoadSpec(
        url=url,
        chargers_csv=str(csv),
        first=0,
        count=_CHARGERS,
        mode=mode,
        duration_s=0.5,
        warmup_s=0.1,
        answer_timeout_s=10.0,
    )
    return msgspec.structs.replace(spec, **changes)


async def result_of(spec: LoadSpec, processes: int = 1) -> LoadResult:
    """Run the load to its end."""
    async with Fleet(spec, processes) as fleet:
        await fleet.start()
        return await fleet.result()


async def test_closed_loop_counts_every_answer_and_finds_no_fault(tmp_path: Path) -> None:
    async with stand_in() as url:
        result = await result_of(spec_of(url, tmp_path, "closed"))
    assert result.error_count == 0
    assert result.sent_total == result.answered_total > result.answered > 0
    assert sum(result.by_action.values()) == result.answered
    assert result.latency.histogram().count == result.answered
    assert set(result.by_action) == {"Heartbeat", "StatusNotification", "MeterValues"}


@pytest.mark.parametrize("mode", ["closed", "open"])
async def test_a_generator_stays_after_its_result_so_that_its_clock_can_be_read(
    tmp_path: Path, mode: Mode
) -> None:
    async with stand_in() as url, Fleet(spec_of(url, tmp_path, mode, rate_per_s=100.0)) as fleet:
        await fleet.start()
        await fleet.result()
        generators = [psutil.Process(pid) for pid in fleet.pids]
        _, alive = await asyncio.to_thread(psutil.wait_procs, generators, _STAYS_S)
        assert alive == generators


async def test_open_loop_measures_exactly_the_calls_scheduled_in_the_window(tmp_path: Path) -> None:
    async with stand_in() as url:
        result = await result_of(spec_of(url, tmp_path, "open", rate_per_s=500.0))
    assert result.error_count == 0
    assert result.latency.histogram().count == result.lateness.histogram().count
    assert result.latency.histogram().count == pytest.approx(250, abs=1)


async def test_two_processes_share_the_chargers_and_add_up(tmp_path: Path) -> None:
    async with stand_in() as url:
        result = await result_of(spec_of(url, tmp_path, "closed"), processes=2)
    assert result.error_count == 0
    assert result.latency.histogram().count == result.answered > 0
    assert result.sent_total == result.answered_total


@pytest.mark.parametrize(("fault", "said"), [("wrong-id", '"x'), ("callerror", "InternalError")])
async def test_wrong_answer_is_counted_and_its_call_is_lost(
    tmp_path: Path, fault: str, said: str
) -> None:
    async with stand_in(fault, fault_every=3) as url:
        result = await result_of(spec_of(url, tmp_path, "closed", answer_timeout_s=_IMPATIENT_S))
    assert result.wrong == result.lost == _CHARGERS
    assert said in result.examples[0]


async def test_answer_that_never_comes_is_lost(tmp_path: Path) -> None:
    async with stand_in("silent", fault_every=3) as url:
        result = await result_of(spec_of(url, tmp_path, "closed", answer_timeout_s=_IMPATIENT_S))
    assert (result.wrong, result.lost) == (0, _CHARGERS)


async def test_open_loop_reports_what_it_could_not_send_behind_a_lost_answer(
    tmp_path: Path,
) -> None:
    async with stand_in("silent", fault_every=1) as url:
        result = await result_of(
            spec_of(url, tmp_path, "open", rate_per_s=500.0, answer_timeout_s=_IMPATIENT_S)
        )
    assert result.lost == _CHARGERS
    assert result.unserved > 0
    # What waited in vain is in the latencies too: no coordinated omission.
    assert result.latency.histogram().count >= result.unserved


async def test_connection_closed_by_the_server_is_counted(tmp_path: Path) -> None:
    async with stand_in("close", fault_every=3) as url:
        result = await result_of(spec_of(url, tmp_path, "closed", answer_timeout_s=_IMPATIENT_S))
    assert result.disconnected == _CHARGERS
    assert result.error_count > 0


async def test_storm_boots_every_charger(tmp_path: Path) -> None:
    async with stand_in() as url:
        result = await result_of(spec_of(url, tmp_path, "storm"))
    assert (result.answered, result.retries, result.error_count) == (_CHARGERS, 0, 0)
    assert result.latency.histogram().count == _CHARGERS


async def test_generator_that_cannot_connect_says_why(tmp_path: Path) -> None:
    async with stand_in() as url:
        pass
    with pytest.raises(GeneratorError, match="Connect"):
        await result_of(spec_of(url, tmp_path, "closed"))


async def test_generator_refuses_more_chargers_than_there_are(tmp_path: Path) -> None:
    spec = spec_of("ws://127.0.0.1:1/ocpp", tmp_path, "closed")
    write_accounts(tmp_path / "chargers.csv", make_accounts(3))
    with pytest.raises(GeneratorError, match="8 chargers wanted, 3 are in the csv"):
        await result_of(spec)
