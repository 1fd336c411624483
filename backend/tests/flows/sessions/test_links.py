"""Lost links, boots and restarts end nothing; deadlines close, late stops correct."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "a lost link lets the session wait, and the next reading resumes it",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        drop
        is a {"status":"PENDING_RECONCILIATION","status_reason":"connection_lost","reconcile_by":"*"}
        > [2,"2","Heartbeat",{}]
        < [3,"2",{"currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION"}
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"3",{}]
        is a {"status":"ACTIVE","reconcile_by":null}
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-10}"}]
        < [3,"4",{}]
        """,
        {"a": {"status": "ENDED", "cost": "0.90"}},
    ),
    Story(
        "a boot lets the session wait, and a status that only a session has resumes it",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]
        < [3,"2",{"status":"Accepted","interval":"*","currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION","status_reason":"booted"}
        > [2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"SuspendedEVSE","timestamp":"${-20}"}]
        < [3,"3",{}]
        is a {"status":"ACTIVE"}
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-10}","reason":"Reboot"}]
        < [3,"4",{}]
        """,
        {"a": {"status": "ENDED", "stop_reason": "Reboot", "cost": "0.90"}},
    ),
    Story(
        "Available, Finishing and Faulted neither end nor bill a session: the stop follows",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted","timestamp":"${-50}"}]
        < [3,"2",{}]
        > [2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Finishing","timestamp":"${-40}"}]
        < [3,"3",{}]
        > [2,"4","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"${-30}"}]
        < [3,"4",{}]
        is a {"status":"ACTIVE","billing_status":"PENDING","cost":null}
        drop
        > [2,"5","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"${-20}"}]
        < [3,"5",{}]
        is a {"status":"PENDING_RECONCILIATION","cost":null}
        > [2,"6","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-41}"}]
        < [3,"6",{}]
        """,
        {"a": {"status": "ENDED", "stopped_at": "${-41}", "cost": "0.90"}},
    ),
    Story(
        "a status that is older than the one that stands is history",
        """
        > [2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${-10}"}]
        < [3,"1",{}]
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted","timestamp":"${-20}"}]
        < [3,"2",{}]
        rest GET /api/admin/chargers/${charger_A} = 200 {"connectors":[{"connector_id":1,"status":"Charging","error_code":"NoError"},{"connector_id":2}]}
        > [2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"${-5}"}]
        < [3,"3",{}]
        rest GET /api/admin/chargers/${charger_A} = 200 {"connectors":[{"connector_id":1,"status":"Available"},{"connector_id":2}]}
        """,
        {},
    ),
    Story(
        "a passed deadline closes at the last good register, and a late stop corrects the bill",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"4000"}]}]}]
        < [3,"2",{}]
        drop
        > [2,"h","Heartbeat",{}]
        < [3,"h",{"currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION"}
        overdue a
        is a {"status":"ENDED","stop_source":"deadline","energy_wh":4000,"cost":"1.80","billing_status":"BILLED","stopped_at":"${-30}"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-10}"}]
        < [3,"3",{}]
        is a {"cost":"2.70"}
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-10}"}]
        < [3,"4",{}]
        """,
        {
            "a": {
                "energy_wh": 6000,
                "stop_source": "charger",
                "cost": "2.70",
                "billing_status": "BILLED",
            }
        },
    ),
    Story(
        "late readings correct a session that a deadline has closed",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"2",{}]
        drop
        > [2,"h","Heartbeat",{}]
        < [3,"h",{"currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION"}
        overdue a
        is a {"status":"ENDED","cost":"0.45","billing_status":"BILLED"}
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"3000"}]}]}]
        < [3,"3",{}]
        is a {"cost":"1.35","energy_wh":3000}
        > [2,"5","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-5}","sampledValue":[{"value":"4000"}]}]}]
        < [3,"5",{}]
        is a {"cost":"1.80","energy_wh":4000,"stop_source":"deadline"}
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-1}"}]
        < [3,"4",{}]
        """,
        {"a": {"energy_wh": 5000, "stop_source": "charger", "cost": "2.25"}},
    ),
    Story(
        "an operator closes at a register, and the charger's own lower stop gives money back",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        rest POST /api/admin/transactions/${a}/close {"reason":"nobody is there","meter_stop_wh":8000} = 200 {"status":"ENDED"}
        is a {"stop_source":"operator","energy_basis":"operator","cost":"3.60","billing_status":"BILLED"}
        rest POST /api/admin/transactions/${a}/close {"reason":"again"} = 409
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        """,
        {"a": {"stop_source": "charger", "energy_wh": 6000, "cost": "2.70"}},
    ),
    Story(
        "an operator closes a session without any reading: nothing is charged",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":700,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        rest POST /api/admin/transactions/${a}/close {"reason":"replaced"} = 200 {"status":"ENDED"}
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":900,"timestamp":"${-5}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        is b {"status":"ACTIVE"}
        > [2,"3","StopTransaction",{"transactionId":${b},"meterStop":1000,"timestamp":"${-1}"}]
        < [3,"3",{}]
        """,
        {
            "a": {"energy_wh": 0, "cost": "0.00", "billing_status": "BILLED"},
            "b": {"energy_wh": 100, "cost": "0.05"},
        },
    ),
    Story(
        "offline there is no deadline but the cap, after which the session is closed",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"2",{}]
        > [2,"3","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]
        < [3,"3",{"status":"Accepted","interval":"*","currentTime":"*"}]
        drop
        offline
        overdue a
        done
        is a {"status":"PENDING_RECONCILIATION"}
        sql UPDATE charger_epoch SET disconnected_at = now() - interval '8 days' WHERE charger_id = ${charger_A}
        schedule
        is a {"status":"ENDED","stop_source":"deadline"}
        """,
        {"a": {"energy_wh": 1000, "cost": "0.45"}},
    ),
    Story(
        "an organization's own cap counts",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        drop
        offline
        sql UPDATE organization SET offline_cap_s = 3600
        sql UPDATE charger_epoch SET disconnected_at = now() - interval '2 hours' WHERE charger_id = ${charger_A}
        overdue a
        is a {"status":"ENDED","stop_source":"deadline"}
        sql UPDATE organization SET offline_cap_s = 604800
        """,
        {"a": {"energy_wh": 0, "cost": "0.00"}},
    ),
    Story(
        "an organization's own deadline is kept, and flapping does not renew it",
        """
        sql UPDATE organization SET reconcile_after_s = 3
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]
        < [3,"2",{"status":"Accepted","interval":"*","currentTime":"*"}]
        remember a
        drop
        link
        drop
        link
        > [2,"3","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]
        < [3,"3",{"status":"Accepted","interval":"*","currentTime":"*"}]
        unmoved a
        late a
        is a {"status":"ENDED","stop_source":"deadline"}
        sql UPDATE organization SET reconcile_after_s = 1800
        """,
        {"a": {"energy_wh": 0, "cost": "0.00"}},
    ),
    Story(
        "a restart of the server ends nothing",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        restart
        is a {"status":"PENDING_RECONCILIATION"}
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"2",{}]
        is a {"status":"ACTIVE"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-10}"}]
        < [3,"3",{}]
        """,
        {"a": {"status": "ENDED", "cost": "0.90"}},
    ),
    Story(
        "sessions wait after the server was killed, also where their charger stays away",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        B> [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        B< [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        kill
        B> [2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${-20}"}]
        B< [3,"2",{}]
        is b {"status":"ACTIVE"}
        is a {"status":"PENDING_RECONCILIATION","reconcile_by":"*"}
        B> [2,"3","StopTransaction",{"transactionId":${b},"meterStop":2000,"timestamp":"${-10}"}]
        B< [3,"3",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-10}"}]
        < [3,"3",{}]
        """,
        {"a": {"status": "ENDED", "cost": "0.90"}, "b": {"status": "ENDED", "cost": "0.90"}},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_link(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
