"""A charger's messages on their path: decoded, committed, answered, in order (RULES, Frames)."""

import asyncio
import json
from typing import Any

import pytest

from csms.kernel.facts import (
    ChargerBooted,
    ConnectorReported,
    DeskCaseOpened,
    ReadingsTaken,
    TransactionStarted,
)
from csms.kernel.journal import EntryRefusedError, StaleEpochError
from tests.gateway.node import Node

pytestmark = pytest.mark.integration

BOOT = {"chargePointVendor": "Vendor", "chargePointModel": "Model", "firmwareVersion": "1.2"}
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
START = {
    "connectorId": 1,
    "idTag": "TAG1",
    "meterStart": 1000,
    "timestamp": "2026-03-01T12:00:00Z",
}
READING = {
    "connectorId": 1,
    "meterValue": [{"timestamp": "2026-03-01T12:00:00Z", "sampledValue": [{"value": "1200"}]}],
}
STOP = {"transactionId": 701, "meterStop": 1500, "timestamp": "2026-03-01T12:30:00Z"}


async def test_boot_is_accepted_with_the_charger_s_interval(node: Node) -> None:
    node.admissions.add("CP2", heartbeat_interval_s=77)
    async with node.charger("CP2") as charger:
        kind, message_id, answer = await charger.call("BootNotification", BOOT, "boot-1")
    assert (kind, message_id) == (3, "boot-1")
    assert answer == {"status": "Accepted", "currentTime": "2026-03-01T12:00:00Z", "interval": 77}
    (booted,) = node.journal.of(ChargerBooted)
    assert isinstance(booted, ChargerBooted)
    assert (booted.vendor, booted.model, booted.firmware_version) == ("Vendor", "Model", "1.2")


async def test_messages_are_handled_before_any_boot(node: Node) -> None:
    async with node.charger() as charger:
        assert await charger.call("StatusNotification", STATUS) == [3, "m1", {}]
        assert (await charger.call("StartTransaction", START))[2]["transactionId"] == 701
    assert len(node.journal.of(ConnectorReported)) == 1
    assert len(node.journal.of(TransactionStarted)) == 1


async def test_each_exchange_is_one_logged_message(node: Node) -> None:
    async with node.charger() as charger:
        answer = await charger.call("StatusNotification", STATUS, "s-1")
        assert answer == [3, "s-1", {}]
    (logged,) = node.journal.messages
    assert (logged.direction, logged.action, logged.message_id) == (
        "IN",
        "StatusNotification",
        "s-1",
    )
    assert json.loads(logged.request or "") == STATUS
    assert (logged.answer, logged.outcome) == ("{}", "answered")


