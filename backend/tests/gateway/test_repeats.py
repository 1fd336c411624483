"""A repeat is the same id, action and payload; it gets the first answer again (RULES, Frames)."""

import json

import pytest

from csms.domain.transactions.admission import RecentExchange
from csms.kernel.facts import TransactionStarted
from tests.gateway.node import Node
from tests.gateway.test_inbound import BOOT, START, STATUS, STOP

pytestmark = pytest.mark.integration


async def test_resent_start_gets_the_first_answer_and_stores_nothing_again(node: Node) -> None:
    async with node.charger() as charger:
        first = await charger.call("StartTransaction", START, "a")
        again = await charger.call("StartTransaction", START, "a")
    assert again == first
    assert len(node.journal.of(TransactionStarted)) == 1
    assert [message.is_repeat for message in node.journal.messages] == [False, True]


async def test_same_id_with_other_content_is_a_new_call(node: Node) -> None:
    async with node.charger() as charger:
        first = await charger.call("StartTransaction", START, "a")
        other = await charger.call("StartTransaction", START | {"connectorId": 2}, "a")
        third = await charger.call("StatusNotification", STATUS, "a")
    assert first[2]["transactionId"] != other[2]["transactionId"]
    assert third == [3, "a", {}]


async def test_boot_heartbeat_and_authorize_are_answered_afresh(node: Node) -> None:
    async with node.charger() as charger:
        for action, payload in (
            ("BootNotification", BOOT),
            ("Heartbeat", {}),
            ("Authorize", {"idTag": "NEW"}),
        ):
            first = await charger.call(action, payload, action)
            node.clock.turn(60)
            if action == "Authorize":
                node.reads.register("NEW")
            again = await charger.call(action, payload, action)
            assert again != first


async def test_after_a_reconnect_transaction_messages_get_their_first_answer(node: Node) -> None:
    answer = {"idTagInfo": {"status": "Accepted"}, "transactionId": 4711}
    node.admissions.recent["CP001"] = (
        RecentExchange("StartTransaction", "a", json.dumps(START), json.dumps(answer)),
    )
    async with node.charger() as charger:
        assert await charger.call("StartTransaction", START, "a") == [3, "a", answer]
        assert (await charger.call("StopTransaction", STOP, "a"))[0] == 3
    assert node.journal.of(TransactionStarted) == []


async def test_after_a_reconnect_other_messages_are_new(node: Node) -> None:
    async with node.charger() as charger:
        await charger.call("StatusNotification", STATUS, "a")
    async with node.charger() as charger:
        await charger.call("StatusNotification", STATUS, "a")
    assert [message.is_repeat for message in node.journal.messages] == [False, False]


async def test_memory_of_answers_is_bounded(node: Node) -> None:
    async with node.charger() as charger:
        await charger.call("StartTransaction", START, "a")
        for number in range(16):
            await charger.call("StatusNotification", STATUS, f"s{number}")
        await charger.call("StartTransaction", START, "a")
    assert not any(message.is_repeat for message in node.journal.messages)


async def test_what_could_not_be_stored_is_tried_again(node: Node) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        assert (await charger.call("StatusNotification", STATUS, "a"))[2] == "InternalError"
        node.journal.is_available = True
        assert await charger.call("StatusNotification", STATUS, "a") == [3, "a", {}]
