"""Operations on their way to a charger and back (RULES, Frames; DESIGN walk 2)."""

import asyncio
import json
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from csms.domain.operations.commands import (
    ChangeConfiguration,
    Command,
    GetConfiguration,
    OperationOutcome,
    OperationRequest,
    RawRequest,
    RemoteStart,
    RemoteStop,
    Reset,
    TriggerMessage,
)
from csms.domain.tariffs.terms import TariffTerms
from csms.kernel.facts import (
    ConfigurationLearned,
    ConfigurationPending,
    KeyChangeAnswered,
    OperationAnswered,
)
from csms.kernel.ids import ChargerId, OrganizationId, TariffId, TransactionId
from csms.kernel.journal import StaleEpochError
from tests.gateway.node import ChargerClient, Node, running_node
from tests.gateway.test_inbound import READING, START, STATUS

pytestmark = pytest.mark.integration


def operation(
    node: Node, command: Command, number: int = 1, charger_id: int = 1
) -> OperationRequest:
    return OperationRequest(
        operation_id=number,
        charger_id=charger_id,
        command=command,
        deadline=node.clock.now() + timedelta(minutes=1),
    )


def send(
    node: Node, command: Command, number: int = 1, timeout_s: float = 10
) -> asyncio.Task[OperationOutcome]:
    return asyncio.create_task(node.gateway.relay.send(operation(node, command, number), timeout_s))


async def answer(charger: ChargerClient, payload: object) -> list[object]:
    """Take the next CALL, answer it, and return it."""
    call = await charger.receive()
    assert call[0] == 2
    await charger.send(3, call[1], payload)
    return call


async def test_operation_comes_back_with_the_charger_s_own_answer(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, Reset(type="Soft"))
        call = await answer(charger, {"status": "Rejected"})
        outcome = await sending
    assert call[2:] == ["Reset", {"type": "Soft"}]
    assert outcome.status == "ANSWERED"
    assert json.loads(outcome.response or "") == {"status": "Rejected"}
    assert outcome.message_id == call[1]
    (fact,) = node.journal.of(OperationAnswered)
    assert isinstance(fact, OperationAnswered)
    assert (fact.operation_id, fact.status) == (1, "ANSWERED")
    (logged,) = node.journal.messages
    assert (logged.direction, logged.action, logged.outcome) == ("OUT", "Reset", "answered")
    assert logged.correlation_id == "operation-1"


async def test_call_error_is_the_outcome(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, Reset(type="Hard"))
        call = await charger.receive()
        await charger.send(4, call[1], "NotSupported", "no reset here", {"a": 1})
        outcome = await sending
    assert (outcome.status, outcome.error_code) == ("FAILED", "NotSupported")
    assert outcome.error_detail == "no reset here"
    assert node.journal.messages[0].outcome == "error"


async def test_charger_that_is_not_here_is_not_connected(node: Node) -> None:
    outcome = await node.gateway.relay.send(operation(node, Reset(type="Soft")), 1)
    assert (outcome.status, outcome.error_code) == ("FAILED", "not_connected")


async def test_one_call_is_in_flight_and_the_others_follow_in_order(node: Node) -> None:
    async with node.charger() as charger:
        first = send(node, TriggerMessage(requested_message="Heartbeat"), 1)
        second = send(node, Reset(type="Soft"), 2)
        call = await charger.receive()
        assert call[2] == "TriggerMessage"
        with pytest.raises(TimeoutError):
            await charger.receive(timeout_s=0.1)
        await charger.send(3, call[1], {"status": "Accepted"})
        assert (await answer(charger, {"status": "Accepted"}))[2] == "Reset"
        assert {(await first).status, (await second).status} == {"ANSWERED"}


async def test_its_own_messages_are_answered_while_a_call_is_open(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, Reset(type="Soft"))
        call = await charger.receive()
        assert (await charger.call("Heartbeat", {}))[0] == 3
        await charger.send(3, call[1], {"status": "Accepted"})
        assert (await sending).status == "ANSWERED"


