"""The composite schedule: ours and a virtual charger's, computed apart, beside each other."""

from typing import Any

import pytest

from tests.conformance.stage import Stage, Unit

pytestmark = pytest.mark.integration


def profile(purpose: str, limit: float, **more: Any) -> dict[str, Any]:
    schedule = {
        "chargingRateUnit": more.pop("unit", "A"),
        "chargingSchedulePeriod": more.pop("periods", [{"startPeriod": 0, "limit": limit}]),
    }
    for name in ("duration", "startSchedule", "minChargingRate"):
        if name in more:
            schedule[name] = more.pop(name)
    return {
        "stackLevel": more.pop("level", 0),
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": more.pop("kind", "Relative"),
        "chargingSchedule": schedule,
        **more,
    }


async def composite(unit: Unit, connector_id: int, unit_of_rate: str = "A") -> dict[str, Any]:
    return await unit.ask(
        "get-composite-schedule",
        {
            "connector_id": connector_id,
            "duration_s": 3600,
            "charging_rate_unit": unit_of_rate,
        },
    )


async def test_both_sides_come_to_the_same_schedule(stage: Stage) -> None:
    unit, tag = await stage.booted(connectors=2), await stage.tag()
    daily = [{"startPeriod": n * 600, "limit": 6 + n % 20} for n in range(24)]
    for connector_id, one in (
        (0, profile("ChargePointMaxProfile", 30)),
        (0, profile("TxDefaultProfile", 20)),
        (1, profile("TxDefaultProfile", 14, level=2, duration=1200)),
        (
            0,
            profile(
                "TxDefaultProfile",
                0,
                level=1,
                kind="Recurring",
                recurrencyKind="Daily",
                startSchedule="2026-01-01T00:00:00Z",
                duration=86_400,
                periods=daily,
            ),
        ),
    ):
        body = {"connector_id": connector_id, "charging_profile": one}
        assert (await unit.ask("set-charging-profile", body))["status"] == "Accepted"
    session = await unit.begin(tag, 2)
    body = {
        "connector_id": 2,
        "charging_profile": profile(
            "TxProfile",
            0,
            unit="W",
            periods=[{"startPeriod": 0, "limit": 9000}, {"startPeriod": 900, "limit": 4000}],
        ),
        "transaction_id": session.wire_id,
    }
    assert (await unit.ask("set-charging-profile", body))["status"] == "Accepted"
    for connector_id in (1, 2):
        for rate_unit in ("A", "W"):
            asked = await composite(unit, connector_id, rate_unit)
            assert asked["status"] == "Accepted"
            assert asked["warnings"] == []
            assert asked["differences"] == []
            assert asked["computed"]["rate_unit"] == rate_unit
            assert asked["computed"]["profiles_counted"] == 5
    whole = await composite(unit, 0, "W")
    assert whole["differences"] == []
    ours = await stage.get(
        f"/api/admin/chargers/{unit.id}/composite-schedule",
        connector_id=2,
        duration_s=3600,
        charging_rate_unit="W",
    )
    assert ours["periods"][0]["limit"] == 9000
    assert len(ours["periods"][0]["charging_profile_ids"]) == 2


async def test_a_charger_that_allows_more_is_noticed(stage: Stage) -> None:
    unit = await stage.booted()
    body = {"connector_id": 1, "charging_profile": profile("TxDefaultProfile", 10)}
    await unit.ask("set-charging-profile", body)
    unit.charger.profiles.clear({})
    asked = await composite(unit, 1)
    assert [(one["told"], one["computed"]) for one in asked["differences"]] == [(31.9, 10.0)]
    assert "more than its profiles allow" in asked["warnings"][0]


async def test_the_profile_of_a_remote_start_counts_for_its_session_only(stage: Stage) -> None:
    unit, tag = await stage.booted(), await stage.tag()
    await unit.ask(
        "remote-start",
        {"connector_id": 1, "id_tag": tag, "charging_profile": profile("TxProfile", 7)},
    )
    await unit.transaction(lambda one: one["status"] == "ACTIVE")
    asked = await composite(unit, 1)
    assert [one["limit"] for one in asked["computed"]["periods"]] == [7]
    assert asked["warnings"] == []
    session = unit.charger.connectors[1].transaction
    assert session is not None
    await unit.end(session)
    await unit.ended()
    told = await stage.get(f"/api/admin/chargers/{unit.id}/charging-profiles")
    assert told["data"][0]["status"] == "ENDED"
    asked = await composite(unit, 1)
    assert asked["computed"]["profiles_counted"] == 0
