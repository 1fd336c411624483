"""What chargers in the field do wrong, played on purpose."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from csms_simulator.metering import meter_value
from csms_simulator.ocpp16 import Payload
from csms_simulator.options import ChargerModel
from csms_simulator.scenarios.stage import Stage
from csms_simulator.station import meter_payload

LATE_S = 300.0
TAKEOVERS = 3


async def duplicates(stage: Stage) -> None:
    """Every start, reading and stop goes out three times: twice with one id, once with a new."""
    charger = await stage.power_on()
    meter = charger.connectors[1].meter
    await charger.authorize(stage.id_tag)
    await charger.set_status(charger.connectors[1], "Preparing")

    async def thrice(action: str, payload: Payload) -> Payload:
        message_id = str(uuid4())
        answers = [
            await charger.call(action, payload, message_id=used_id)
            for used_id in (message_id, message_id, str(uuid4()))
        ]
        stage.say(f"{action}: {len({str(answer) for answer in answers})} different answers to 3")
        return answers[0]

    start = {
        "connectorId": 1,
        "idTag": stage.id_tag,
        "meterStart": meter.read_wh(),
        "timestamp": charger.clock.timestamp(),
    }
    transaction_id = (await thrice("StartTransaction", start))["transactionId"]
    await charger.set_status(charger.connectors[1], "Charging")
    meter.set_power(charger.connectors[1].power_max_w)
    await stage.pause()
    samples = charger.reading(charger.connectors[1]).sampled_values(
        ["Energy.Active.Import.Register"], "Sample.Periodic"
    )
    reading = meter_value(charger.clock.timestamp(), samples)
    await thrice("MeterValues", meter_payload(1, transaction_id, [reading]))
    meter.set_power(0)
    stop = {
        "meterStop": meter.read_wh(),
        "timestamp": charger.clock.timestamp(),
        "transactionId": transaction_id,
        "reason": "Local",
    }
    await thrice("StopTransaction", stop)
    for status in ("Finishing", "Available"):
        await charger.set_status(charger.connectors[1], status)


async def wrong_clock(stage: Stage) -> None:
    """Three sessions: the clock shows 1970, then next year, then times lack their zone."""
    charger = await stage.power_on()
    offsets = (datetime(1970, 1, 1, tzinfo=UTC) - charger.clock.now(), timedelta(days=365))
    for offset in offsets:
        charger.clock.offset = offset
        transaction = await stage.begin()
        await stage.pause(0.5)
        await stage.end(transaction)
    charger.clock.offset = timedelta()
    await charger.plug_in(1)
    transaction_id, _ = await charger.start(
        1, stage.id_tag, timestamp=charger.clock.timestamp().removesuffix("Z")
    )
    charger.connectors[1].meter.set_power(charger.connectors[1].power_max_w)
    await stage.pause(0.5)
    await charger.meter(1, timestamp=charger.clock.timestamp().removesuffix("Z"))
    charger.connectors[1].meter.set_power(0)
    await charger.stop(transaction_id, timestamp=charger.clock.timestamp().removesuffix("Z"))
    await charger.unplug(1)


async def register_reset(stage: Stage) -> None:
    """The meter is swapped in mid-session, so that its register falls."""
    charger = await stage.power_on()
    charger.connectors[1].meter.advance_to(50_000)
    transaction = await stage.begin()
    await stage.pause(0.5)
    charger.connectors[1].meter.replace()
    stage.say("the register fell to 0 Wh")
    await stage.pause(0.5)
    await stage.end(transaction)


async def late_stop(stage: Stage) -> None:
    """The connector is free again, but the stop arrives only five minutes later."""
    charger = await stage.power_on()
    transaction = await stage.begin()
    await stage.pause()
    await stage.deliver()
    register_wh = charger.connectors[1].meter.read_wh()
    stopped_at = charger.clock.now()
    charger.forget_session(transaction)
    await charger.set_status(charger.connectors[1], "Finishing")
    await charger.unplug(1)
    stage.say("free, the stop is still to come")
    await charger.charge(LATE_S)
    await charger.stop(
        transaction.wire_id, meter_stop_wh=register_wh, timestamp=stopped_at, reason="Local"
    )


async def lost_stop(stage: Stage) -> None:
    """The connector is free again and the stop never comes."""
    charger = await stage.power_on()
    transaction = await stage.begin()
    await stage.pause()
    await stage.deliver()
    charger.forget_session(transaction)
    await charger.set_status(charger.connectors[1], "Finishing")
    await charger.unplug(1)
    stage.say("free, and the stop is lost")


async def two_units_one_id(stage: Stage) -> None:
    """Two units with different serial numbers use one charge point id and evict each other."""
    first, second = stage.charger, stage.make_charger(stage.charger.charge_point_id)
    second.model = ChargerModel(model=first.model.model, serial_number="VC-THE-OTHER-UNIT")
    try:
        for _ in range(TAKEOVERS):
            for unit in (first, second):
                unit.drop()
                await unit.connect()
                await unit.boot()
                await unit.heartbeat()
                stage.say(f"{unit.serial_number} has the id")
                await stage.pause(0.1)
    finally:
        await second.close()
