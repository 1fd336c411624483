"""The message log: exchanges shown as frames, read by cursor within a window."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.caller import Caller
from tests.api.network import Network

pytestmark = pytest.mark.integration


async def test_an_exchange_is_shown_as_its_request_and_its_answer(
    operator: Caller, network: Network
) -> None:
    await network.add_message(direction="IN", action="Heartbeat", message_id="a")
    await network.add_message(
        direction="OUT",
        action="Reset",
        message_id="b",
        request='{"type":"Soft"}',
        answer='{"errorCode":"NotSupported","errorDescription":"","errorDetails":{}}',
        outcome="error",
    )
    await network.add_message(
        direction="OUT", action="ClearCache", message_id="c", answer=None, outcome="no_answer"
    )
    found = await operator.get("/api/admin/messages")
    assert found["total"] == 5
    shown = {(m["message_id"], m["kind"]): m for m in found["data"]}
    assert shown["a", "CALL"]["direction"] == "IN"
    assert shown["a", "CALLRESULT"]["direction"] == "OUT"
    assert shown["b", "CALL"]["direction"] == "OUT"
    assert shown["b", "CALL"]["payload"] == {"type": "Soft"}
    assert shown["b", "CALLERROR"]["direction"] == "IN"
    assert shown["b", "CALLERROR"]["payload"]["errorCode"] == "NotSupported"
    assert ("c", "CALLRESULT") not in shown
    assert [m["message_id"] for m in found["data"]] == ["c", "b", "b", "a", "a"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"direction": "IN"}, [("b", "CALLERROR"), ("a", "CALL")]),
        ({"direction": "OUT"}, [("b", "CALL"), ("a", "CALLRESULT")]),
        ({"kind": "CALLERROR"}, [("b", "CALLERROR")]),
        ({"action": "Heartbeat"}, [("a", "CALLRESULT"), ("a", "CALL")]),
        ({"search": "notsup"}, [("b", "CALLERROR")]),
        ({"message_id": "a", "kind": "CALL"}, [("a", "CALL")]),
    ],
)
async def test_messages_are_filtered_as_frames(
    operator: Caller, network: Network, query: dict[str, str], shown: list[tuple[str, str]]
) -> None:
    await network.add_message(direction="IN", action="Heartbeat", message_id="a")
    await network.add_message(
        direction="OUT", action="Reset", message_id="b",
        answer='{"errorCode":"NotSupported"}', outcome="error",
    )  # fmt: skip
    found = await operator.get("/api/admin/messages", **query)
    assert [(m["message_id"], m["kind"]) for m in found["data"]] == shown
    assert found["total"] == len(shown)


async def test_a_cursor_goes_through_all_messages_once(operator: Caller, network: Network) -> None:
    same_moment = datetime.now(UTC)
    for number in range(7):
        await network.add_message(message_id=f"m{number}", received_at=same_moment)
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = await operator.get("/api/admin/messages", **query)
        assert page["total"] == 14
        seen += [message["id"] for message in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 14


async def test_the_window_is_a_day_unless_asked_otherwise(
    operator: Caller, network: Network
) -> None:
    await network.add_message(message_id="today")
    await network.add_message(
        message_id="before", received_at=datetime.now(UTC) - timedelta(hours=25)
    )

    async def ids(**query: str) -> set[str]:
        found = await operator.get("/api/admin/messages", **query)
        return {m["message_id"] for m in found["data"]}

    long_ago = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    assert await ids() == {"today"}
    assert await ids(**{"from": long_ago}) == {"today", "before"}
    recently = (datetime.now(UTC) - timedelta(hours=24)).isoformat()
    assert await ids(**{"from": long_ago, "to": recently}) == {"before"}


async def test_one_chargers_messages_are_found_by_id_and_by_name(
    operator: Caller, network: Network
) -> None:
    other = await network.add_charger("CP002")
    await network.add_message(message_id="mine")
    await network.add_message(message_id="other", charger_id=other["id"], charge_point_id="CP002")
    for path in (
        f"/api/admin/chargers/{other['id']}/logs",
        "/api/logs/CP002",
        "/api/admin/messages?charge_point_id=CP002",
    ):
        found = (await operator.ask("GET", path, 200)).json()
        assert {m["message_id"] for m in found["data"]} == {"other"}, path
    assert (await operator.get("/api/logs"))["total"] == 4
    await operator.get("/api/logs/CP999", expect=404)
    await operator.get("/api/admin/chargers/999/logs", expect=404)


async def test_garbage_is_shown_as_it_came(operator: Caller, network: Network) -> None:
    await network.add_message(
        action=None, message_id=None, request="{not json", answer=None,
        answered_at=None, outcome="garbage",
    )  # fmt: skip
    (shown,) = (await operator.get("/api/admin/messages"))["data"]
    assert (shown["kind"], shown["payload"], shown["outcome"]) == (None, "{not json", "garbage")


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMiwzXQ", "!!", "bnVsbA"])
async def test_a_cursor_of_another_list_is_refused(operator: Caller, cursor: str) -> None:
    refused = await operator.get("/api/admin/messages", cursor=cursor, expect=422)
    assert refused["code"] == "bad_cursor"
