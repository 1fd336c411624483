"""Transaction-related messages: order, retries and survival of lost links (OCPP 1.6 §3.7)."""

import asyncio

import pytest

from csms_simulator.charger import VirtualCharger
from csms_simulator.clock import Clock
from csms_simulator.errors import CallRefusedError, LinkLostError
from csms_simulator.ocpp16 import Payload
from csms_simulator.transaction_queue import QueuedMessage, RetryPolicy, TransactionQueue
from tests.stub_central_system import MakeCharger, StubCentralSystem

pytestmark = pytest.mark.integration


class PausesOnly(Clock):
    """A clock whose pauses take no time and are remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses_s: list[float] = []

    async def sleep(self, duration_s: float) -> None:
        self.pauses_s.append(duration_s)
        await asyncio.sleep(0)


class Wire:
    """A sender that fails as told and records what it was given."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, str]] = []

    async def send(self, action: str, _payload: Payload, message_id: str) -> Payload:
        self.sent.append((action, message_id))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        return {}


def make_queue(wire: Wire, attempts: int = 3) -> tuple[TransactionQueue, PausesOnly, list[str]]:
    clock, discarded = PausesOnly(), list[str]()
    queue = TransactionQueue(
        wire.send,
        clock,
        lambda: RetryPolicy(attempts, 60),
        lambda message: discarded.append(message.action),
    )
    queue.gate.set()
    return queue, clock, discarded


async def run_until_drained(queue: TransactionQueue) -> None:
    running = asyncio.create_task(queue.run())
    try:
        await queue.wait_drained(5)
    finally:
        running.cancel()


def put(queue: TransactionQueue, *actions: str) -> list[QueuedMessage]:
    return [queue.put(QueuedMessage(action, dict)) for action in actions]


async def test_retries_wait_interval_times_preceding_transmissions() -> None:
    refused = CallRefusedError("InternalError")
    wire = Wire(refused, refused, None)
    queue, clock, discarded = make_queue(wire)
    put(queue, "StopTransaction")
    await run_until_drained(queue)
    assert clock.pauses_s == [60, 120]
    assert discarded == []


async def test_the_head_blocks_those_behind_it_until_it_is_settled() -> None:
    refused = CallRefusedError("InternalError")
    wire = Wire(refused, None, None)
    queue, _, _ = make_queue(wire)
    put(queue, "StartTransaction", "MeterValues")
    await run_until_drained(queue)
    assert [action for action, _ in wire.sent] == [
        "StartTransaction",
        "StartTransaction",
        "MeterValues",
    ]


async def test_after_the_last_attempt_the_next_message_follows() -> None:
    refused = CallRefusedError("InternalError")
    wire = Wire(refused, refused, None)
    queue, clock, discarded = make_queue(wire, attempts=2)
    put(queue, "MeterValues", "StopTransaction")
    await run_until_drained(queue)
    assert discarded == ["MeterValues"]
    assert clock.pauses_s == [60]
    assert [action for action, _ in wire.sent] == ["MeterValues", "MeterValues", "StopTransaction"]


async def test_a_failure_takes_a_new_message_id() -> None:
    wire = Wire(CallRefusedError("InternalError"), None)
    queue, _, _ = make_queue(wire)
    put(queue, "StopTransaction")
    await run_until_drained(queue)
    (_, first), (_, second) = wire.sent
    assert first != second


async def test_a_lost_link_costs_no_attempt_and_keeps_the_message_id() -> None:
    wire = Wire(*[LinkLostError("gone")] * 5, None)
    queue, clock, discarded = make_queue(wire, attempts=1)
    [message] = put(queue, "StopTransaction")
    running = asyncio.create_task(queue.run())
    for _ in range(5):
        await message.attempted.wait()
        message.attempted.clear()
        assert not queue.gate.is_set()
        queue.gate.set()
    await queue.wait_drained(5)
    running.cancel()
    assert len(wire.sent) == 6
    assert len({message_id for _, message_id in wire.sent}) == 1
    assert (clock.pauses_s, discarded) == ([], [])


async def test_a_stop_whose_answer_is_lost_with_the_link_is_sent_again(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger()
    await charger.power_on()
    await charger.plug_in(1)
    transaction = await charger.begin_session(1, "TAG1")
    assert transaction is not None
    central.fail_next("StopTransaction", "drop")
    await charger.end_session(transaction)
    await charger.queue.wait_drained(5)
    first, second = central.ids("StopTransaction")
    assert first == second
    assert central.actions().count("BootNotification") == 1


async def test_readings_queued_before_the_start_was_answered_carry_its_id(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger(configuration={"AllowOfflineTxForUnknownId": "true"})
    await charger.power_on()
    charger.go_offline()
    transaction = await charger.begin_session(1, "TAG1")
    assert transaction is not None
    charger.queue_reading(charger.connectors[1])
    await charger.end_session(transaction)
    assert "StartTransaction" not in central.actions()
    await charger.come_back()
    await charger.queue.wait_drained(5)
    assert central.calls("MeterValues")[0]["transactionId"] == 1001
    assert central.calls("StopTransaction")[0]["transactionId"] == 1001


async def test_a_start_that_is_never_processed_leaves_a_stop_with_id_minus_one(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger = make_charger(
        configuration={"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "1"}
    )
    await charger.power_on()
    for _ in range(2):
        central.fail_next("StartTransaction")
    await charger.plug_in(1)
    transaction = await charger.begin_session(1, "TAG1")
    assert transaction is not None
    await charger.end_session(transaction)
    await charger.queue.wait_drained(5)
    assert len(central.calls("StartTransaction")) == 2
    assert central.calls("StopTransaction")[0]["transactionId"] == -1
    assert charger.statistics.messages_discarded == 1


async def test_the_queue_waits_for_the_boot_after_a_reboot(
    central: StubCentralSystem, make_charger: MakeCharger
) -> None:
    charger: VirtualCharger = make_charger()
    await charger.power_on()
    await charger.plug_in(1)
    assert await charger.begin_session(1, "TAG1") is not None
    central.boot_statuses = ["Pending", "Accepted"]
    central.interval_s = 1
    await charger.reboot("PowerLoss", is_hard=True)
    await charger.queue.wait_drained(5)
    after_start = central.actions()[central.actions().index("StartTransaction") + 1 :]
    kept = [a for a in after_start if a in {"BootNotification", "StopTransaction"}]
    assert kept == ["BootNotification", "BootNotification", "StopTransaction"]