async def test_nothing_is_answered_before_its_commit(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        await charger.send(2, "1", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        with pytest.raises(TimeoutError):
            await charger.receive(timeout_s=0.1)
        node.journal.gate.set()
        assert await charger.receive() == [3, "1", {}]


async def test_messages_of_a_charger_are_stored_one_by_one_in_order(node: Node) -> None:
    node.journal.gate = asyncio.Event()
    async with node.charger() as charger:
        for number in range(5):
            await charger.send(2, str(number), "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        await charger.link.ping()
        assert node.journal.attempts == 1
        node.journal.gate.set()
        answers = [await charger.receive() for _ in range(5)]
    assert [answer[1] for answer in answers] == ["0", "1", "2", "3", "4"]
    assert [message.message_id for message in node.journal.messages] == ["0", "1", "2", "3", "4"]


async def test_one_slow_charger_holds_up_no_other(node: Node) -> None:
    node.admissions.add("CP2")
    gate = asyncio.Event()
    async with node.charger() as slow, node.charger("CP2") as quick:
        node.journal.gate = gate
        await slow.send(2, "1", "StatusNotification", STATUS)
        await node.journal.until(lambda journal: journal.attempts == 1)
        node.journal.gate = None
        assert (await quick.call("Heartbeat", {}))[0] == 3
        gate.set()
        assert (await slow.receive())[0] == 3


async def test_current_time_is_taken_after_the_commit(node: Node) -> None:
    node.journal.before_commit = lambda _: node.clock.turn(90)
    async with node.charger() as charger:
        answer = await charger.call("Heartbeat", {})
    assert answer[2] == {"currentTime": "2026-03-01T12:01:30Z"}


async def test_days_of_queued_readings_at_full_speed_are_all_taken(node: Node) -> None:
    async with node.charger() as charger:
        for number in range(500):
            await charger.send(2, f"r{number}", "MeterValues", READING)
        answers = [(await charger.receive())[1] for _ in range(500)]
    assert answers == [f"r{number}" for number in range(500)]
    assert len(node.journal.of(ReadingsTaken)) == 500


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ([], "FormationViolation"),
        (
            {"connectorId": {}, "errorCode": "NoError", "status": "Available"},
            "TypeConstraintViolation",
        ),
        ({"errorCode": "NoError", "status": "Available"}, "OccurenceConstraintViolation"),
    ],
)
async def test_invalid_payload_gets_the_code_of_its_fault(
    node: Node, payload: Any, code: str
) -> None:
    async with node.charger() as charger:
        answer = await charger.call("StatusNotification", payload)
        assert answer[0] == 4
        assert answer[2] == code
    (logged,) = node.journal.messages
    assert logged.outcome == "error"
    assert json.loads(logged.answer or "")["errorCode"] == code


async def test_unknown_action_is_not_implemented_and_one_of_ours_not_supported(node: Node) -> None:
    async with node.charger() as charger:
        assert (await charger.call("Levitate", {}))[2] == "NotImplemented"
        assert (await charger.call("Reset", {"type": "Hard"}))[2] == "NotSupported"
        unreadable = await charger.call("SignCertificate", {"csr": "x"})
        assert unreadable[2] == {"status": "Rejected"}


async def test_leniency_repairs_and_keeps_both_texts(node: Node) -> None:
    async with node.charger() as charger:
        answer = await charger.call("StatusNotification", STATUS | {"vendorX": 1})
        assert answer[0] == 3
    (logged,) = node.journal.messages
    assert "vendorX" in (logged.request or "")
    assert json.loads(logged.repairs or "")[0]["rule"] == "unknown-member"


async def test_strict_charger_gets_the_error(node: Node) -> None:
    node.admissions.add("STRICT", is_strict=True)
    async with node.charger("STRICT") as charger:
        answer = await charger.call("StatusNotification", STATUS | {"vendorX": 1})
    assert (answer[0], answer[2]) == (4, "FormationViolation")


@pytest.mark.parametrize("action", ["MeterValues", "StopTransaction"])
async def test_unreadable_transaction_message_goes_to_the_desk_and_is_acknowledged(
    node: Node, action: str
) -> None:
    async with node.charger() as charger:
        assert await charger.call(action, ["what", "is", "this"]) == [3, "m1", {}]
    (case,) = node.journal.of(DeskCaseOpened)
    assert isinstance(case, DeskCaseOpened)
    assert '[\\"what\\"' in case.evidence


async def test_unreadable_start_goes_to_the_desk_and_gets_its_error(node: Node) -> None:
    async with node.charger() as charger:
        answer = await charger.call("StartTransaction", [])
    assert (answer[0], answer[2]) == (4, "FormationViolation")
    assert len(node.journal.of(DeskCaseOpened)) == 1


async def test_one_entry_that_cannot_be_stored_gets_an_error_and_harms_no_other(node: Node) -> None:
    node.journal.refuse = lambda entry: (
        EntryRefusedError("odd") if "VOID" in (entry.message.request or "") else None  # type: ignore[union-attr]
    )
    async with node.charger() as charger:
        answer = await charger.call("StartTransaction", START | {"idTag": "VOID"})
        assert (answer[0], answer[2]) == (4, "InternalError")
        assert (await charger.call("StartTransaction", START))[0] == 3


async def test_stale_epoch_closes_without_a_word(node: Node) -> None:
    node.journal.refuse = lambda _: StaleEpochError("newer")
    async with node.charger() as charger:
        await charger.send(2, "1", "StartTransaction", START)
        code, _ = await charger.closed()
    assert code == 1008
    assert node.journal.entries == []


async def test_unexpected_failure_closes_only_that_connection(node: Node) -> None:
    node.admissions.add("CP2")
    node.journal.refuse = lambda entry: (
        RuntimeError("a fault of ours") if entry.charger_id == 1 else None
    )
    async with node.charger() as hit, node.charger("CP2") as other:
        await hit.send(2, "1", "Heartbeat", {})
        assert (await hit.closed())[0] == 1011
        assert (await other.call("Heartbeat", {}))[0] == 3


async def test_pending_charger_gets_security_error_until_accepted(node: Node) -> None:
    node.admissions.add("PENDING", registration="Pending")
    async with node.charger("PENDING") as charger:
        assert (await charger.call("BootNotification", BOOT))[2]["status"] == "Pending"
        for action, payload in (("Heartbeat", {}), ("StatusNotification", STATUS)):
            answer = await charger.call(action, payload)
            assert (answer[0], answer[2]) == (4, "SecurityError")


async def test_disabled_charger_is_rejected_but_its_sessions_are_recorded(node: Node) -> None:
    node.admissions.add("OFF", is_disabled=True)
    async with node.charger("OFF") as charger:
        assert (await charger.call("BootNotification", BOOT))[2]["status"] == "Rejected"
        assert (await charger.call("Heartbeat", {}))[2] == "SecurityError"
        assert (await charger.call("MeterValues", READING))[0] == 3


async def test_data_transfer_of_an_unknown_vendor(node: Node) -> None:
    async with node.charger() as charger:
        answer = await charger.call("DataTransfer", {"vendorId": "com.example", "data": "x"})
    assert answer[2] == {"status": "UnknownVendorId"}


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("FirmwareStatusNotification", {"status": "Installed"}),
        ("DiagnosticsStatusNotification", {"status": "Uploaded"}),
        ("LogStatusNotification", {"status": "Uploaded", "requestId": 1}),
        (
            "SecurityEventNotification",
            {"type": "FirmwareUpdated", "timestamp": "2026-03-01T12:00:00Z"},
        ),
        ("SignedFirmwareStatusNotification", {"status": "Installed", "requestId": 1}),
    ],
)
async def test_notices_are_logged_and_acknowledged(
    node: Node, action: str, payload: dict[str, Any]
) -> None:
    async with node.charger() as charger:
        assert await charger.call(action, payload) == [3, "m1", {}]
    assert node.journal.messages[-1].action == action