async def test_no_call_goes_out_before_the_answer_to_the_charger(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        await charger.send(2, "s", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        sending = send(node, Reset(type="Soft"))
        await asyncio.sleep(0)
        node.journal.gate.set()
        assert await charger.receive() == [3, "s", {}]
        await answer(charger, {"status": "Accepted"})
        assert (await sending).status == "ANSWERED"


async def test_closing_socket_ends_open_and_waiting_calls_at_once(node: Node) -> None:
    async with node.charger() as charger:
        sent = send(node, Reset(type="Soft"), 1)
        waiting = send(node, Reset(type="Hard"), 2)
        await charger.receive()
    for sending in (sent, waiting):
        outcome = await asyncio.wait_for(sending, 5)
        assert (outcome.status, outcome.error_code) == ("FAILED", "connection_lost")
    assert (await waiting).message_id is None
    await node.journal.until(lambda journal: len(journal.entries) == 1)
    assert node.journal.messages[0].outcome == "no_answer"


async def test_late_answer_still_settles_the_operation() -> None:
    async with running_node(call_timeout_s=0.05) as node:
        node.admissions.add("CP001")
        async with node.charger() as charger:
            sending = send(node, Reset(type="Soft"))
            call = await charger.receive()
            assert (await sending).status == "TIMED_OUT"
            await node.journal.until(lambda journal: len(journal.entries) == 1)
            await charger.send(3, call[1], {"status": "Accepted"})
            await node.journal.until(lambda journal: len(journal.entries) == 2)
        assert [m.outcome for m in node.journal.messages] == ["no_answer", "answered"]
        (fact,) = node.journal.of(OperationAnswered)
        assert isinstance(fact, OperationAnswered)
        assert fact.status == "ANSWERED"


async def test_caller_s_time_out_leaves_the_call_open(node: Node) -> None:
    async with node.charger() as charger:
        outcome = await send(node, Reset(type="Soft"), timeout_s=0.05)
        assert outcome.status == "TIMED_OUT"
        await answer(charger, {"status": "Accepted"})
        await node.journal.until(lambda journal: bool(journal.of(OperationAnswered)))


async def test_operation_past_its_deadline_is_not_sent(node: Node) -> None:
    async with node.charger() as charger:
        first = send(node, TriggerMessage(requested_message="Heartbeat"), 1)
        late = send(node, Reset(type="Soft"), 2)
        call = await charger.receive()
        node.clock.turn(120)
        await charger.send(3, call[1], {"status": "Accepted"})
        assert (await first).status == "ANSWERED"
        outcome = await late
        assert (outcome.status, outcome.message_id) == ("FAILED", None)


async def test_invalid_answer_ends_the_operation_and_keeps_the_socket(node: Node) -> None:
    node.admissions.add("STRICT", is_strict=True)
    async with node.charger("STRICT") as charger:
        request = operation(node, Reset(type="Soft"), charger_id=2)
        sending = asyncio.create_task(node.gateway.relay.send(request, 10))
        await answer(charger, {"status": "Perhaps"})
        outcome = await sending
        assert (outcome.status, outcome.error_code) == ("FAILED", "invalid_response")
        assert (await charger.call("Heartbeat", {}))[0] == 3
    assert "Perhaps" in (node.journal.messages[0].answer or "")


async def test_answer_to_nothing_is_logged_as_unsolicited(node: Node) -> None:
    async with node.charger() as charger:
        await charger.send(3, "never-asked", {"status": "Accepted"})
        assert (await charger.call("Heartbeat", {}))[0] == 3
    assert node.journal.messages[0].outcome == "unsolicited"


async def test_configuration_is_learned_without_its_secret(node: Node) -> None:
    keys = [
        {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        {"key": "AuthorizationKey", "readonly": False, "value": "c0ffee"},
    ]
    async with node.charger() as charger:
        sending = send(node, GetConfiguration())
        await answer(charger, {"configurationKey": keys})
        outcome = await sending
    (fact,) = node.journal.of(ConfigurationLearned)
    assert isinstance(fact, ConfigurationLearned)
    learned = {one["key"]: one["value"] for one in json.loads(fact.values)}
    assert learned == {"HeartbeatInterval": "300", "AuthorizationKey": None}
    assert "c0ffee" not in repr(node.journal.entries) + repr(outcome)


async def test_a_new_key_goes_out_in_clear_and_into_the_log_masked(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, ChangeConfiguration(key="AuthorizationKey", value="c0ffee"))
        call = await answer(charger, {"status": "Accepted"})
        await sending
    assert call[3] == {"key": "AuthorizationKey", "value": "c0ffee"}
    assert "c0ffee" not in repr(node.journal.entries)


async def test_accepted_configuration_is_learned(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, ChangeConfiguration(key="HeartbeatInterval", value="60"))
        await answer(charger, {"status": "Accepted"})
        await sending
    (fact,) = node.journal.of(ConfigurationLearned)
    assert isinstance(fact, ConfigurationLearned)
    assert json.loads(fact.values)[0]["value"] == "60"


async def test_an_answer_outlives_the_connection_that_it_came_on(node: Node) -> None:
    """A charger that takes a new key answers and reconnects before the answer is stored."""
    node.journal.refuse = lambda entry: StaleEpochError("newer") if entry.epoch else None
    async with node.charger() as charger:
        sending = send(node, ChangeConfiguration(key="AuthorizationKey", value="00" * 16))
        await answer(charger, {"status": "Accepted"})
        outcome = await sending
    assert outcome.status == "ANSWERED"
    (fact,) = node.journal.of(KeyChangeAnswered)
    assert isinstance(fact, KeyChangeAnswered)
    assert fact.status == "Accepted"


async def test_what_needs_a_reboot_is_not_yet_the_value(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, ChangeConfiguration(key="HeartbeatInterval", value="60"))
        await answer(charger, {"status": "RebootRequired"})
        await sending
    assert not node.journal.of(ConfigurationLearned)
    (fact,) = node.journal.of(ConfigurationPending)
    assert isinstance(fact, ConfigurationPending)
    assert (fact.key, fact.value) == ("HeartbeatInterval", "60")


@pytest.mark.parametrize(
    "command",
    [
        RemoteStart(id_tag="TAG1", connector=1),  # type: ignore[arg-type]
        RawRequest("RemoteStartTransaction", {"idTag": "TAG1", "connectorId": 1}),
    ],
)
async def test_accepted_remote_start_is_expected_and_a_rejected_one_is_not(
    node: Node, command: Command
) -> None:
    async with node.charger() as charger:
        connection = node.gateway.registry.find(node.admissions.chargers["CP001"].charger_id)
        assert connection is not None
        sending = send(node, command, 1)
        call = await answer(charger, {"status": "Accepted"})
        assert call[3] == {"connectorId": 1, "idTag": "TAG1"}
        await sending
        assert [one.operation_id for one in connection.sessions.remote_starts] == [1]
        sending = send(node, command, 2)
        await answer(charger, {"status": "Rejected"})
        await sending
        assert [one.operation_id for one in connection.sessions.remote_starts] == [1]


async def test_pending_charger_gets_no_remote_start_and_a_rejected_one_nothing(node: Node) -> None:
    node.admissions.add("PENDING", registration="Pending")
    node.admissions.add("OFF", is_disabled=True)
    relay = node.gateway.relay
    async with node.charger("PENDING") as pending, node.charger("OFF"):
        for command in (RemoteStart(id_tag="T"), RemoteStop(transaction_id=TransactionId(1))):
            outcome = await relay.send(operation(node, command, charger_id=2), 1)
            assert outcome.error_code == "held_pending"
        outcome = await relay.send(operation(node, Reset(type="Soft"), charger_id=3), 1)
        assert outcome.error_code == "held_pending"
        request = operation(node, GetConfiguration(), charger_id=2)
        sending = asyncio.create_task(relay.send(request, 10))
        await answer(pending, {})
        assert (await sending).status == "ANSWERED"


async def test_command_that_cannot_be_said_is_refused_unsent(node: Node) -> None:
    async with node.charger():
        outcome = await send(node, RemoteStart(id_tag="x" * 21))
    assert (outcome.status, outcome.error_code) == ("FAILED", "invalid_request")


async def test_calls_that_wait_are_bounded() -> None:
    async with running_node(calls_waiting_max=1) as node:
        node.admissions.add("CP001")
        async with node.charger() as charger:
            sent = [send(node, Reset(type="Soft"), number) for number in range(3)]
            await charger.receive()
            outcome = await sent[2]
            assert outcome.error_code == "too_many_calls"
        await asyncio.gather(*sent)


async def test_session_at_its_limit_is_asked_to_stop_after_the_answer(node: Node) -> None:
    async with node.charger() as charger:
        await charger.call("StartTransaction", START)
        connection = node.gateway.registry.find(ChargerId(1))
        assert connection is not None
        session = connection.sessions.open[TransactionId(701)]
        session.is_billable = True
        session.hold_amount = Decimal(1)
        session.tariff_terms = msgspec.json.encode(
            TariffTerms(TariffId(1), "Day", "EUR", Decimal(10))
        ).decode()
        await charger.send(2, "r", "MeterValues", READING | {"transactionId": 701})
        assert await charger.receive() == [3, "r", {}]
        call = await answer(charger, {"status": "Accepted"})
        assert call[2:] == ["RemoteStopTransaction", {"transactionId": 701}]


async def test_settled_operation_is_announced_live(node: Node) -> None:
    async with node.live.subscribe(OrganizationId(1)) as events, node.charger() as charger:
        sending = send(node, Reset(type="Soft"))
        await answer(charger, {"status": "Accepted"})
        await sending
        kinds = [(await anext(events)).event.kind for _ in range(3)]
    assert set(kinds[:2]) == {"charger.handshake", "charger.connected"}
    assert kinds[2] == "operation.settled"
