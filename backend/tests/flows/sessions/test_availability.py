"""What the operator wants of a connector and what the charger reports are two things (OCPP 1.6 §5.2)."""

from typing import Any

import httpx
import pytest

from tests.flows.sessions.obedient import ObedientCharger
from tests.flows.sessions.stage import Stage, in_thread
from tests.flows.sessions.test_in_step import until, wanted_charger

pytestmark = pytest.mark.integration


async def ask(stage: Stage, charger: ObedientCharger, kind: str, connector: int) -> Any:
    """Ask for an availability and return the answer."""
    return await in_thread(
        stage.rest.post,
        f"/api/admin/chargers/{charger.id}/change-availability",
        {"type": kind, "connector_id": connector},
    )


async def shown(stage: Stage, charger: ObedientCharger) -> dict[int, dict[str, Any]]:
    """Return the charger's connectors as its page shows them."""
    found = await in_thread(stage.rest.get, f"/api/admin/chargers/{charger.id}")
    return {one["connector_id"]: one for one in found["connectors"]}


async def test_what_is_wanted_stands_beside_what_is_reported(stage: Stage) -> None:
    charger = await in_thread(wanted_charger, stage)
    async with charger:
        await charger.report(1, "Available")
        await charger.report(2, "Available")
        assert (await shown(stage, charger))[1]["wanted"] is None

        assert (await ask(stage, charger, "Inoperative", 1))["status"] == "Accepted"
        connectors = await shown(stage, charger)
        assert (connectors[1]["wanted"], connectors[1]["status"]) == ("Inoperative", "Available")
        assert "reports Available" in connectors[1]["availability_warning"]
        assert connectors[2]["wanted"] is None
        await charger.report(1, "Unavailable")
        assert (await shown(stage, charger))[1]["availability_warning"] is None

        assert (await ask(stage, charger, "Operative", 0))["status"] == "Accepted"
        connectors = await shown(stage, charger)
        assert {c["wanted"] for c in connectors.values()} == {"Operative"}, "0 is all of them"
        assert "reports Unavailable" in connectors[1]["availability_warning"]
        await charger.report(1, "Available")
        assert (await shown(stage, charger))[1]["availability_warning"] is None


async def test_what_the_charger_refuses_is_not_wanted(stage: Stage) -> None:
    charger = await in_thread(wanted_charger, stage)
    charger.unwilling.add("ChangeAvailability")
    async with charger:
        assert (await ask(stage, charger, "Inoperative", 1))["status"] == "Rejected"
        assert (await shown(stage, charger))[1]["wanted"] is None


async def test_a_connector_out_of_service_is_not_offered_and_a_start_is_warned_of(
    stage: Stage,
) -> None:
    charger = await in_thread(wanted_charger, stage)
    async with charger:
        await charger.report(1, "Available")
        await charger.report(2, "Available")
        await ask(stage, charger, "Inoperative", 1)

        path = f"{stage.product.url}/api/chargers/{charger.name}"
        public = (await in_thread(httpx.get, path)).json()
        first, second = public["connectors"]
        assert (first["is_free"], first["is_out_of_service"]) == (False, True)
        assert (second["is_free"], second["is_out_of_service"]) == (True, False)

        path = f"/api/admin/chargers/{charger.id}/remote-start"
        started = await in_thread(stage.rest.post, path, {"connector_id": 1})
        assert "connector 1 has been taken out of service" in started["warnings"]
        started = await in_thread(stage.rest.post, path, {"connector_id": 2})
        assert not any("out of service" in one for one in started["warnings"])


@pytest.mark.parametrize("is_switched_on", [True, False])
async def test_a_charger_that_forgot_is_asked_again_only_where_switched_on(
    stage: Stage, *, is_switched_on: bool
) -> None:
    charger = await in_thread(wanted_charger, stage, resends_availability=is_switched_on)
    witness = await in_thread(wanted_charger, stage, resends_availability=True)
    async with charger, witness:
        for one in (charger, witness):
            await one.report(1, "Available")
            await ask(stage, one, "Inoperative", 1)
            await one.report(1, "Unavailable")
            await one.disconnect()
            one.available.clear()
            # What it says at once after it has come back is what it is asked about.
            await stage.run_sql(
                "UPDATE connector SET status = 'Available' WHERE charger_id = $1", one.id
            )
            await one.connect()
        await until(lambda: witness.available == {1: "Inoperative"}, "it is asked again")
        if is_switched_on:
            await until(lambda: charger.available == {1: "Inoperative"}, "it is asked again")
        else:
            assert charger.asked["ChangeAvailability"] == 1, "nobody asked for that"


async def test_a_boot_without_a_new_link_is_looked_at_too(stage: Stage) -> None:
    charger = await in_thread(wanted_charger, stage, resends_availability=True)
    async with charger:
        await charger.report(2, "Unavailable")
        await ask(stage, charger, "Operative", 2)
        await charger.report(2, "Available")
        charger.available.clear()
        await charger.report(2, "Unavailable")
        await charger.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
        await until(lambda: charger.available == {2: "Operative"}, "it is asked again")
