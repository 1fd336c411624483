"""StopTransaction, as RULES, OCPP 1.6 §4.10 and erratum 3.18 have it: answered always."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "the same stop gets the same answer and changes nothing, whenever it comes",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        drop
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        is a {"billing_status":"BILLED"}
        > [2,"9","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"9",{"idTagInfo":{"status":"Accepted"}}]
        """,
        {"a": {"status": "ENDED", "energy_wh": 5000, "cost": "2.25", "transfers": "*"}},
    ),
    Story(
        "a stop without a usable id is matched by its tag, once",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":-1,"meterStop":5000,"timestamp":"${-30}","idTag":"${lower}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"3","StopTransaction",{"transactionId":-1,"meterStop":5000,"timestamp":"${-30}","idTag":"${lower}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"4","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":5000,"timestamp":"${-20}"}]
        < [3,"4",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"5","StopTransaction",{"transactionId":0,"meterStop":6000,"timestamp":"${-10}","idTag":"${card}"}]
        < [3,"5",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"6","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":6000,"timestamp":"${-8}"}]
        < [3,"6",{"idTagInfo":{"status":"Accepted"},"transactionId":${c}}]
        > [2,"7","StopTransaction",{"transactionId":2147483647,"meterStop":6100,"timestamp":"${-5}"}]
        < [3,"7",{"!idTagInfo":0}]
        """,
        {
            "a": {"energy_wh": 5000, "cost": "2.25", "note": "matched_stop_of_id_-1"},
            "b": {"energy_wh": 1000, "cost": "0.45", "note": "matched_stop_of_id_0"},
            "c": {"energy_wh": 100, "cost": "0.05"},
        },
    ),
    Story(
        "a stop without a usable id is matched by the parent of its tag",
        """
        rest POST /api/admin/id-tags {"id_tag":"${tag}K","user_id":${user},"parent_id_tag":"FAMILY-${tag}"} = 201
        rest POST /api/admin/id-tags {"id_tag":"${tag}L","user_id":${user},"parent_id_tag":"family-${tag}"} = 201
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${tag}K","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"FAMILY-${tag}"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"3","StopTransaction",{"transactionId":0,"meterStop":5000,"timestamp":"${-30}","idTag":"${tag}L"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"4","StopTransaction",{"transactionId":${b},"meterStop":100,"timestamp":"${-30}"}]
        < [3,"4",{}]
        """,
        {
            "a": {"energy_wh": 5000, "stop_id_tag": "${tag}L", "cost": "2.25"},
            "b": {"energy_wh": 100, "cost": "0.05"},
        },
    ),
    Story(
        "a stop that fits two sessions waits at the desk and ends neither",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"3","StopTransaction",{"transactionId":-1,"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"3",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"4","StopTransaction",{"transactionId":-1,"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"4",{"idTagInfo":{"status":"Accepted"}}]
        is a {"status":"ACTIVE"}
        is b {"status":"ACTIVE"}
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":4000,"timestamp":"${-20}"}]
        < [3,"5",{}]
        > [2,"6","StopTransaction",{"transactionId":${b},"meterStop":3000,"timestamp":"${-20}"}]
        < [3,"6",{}]
        """,
        {"a": {"cost": "1.80"}, "b": {"cost": "1.35"}},
        desk=("ambiguous_stop",),
    ),
    Story(
        "the register tells which of two sessions a stop without an id ends",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":800000,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"3","StopTransaction",{"transactionId":-1,"meterStop":803000,"timestamp":"${-30}"}]
        < [3,"3",{"!idTagInfo":0}]
        is a {"status":"ACTIVE"}
        > [2,"4","StopTransaction",{"transactionId":-1,"meterStop":2000,"timestamp":"${-20}"}]
        < [3,"4",{}]
        """,
        {"a": {"energy_wh": 1000, "cost": "0.45"}, "b": {"energy_wh": 3000, "cost": "1.35"}},
    ),
    Story(
        "a stop that fits no session is answered and waits at the desk",
        """
        > [2,"1","StopTransaction",{"transactionId":77,"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"}}]
        > [2,"2","StopTransaction",{"transactionId":77,"meterStop":5000,"timestamp":"${-30}","idTag":"${card}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        """,
        {},
        desk=("unmatched_stop",),
    ),
    Story(
        "what names another charger's session is answered, kept as evidence and changes nothing",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        B> [2,"1","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"9000"}]}]}]
        B< [3,"1",{}]
        B> [2,"2","StopTransaction",{"transactionId":${a},"meterStop":9000,"timestamp":"${-30}","idTag":"${card}"}]
        B< [3,"2",{"idTagInfo":{"status":"Accepted"}}]
        is a {"status":"ACTIVE","energy_wh":null}
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-10}"}]
        < [3,"2",{}]
        """,
        {"a": {"energy_wh": 1000, "cost": "0.45"}},
        readings={"a": ()},
        desk=("foreign_stop",),
    ),
    Story(
        "an id of another time is a former system's: the stop is matched to the charger's own",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-10}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        B> [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-300}"}]
        B< [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        B> [2,"2","StopTransaction",{"transactionId":${a},"meterStop":4000,"timestamp":"${-200}"}]
        B< [3,"2",{}]
        is a {"status":"ACTIVE"}
        is b {"status":"ENDED"}
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-1}"}]
        < [3,"2",{}]
        """,
        {"a": {"cost": "0.45"}, "b": {"energy_wh": 4000, "cost": "1.80"}},
    ),
    Story(
        "a second, different stop goes to the desk and leaves the bill as it is",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}"}]
        < [3,"2",{}]
        is a {"billing_status":"BILLED"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":7000,"timestamp":"${-20}"}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":7000,"timestamp":"${-20}"}]
        < [3,"4",{}]
        """,
        {"a": {"energy_wh": 5000, "cost": "2.25", "meter_stop_wh": 5000}},
        desk=("second_stop",),
    ),
    Story(
        "transactionData is kept as readings, without those that came before",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-45}","sampledValue":[{"value":"1500"},{"value":"7.4","measurand":"Power.Active.Import","unit":"kW"}]}]}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-30}","transactionData":[{"timestamp":"${-60}","sampledValue":[{"value":"0","context":"Transaction.Begin"}]},{"timestamp":"${-45}","sampledValue":[{"value":"1500","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","location":"Outlet","unit":"Wh"}]},{"timestamp":"${-30}","sampledValue":[{"value":"5000","context":"Transaction.End"},{"value":"AP0815","format":"SignedData","context":"Transaction.End","location":"Inlet"}]}]}]
        < [3,"3",{}]
        """,
        {"a": {"energy_wh": 5000, "energy_basis": "meter_stop", "cost": "2.25"}},
        readings={
            "a": (
                "register 0 Wh Transaction.Begin",
                "register 1500 Wh",
                "Power.Active.Import 7400 W",
                "register 5000 Wh Transaction.End",
                "register AP0815 Wh Transaction.End at Inlet signed",
            )
        },
    ),
    Story(
        "a tag that may not charge is told so by its stop, which ends the session all the same",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":1000,"timestamp":"${-30}","idTag":"NOBODY-${tag}"}]
        < [3,"2",{"idTagInfo":{"status":"Invalid"}}]
        """,
        {"a": {"status": "ENDED", "cost": "0.45"}},
    ),
    Story(
        "a stop that cannot be understood at all is kept raw at the desk",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":"much","timestamp":"${-30}"}]
        < [3,"2",{}]
        is a {"status":"ACTIVE"}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":1000.0,"timestamp":"${-30}","reason":"Bored","extra":1}]
        < [3,"3",{}]
        """,
        {"a": {"status": "ENDED", "stop_reason": "Other", "energy_wh": 1000, "cost": "0.45"}},
        desk=("unreadable_message",),
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_stop(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
