"""The Smart Charging profile (OCPP 1.6 §5.5, 5.7, 5.16)."""

from collections.abc import Awaitable, Callable

from csms_simulator.charging_profiles import Outlet
from csms_simulator.clock import format_timestamp, parse_timestamp
from csms_simulator.life import LivingUnit
from csms_simulator.ocpp16 import Payload
from csms_simulator.unit import Answer


async def set_charging_profile(charger: LivingUnit, request: Payload) -> Answer:
    """Store a profile; what it allows takes effect at once (OCPP 1.6 §5.16)."""
    connector = charger.connectors.get(request["connectorId"])
    profile = request["csChargingProfiles"]
    periods = profile["chargingSchedule"]["chargingSchedulePeriod"]
    too_long = len(periods) > charger.configuration.number("ChargingScheduleMaxPeriods")
    if connector is None or too_long:
        return Answer({"status": "Rejected"})
    transaction_id = connector.transaction.wire_id if connector.transaction else None
    status = charger.profiles.install(connector.connector_id, profile, transaction_id)
    return Answer({"status": status}, _effect(charger))


async def clear_charging_profile(charger: LivingUnit, request: Payload) -> Answer:
    """Remove what fits the request (OCPP 1.6 §5.5)."""
    return Answer({"status": charger.profiles.clear(request)}, _effect(charger))


async def get_composite_schedule(charger: LivingUnit, request: Payload) -> Answer:
    """What all profiles together allow from now on (OCPP 1.6 §5.7)."""
    connector = charger.connectors.get(request["connectorId"])
    if connector is None:
        return Answer({"status": "Rejected"})
    asked = charger.outlets if connector.connector_id == 0 else [connector]
    now = charger.clock.now()
    schedule = charger.profiles.composite(
        connector.connector_id,
        request["duration"],
        request.get("chargingRateUnit", "W"),
        now,
        [
            Outlet(
                one.connector_id,
                parse_timestamp(one.transaction.started_at) if one.transaction else None,
                one.power_max_w,
            )
            for one in asked
        ],
    )
    return Answer(
        {
            "status": "Accepted",
            "connectorId": connector.connector_id,
            "scheduleStart": format_timestamp(now),
            "chargingSchedule": schedule,
        }
    )


def _effect(charger: LivingUnit) -> Callable[[], Awaitable[None]]:
    async def apply() -> None:
        for connector in charger.outlets:
            await charger.apply_power(connector)

    return apply
