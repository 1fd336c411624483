"""The doctor: why a charger cannot connect or charge, and what would help."""

from fastapi import Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import RowId
from csms.kernel.ids import ChargerId
from csms.reads.charger_findings import Diagnosed, findings_of_charger

router = operator_router("/api/admin/chargers/{charger_id}/doctor", "chargers")


@router.get(
    "",
    summary="Examine a charger",
    responses=answers(Diagnosed, "What was found, with offered fixes") | problems(404),
)
async def of_charger(services: ServicesOf, person: Person, charger_id: RowId) -> Response:
    """Registration, handshakes with their reasons, link, boots, clock, faults, configuration,
    leniency, sessions and operations, from what is on record. Nothing is sent to the charger; a
    fix is a request to this API that the caller may make.
    """
    found = await findings_of_charger(
        services.database,
        person.actor.organization_id,
        ChargerId(charger_id),
        is_server_running=True,
        now=services.clock.now(),
    )
    return json_answer(found)
