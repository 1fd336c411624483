"""The small parts: meter, profiles, clock, connector states, statistics."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import csms_simulator
from csms_simulator.charging_profiles import ChargingProfiles, Outlet
from csms_simulator.clock import Clock, format_timestamp, parse_timestamp
from csms_simulator.connector import Connector
from csms_simulator.metering import MEASURANDS, EnergyMeter, Reading
from csms_simulator.statistics import Statistics

pytestmark = pytest.mark.unit
PACKAGE = Path(csms_simulator.__file__).parent
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class HandClock(Clock):
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at_s = 0.0
        super().__init__()

    def elapsed_s(self) -> float:
        return self.at_s


@given(st.lists(st.tuples(st.floats(0, 400_000), st.floats(0, 86_400)), max_size=20))
def test_a_register_never_falls_and_integrates_power(steps: list[tuple[float, float]]) -> None:
    clock = HandClock()
    meter = EnergyMeter(clock, 100)
    expected_wh, last_wh = 100.0, 100
    for power_w, duration_s in steps:
        meter.set_power(power_w)
        clock.at_s += duration_s
        expected_wh += power_w * duration_s / 3600
        assert meter.read_wh() >= last_wh
        last_wh = meter.read_wh()
    assert abs(meter.read_wh() - expected_wh) <= 1 + expected_wh * 1e-9


def test_readings_hold_the_asked_measurands_with_unit_and_phase() -> None:
    reading = Reading(1234, 6900.0, 22_000.0, 55.0)
    samples = reading.sampled_values([*MEASURANDS, "Nonsense"], "Sample.Periodic")
    assert {sample["measurand"] for sample in samples} == set(MEASURANDS)
    [current] = reading.sampled_values(["Current.Import.L2"], "Trigger")
    assert (current["value"], current["unit"], current["phase"]) == ("10.00", "A", "L2")
    [energy] = reading.sampled_values(["Energy.Active.Import.Register"], "Trigger")
    assert (energy["value"], energy["unit"]) == ("1234", "Wh")


def test_a_recurring_profile_limits_only_its_hours() -> None:
    profiles = ChargingProfiles(installed_max=5, stack_level_max=5)
    night = {
        "chargingProfileId": 1,
        "stackLevel": 1,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Recurring",
        "recurrencyKind": "Daily",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "duration": 6 * 3600,
            "startSchedule": "2026-01-01T22:00:00Z",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0, "numberPhases": 1}],
        },
    }
    assert profiles.install(0, night, None) == "Accepted"
    assert profiles.limit_w(1, NOW, None) is None
    assert profiles.limit_w(1, NOW.replace(hour=23), None) == 2300
    assert profiles.limit_w(1, NOW.replace(hour=3), None) == 2300
    schedule = profiles.composite(1, 86_400, "W", NOW, [Outlet(1, None, 11_000)])
    periods = [(p["startPeriod"], p["limit"]) for p in schedule["chargingSchedulePeriod"]]
    assert periods == [(0, 11_000.0), (10 * 3600, 2300.0), (16 * 3600, 11_000.0)]


def test_the_higher_stack_level_wins_and_the_charger_maximum_caps_it() -> None:
    profiles = ChargingProfiles(installed_max=5, stack_level_max=5)

    def install(number: int, connector_id: int, purpose: str, level: int, limit_w: float) -> str:
        return profiles.install(
            connector_id,
            {
                "chargingProfileId": number,
                "stackLevel": level,
                "chargingProfilePurpose": purpose,
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "W",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_w}],
                },
            },
            None,
        )

    assert install(1, 1, "TxDefaultProfile", 0, 9000) == "Accepted"
    assert install(2, 1, "TxDefaultProfile", 3, 5000) == "Accepted"
    assert profiles.limit_w(1, NOW, None) == 5000
    assert install(3, 0, "ChargePointMaxProfile", 0, 4000) == "Accepted"
    assert profiles.limit_w(1, NOW, None) == 4000
    assert profiles.limit_w(2, NOW, None) == 4000
    assert install(4, 1, "TxDefaultProfile", 6, 1.0) == "Rejected"


@given(st.datetimes(timezones=st.just(UTC)))
def test_timestamps_keep_milliseconds_through_the_wire(moment: datetime) -> None:
    text = format_timestamp(moment)
    assert text.endswith("Z")
    assert timedelta() <= moment - parse_timestamp(text) < timedelta(milliseconds=1)


def test_a_fast_clock_runs_ahead_and_a_wrong_one_is_off_by_its_offset() -> None:
    clock = HandClock()
    before = clock.now()
    clock.at_s += 90
    assert clock.now() - before == timedelta(seconds=90)
    clock.offset = timedelta(days=-1)
    assert clock.now() - before == timedelta(seconds=90, days=-1)


def test_the_state_machine_refuses_impossible_steps() -> None:
    connector = Connector(1, EnergyMeter(HandClock()), 11_000)
    assert connector.may_become("Preparing")
    assert not connector.may_become("Finishing")
    connector.status = "Finishing"
    assert not connector.may_become("Charging")
    assert connector.may_become("Faulted")


def test_percentiles_are_those_of_the_sample() -> None:
    statistics = Statistics()
    for number in range(1, 101):
        statistics.count_answer("Heartbeat", number / 1000)
    assert statistics.latency_ms(50) == 50
    assert statistics.latency_ms(99) == 99
    assert statistics.latency_ms(100) == 100
    assert Statistics().latency_ms(50) is None


def test_the_package_imports_nothing_of_the_server() -> None:
    imported = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    assert "csms" not in imported
    assert {"csms_simulator", "ocpp", "websockets"} <= imported
