"""Meter values: whose they are, in which units, and what they are worth (OCPP 1.6 §4.7, §7.43)."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

STORIES = (
    Story(
        "readings without an id, or with an unknown one, are inferred",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StartTransaction",{"connectorId":2,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"2",{"idTagInfo":{"status":"Accepted"},"transactionId":${b}}]
        > [2,"3","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"3",{}]
        > [2,"4","MeterValues",{"connectorId":1,"transactionId":-1,"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"2000"}]}]}]
        < [3,"4",{}]
        > [2,"5","MeterValues",{"connectorId":1,"transactionId":424242,"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"3000"}]}]}]
        < [3,"5",{}]
        > [2,"6","MeterValues",{"connectorId":2,"transactionId":${b},"meterValue":[{"timestamp":"${-30}","sampledValue":[{"value":"700"}]}]}]
        < [3,"6",{}]
        > [2,"7","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"${-90}","sampledValue":[{"value":"0"}]}]}]
        < [3,"7",{}]
        is a {"energy_wh":3000}
        is b {"energy_wh":700}
        > [2,"8","StopTransaction",{"transactionId":${a},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"8",{}]
        > [2,"9","StopTransaction",{"transactionId":${b},"meterStop":800,"timestamp":"${-20}"}]
        < [3,"9",{}]
        """,
        {"a": {"energy_wh": 3500, "cost": "1.58"}, "b": {"energy_wh": 800, "cost": "0.36"}},
        readings={
            "a": (
                "register 1000 Wh inferred",
                "register 2000 Wh inferred",
                "register 3000 Wh inferred",
            ),
            "b": ("register 700 Wh",),
        },
    ),
    Story(
        "connector 0 never touches a session",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":0,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"99000"}]}]}]
        < [3,"2",{}]
        > [2,"3","MeterValues",{"connectorId":0,"meterValue":[{"timestamp":"${-45}","sampledValue":[{"value":"99500"}]}]}]
        < [3,"3",{}]
        > [2,"4","StatusNotification",{"connectorId":0,"errorCode":"NoError","status":"Unavailable","timestamp":"${-40}"}]
        < [3,"4",{}]
        is a {"status":"ACTIVE","energy_wh":null}
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"5",{}]
        """,
        {"a": {"energy_wh": 3500, "cost": "1.58"}},
        readings={"a": ()},
    ),
    Story(
        "values come in canonical units with their defaults, phases and signatures",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":1000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"2.25","unit":"kWh"},{"value":"3.68","measurand":"Power.Active.Import","unit":"kW","phase":"L1"},{"value":"3680","measurand":"Power.Active.Import","unit":"W","phase":"L2"},{"value":"16","measurand":"Current.Import","unit":"A","phase":"L1"},{"value":"57","measurand":"SoC","unit":"Percent","location":"EV"},{"value":"293.15","measurand":"Temperature","unit":"K","location":"Body"},{"value":"QUJD","format":"SignedData"}]}]}]
        < [3,"2",{}]
        is a {"energy_wh":1250,"power_w":7360,"soc_percent":57}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"3",{}]
        """,
        {"a": {"energy_wh": 2500, "cost": "1.13"}},
        readings={
            "a": (
                "register 2250 Wh",
                "Power.Active.Import 3680 W L1",
                "Power.Active.Import 3680 W L2",
                "Current.Import 16 A L1",
                "SoC 57 Percent at EV",
                "Temperature 20 Celsius at Body",
                "register QUJD Wh signed",
            )
        },
    ),
    Story(
        "a register by phases is their sum",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":3000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1500","phase":"L1"},{"value":"1500","phase":"L2"},{"value":"1.5","unit":"kWh","phase":"L3"}]}]}]
        < [3,"2",{}]
        is a {"energy_wh":1500}
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":5000,"timestamp":"${-20}"}]
        < [3,"3",{}]
        """,
        {"a": {"energy_wh": 2000, "cost": "0.90"}},
    ),
    Story(
        "a reading that is sent again is kept once, whatever its message id",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"2",{}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"2",{}]
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"3",{}]
        > [2,"4","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"9.1","measurand":"Power.Active.Import","unit":"kW"}]}]}]
        < [3,"4",{}]
        drop
        > [2,"5","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"9.1","measurand":"Power.Active.Import","unit":"kW"}]}]}]
        < [3,"5",{}]
        > [2,"6","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"1000"}]}]}]
        < [3,"6",{}]
        > [2,"7","StopTransaction",{"transactionId":${a},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"7",{}]
        """,
        {"a": {"energy_wh": 3500, "cost": "1.58"}},
        readings={"a": ("register 1000 Wh", "Power.Active.Import 9100 W")},
    ),
    Story(
        "readings that come after the stop are kept and change no bill",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":3500,"timestamp":"${-20}"}]
        < [3,"2",{}]
        is a {"billing_status":"BILLED"}
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"2000"}]},{"timestamp":"${-20}","sampledValue":[{"value":"3501"}]}]}]
        < [3,"3",{}]
        drop
        > [2,"4","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"2000"}]},{"timestamp":"${-20}","sampledValue":[{"value":"3501"}]}]}]
        < [3,"4",{}]
        """,
        {"a": {"status": "ENDED", "energy_wh": 3500, "cost": "1.58"}},
        readings={"a": ("register 2000 Wh", "register 3501 Wh")},
    ),
    Story(
        "a register that falls back is suspect and does not count",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":50000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"52000"}]}]}]
        < [3,"2",{}]
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"12"}]}]}]
        < [3,"3",{}]
        > [2,"4","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-35}","sampledValue":[{"value":"9000000"}]}]}]
        < [3,"4",{}]
        is a {"energy_wh":2000}
        > [2,"5","StopTransaction",{"transactionId":${a},"meterStop":54000,"timestamp":"${-20}"}]
        < [3,"5",{}]
        """,
        {"a": {"energy_wh": 4000, "energy_basis": "meter_stop", "cost": "1.80"}},
        readings={
            "a": ("register 52000 Wh", "register 12 Wh suspect", "register 9000000 Wh suspect")
        },
    ),
    Story(
        "a stop below an earlier reading rests on Transaction.End",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":50000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"52000"}]}]}]
        < [3,"2",{}]
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":0,"timestamp":"${-20}","transactionData":[{"timestamp":"${-20}","sampledValue":[{"value":"55","unit":"kWh","context":"Transaction.End"}]}]}]
        < [3,"3",{}]
        """,
        {"a": {"energy_wh": 5000, "energy_basis": "transaction_end", "cost": "2.25"}},
    ),
    Story(
        "a stop after a register reset rests on the last good reading",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":50000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-50}","sampledValue":[{"value":"52000"}]}]}]
        < [3,"2",{}]
        > [2,"3","MeterValues",{"connectorId":1,"transactionId":${a},"meterValue":[{"timestamp":"${-40}","sampledValue":[{"value":"100"}]}]}]
        < [3,"3",{}]
        > [2,"4","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-20}"}]
        < [3,"4",{}]
        """,
        {
            "a": {
                "energy_wh": 2000,
                "energy_basis": "last_register",
                "cost": "0.90",
                "meter_stop_wh": 900,
                "energy_explained": {"basis": "last_register", "sentence": "*"},
            }
        },
    ),
    Story(
        "energy that nothing can tell waits at the desk and is not debited",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":50000,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-20}"}]
        < [3,"2",{}]
        """,
        {
            "a": {
                "status": "ENDED",
                "energy_wh": None,
                "energy_basis": "unreconciled",
                "billing_status": "FAILED",
                "cost": None,
                "billing_error": "*",
            }
        },
        desk=("energy_not_reconciled", "bill_failed"),
    ),
    Story(
        "more energy than the connector can deliver in the time is not debited by itself",
        """
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":900000,"timestamp":"${-20}"}]
        < [3,"2",{}]
        """,
        {"a": {"energy_wh": None, "billing_status": "FAILED", "cost": None}},
        desk=("energy_not_reconciled", "bill_failed"),
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_reading(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
