"""What is asked of chargers, and the honest answer to each outcome."""

from typing import Any

import pytest

from csms.domain.operations.commands import (
    ChangeAvailability,
    ChangeConfiguration,
    ClearCache,
    Command,
    DataTransfer,
    GetConfiguration,
    OperationOutcome,
    RawRequest,
    RemoteStart,
    RemoteStop,
    Reset,
    TriggerMessage,
    UnlockConnector,
)
from csms.kernel.ids import ConnectorNumber, TransactionId
from tests.api.caller import Caller
from tests.api.fakes import FakeChargers
from tests.api.network import Network

pytestmark = pytest.mark.integration

ONE = ConnectorNumber(1)


@pytest.mark.parametrize(
    ("name", "body", "command"),
    [
        ("remote-start", {"id_tag": "CARD1"}, RemoteStart(id_tag="CARD1")),
        (
            "remote-start",
            {"id_tag": "CARD1", "connector_id": 1, "charging_profile": {"chargingProfileId": 1}},
            RemoteStart("CARD1", ONE, {"chargingProfileId": 1}),
        ),
        ("remote-stop", {"transaction_id": 9}, RemoteStop(TransactionId(9))),
        ("reset", None, Reset("Soft")),
        ("reset", {"type": "Hard"}, Reset("Hard")),
        (
            "change-availability",
            {"type": "Inoperative"},
            ChangeAvailability(ConnectorNumber(0), "Inoperative"),
        ),
        ("unlock-connector", {"connector_id": 1}, UnlockConnector(ONE)),
        ("get-configuration", None, GetConfiguration()),
        ("get-configuration", {"keys": ["A", "B"]}, GetConfiguration(("A", "B"))),
        ("change-configuration", {"key": "A", "value": " 1 "}, ChangeConfiguration("A", " 1 ")),
        ("clear-cache", {}, ClearCache()),
        (
            "trigger-message",
            {"requested_message": "StatusNotification", "connector_id": 1},
            TriggerMessage("StatusNotification", ONE),
        ),
        (
            "data-transfer",
            {"vendor_id": "org.example", "data": "x"},
            DataTransfer("org.example", None, "x"),
        ),
    ],
)
async def test_each_operation_becomes_its_command(
    operator: Caller,
    network: Network,
    chargers: FakeChargers,
    name: str,
    body: dict[str, Any] | None,
    command: Command,
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}/{name}"
    answer = await operator.post(path, body)
    assert isinstance(answer.pop("warnings"), list)
    (asked,) = chargers.asked
    assert answer == {
        "operation_id": asked.operation_id,
        "message_id": "7f4c",
        "status": "Accepted",
        "response": {"status": "Accepted"},
        "error": None,
    }
    assert asked.charger_id == network.charger["id"]
    assert asked.command == command
    recorded = await operator.get(f"/api/admin/operations/{asked.operation_id}")
    assert (recorded["status"], recorded["charger_status"]) == ("ANSWERED", "Accepted")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("reset", {"type": "Gentle"}),
        ("unlock-connector", {"connector_id": 0}),
        ("change-availability", {}),
        ("remote-start", {"connectorId": 1}),
        ("remote-stop", {"transaction_id": 2**31}),
        ("reset", {"wait_s": 121}),
    ],
)
async def test_a_request_that_cannot_be_is_refused_before_the_charger_is_asked(
    operator: Caller,
    network: Network,
    chargers: FakeChargers,
    name: str,
    body: dict[str, Any],
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}/{name}"
    await operator.post(path, body, expect=422)
    assert chargers.asked == []


def failed(code: str, detail: str | None = None) -> OperationOutcome:
    return OperationOutcome(0, "FAILED", error_code=code, error_detail=detail)


@pytest.mark.parametrize(
    ("outcome", "status", "shown"),
    [
        (OperationOutcome(0, "ANSWERED", response='{"status":"Rejected"}'), 200, "Rejected"),
        (OperationOutcome(0, "ANSWERED", response='{"status":"Scheduled"}'), 200, "Scheduled"),
        (OperationOutcome(0, "ANSWERED", response='{"configurationKey":[]}'), 200, "ANSWERED"),
        (failed("not_connected"), 409, "not_connected"),
        (failed("held_pending"), 409, "held_pending"),
        (failed("invalid_request", "no such message"), 422, "invalid_request"),
        (failed("connection_lost"), 504, "connection_lost"),
        (OperationOutcome(0, "TIMED_OUT"), 504, "no_answer"),
    ],
)
async def test_the_answer_is_honest(
    operator: Caller,
    network: Network,
    chargers: FakeChargers,
    outcome: OperationOutcome,
    status: int,
    shown: str,
) -> None:
    chargers.outcome = outcome
    path = f"/api/admin/chargers/{network.charger['id']}/clear-cache"
    answer = await operator.post(path, {"wait_s": 5}, expect=status)
    assert answer["status" if status == 200 else "code"] == shown
    assert answer["operation_id"] == chargers.asked[0].operation_id


