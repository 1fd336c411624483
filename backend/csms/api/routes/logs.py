"""The message log, over all chargers and for one."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import RowId, RowIdFilter, Since, TextFilter, Until
from csms.kernel.ids import ChargerId
from csms.reads.charger import find_charger_id, require_charger
from csms.reads.messages import MessageFilter, MessagePage, list_messages

messages = operator_router("/api/admin/messages", "logs")
of_charger = operator_router("/api/admin/chargers/{charger_id}/logs", "logs")
integrators = operator_router("/api/logs", "integrators")

MAX_LIMIT = 100


class LogQuery:
    """Which messages, and where to go on."""

    def __init__(  # noqa: PLR0913  # one per parameter of the address
        self,
        *,
        direction: Literal["IN", "OUT"] | None = None,
        kind: Literal["CALL", "CALLRESULT", "CALLERROR"] | None = None,
        action: TextFilter = None,
        message_id: TextFilter = None,
        correlation_id: TextFilter = None,
        outcome: TextFilter = None,
        search: TextFilter = None,
        since: Since = None,
        until: Until = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = MAX_LIMIT,
        cursor: Annotated[
            str | None, Query(max_length=200, description="`next_cursor` of the page before.")
        ] = None,
    ) -> None:
        self.limit = limit
        self.cursor = cursor
        self._values = {
            "direction": direction,
            "kind": kind,
            "action": action,
            "message_id": message_id,
            "correlation_id": correlation_id,
            "outcome": outcome,
            "search": search,
            "since": since,
            "until": until,
        }

    def filter(self, **more: object) -> MessageFilter:
        """Return the filter, narrowed by `more`."""
        return MessageFilter(**(self._values | more))  # type: ignore[arg-type]  # same names


Asked = Annotated[LogQuery, Depends(LogQuery)]
PAGE = answers(MessagePage, "Messages, the newest first; without `from` those of 24 hours")


@messages.get("", summary="Search the message log", responses=PAGE)
async def search_all(
    services: ServicesOf,
    person: Person,
    query: Asked,
    charger_id: RowIdFilter = None,
    charge_point_id: TextFilter = None,
) -> Response:
    """Messages of all chargers."""
    wanted = query.filter(charger_id=charger_id, charge_point_id=charge_point_id)
    return await _page(services, person, query, wanted)


@of_charger.get("", summary="Show a charger's messages", responses=PAGE | problems(404))
async def of_one(services: ServicesOf, person: Person, charger_id: RowId, query: Asked) -> Response:
    """Messages of one charger."""
    await require_charger(services.database, person.actor.organization_id, ChargerId(charger_id))
    return await _page(services, person, query, query.filter(charger_id=charger_id))


@integrators.get("", summary="List messages", responses=PAGE)
async def for_integrators(services: ServicesOf, person: Person, query: Asked) -> Response:
    """Messages of all chargers."""
    return await _page(services, person, query, query.filter())


@integrators.get(
    "/{charge_point_id}", summary="List a charge point's messages", responses=PAGE | problems(404)
)
async def of_charge_point(
    services: ServicesOf, person: Person, charge_point_id: str, query: Asked
) -> Response:
    """Messages of one charge point."""
    charger_id = await find_charger_id(
        services.database, person.actor.organization_id, charge_point_id
    )
    return await _page(services, person, query, query.filter(charger_id=charger_id))


async def _page(
    services: ServicesOf, person: Person, query: LogQuery, wanted: MessageFilter
) -> Response:
    found = await list_messages(
        services.database,
        person.actor.organization_id,
        wanted,
        limit=query.limit,
        cursor=query.cursor,
        now=services.clock.now(),
    )
    return json_answer(found)
