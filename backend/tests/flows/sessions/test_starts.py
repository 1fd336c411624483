"""StartTransaction, as RULES and OCPP 1.6 §4.8 have it: recorded always, the same start once."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "the same start is the same session, in other case, with another id, after a reconnect",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${lower}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        drop
        > [2,"7","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60 +02:00}"}]
        < [3,"7",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"8","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-10}"}]
        < [3,"8",{"!idTagInfo":0}]
        > [2,"9","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"9",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        """,
        {"a": {"status": "ENDED", "energy_wh": 5000, "cost": "2.25", "billing_status": "BILLED"}},
    ),
    Story(
        "with a clock that was never set the same start counts only while it has no stop",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"1970-01-01T00:02:00Z"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"1970-01-01T00:02:00Z"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging"}]
        < [3,"3",{}]
        drop
        > [2,"4","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"1970-01-01T00:02:00Z"}]
        < [3,"4",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":1400,"timestamp":"1970-01-01T00:30:00Z"}]
        < [3,"5",{}]
        > [2,"6","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"1970-01-01T00:02:00Z"}]
        < [3,"6",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"7","StopTransaction",{"transactionId":${b},"meterStop":1100,"timestamp":"1970-01-01T00:09:00Z"}]
        < [3,"7",{}]
        """,
        {
            "a": {"status": "ENDED", "energy_wh": 400, "cost": "0.18", "note": "clock_unset"},
            "b": {"status": "ENDED", "energy_wh": 100, "cost": "0.05", "note": "clock_unset"},
        },
    ),
    Story(
        "a start that comes again with another time before any evidence is re-stamped",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-50}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        is a {"started_at":"${-50}","status":"ACTIVE"}
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-45}","sampledValue":[{"value":"2000"}]}]}]
        < [3,"3",{}]
        > [2,"4","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-40}"}]
        < [3,"4",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":3000,"timestamp":"${-41}"}]
        < [3,"5",{}]
        > [2,"6","StopTransaction",{"transactionId":${b},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"6",{}]
        """,
        {
            "a": {"started_at": "${-50}", "energy_wh": 2000, "cost": "0.90"},
            "b": {"started_at": "${-40}", "energy_wh": 2500, "cost": "1.13"},
        },
    ),
    Story(
        "a start with another time after a deadline has closed the first is another session",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        drop
        > [2,"h","Heartbeat",{}]
        < [3,"h",{"currentTime":"*"}]
        overdue a
        is a {"status":"ENDED","stop_source":"deadline"}
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"3","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-59}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"4","StopTransaction",{"transactionId":${b},"meterStop":2000,"timestamp":"${-10}"}]
        < [3,"4",{}]
        """,
        {"a": {"energy_wh": 0, "cost": "0.00"}, "b": {"energy_wh": 1000, "cost": "0.45"}},
    ),
    Story(
        "a later start supersedes the session that stands on its connector and on no other",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":7000,"timestamp":"${-55}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${other}}]
        > [2,"3","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":4000,"timestamp":"${-30}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        is a {"status":"PENDING_RECONCILIATION","status_reason":"superseded","reconcile_by":"*"}
        is b {"status":"ACTIVE"}
        is other {"status":"ACTIVE"}
        drop
        > [2,"4","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${-1}"}]
        < [3,"4",{}]
        is b {"status":"ACTIVE"}
        > [2,"5","StopTransaction",{"transactionId":${b},"meterStop":5000,"timestamp":"${-10}"}]
        < [3,"5",{}]
        > [2,"6","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"SuspendedEV","timestamp":"${+0}"}]
        < [3,"6",{}]
        > [2,"7","Heartbeat",{}]
        < [3,"7",{"currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION","status_reason":"superseded"}
        > [2,"8","StopTransaction",{"transactionId":${a},"meterStop":3900,"timestamp":"${-31}"}]
        < [3,"8",{}]
        > [2,"9","StopTransaction",{"transactionId":${other},"meterStop":7000,"timestamp":"${-5}"}]
        < [3,"9",{}]
        """,
        {
            "a": {"status": "ENDED", "energy_wh": 2900, "cost": "1.31"},
            "b": {"status": "ENDED", "energy_wh": 1000, "cost": "0.45"},
            "other": {"status": "ENDED", "energy_wh": 0, "cost": "0.00"},
        },
    ),
    Story(
        "an earlier start that is replayed does not displace the live session",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":9000,"timestamp":"${-20}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${live}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-300}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${old}}]
        is live {"status":"ACTIVE"}
        is old {"status":"PENDING_RECONCILIATION","reconcile_by":"*"}
        > [2,"3","StopTransaction",{"transactionId":${old},"meterStop":9000,"timestamp":"${-200}"}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${live},"meterStop":9900,"timestamp":"${-2}"}]
        < [3,"4",{}]
        """,
        {
            "old": {
                "energy_wh": 8000,
                "cost": "3.60",
                "started_at": "${-300}",
                "stopped_at": "${-200}",
            },
            "live": {"energy_wh": 900, "cost": "0.41"},
        },
    ),
    Story(
        "a start at connector 0 is recorded at an outlet",
        """
        > [2,"1","StartTransaction",{"connectorId":0,"idTag":"${card}","meterStart":0,"timestamp":"${-30}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${-20}"}]
        < [3,"2",{}]
        """,
        {"a": {"connector_id": 1, "energy_wh": 100, "cost": "0.05"}},
    ),
    Story(
        "two chargers that share one id tag have a session each",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        B> [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        B< [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        B> [2,"2","StopTransaction",{"transactionId":${b},"meterStop":1500,"timestamp":"${-10}"}]
        B< [3,"2",{}]
        is a {"status":"ACTIVE"}
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":3000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        """,
        {"a": {"energy_wh": 2000, "cost": "0.90"}, "b": {"energy_wh": 500, "cost": "0.23"}},
    ),
    Story(
        "a start and a stop that were queued offline keep their own times hours later",
        """
        > [2,"1","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":500,"timestamp":"${-420}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":2,"transactionId":${a},"meterValue":[{"timestamp":"${-400}","sampledValue":[{"value":"5500"}]}]}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":10500,"timestamp":"${-380}","reason":"EVDisconnected"}]
        < [3,"3",{}]
        """,
        {
            "a": {
                "started_at": "${-420}",
                "stopped_at": "${-380}",
                "stop_reason": "EVDisconnected",
                "energy_wh": 10000,
                "cost": "4.50",
            }
        },
        readings={"a": ("register 5500 Wh",)},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_start(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
