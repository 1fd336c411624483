"""What a machine must not decide: it waits at the desk until a person has decided, once."""

import pytest

from tests.flows.sessions.stage import Stage
from tests.flows.sessions.story import Story
from tests.flows.sessions.telling import Telling

pytestmark = pytest.mark.integration

OPEN_ENERGY = """
    > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":50000,"timestamp":"${-60}"}]
    < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
    > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-20}"}]
    < [3,"2",{}]
    is a {"status":"ENDED","billing_status":"FAILED","cost":null}
    wallet {"balance":"50.00","held":"20.00"}
"""

STORIES = (
    Story(
        "a failed bill is made on the energy that a person enters, once",
        OPEN_ENERGY
        + """
        rest POST /api/admin/billing/${a}/retry {} = 200
        is a {"billing_status":"FAILED","cost":null}
        rest POST /api/admin/billing/${a}/resolve {"energy_wh":4000,"reason":"read on site"} = 200
        is a {"billing_status":"BILLED","cost":"1.80"}
        rest POST /api/admin/billing/${a}/resolve {"energy_wh":4000,"reason":"read on site"} = 200
        rest POST /api/admin/billing/${a}/resolve {"energy_wh":9000,"reason":"other"} = 409
        > [2,"3","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-20}"}]
        < [3,"3",{}]
        wallet {"balance":"48.20","held":"0.00"}
        """,
        {"a": {"billing_status": "BILLED", "energy_wh": 4000, "cost": "1.80"}},
    ),
    Story(
        "a failed bill that a person waives gives the hold back and takes nothing",
        OPEN_ENERGY
        + """
        rest POST /api/admin/billing/${a}/resolve {"waive":true,"reason":"our fault"} = 200
        wallet {"balance":"50.00","held":"0.00"}
        rest POST /api/admin/billing/${a}/retry {} = 409
        """,
        {"a": {"status": "ENDED"}},
    ),
    Story(
        "a session without a price is not billed by itself",
        """
        sql UPDATE tariff SET is_default = false
        > [2,"1","StartTransaction",{"connectorId":1,"idTag":"${card}","meterStart":0,"timestamp":"${-60}"}]
        < [3,"1",{"idTagInfo":{"status":"Accepted"},"transactionId":${a}}]
        sql UPDATE tariff SET is_default = true
        > [2,"2","StopTransaction",{"transactionId":${a},"meterStop":900,"timestamp":"${-20}"}]
        < [3,"2",{}]
        is a {"billing_status":"FAILED","cost":null,"energy_wh":900}
        wallet {"balance":"50.00","held":"0.00"}
        """,
        {"a": {"billing_status": "FAILED", "cost": None, "billing_error": "*"}},
        desk=("bill_failed",),
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.rule)
async def test_desk(stage: Stage, story: Story) -> None:
    await Telling(stage, story).tell()
