"""Faults, availability, reservations, firmware: what operators watch and do."""

import asyncio
from datetime import timedelta

from csms_simulator.charger import VirtualCharger
from csms_simulator.connector import Connector
from csms_simulator.errors import ScenarioFailedError, SimulatorError
from csms_simulator.scenarios.stage import Stage

FAULTS = (
    ("HighTemperature", "E-117"),
    ("GroundFailure", "E-204"),
    ("OtherError", "E-999"),
)


async def change_availability(stage: Stage) -> None:
    """Charges and waits for ChangeAvailability: scheduled until the session ends, then done."""
    charger = await stage.power_on()
    transaction = await stage.begin()
    frame = await stage.wait_for("ChangeAvailability")
    await charger.wait_sent(lambda sent: sent.message_id == frame.message_id)
    await stage.end(transaction)
    await stage.wait_told("StatusNotification", '"Unavailable"')
    stage.say("unavailable, waiting to be made operative again")
    try:
        command = await charger.wait_received(
            lambda frame: (
                frame.action == "ChangeAvailability" and frame.payload["type"] == "Operative"
            ),
            timeout_s=stage.options.patience_real_s,
        )
        await charger.wait_sent(
            lambda frame: (
                frame.monotonic_s > command.monotonic_s
                and frame.payload.get("status") == "Available"
            ),
            timeout_s=stage.options.patience_real_s,
        )
    except TimeoutError as error:
        raise ScenarioFailedError("nobody made the charger operative again") from error


async def faults(stage: Stage) -> None:
    """Faults with vendor codes come and go, then old ones are replayed with their old times."""
    charger = await stage.power_on()
    connector = charger.connectors[1]
    for error_code, vendor_code in FAULTS:
        await charger.set_status(
            connector,
            "Faulted",
            error_code,
            info="played on purpose",
            vendor_id=charger.model.vendor,
            vendor_error_code=vendor_code,
        )
        await stage.pause(0.1)
        await charger.set_status(connector, "Available")
        await stage.pause(0.1)
    for minutes, (error_code, vendor_code) in enumerate(FAULTS, start=1):
        payload = {
            "connectorId": 1,
            "errorCode": error_code,
            "status": "Faulted",
            "timestamp": charger.moment(charger.clock.now() - timedelta(hours=1, minutes=-minutes)),
            "vendorErrorCode": vendor_code,
        }
        await charger.call("StatusNotification", payload)
    stage.say("old faults replayed; the connector is still available")


async def reservation(stage: Stage) -> None:
    """Waits for ReserveNow, refuses a stranger's tag, then charges with the reserved one."""
    charger = await stage.power_on()
    frame = await stage.wait_for("ReserveNow")
    await charger.wait_sent(lambda sent: sent.message_id == frame.message_id)
    connector_id = frame.payload["connectorId"] or 1
    await charger.plug_in(connector_id)
    if await charger.begin_session(connector_id, "STRANGER") is not None:
        raise ScenarioFailedError("a stranger could use the reserved connector")
    stage.say("a stranger's tag was turned away")
    transaction = await stage.begin(connector_id, frame.payload["idTag"])
    await stage.pause()
    await stage.end(transaction)


async def firmware(stage: Stage) -> None:
    """Waits for UpdateFirmware or SignedUpdateFirmware and plays it to the new version's boot."""
    charger = await stage.power_on()
    frame = await stage.wait_for("UpdateFirmware", "SignedUpdateFirmware")
    is_signed = frame.action == "SignedUpdateFirmware"
    told = "SignedFirmwareStatusNotification" if is_signed else "FirmwareStatusNotification"
    await stage.wait_told(told, '"Installed"')
    stage.say(f"runs {charger.firmware_version}")


async def demo(stage: Stage) -> None:
    """A lively charger: random sessions on every connector, forever, with a hitch now and then."""
    charger = await stage.power_on()
    await asyncio.gather(*(_live(stage, charger, connector) for connector in charger.outlets))


async def _live(stage: Stage, charger: VirtualCharger, connector: Connector) -> None:
    pause_s = 30.0 if stage.options.auto_start_s is None else stage.options.auto_start_s
    while True:
        await charger.charge(stage.random.uniform(0.2, 1.8) * pause_s)
        if connector.status != "Available" or connector.is_claimed:
            continue
        try:
            await _visit(stage, charger, connector)
        except SimulatorError as error:
            stage.say(f"connector {connector.connector_id}: {error}")


async def _visit(stage: Stage, charger: VirtualCharger, connector: Connector) -> None:
    draw = stage.random
    await charger.wait_online()
    if draw.random() < 0.04:
        await charger.set_status(connector, "Faulted", "HighTemperature", vendor_error_code="E-117")
        await stage.pause(0.5)
        await charger.set_status(connector, "Available")
        return
    connector.soc_percent = draw.uniform(10, 60)
    transaction = await stage.begin(connector.connector_id, draw.choice(stage.options.id_tags))
    connector.demand_w = connector.power_max_w * draw.uniform(0.5, 1)
    await charger.apply_power(connector)
    await stage.pause(draw.uniform(0.5, 1.5))
    if draw.random() < 0.25 and not transaction.is_stopped:
        connector.demand_w = 0.0
        await charger.apply_power(connector)
        await stage.pause(0.3)
    if transaction.is_stopped:
        await charger.unplug(connector.connector_id)
        return
    await stage.end(transaction, draw.choice(("Local", "EVDisconnected")))
