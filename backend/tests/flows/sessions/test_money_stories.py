"""Money: holds, limits, debt, fixed prices, idle minutes, corrections, and a ledger that balances."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "a start holds an amount, the end takes the cost and gives back the rest",
        """
        wallet {"balance":"50.00","held":"0.00","available":"50.00"}
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        wallet {"balance":"50.00","held":"20.00","available":"30.00"}
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":10000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        is a {"billing_status":"BILLED"}
        wallet {"balance":"45.50","held":"0.00","available":"45.50"}
        """,
        {"a": {"cost": "4.50", "transfers": "*"}},
    ),
    Story(
        "when holds have used up the wallet the next start is Blocked",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted","expiryDate":"*"},"transactionId":${a}}]
        wallet {"balance":"5.00","held":"5.00","available":"0.00"}
        > [2,"2","Authorize",{"idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Blocked"}}]
        > [2,"3","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-50}"}]
        < [3,"3",{"idTagInfo":{"status":"Blocked"},"transactionId":${b}}]
        > [2,"4","StopTransaction",{"transactionId":${b},"meterStop":0,"timestamp":"${-45}","reason":"DeAuthorized"}]
        < [3,"4",{}]
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-10}"}]
        < [3,"5",{}]
        is a {"billing_status":"BILLED"}
        > [2,"6","Authorize",{"idTag":"${card}"}]
        < [3,"6",{"idTagInfo":{"status":"Accepted"}}]
        """,
        {"a": {"cost": "0.45"}, "b": {"cost": "0.00"}},
        top_up="5.00",
    ),
    Story(
        "below the organization's minimum balance nothing is authorized",
        """
        sql UPDATE organization SET minimum_balance = 10
        > [2,"1","Authorize",{"idTag":"${card}"}]
        < [3,"1",{"idTagInfo":{"status":"Blocked"}}]
        rest POST /api/admin/chargers/${charger_A}/remote-start {"id_tag":"${card}"} = 409 {"code":"no_credit"}
        sql UPDATE organization SET minimum_balance = 0
        drop
        > [2,"2","Authorize",{"idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        """,
        {},
        top_up="9.00",
    ),
    Story(
        "at the limit the charger is asked to stop, and what came on top is a stated debt",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"3900"}]}]}]
        < [3,"2",{}]
        > [2,"3","Heartbeat",{}]
        < [3,"3",{"currentTime":"*"}]
        > [2,"4","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"4100"}]}]}]
        < [3,"4",{}]
        < [2,"*","RemoteStopTransaction",{"transactionId":${a}}]
        > [3,"*",{"status":"Accepted"}]
        > [2,"5","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-29}","sampledValue":[{"value":"4400"}]}]}]
        < [3,"5",{}]
        > [2,"6","Heartbeat",{}]
        < [3,"6",{"currentTime":"*"}]
        > [2,"7","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-10}","reason":"Remote"}]
        < [3,"7",{}]
        is a {"billing_status":"BILLED","cost":"2.70","cost_explained":{"debt":"0.70","sentence":"*"}}
        wallet {"balance":"-0.70","held":"0.00","available":"-0.70"}
        > [2,"8","Authorize",{"idTag":"${card}"}]
        < [3,"8",{"idTagInfo":{"status":"Blocked"}}]
        """,
        {"a": {"cost": "2.70", "stop_reason": "Remote"}},
        top_up="2.00",
    ),
    Story(
        "a session that ran offline without credit is recorded, and its bill is a debt",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-300}"}]
        < [3,"1",{"idTagInfo":{"status":"Blocked"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":6000,"timestamp":"${-200}","idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        is a {"billing_status":"BILLED","cost_explained":{"debt":"2.70"}}
        wallet {"balance":"-2.70","held":"0.00"}
        """,
        {"a": {"energy_wh": 6000, "started_at": "${-300}", "cost": "2.70"}},
        top_up="0",
    ),
    Story(
        "after a reconnect a session over its limit is asked to stop again",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"5000"}]}]}]
        < [3,"2",{}]
        < [2,"*","RemoteStopTransaction",{"transactionId":${a}}]
        drop
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"5100"}]}]}]
        < [3,"3",{}]
        < [2,"*","RemoteStopTransaction",{"transactionId":${a}}]
        > [3,"*",{"status":"Rejected"}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":5200,"timestamp":"${-20}"}]
        < [3,"4",{}]
        """,
        {"a": {"cost": "2.34"}},
        top_up="2.00",
    ),
    Story(
        "the price is the one of the start, whatever becomes of the tariff",
        """
        rest PUT /api/admin/tariffs/${tariff} {"price_per_kwh":"0.10"} = 200
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        rest PUT /api/admin/tariffs/${tariff} {"price_per_kwh":"0.45"} = 200
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":10000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        """,
        {"a": {"cost": "1.00", "tariff": {"price_per_kwh": "0.10"}}},
    ),
    Story(
        "idle minutes run while the vehicle suspends, online, less the grace, and never otherwise",
        """
        rest PUT /api/admin/tariffs/${tariff} {"idle_price_per_minute":"0.10","idle_grace_minutes":5} = 200
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        rest PUT /api/admin/tariffs/${tariff} {"idle_price_per_minute":null,"idle_grace_minutes":null} = 200
        sql UPDATE connection SET connected_at = connected_at - interval '2 hours' WHERE charger_id = ${charger_A}
        sql INSERT INTO connection (organization_id, charger_id, epoch, node, remote_address, protocol, security_profile, connected_at, disconnected_at) VALUES (1, ${charger_A}, 900, 'n', '::1', 'ocpp1.6', 1, now() - interval '3 hours', now() - interval '2 hours')
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${-58}"}]
        < [3,"2",{}]
        > [2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"SuspendedEVSE","timestamp":"${-50}"}]
        < [3,"3",{}]
        > [2,"4","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"SuspendedEV","timestamp":"${-40}"}]
        < [3,"4",{}]
        > [2,"5","StatusNotification",{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted","timestamp":"${-20}"}]
        < [3,"5",{}]
        > [2,"6","StopTransaction",{"transactionId":${a},"meterStop":0,"timestamp":"${-10}"}]
        < [3,"6",{}]
        """,
        {"a": {"energy_wh": 0, "cost": "1.50"}},
    ),
    Story(
        "idle minutes go on after the stop until the connector is free, and the bill waits for them",
        """
        rest PUT /api/admin/tariffs/${tariff} {"idle_price_per_minute":"0.10","idle_grace_minutes":0} = 200
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        rest PUT /api/admin/tariffs/${tariff} {"idle_price_per_minute":null,"idle_grace_minutes":null} = 200
        sql UPDATE connection SET connected_at = connected_at - interval '2 hours' WHERE charger_id = ${charger_A}
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${-58}"}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-30}"}]
        < [3,"3",{}]
        > [2,"4","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Finishing","timestamp":"${-29}"}]
        < [3,"4",{}]
        waits a
        is a {"status":"ENDED","billing_status":"PENDING","cost":null}
        > [2,"5","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"${-19}"}]
        < [3,"5",{}]
        """,
        {"a": {"energy_wh": 1000, "cost": "1.45"}},
    ),
    Story(
        "without a price for idle minutes the bill waits for nothing",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Finishing","timestamp":"${-31}"}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-30}"}]
        < [3,"3",{}]
        is a {"billing_status":"BILLED"}
        """,
        {"a": {"energy_wh": 1000, "cost": "0.45"}},
    ),
    Story(
        "no energy costs nothing",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":100,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${-59}"}]
        < [3,"2",{}]
        is a {"billing_status":"BILLED"}
        wallet {"balance":"50.00","held":"0.00","available":"50.00"}
        """,
        {"a": {"energy_wh": 0, "cost": "0.00"}},
    ),
    Story(
        "corrections up and down are new transfers, and the first ones stay",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        rest POST /api/admin/transactions/${a}/close {"reason":"x","meter_stop_wh":2000} = 200
        rest POST /api/admin/transactions/${b}/close {"reason":"x","meter_stop_wh":8000} = 200
        is a {"cost":"0.90"}
        is b {"cost":"3.60"}
        wallet {"balance":"45.50","held":"0.00"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-10}"}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${b},"meterStop":5000,"timestamp":"${-10}"}]
        < [3,"4",{}]
        is a {"cost":"2.25","billing_status":"BILLED"}
        is b {"cost":"2.25","billing_status":"BILLED"}
        """,
        {
            "a": {
                "cost": "2.25",
                "transfers": [
                    {"kind": "hold"},
                    {"kind": "release"},
                    {"kind": "charge", "amount": {"amount": "-0.90"}},
                    {"kind": "correction", "amount": {"amount": "-1.35"}},
                ],
            },
            "b": {
                "cost": "2.25",
                "transfers": [
                    {"kind": "hold"},
                    {"kind": "release"},
                    {"kind": "charge", "amount": {"amount": "-3.60"}},
                    {"kind": "correction", "amount": {"amount": "1.35"}},
                ],
            },
        },
    ),
    Story(
        "a stop that reconciles what a deadline could not settles the bill",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        drop
        > [2,"h","Heartbeat",{}]
        < [3,"h",{"currentTime":"*"}]
        is a {"status":"PENDING_RECONCILIATION"}
        overdue a
        is a {"status":"ENDED","energy_wh":0,"billing_status":"BILLED","cost":"0.00"}
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":3000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        is a {"billing_status":"BILLED","cost":"0.90"}
        wallet {"balance":"49.10","held":"0.00"}
        """,
        {"a": {"cost": "0.90"}},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_money(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