async def test_authorize_tells_the_verdict(node: Node) -> None:
    async with node.charger() as charger:
        known = await charger.call("Authorize", {"idTag": "tag1"})
        unknown = await charger.call("Authorize", {"idTag": "STRANGER"})
    assert known[2]["idTagInfo"]["status"] == "Accepted"
    assert unknown[2]["idTagInfo"]["status"] == "Invalid"


async def test_unset_clock_is_noted_and_the_time_of_receipt_counts(node: Node) -> None:
    async with node.charger() as charger:
        stamp = {"timestamp": "1970-01-01T00:00:10Z"}
        assert (await charger.call("StatusNotification", STATUS | stamp))[0] == 3
    (report,) = node.journal.of(ConnectorReported)
    assert isinstance(report, ConnectorReported)
    assert report.reported_at == node.clock.now()


async def test_authorization_key_is_masked_before_it_is_stored(node: Node) -> None:
    data = json.dumps({"key": "AuthorizationKey", "value": "c0ffee"})
    async with node.charger() as charger:
        await charger.call("DataTransfer", {"vendorId": "v", "AuthorizationKey": "c0ffee"})
        await charger.link.send('[2,"x","ChangeConfiguration",' + data)
        await charger.call("Heartbeat", {})
    assert "c0ffee" not in repr(node.journal.messages)
    assert "***" in repr(node.journal.messages)