async def test_a_callerror_of_the_charger_is_its_answer(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    chargers.outcome = failed("NotSupported", "not built in")
    path = f"/api/admin/chargers/{network.charger['id']}/clear-cache"
    answer = await operator.post(path)
    assert answer["error"] == {"code": "NotSupported", "detail": "not built in"}
    assert (answer["status"], answer["response"]) == ("FAILED", None)


async def test_who_does_not_wait_is_told_the_operations_id(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}/clear-cache"
    answer = await operator.post(path, {"wait_s": 0}, expect=202)
    assert answer["status"] == "REQUESTED"
    recorded = await operator.get(f"/api/admin/operations/{answer['operation_id']}")
    assert recorded["action"] == "ClearCache"


async def test_a_silent_charger_is_no_answer_in_time(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    chargers.is_silent = True
    path = f"/api/admin/chargers/{network.charger['id']}/clear-cache"
    assert (await operator.post(path, {"wait_s": 0.01}, expect=504))["code"] == "no_answer"


async def test_what_we_believe_is_a_warning_never_a_refusal(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    await network.top_up(1, "50.00")
    await network.report(network.charger, 1, "Faulted")
    path = f"/api/admin/chargers/{network.charger['id']}/remote-start"
    answer = await operator.post(path, {"connector_id": 1})
    assert answer["warnings"] == ["connector 1 was last reported Faulted"]
    (listed,) = (await operator.get("/api/admin/operations"))["data"]
    assert listed["warnings"] == answer["warnings"]


async def test_a_start_without_credit_is_a_conflict_with_its_reason(
    operator: Caller, driver: Caller, network: Network, chargers: FakeChargers
) -> None:
    tag = (await driver.get("/auth/profile"))["app_id_tag"]
    path = f"/api/admin/chargers/{network.charger['id']}/remote-start"
    refused = await operator.post(path, {"id_tag": tag}, expect=409)
    assert refused["code"] == "no_credit"
    assert "wallet" in refused["detail"]
    assert chargers.asked == []


async def test_a_remote_start_without_a_tag_uses_the_callers_app_tag(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    await network.top_up(1, "50.00")
    tag = (await operator.get("/auth/profile"))["app_id_tag"]
    await operator.post(f"/api/admin/chargers/{network.charger['id']}/remote-start")
    assert chargers.commands[0] == RemoteStart(id_tag=tag)


async def test_a_remote_stop_without_an_id_needs_exactly_one_open_session(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    path = f"/api/admin/chargers/{network.charger['id']}/remote-stop"
    assert (await operator.post(path, expect=409))["code"] == "no_open_session"
    first = await network.add_transaction()
    await operator.post(path)
    assert chargers.commands[0] == RemoteStop(TransactionId(first))
    await network.add_transaction(connector_id=2)
    assert (await operator.post(path, expect=409))["code"] == "several_open_sessions"
    await operator.post("/api/admin/chargers/999/remote-stop", expect=404)
    await operator.post("/api/admin/chargers/999/reset", expect=404)


async def test_a_raw_request_is_checked_against_its_schema_only(
    operator: Caller, network: Network, chargers: FakeChargers
) -> None:
    path = "/api/charge-points/CP001/request"
    good = {"action": "TriggerMessage", "payload": {"requestedMessage": "Heartbeat"}}
    await operator.post(path, good)
    assert chargers.commands[0] == RawRequest(good["action"], good["payload"])  # type: ignore[arg-type]
    bad = await operator.post(path, {"action": "Reset", "payload": {"type": "Mild"}}, expect=422)
    assert bad["errors"][0]["pointer"] == "#/payload/type"
    for action in ("Heartbeat", "Nonsense"):
        refused = await operator.post(path, {"action": action}, expect=422)
        assert refused["errors"][0]["pointer"] == "#/action"
    await operator.post("/api/charge-points/CP999/request", good, expect=404)


async def test_operations_are_listed_with_their_outcome(operator: Caller, network: Network) -> None:
    me = (await operator.get("/auth/profile"))["id"]
    waiting = await network.add_operation(requested_by=me)
    await network.add_operation(action="ClearCache")
    found = await operator.get("/api/admin/operations", action="Reset")
    assert [o["id"] for o in found["data"]] == [waiting]
    shown = await operator.get(f"/api/admin/operations/{waiting}")
    assert (shown["status"], shown["requested_by_name"]) == ("REQUESTED", "Administrator")
    assert shown["request"] == {"type": "Reset", "kind": "Soft"}
    assert (await operator.get("/api/admin/operations", sort="action"))["total"] == 2
    await operator.get("/api/admin/operations/999", expect=404)


async def test_a_driver_starts_and_stops_only_for_oneself(
    operator: Caller, driver: Caller, network: Network, chargers: FakeChargers
) -> None:
    me = await driver.get("/auth/profile")
    await network.top_up(me["id"], "50.00")
    await driver.post("/api/chargers/CP001/start", {"connector_id": 1})
    assert chargers.commands[0] == RemoteStart(me["app_id_tag"], ONE)
    (recorded,) = (await operator.get("/api/admin/operations"))["data"]
    assert recorded["requested_by"] == me["id"]
    own = await network.add_transaction(user_id=me["id"])
    other = await network.add_transaction(connector_id=2)
    await driver.post(f"/api/sessions/{own}/stop")
    assert chargers.commands[1] == RemoteStop(TransactionId(own))
    await driver.post(f"/api/sessions/{other}/stop", expect=404)
    await driver.get(f"/api/sessions/{other}", expect=404)
    listed = await driver.get("/api/sessions", open=True)
    assert [s["id"] for s in listed["data"]] == [own]
