"""How connections live and end: pings, silence, takeovers, the orderly close (RULES, Connecting)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from csms.gateway.liveness import Liveness
from csms.gateway.takeovers import TakeoverWatch
from csms.kernel.facts import DeskCaseOpened
from csms.kernel.ids import ChargerId
from tests.gateway.node import Node, running_node
from tests.gateway.test_handshake import masked_text, upgrade
from tests.gateway.test_inbound import STATUS

pytestmark = pytest.mark.integration


class Dial:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Beating:
    def __init__(self, interval_s: float) -> None:
        self.beat_interval_s = interval_s
        self.is_over = False
        self.beats: list[float] = []

    def beat(self, now: float) -> None:
        self.beats.append(now)


def turn(dial: Dial, seconds: int, *steps: Callable[[], None]) -> None:
    for _ in range(seconds):
        dial.now_s += 1
        for step in steps:
            step()


def test_wheel_beats_each_in_its_own_interval_until_it_is_over() -> None:
    dial = Dial()
    wheel = Liveness(now=dial, tick_s=1)
    quick, slow = Beating(5), Beating(20)
    wheel.watch(quick)
    wheel.watch(slow)
    turn(dial, 100, wheel.run_due)
    assert 16 <= len(quick.beats) <= 20
    assert 4 <= len(slow.beats) <= 5
    quick.is_over = True
    count = len(quick.beats)
    turn(dial, 50, wheel.run_due)
    assert len(quick.beats) == count


def test_wheel_spreads_those_that_came_together() -> None:
    dial = Dial()
    wheel = Liveness(now=dial, tick_s=1)
    many = [Beating(20) for _ in range(200)]
    for one in many:
        wheel.watch(one)
    turn(dial, 21, wheel.run_due)
    moments = {one.beats[0] for one in many}
    assert len(moments) > 5


def test_rare_takeovers_are_no_war_and_many_are() -> None:
    dial = Dial()
    watch = TakeoverWatch(limit=3, window_s=60, delay_s=5, now=dial)
    charger_id = ChargerId(1)
    for _ in range(10):
        watch.note(charger_id, addresses={"a"}, serials=set())
        dial.now_s += 31
    assert watch.delay_s(charger_id) == 0
    dial.now_s += 100
    for address in ("a", "b", "a"):
        watch.note(charger_id, addresses={address}, serials={address + "-serial"})
    assert watch.delay_s(charger_id) == 5
    report = watch.take_report(charger_id)
    assert report is not None
    assert report.addresses == {"a", "b"}
    assert report.serials == {"a-serial", "b-serial"}
    assert watch.take_report(charger_id) is None
    dial.now_s += 61
    assert not watch.is_contested(charger_id)


async def test_newest_connection_wins_at_once_and_the_old_one_falls_silent(node: Node) -> None:
    gate = asyncio.Event()
    async with node.charger() as old:
        node.journal.gate = gate
        await old.send(2, "old", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        async with node.charger() as new:
            node.journal.gate = None
            assert (await new.call("Heartbeat", {}))[0] == 3
            gate.set()
            code, reason = await old.closed()
            assert code == 1008
            assert "newer" in reason
            with pytest.raises(ConnectionClosedError):
                await old.receive()
            assert (await new.call("Heartbeat", {}))[0] == 3
            assert len(node.gateway.registry) == 1
        await node.until(lambda: len(node.admissions.ends) == 2)
    assert node.admissions.epochs == {1: 2}


async def test_late_close_of_an_old_connection_leaves_the_new_one_online(node: Node) -> None:
    async with node.charger() as old, node.charger() as new:
        await old.closed()
        await node.gateway.settle()
        online = await node.presence.online(1)  # type: ignore[arg-type]
        assert [one.epoch for one in online] == [2]
        assert (await new.call("Heartbeat", {}))[0] == 3


async def test_units_that_evict_each_other_are_slowed_and_shown() -> None:
    async with running_node(takeovers_max=3, takeover_delay_s=0.01) as node:
        node.admissions.add("CP001")
        boot = {"chargePointVendor": "V", "chargePointModel": "M"}
        links: list[Any] = []
        for number in range(5):
            context = node.charger()
            links.append((context, await context.__aenter__()))
            serial = {"chargePointSerialNumber": f"SN{number % 2}"}
            await links[-1][1].call("BootNotification", boot | serial)
        await node.gateway.settle()
        (case,) = node.journal.of(DeskCaseOpened)
        assert isinstance(case, DeskCaseOpened)
        assert case.kind == "contested_id"
        assert "SN0" in case.evidence
        assert "SN1" in case.evidence
        assert node.gateway.takeovers.delay_s(ChargerId(1)) > 0
        for context, _ in links:
            await context.__aexit__(None, None, None)


async def test_presence_and_connection_rows_follow_the_socket(node: Node) -> None:
    async with node.charger(user_agent_header="Firmware/7") as charger:
        await charger.call("Heartbeat", {})
        await node.gateway.settle()
        (online,) = await node.presence.online(1)  # type: ignore[arg-type]
        assert (online.charge_point_id, online.protocol) == ("CP001", "ocpp1.6")
        assert node.admissions.starts[0].user_agent == "Firmware/7"
    await node.until(lambda: node.admissions.ends)
    await node.gateway.settle()
    assert await node.presence.online(1) == []  # type: ignore[arg-type]
    assert list(node.admissions.heard) == [1]


async def test_silent_charger_is_pinged_and_then_closed() -> None:
    async with running_node() as node:
        node.admissions.add("CP001", ping_interval_s=20)
        reader, writer = await node.raw()
        writer.write(upgrade("/ocpp/CP001"))
        await reader.readuntil(b"\r\n\r\n")
        connection = node.gateway.registry.find(ChargerId(1))
        assert connection is not None
        connection.beat(connection.last_heard + 21)
        assert (await asyncio.wait_for(reader.readexactly(2), 10))[0] == 0x89
        heard = connection.last_heard
        writer.write(bytes([0x8A, 0x80, 0, 0, 0, 0]))
        await node.until(lambda: connection.last_heard > heard)
        connection.beat(connection.last_heard + 59)
        assert connection.socket.is_open
        connection.beat(connection.last_heard + 60)
        assert not connection.socket.is_open
        rest = await asyncio.wait_for(reader.read(), 10)
        assert int.from_bytes(rest[rest.index(0x88) + 2 :][:2], "big") == 1001
        writer.close()


@pytest.mark.parametrize("message", [masked_text(b"[3]"), bytes([0x89, 0x80, 0, 0, 0, 0])])
async def test_any_frame_counts_as_life(node: Node, message: bytes) -> None:
    reader, writer = await node.raw()
    writer.write(upgrade("/ocpp/CP001"))
    await reader.readuntil(b"\r\n\r\n")
    connection = node.gateway.registry.find(ChargerId(1))
    assert connection is not None
    connection.last_heard = 0
    writer.write(message)
    await node.until(lambda: connection.last_heard > 0)
    writer.close()


async def test_charger_without_pings_is_closed_after_three_heartbeats() -> None:
    async with running_node(close_timeout_s=0.1) as node:
        node.admissions.add("CP001", ping_interval_s=0, heartbeat_interval_s=100)
        async with node.charger() as charger:
            connection = node.gateway.registry.find(ChargerId(1))
            assert connection is not None
            assert connection.beat_interval_s == 100
            connection.beat(connection.last_heard + 299)
            assert connection.socket.is_open
            connection.beat(connection.last_heard + 300)
            assert (await charger.closed())[0] == 1001


async def test_too_fast_means_that_reading_stops_and_nothing_is_refused() -> None:
    async with running_node(inbox_messages_max=4) as node:
        node.admissions.add("CP001")
        node.journal.gate = asyncio.Event()
        async with node.charger() as charger:
            connection = node.gateway.registry.find(ChargerId(1))
            assert connection is not None
            paused: list[bool] = []
            socket = connection.socket
            pause, resume = socket.pause_reading, socket.resume_reading

            class Watched:
                def __getattr__(self, name: str) -> Any:
                    return getattr(socket, name)

                def pause_reading(self) -> None:
                    paused.append(True)
                    pause()

                def resume_reading(self) -> None:
                    paused.append(False)
                    resume()

            connection.socket = Watched()  # type: ignore[assignment]
            for number in range(200):
                await charger.send(2, str(number), "StatusNotification", STATUS)
            await node.until(lambda: paused == [True])
            node.journal.gate.set()
            answers = [(await charger.receive())[1] for _ in range(200)]
            assert answers == [str(number) for number in range(200)]
            assert False in paused


async def test_close_answers_what_was_received_then_says_1001(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        await charger.send(2, "1", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        closing = asyncio.create_task(node.gateway.close())
        await asyncio.sleep(0)
        assert not closing.done()
        node.journal.gate.set()
        assert await charger.receive() == [3, "1", {}]
        assert (await charger.closed())[0] == 1001
        await closing
    assert len(node.gateway.registry) == 0


async def test_nobody_is_let_in_while_closing(node: Node) -> None:
    await node.gateway.close()
    reader, writer = await node.raw()
    writer.write(upgrade("/ocpp/CP001"))
    assert b" 503 " in await asyncio.wait_for(reader.read(), 10)
    writer.close()


async def test_who_knocked_before_the_close_is_not_let_in_after_it_began(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        await charger.send(2, "1", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        node.admissions.add("CP777")
        node.admissions.look_up_gate = asyncio.Event()
        reader, writer = await node.raw()
        writer.write(upgrade("/ocpp/CP777"))
        await node.until(lambda: node.gateway._handshakes)
        closing = asyncio.create_task(node.gateway.close())
        await asyncio.sleep(0)
        node.admissions.look_up_gate.set()
        assert b" 503 " in await asyncio.wait_for(reader.read(), 10)
        node.journal.gate.set()
        await closing
        writer.close()
    assert len(node.gateway.registry) == 0


async def test_disconnect_makes_a_charger_come_back(node: Node) -> None:
    async with node.charger() as charger:
        assert node.gateway.disconnect(ChargerId(1), "its settings have changed")
        assert await charger.closed() == (1001, "its settings have changed")
    assert not node.gateway.disconnect(ChargerId(99), "unknown")


async def test_server_ends_while_sockets_are_open(node: Node) -> None:
    async with node.charger():
        node.server.should_exit = True
        await node.until(lambda: not node.server.server_state.connections)
