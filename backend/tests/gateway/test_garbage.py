"""Garbage is counted and bounded, and kills nothing (RULES, Frames)."""

import asyncio
import json
import os

import pytest

from csms.kernel.facts import DeskCaseOpened
from tests.gateway.node import Node, running_node
from tests.gateway.test_handshake import upgrade
from tests.gateway.test_inbound import STATUS

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "not json",
        "{}",
        "[]",
        "null",
        "[2",
        '[9,"1","Heartbeat",{}]',
        '["2","1","Heartbeat",{}]',
        '[2,17,"Heartbeat",{}]',
        "[" * 5000,
        "\x00\x00",
    ],
)
async def test_garbage_is_logged_and_the_next_message_answered(node: Node, garbage: str) -> None:
    async with node.charger() as charger:
        await charger.link.send(garbage)
        answer = await charger.call("Heartbeat", {}, "after")
        while answer[1] != "after":
            answer = await charger.receive()
        assert answer[0] == 3
    outcomes = [message.outcome for message in node.journal.messages]
    assert outcomes[-1] == "answered"
    assert outcomes[0] in {"garbage", "answered", "unsolicited"}


async def test_unknown_message_type_is_ignored_but_logged(node: Node) -> None:
    async with node.charger() as charger:
        await charger.send(7, "1", "Heartbeat", {})
        assert (await charger.call("Heartbeat", {}, "after"))[1] == "after"
    assert node.journal.messages[0].outcome == "garbage"


async def test_call_with_an_id_and_a_broken_rest_gets_formation_violation(node: Node) -> None:
    async with node.charger() as charger:
        await charger.send(2, "broken", "Heartbeat", {}, "more")
        answer = await charger.receive()
    assert answer[:3] == [4, "broken", "FormationViolation"]


async def test_binary_is_garbage(node: Node) -> None:
    async with node.charger() as charger:
        await charger.link.send(json.dumps([2, "1", "Heartbeat", {}]).encode())
        assert (await charger.call("Heartbeat", {}, "after"))[1] == "after"
    assert [message.outcome for message in node.journal.messages] == ["garbage", "answered"]


async def test_text_that_is_not_utf8_does_not_end_the_session(node: Node) -> None:
    reader, writer = await node.raw()
    writer.write(upgrade("/ocpp/CP001"))
    await reader.readuntil(b"\r\n\r\n")
    writer.write(frame(0x81, b'[2,"1","DataTransfer",{"vendorId":"\xff\xfe"}]'))
    assert b'"1"' in await asyncio.wait_for(reader.read(4096), 10)
    writer.write(frame(0x81, b'[2,"2","Heartbeat",{}]'))
    assert b'[3,"2"' in await asyncio.wait_for(reader.read(4096), 10)
    writer.close()


async def test_garbage_past_the_bound_closes_the_socket() -> None:
    async with running_node(garbage_max=5) as node:
        node.admissions.add("CP001")
        async with node.charger() as charger:
            for _ in range(6):
                await charger.link.send("garbage")
            assert (await charger.closed())[0] == 1008
        assert len(node.journal.messages) == 6


async def test_fragments_are_joined_with_a_ping_between(node: Node) -> None:
    text = json.dumps([2, "f", "StatusNotification", STATUS])
    async with node.charger() as charger:

        async def parts():  # type: ignore[no-untyped-def]
            yield text[:10]
            await charger.link.ping()
            yield text[10:40]
            yield text[40:]

        await charger.link.send(parts())
        assert await charger.receive() == [3, "f", {}]


@pytest.mark.parametrize(
    "frames",
    [
        [(0x80, b"continuation of nothing")],
        [(0x01, b"first"), (0x81, b"another first")],
        [(0xC1, b"reserved bit")],
        [(0x83, b"unknown opcode")],
        [(0x09, b"fragmented ping")],
    ],
)
async def test_broken_framing_closes_1002_and_harms_no_other(
    node: Node, frames: list[tuple[int, bytes]]
) -> None:
    node.admissions.add("CP2")
    async with node.charger("CP2") as other:
        reader, writer = await node.raw()
        writer.write(upgrade("/ocpp/CP001"))
        await reader.readuntil(b"\r\n\r\n")
        for opcode, payload in frames:
            writer.write(frame(opcode, payload))
        closing = await asyncio.wait_for(reader.read(), 10)
        assert closing[0] == 0x88
        assert int.from_bytes(closing[2:4], "big") == 1002
        writer.close()
        assert (await other.call("Heartbeat", {}))[0] == 3


async def test_message_of_a_mebibyte_is_taken(node: Node) -> None:
    data = "x" * (1024 * 1024 - 200)
    async with node.charger() as charger:
        answer = await charger.call("DataTransfer", {"vendorId": "v", "data": data})
    assert answer[0] == 3


@pytest.mark.parametrize("is_fragmented", [False, True])
async def test_larger_message_closes_1009_and_its_head_is_at_the_desk(
    node: Node, *, is_fragmented: bool
) -> None:
    head = '[2,"big","StopTransaction",{"transactionData":"'
    text = head + "x" * (1024 * 1024)
    async with node.charger() as charger:
        if is_fragmented:
            await charger.link.send([text[: 600 * 1024], text[600 * 1024 :]])
        else:
            await charger.link.send(text)
        assert (await charger.closed())[0] == 1009
    await node.journal.until(lambda journal: len(journal.entries) == 1)
    (logged,) = node.journal.messages
    assert (logged.request or "").startswith(head)
    (case,) = node.journal.of(DeskCaseOpened)
    assert isinstance(case, DeskCaseOpened)
    assert "big" in case.evidence


async def test_random_bytes_leave_the_server_alive(node: Node) -> None:
    node.admissions.add("CP2")
    for size in (1, 13, 200, 5000):
        reader, writer = await node.raw()
        writer.write(upgrade("/ocpp/CP001"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(os.urandom(size))
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 10)
        writer.close()
    async with node.charger("CP2") as other:
        assert (await other.call("Heartbeat", {}))[0] == 3


async def test_ping_is_answered_with_its_payload(node: Node) -> None:
    async with node.charger() as charger:
        waiter = await charger.link.ping(b"are you there")
        await asyncio.wait_for(waiter, 10)


async def test_close_is_answered_with_the_same_code(node: Node) -> None:
    async with node.charger() as charger:
        await charger.link.close(3999, "firmware update")
        assert charger.link.close_code == 3999
    await node.until(lambda: node.admissions.ends)
    _, _, code, reason = node.admissions.ends[0]
    assert (code, reason) == (3999, "firmware update")


async def test_lost_link_is_recorded_as_1006(node: Node) -> None:
    async with node.charger() as charger:
        charger.link.transport.abort()
        await node.until(lambda: node.admissions.ends)
    assert node.admissions.ends[0][2] == 1006


async def test_message_before_a_lost_link_is_still_stored(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        await charger.send(2, "1", "StatusNotification", STATUS)
        await charger.send(2, "2", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        charger.link.transport.abort()
    await node.until(lambda: node.admissions.ends)
    node.journal.gate.set()
    await node.journal.until(lambda journal: len(journal.entries) == 2)


def frame(first: int, payload: bytes) -> bytes:
    """A frame of a client with a mask of zeros."""
    assert len(payload) < 126
    return bytes([first, 0x80 | len(payload), 0, 0, 0, 0]) + payload
