"""Reservations, for operators. They are made and cancelled through the charger's operations."""

from typing import Annotated

from fastapi import Query, Response

from csms.api.access import operator_router
from csms.api.answers import answers, json_answer, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowIdFilter, TextFilter, TransactionNumber
from csms.reads.page import Page
from csms.reads.reservations import (
    ReservationFilter,
    ReservationView,
    get_reservation,
    list_reservations,
)

router = operator_router("/api/admin/reservations", "reservations")


@router.get(
    "",
    summary="List reservations",
    responses=answers(Page[ReservationView], "A page of reservations"),
)
async def list_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    charge_point_id: TextFilter = None,
    charger_id: RowIdFilter = None,
    status: TextFilter = None,
    id_tag: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """What was reserved, the newest first, with how it stands."""
    found = await list_reservations(
        services.database,
        person.actor.organization_id,
        paging,
        ReservationFilter(charge_point_id, charger_id, status, id_tag),
    )
    return json_answer(found)


@router.get(
    "/{reservation_id}",
    summary="Show a reservation",
    responses=answers(ReservationView, "The reservation") | problems(404),
)
async def show(services: ServicesOf, person: Person, reservation_id: TransactionNumber) -> Response:
    """One reservation, by its reservationId on the wire."""
    found = await get_reservation(services.database, person.actor.organization_id, reservation_id)
    return json_answer(found)
