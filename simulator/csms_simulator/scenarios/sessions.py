"""Sessions as they should be, and with links, power and people that come and go."""

import asyncio

from csms_simulator.errors import SimulatorError
from csms_simulator.scenarios.stage import Stage


async def full_session(stage: Stage) -> None:
    """One whole session: boot, authorize, start, readings, stop, free again."""
    await stage.power_on()
    transaction = await stage.begin()
    await stage.pause()
    await stage.end(transaction)


async def several_connectors(stage: Stage) -> None:
    """Sessions on all connectors at once, begun and ended one after the other."""
    charger = await stage.power_on()
    transactions = [await stage.begin(connector.connector_id) for connector in charger.outlets]
    await stage.pause()
    for transaction in transactions:
        await stage.end(transaction)


async def offline_and_replay(stage: Stage) -> None:
    """One session ends and another runs while offline; all is replayed with its true times."""
    charger = await stage.power_on()
    first = await stage.begin()
    await stage.pause(0.5)
    charger.go_offline()
    stage.say("link lost")
    await stage.pause(0.5)
    await charger.end_session(first, "Local", first.id_tag)
    await charger.unplug(1)
    second = await stage.begin()
    await stage.pause(0.5)
    await charger.end_session(second, "EVDisconnected")
    await charger.unplug(1)
    stage.say(f"back, {len(charger.queue)} messages wait")
    await charger.come_back()
    await stage.deliver()


async def drop_in_session(stage: Stage) -> None:
    """The link drops in mid-session and comes back without a boot; the session goes on."""
    charger = await stage.power_on()
    transaction = await stage.begin()
    await stage.pause(0.4)
    charger.go_offline()
    await stage.pause(0.3)
    await charger.come_back()
    await stage.pause(0.3)
    await stage.end(transaction)


async def reboot_in_session(stage: Stage) -> None:
    """Power fails in mid-session; after the next boot the stop follows with PowerLoss."""
    charger = await stage.power_on()
    await stage.begin()
    await stage.pause(0.5)
    await charger.reboot("PowerLoss", is_hard=True)
    await charger.unplug(1)
    await stage.deliver()


async def rejected_tag(stage: Stage) -> None:
    """A tag is tapped; when the server refuses it nothing is charged."""
    charger = await stage.power_on()
    await charger.plug_in(1)
    transaction = await charger.begin_session(1, stage.id_tag)
    stage.say("refused" if transaction is None else "accepted")
    if transaction is not None:
        await stage.pause(0.5)
        await charger.end_session(transaction, "Local", transaction.id_tag)
    await charger.unplug(1)
    await stage.deliver()


async def remote_start_stop(stage: Stage) -> None:
    """Waits for the operator's RemoteStartTransaction, then for RemoteStopTransaction."""
    charger = await stage.power_on()
    await stage.wait_for("RemoteStartTransaction")
    await stage.wait_told("StartTransaction", "idTag")
    await stage.wait_for("RemoteStopTransaction")
    await stage.wait_told("StopTransaction", "Remote")
    await stage.deliver()
    for connector in charger.outlets:
        await charger.unplug(connector.connector_id)


async def idle(stage: Stage) -> None:
    """Boots, sends heartbeats and does what the operator asks, until it is told to end."""
    charger = await stage.power_on()
    pause_s = stage.options.auto_start_s
    if pause_s is None:
        await asyncio.get_running_loop().create_future()
    while True:
        await charger.charge(pause_s or 0.0)
        for connector in charger.outlets:
            if connector.status == "Available":
                await _session_by_itself(stage, connector.connector_id)


async def _session_by_itself(stage: Stage, connector_id: int) -> None:
    try:
        transaction = await stage.begin(connector_id)
        await stage.pause()
        await stage.end(transaction)
    except SimulatorError as error:
        # A refused tag or a lost link must not end a charger that is meant to stay.
        stage.say(f"connector {connector_id}: {error}")
