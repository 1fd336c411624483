"""What cannot be stored is not acknowledged (RULES, Frames; OCPP 1.6 §3.7.1)."""

import pytest

from csms.kernel.facts import TransactionStarted
from tests.gateway.node import Node
from tests.gateway.test_handshake import knock
from tests.gateway.test_inbound import BOOT, READING, START, STATUS, STOP

pytestmark = pytest.mark.integration

TRANSACTION_MESSAGES = [
    ("StartTransaction", START),
    ("MeterValues", READING),
    ("StopTransaction", STOP),
]


@pytest.mark.parametrize(("action", "payload"), TRANSACTION_MESSAGES)
async def test_transaction_message_is_held_then_the_socket_closes(
    node: Node, action: str, payload: dict[str, object]
) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        await charger.send(2, "1", action, payload)
        code, _ = await charger.closed()
    assert code == 1013
    assert node.journal.attempts > 1
    assert (await knock(node)).status == 503
    node.journal.is_available = True
    assert (await knock(node)).status == 101


async def test_message_held_is_answered_once_when_storage_returns(node: Node) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        await charger.send(2, "1", "StartTransaction", START)
        await node.journal.until(lambda journal: journal.attempts >= 3)
        node.journal.is_available = True
        assert (await charger.receive())[2]["transactionId"] == 701
    assert len(node.journal.of(TransactionStarted)) == 1


async def test_start_is_held_while_its_reads_fail_too(node: Node) -> None:
    async with node.charger() as charger:
        node.reads.is_available = False
        await charger.send(2, "1", "StartTransaction", START)
        await charger.link.ping()
        node.reads.is_available = True
        assert (await charger.receive())[0] == 3


async def test_unreadable_transaction_message_is_held_as_well(node: Node) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        await charger.send(2, "1", "StopTransaction", [])
        assert (await charger.closed())[0] == 1013


@pytest.mark.parametrize(
    ("action", "payload"),
    [("BootNotification", BOOT), ("Heartbeat", {}), ("StatusNotification", STATUS)],
)
async def test_other_calls_get_internal_error_and_the_socket_stays(
    node: Node, action: str, payload: dict[str, object]
) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        answer = await charger.call(action, payload)
        assert (answer[0], answer[2]) == (4, "InternalError")
        node.journal.is_available = True
        assert (await charger.call(action, payload))[0] == 3


async def test_what_waits_behind_a_held_message_is_not_answered_either(node: Node) -> None:
    async with node.charger() as charger:
        node.journal.is_available = False
        await charger.send(2, "1", "StartTransaction", START)
        await charger.send(2, "2", "StopTransaction", STOP)
        assert (await charger.closed())[0] == 1013
    assert node.journal.entries == []
