"""Times: offsets, fractions, no zone, never set, ahead of ours (OCPP 1.6 §3.14, §3.15)."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "offsets and fractions are understood, and the charger's own spelling is kept",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60 +02:00}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${-30 -05:00}"}]
        < [3,"2",{}]
        """,
        {
            "a": {
                "started_at": "${-60}",
                "charger_started_at": "${-60 +02:00}",
                "stopped_at": "${-30}",
                "charger_stopped_at": "${-30 -05:00}",
                "cost": "0.05",
            }
        },
    ),
    Story(
        "a time without a zone is taken as UTC and marked",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60 naive}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40 naive}","sampledValue":[{"value":"50"}]}]}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${-30 naive}"}]
        < [3,"3",{}]
        """,
        {
            "a": {
                "started_at": "${-60}",
                "charger_started_at": "${-60 naive}",
                "stopped_at": "${-30}",
                "note": "zone_missing",
                "cost": "0.05",
            }
        },
        readings={"a": ("register 50 Wh",)},
    ),
    Story(
        "a clock that was never set is replaced by the time of receipt, and nothing is refused",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"1970-01-01T00:00:30Z"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"1970-01-01T01:00:00Z","sampledValue":[{"value":"9000"}]}]}]
        < [3,"2",{}]
        drop
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${+0}","sampledValue":[{"value":"19000"}]}]}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":20000,"timestamp":"${+0}"}]
        < [3,"4",{}]
        """,
        {
            "a": {
                "charger_started_at": "1970-01-01T00:00:30Z",
                "energy_wh": 20000,
                "note": "clock_unset",
                "cost": "9.00",
            }
        },
        readings={"a": ("register 19000 Wh", "register 9000 Wh")},
    ),
    Story(
        "a time ahead of ours is replaced by the time of receipt, and the same start stays the same",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${+6000}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${+6001}"}]
        < [3,"2",{}]
        drop
        > [2,"3","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${+6000}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":20000,"timestamp":"${+6060}"}]
        < [3,"4",{}]
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":20000,"timestamp":"${+6060}"}]
        < [3,"5",{}]
        """,
        {
            "a": {
                "charger_started_at": "${+6000}",
                "charger_stopped_at": "${+6060}",
                "energy_wh": 20000,
                "cost": "9.00",
            }
        },
    ),
    Story(
        "a clock that was set in mid-session does not end it before it began",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-10}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":2000,"timestamp":"${-600}"}]
        < [3,"2",{}]
        """,
        {"a": {"status": "ENDED", "energy_wh": 2000, "stopped_at": "${-10}", "cost": "0.90"}},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_clock(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
