"""A driver's own: starting, stopping, sessions and receipts, the wallet."""

from typing import Annotated

from fastapi import Body, Query, Request, Response

from csms.api.access import person_router
from csms.api.answers import answers, json_answer, problems
from csms.api.asking import own_app_tag, wait_of
from csms.api.auth import Person, ServicesOf
from csms.api.operations import operation_answer, operation_answers
from csms.api.paging import Paging, Since, TextFilter, TransactionNumber, Until
from csms.api.schemas.transactions import StartBody, StopBody
from csms.api.schemas.users import OwnTopUpBody, ToppedUp
from csms.domain.operations.commands import RemoteStart, RemoteStop
from csms.kernel.errors import ConflictError
from csms.kernel.ids import ChargerId, ConnectorNumber, TransactionId, UserId
from csms.reads.charger import find_charger_id
from csms.reads.id_tags import IdTagFilter, IdTagView, list_id_tags
from csms.reads.ledger import (
    TransferFilter,
    TransferView,
    WalletView,
    get_wallet,
    list_transfers,
)
from csms.reads.page import Page
from csms.reads.receipt import Receipt, get_receipt
from csms.reads.requests import OwnRequests, list_own_requests
from csms.reads.transaction import TransactionDetail, get_transaction
from csms.reads.transactions import TransactionFilter, TransactionPage, list_transactions

router = person_router("/api", "driving")


class SessionOverError(ConflictError):
    """The session has ended already."""


class NoPaymentProviderError(ConflictError):
    """Nobody is set up who could take a driver's money online."""


@router.post(
    "/chargers/{charge_point_id}/start", summary="Start charging", responses=operation_answers()
)
async def start(
    request: Request,
    services: ServicesOf,
    person: Person,
    charge_point_id: str,
    body: StartBody,
) -> Response:
    """Start for oneself, under the own app tag; 409 without credit."""
    charger_id = await find_charger_id(
        services.database, person.actor.organization_id, charge_point_id
    )
    command = RemoteStart(
        id_tag=await own_app_tag(services, person), connector=ConnectorNumber(body.connector_id)
    )
    asked = await services.operations.request(
        person.actor, charger_id, command, wait_of(request, body.wait_s)
    )
    return operation_answer(asked)


@router.get(
    "/requests",
    summary="List what I asked of chargers",
    responses=answers(OwnRequests, "Starts and stops of the last quarter of an hour"),
)
async def requests(services: ServicesOf, person: Person) -> Response:
    """One's own starts and stops with what became of them, so that a lost page finds its way."""
    found = await list_own_requests(
        services.database, person.actor.organization_id, UserId(person.account.id)
    )
    return json_answer(found)


@router.get("/id-tags", summary="List my id tags", responses=answers(Page[IdTagView], "A page"))
async def id_tags(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """The cards and the app tag under which one charges."""
    wanted = IdTagFilter(user_id=person.account.id)
    return json_answer(
        await list_id_tags(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/sessions",
    summary="List my sessions",
    responses=answers(TransactionPage, "A page of sessions"),
)
async def sessions(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    *,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """One's own sessions, the newest first."""
    wanted = TransactionFilter(user_id=person.account.id, is_open=is_open, since=since, until=until)
    return json_answer(
        await list_transactions(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/sessions/{transaction_id}",
    summary="Show my session",
    responses=answers(TransactionDetail, "The session") | problems(404),
)
async def session(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber
) -> Response:
    """One of one's own sessions; somebody else's is not found."""
    return json_answer(await _own(services, person, transaction_id))


@router.post(
    "/sessions/{transaction_id}/stop", summary="Stop charging", responses=operation_answers()
)
async def stop(
    request: Request,
    services: ServicesOf,
    person: Person,
    transaction_id: TransactionNumber,
    body: Annotated[StopBody, Body(default_factory=StopBody)],
) -> Response:
    """Ask the charger to stop one's own session."""
    own = await _own(services, person, transaction_id)
    if own.status == "ENDED":
        raise SessionOverError("the session has ended already")
    asked = await services.operations.request(
        person.actor,
        ChargerId(own.charger_id),
        RemoteStop(transaction_id=TransactionId(transaction_id)),
        wait_of(request, body.wait_s),
    )
    return operation_answer(asked)


@router.get(
    "/sessions/{transaction_id}/receipt",
    summary="Show my receipt",
    responses=answers(Receipt, "The receipt") | problems(404, 409),
)
async def receipt(
    services: ServicesOf, person: Person, transaction_id: TransactionNumber
) -> Response:
    """What a billed session cost, and how that was computed; 409 until it is billed."""
    own = await _own(services, person, transaction_id)
    return json_answer(await get_receipt(services.database, person.actor.organization_id, own))


@router.get("/wallet", summary="Show my wallet", responses=answers(WalletView, "The wallet"))
async def wallet(services: ServicesOf, person: Person) -> Response:
    """Balance, and what of it running sessions hold."""
    found = await get_wallet(
        services.database, person.actor.organization_id, UserId(person.account.id)
    )
    return json_answer(found)


@router.get(
    "/wallet/transfers",
    summary="List my transfers",
    responses=answers(Page[TransferView], "A page of transfers"),
)
async def transfers(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    *,
    kind: TextFilter = None,
    without_holds: bool = False,
) -> Response:
    """Everything that moved one's own money, the newest first.

    `without_holds` leaves out what sessions put aside and gave back.
    """
    whose = UserId(person.account.id)
    wanted = TransferFilter(user_id=whose, kind=kind, has_holds=not without_holds)
    return json_answer(
        await list_transfers(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/wallet/top-ups",
    summary="List my top-ups",
    responses=answers(Page[TransferView], "A page of transfers"),
)
async def top_ups(services: ServicesOf, person: Person, paging: Paging) -> Response:
    """The money that came into one's own wallet, the newest first."""
    wanted = TransferFilter(user_id=UserId(person.account.id), kind="top_up")
    return json_answer(
        await list_transfers(services.database, person.actor.organization_id, paging, wanted)
    )


@router.post(
    "/wallet/top-ups",
    summary="Top up my wallet",
    status_code=201,
    responses=answers(ToppedUp, "The transfer and the wallet after it", status=201) | problems(409),
)
async def top_up(person: Person, body: OwnTopUpBody) -> Response:
    """Pay into one's own wallet; 409 `no_payment_provider` where no way to pay is set up."""
    raise NoPaymentProviderError(
        f"Paying {body.amount.amount} {body.amount.currency} online is not possible here: no payment "
        "provider is set up. The operator can top up your wallet."
    )


async def _own(services: ServicesOf, person: Person, number: int) -> TransactionDetail:
    return await get_transaction(
        services.database,
        person.actor.organization_id,
        TransactionId(number),
        of_user=UserId(person.account.id),
    )
