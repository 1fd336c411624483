"""The flight record of a session: whole, in order, redacted, and nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
TAG = "04A224B9C3"


def at(minute: float) -> datetime:
    return NOW - timedelta(hours=1) + timedelta(minutes=minute)


async def lay(network: Network) -> int:
    session = await network.add_transaction(
        status="ENDED",
        id_tag=TAG,
        id_tag_folded=TAG.lower(),
        started_at=at(1),
        received_at=at(1),
        stopped_at=at(30),
        stop_received_at=at(30),
    )

    async def frame(
        minute: float, action: str, request: str, answer: str = "{}", **more: Any
    ) -> None:
        await network.add_message(
            action=action, request=request, answer=answer, received_at=at(minute),
            answered_at=at(minute) + timedelta(milliseconds=5), **more,
        )  # fmt: skip

    await frame(0, "Authorize", f'{{"idTag":"{TAG}"}}')
    await frame(0.1, "Authorize", '{"idTag":"SOMEBODYELSE"}')
    await frame(
        1,
        "StartTransaction",
        f'{{"connectorId":1,"idTag":"{TAG}"}}',
        f'{{"transactionId":{session}}}',
    )
    await frame(5, "MeterValues", f'{{"connectorId":1,"transactionId":{session},"meterValue":[]}}')
    await frame(6, "MeterValues", f'{{"connectorId":2,"transactionId":{session}7}}')
    await frame(7, "StatusNotification", '{"connectorId":2,"status":"Charging"}')
    await frame(8, "StatusNotification", '{"connectorId":1,"status":"Charging"}')
    await frame(9, "Heartbeat", "{}")
    await frame(
        30, "StopTransaction", f'{{"transactionId":{session},"idTag":"{TAG}"}}',
        repairs='[{"rule":"enum-case","path":"reason","raw":"local","repaired":"Local"}]',
    )  # fmt: skip
    await network.add_reading(session, 2000, received_at=at(5), sampled_at=at(5))
    await network.add_operation(
        action="UpdateFirmware",
        request='{"location":"ftp://user:secret@files.example.org/a.bin"}',
        transaction_id=session,
        requested_at=at(10),
    )
    await network.database.pool.execute(
        "INSERT INTO desk_case (organization_id, kind, case_key, charger_id, transaction_id, "
        "summary, evidence, opened_at) VALUES (1, 'second_stop', 'k', $1, $2, 'two stops', "
        "'{}', $3)",
        network.charger["id"],
        session,
        at(40),
    )
    return session


async def test_everything_of_a_session_stands_in_its_record_in_order(
    operator: Caller, network: Network
) -> None:
    session = await lay(network)
    record = await operator.get(f"/api/admin/transactions/{session}/flight-record")
    titles = [item["title"] for item in record["items"]]
    assert record["is_whole"] is True
    assert [item["at"] for item in record["items"]] == sorted(i["at"] for i in record["items"])
    assert titles[:2] == ["the charger sent Authorize", "we answered Authorize"]
    assert [t for t in titles if t.startswith("the charger sent")] == [
        "the charger sent Authorize",
        "the charger sent StartTransaction",
        "the charger sent MeterValues",
        "the charger sent StatusNotification",
        "the charger sent StopTransaction",
    ]
    for wanted in (
        f"session {session} begins: the tag is Accepted",
        "reading kept: register 2000 Wh",
        "UpdateFirmware was asked for",
        "the session ends by charger: Local",
        "to the desk: two stops",
    ):
        assert wanted in titles
    stop = next(i for i in record["items"] if i["title"] == "the charger sent StopTransaction")
    assert stop["data"]["repairs"][0]["rule"] == "enum-case"


async def test_nothing_secret_leaves_in_either_form(operator: Caller, network: Network) -> None:
    session = await lay(network)
    path = f"/api/admin/transactions/{session}/flight-record"
    shown = (await operator.ask("GET", path, 200)).text
    text = await operator.client.get(path, params={"format": "text", "download": "true"})
    assert text.headers["content-type"].startswith("text/plain")
    assert f"session-{session}-flight-record.txt" in text.headers["content-disposition"]
    assert text.text.startswith(f"Session {session} on CP001, connector 1: ENDED")
    for body in (shown, text.text):
        assert TAG not in body
        assert "secret" not in body
        assert "04***C3" in body
        assert "ftp://***@files.example.org" in body


async def test_the_record_of_no_session_is_not_found(operator: Caller, network: Network) -> None:
    await operator.get("/api/admin/transactions/99/flight-record", expect=404)
