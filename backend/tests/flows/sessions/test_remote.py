"""Remote start and stop: a start binds to its request, late or not (OCPP 1.6 §5.11, §5.12)."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "the start of a remote start binds to its request, also after a reconnect",
        """
        > [2,"1","Heartbeat",{}]
        < [3,"1",{"currentTime":"*"}]
        ask POST /api/admin/chargers/${charger_A}/remote-start {"id_tag":"${card}","connector_id":2}
        < [2,"*","RemoteStartTransaction",{"idTag":"${card}","connectorId":2}]
        > [3,"*",{"status":"Accepted"}]
        told 200 {"status":"Accepted"}
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${+0}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${other}}]
        is other {"remote_start_operation_id":null}
        drop
        > [2,"3","StartTransaction",{"connectorId":2,"idTag":"${lower}","meterStart":0,"timestamp":"${-300}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"},"transactionId":${queued}}]
        is queued {"remote_start_operation_id":null}
        > [2,"4","StartTransaction",{"connectorId":2,"idTag":"${lower}","meterStart":200,"timestamp":"${+0}"}]
        < [3,"4",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        is a {"remote_start_operation_id":"*","status":"ACTIVE"}
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":300,"timestamp":"${+0}"}]
        < [3,"5",{}]
        > [2,"6","StopTransaction",{"transactionId":${other},"meterStop":100,"timestamp":"${+0}"}]
        < [3,"6",{}]
        > [2,"7","StopTransaction",{"transactionId":${queued},"meterStop":0,"timestamp":"${-200}"}]
        < [3,"7",{}]
        """,
        {
            "a": {"remote_start_operation_id": "*", "cost": "0.05"},
            "other": {"remote_start_operation_id": None, "cost": "0.05"},
            "queued": {"remote_start_operation_id": None, "cost": "0.00"},
        },
        top_up="90.00",
    ),
    Story(
        "a start that comes after the request timed out still binds",
        """
        > [2,"1","Heartbeat",{}]
        < [3,"1",{"currentTime":"*"}]
        rest POST /api/admin/chargers/${charger_A}/remote-start {"id_tag":"${card}","wait_s":0.2} = 504
        < [2,"*","RemoteStartTransaction",{"idTag":"${card}","!connectorId":0}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${+0}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [3,"*",{"status":"Accepted"}]
        is a {"remote_start_operation_id":"*"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${+0}"}]
        < [3,"3",{}]
        """,
        {"a": {"remote_start_operation_id": "*", "cost": "0.05"}},
    ),
    Story(
        "a remote start without credit, and a remote stop that could mean two, are conflicts",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Blocked"},"transactionId":${a}}]
        rest POST /api/admin/chargers/${charger_A}/remote-start {"id_tag":"${card}"} = 409 {"code":"no_credit","detail":"*"}
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Blocked"},"transactionId":${b}}]
        rest POST /api/admin/chargers/${charger_A}/remote-stop {} = 409
        ask POST /api/admin/chargers/${charger_A}/remote-stop {"transaction_id":${b}}
        < [2,"*","RemoteStopTransaction",{"transactionId":${b}}]
        > [3,"*",{"status":"Accepted"}]
        told 200 {"status":"Accepted"}
        is b {"status":"ACTIVE"}
        > [2,"3","StopTransaction",{"transactionId":${b},"meterStop":0,"timestamp":"${-5}","reason":"Remote"}]
        < [3,"3",{}]
        ask POST /api/admin/chargers/${charger_A}/remote-stop {}
        < [2,"*","RemoteStopTransaction",{"transactionId":${a}}]
        > [3,"*",{"status":"Rejected"}]
        told 200 {"status":"Rejected"}
        is a {"status":"ACTIVE"}
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":0,"timestamp":"${-5}"}]
        < [3,"4",{}]
        """,
        {"a": {"cost": "0.00"}, "b": {"stop_reason": "Remote", "cost": "0.00"}},
        top_up="0",
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_remote(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
