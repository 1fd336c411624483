"""Whose session it is: the status a start is answered with, and who pays (OCPP 1.6 §4.8, §7.2)."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "an unknown tag is Invalid, its session is recorded and nobody is billed",
        """
        > [2,"1","Authorize",{"idTag":"${tag}X"}]
        < [3,"1",{"idTagInfo":{"status":"Invalid"}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${tag}X","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Invalid"},"transactionId":${a}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-30}","idTag":"${tag}X"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        """,
        {
            "a": {
                "authorization_status": "Invalid",
                "energy_wh": 900,
                "billing_status": "NOT_BILLABLE",
                "user_id": None,
                "cost": None,
            }
        },
    ),
    Story(
        "a blocked tag's session is recorded and billed to its person",
        """
        rest POST /api/admin/id-tags {"id_tag":"${tag}B","user_id":${user},"blocked":true} = 201
        > [2,"1","Authorize",{"idTag":"${tag}B"}]
        < [3,"1",{"idTagInfo":{"status":"Blocked"}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${tag}b","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Blocked"},"transactionId":${a}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-30}"}]
        < [3,"3",{"!idTagInfo":0}]
        """,
        {
            "a": {
                "authorization_status": "Blocked",
                "id_tag": "${tag}b",
                "billing_status": "BILLED",
                "cost": "0.45",
            }
        },
    ),
    Story(
        "an expired tag is Expired, says since when, and its session is billed",
        """
        rest POST /api/admin/id-tags {"id_tag":"${tag}E","user_id":${user},"expires_at":"${-1440}"} = 201
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${tag}E","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Expired","expiryDate":"${-1440}"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-30}"}]
        < [3,"2",{}]
        """,
        {"a": {"authorization_status": "Expired", "billing_status": "BILLED", "cost": "0.45"}},
    ),
    Story(
        "without credit Authorize and Start answer Blocked, and what was charged is a debt",
        """
        > [2,"1","Authorize",{"idTag":"${card}"}]
        < [3,"1",{"idTagInfo":{"status":"Blocked"}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Blocked"},"transactionId":${a}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":10000,"timestamp":"${-30}"}]
        < [3,"3",{}]
        """,
        {"a": {"billing_status": "BILLED", "cost": "4.50", "cost_explained": {"debt": "4.50"}}},
        top_up="0",
    ),
    Story(
        "a tag without a person is accepted and its sessions are not billable",
        """
        rest POST /api/admin/id-tags {"id_tag":"${tag}N"} = 201
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${tag}n","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":10000,"timestamp":"${-30}"}]
        < [3,"2",{}]
        """,
        {"a": {"energy_wh": 10000, "billing_status": "NOT_BILLABLE", "cost": None}},
    ),
    Story(
        "the charger's own free tag is accepted, recorded and not billed",
        """
        > [2,"1","Authorize",{"idTag":"free-${tag}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"2","StartTransaction",{"connectorId":1,"idTag":"FREE-${tag}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":4000,"timestamp":"${-30}"}]
        < [3,"3",{}]
        """,
        {"a": {"energy_wh": 4000, "billing_status": "NOT_BILLABLE", "cost": None}},
        charger={"free_id_tag": "FREE-${tag}"},
    ),
    Story(
        "a tag may have several sessions, unless it forbids them",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-59}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        rest POST /api/admin/id-tags {"id_tag":"${tag}S","user_id":${user},"forbids_concurrent":true} = 201
        B> [2,"1","StartTransaction",{"connectorId":1,"idTag":"${tag}S","meterStart":0,"timestamp":"${-60}"}]
        B< [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${c}}]
        B> [2,"2","StartTransaction",{"connectorId":2,"idTag":"${tag}S","meterStart":0,"timestamp":"${-58}"}]
        B< [3,"2",{"idTagInfo":{"status":"ConcurrentTx"},"transactionId":${d}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":100,"timestamp":"${-30}"}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${b},"meterStop":100,"timestamp":"${-30}"}]
        < [3,"4",{}]
        B> [2,"3","StopTransaction",{"transactionId":${d},"meterStop":100,"timestamp":"${-30}"}]
        B< [3,"3",{}]
        B> [2,"4","StopTransaction",{"transactionId":${c},"meterStop":100,"timestamp":"${-30}"}]
        B< [3,"4",{}]
        B> [2,"5","StartTransaction",{"connectorId":2,"idTag":"${tag}S","meterStart":100,"timestamp":"${-20}"}]
        B< [3,"5",{"idTagInfo":{"status":"Accepted"},"transactionId":${e}}]
        B> [2,"6","StopTransaction",{"transactionId":${e},"meterStop":100,"timestamp":"${-10}"}]
        B< [3,"6",{}]
        """,
        {
            "a": {"cost": "0.05"},
            "b": {"cost": "0.05"},
            "c": {"cost": "0.05"},
            "d": {"cost": "0.05", "authorization_status": "ConcurrentTx"},
            "e": {"cost": "0.00"},
        },
        top_up="100.00",
    ),
    Story(
        "a session that a start supersedes does not make its tag concurrent, nor does Authorize",
        """
        rest POST /api/admin/id-tags {"id_tag":"${tag}S","user_id":${user},"forbids_concurrent":true} = 201
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${tag}S","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","Authorize",{"idTag":"${tag}S"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"3","StartTransaction",{"connectorId":1,"idTag":"${tag}S","meterStart":200,"timestamp":"${-40}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":200,"timestamp":"${-41}"}]
        < [3,"4",{}]
        > [2,"5","StopTransaction",{"transactionId":${b},"meterStop":200,"timestamp":"${-30}"}]
        < [3,"5",{}]
        """,
        {"a": {"cost": "0.09"}, "b": {"cost": "0.00"}},
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_tag(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
