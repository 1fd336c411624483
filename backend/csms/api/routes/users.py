"""People: operators see all, drivers themselves."""

from typing import Literal

from fastapi import Request, Response

from csms.api.access import KEY_HEADER, operator_router, person_router
from csms.api.answers import answers, json_answer, no_content, problems
from csms.api.auth import Person, ServicesOf
from csms.api.paging import Paging, RowId, Since, TextFilter, Until
from csms.api.schemas.users import (
    CorrectionBody,
    NewUserBody,
    ToppedUp,
    TopUpBody,
    UserChanges,
)
from csms.domain.identity.accounts import may_see
from csms.domain.identity.registry import AccountChanges
from csms.kernel.facts import TransactionStatus
from csms.kernel.ids import TransferId, UserId
from csms.kernel.live import LiveEvent
from csms.reads.ledger import (
    TransferFilter,
    TransferView,
    get_transfer,
    get_wallet,
    list_transfers,
)
from csms.reads.page import Page
from csms.reads.transactions import TransactionFilter, TransactionPage, list_transactions
from csms.reads.users import UserFilter, UserView, get_user, list_users

router = person_router("/users", "people")
operators = operator_router("/users", "people")


@router.get("", summary="List people", responses=answers(Page[UserView], "A page of people"))
async def list_all(
    services: ServicesOf,
    person: Person,
    paging: Paging,
    *,
    role: Literal["ADMIN", "USER"] | None = None,
    is_active: bool | None = None,
) -> Response:
    """For operators everybody, for drivers oneself."""
    only = None if person.may("people.read") else UserId(person.account.id)
    found = await list_users(
        services.database,
        person.actor.organization_id,
        paging,
        UserFilter(only=only, role=role, is_active=is_active),
    )
    return json_answer(found)


@operators.post(
    "",
    status_code=201,
    summary="Make an account",
    responses=answers(UserView, "The new person", status=201) | problems(409),
)
async def create(services: ServicesOf, person: Person, body: NewUserBody) -> Response:
    """Make an account with its app tag; without a password nobody can sign in with it yet."""
    account = await services.accounts.create(
        person.actor,
        email=body.email,
        full_name=body.full_name,
        role=body.role,
        password=None if body.password is None else body.password.get_secret_value(),
    )
    return await _one(services, person, account.id, 201)


@router.get(
    "/{user_id}", summary="Show a person", responses=answers(UserView, "The person") | problems(404)
)
async def show(services: ServicesOf, person: Person, user_id: RowId) -> Response:
    """One person with the wallet."""
    may_see(person.actor, UserId(user_id))
    return await _one(services, person, UserId(user_id))


@router.put(
    "/{user_id}",
    summary="Change an account",
    responses=answers(UserView, "The changed person") | problems(404, 409),
)
async def update(
    services: ServicesOf, person: Person, user_id: RowId, body: UserChanges
) -> Response:
    """Change what is given; only operators change roles. A new password ends all sign-ins."""
    changes = AccountChanges(
        email=body.email,
        full_name=body.full_name,
        role=body.role,
        password=None if body.password is None else body.password.get_secret_value(),
        current_password=None
        if body.current_password is None
        else body.current_password.get_secret_value(),
    )
    await services.accounts.update(person.actor, UserId(user_id), changes)
    return await _one(services, person, UserId(user_id))


@operators.delete(
    "/{user_id}",
    status_code=204,
    summary="Erase a person",
    responses=no_content("The person is erased, the ledger stays") | problems(404, 409),
)
async def erase(services: ServicesOf, person: Person, user_id: RowId) -> Response:
    """Erase name, address, password and id tags; 409 while a session is open."""
    await services.accounts.erase(person.actor, UserId(user_id))
    return Response(status_code=204)


@operators.post(
    "/{user_id}/deactivate",
    summary="Shut an account",
    responses=answers(UserView, "The person") | problems(404, 409),
)
async def deactivate(services: ServicesOf, person: Person, user_id: RowId) -> Response:
    """Nobody signs in or charges with it until it is opened again."""
    await services.accounts.deactivate(person.actor, UserId(user_id))
    return await _one(services, person, UserId(user_id))


@operators.post(
    "/{user_id}/reactivate",
    summary="Open an account again",
    responses=answers(UserView, "The person") | problems(404, 409),
)
async def reactivate(services: ServicesOf, person: Person, user_id: RowId) -> Response:
    """Undo a deactivation."""
    await services.accounts.reactivate(person.actor, UserId(user_id))
    return await _one(services, person, UserId(user_id))


@router.get(
    "/{user_id}/transactions",
    summary="List a person's transactions",
    responses=answers(TransactionPage, "A page of sessions") | problems(404),
)
async def transactions(
    services: ServicesOf,
    person: Person,
    user_id: RowId,
    paging: Paging,
    status: TransactionStatus | None = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The person's sessions, the newest first."""
    await _require(services, person, UserId(user_id))
    wanted = TransactionFilter(user_id=user_id, status=status, since=since, until=until)
    return json_answer(
        await list_transactions(services.database, person.actor.organization_id, paging, wanted)
    )


@router.get(
    "/{user_id}/wallet/transfers",
    summary="List a person's transfers",
    responses=answers(Page[TransferView], "A page of transfers") | problems(404),
)
async def transfers(
    services: ServicesOf,
    person: Person,
    user_id: RowId,
    paging: Paging,
    kind: TextFilter = None,
) -> Response:
    """Everything that moved the person's money, the newest first."""
    await _require(services, person, UserId(user_id))
    wanted = TransferFilter(user_id=UserId(user_id), kind=kind)
    return json_answer(
        await list_transfers(services.database, person.actor.organization_id, paging, wanted)
    )


@operators.post(
    "/{user_id}/wallet/top-ups",
    status_code=201,
    summary="Top up a wallet",
    responses=answers(ToppedUp, "The transfer and the wallet after it", status=201)
    | problems(404, 409),
)
async def top_up(
    request: Request, services: ServicesOf, person: Person, user_id: RowId, body: TopUpBody
) -> Response:
    """Book money that was taken in; a repeat with the same Idempotency-Key books nothing."""
    whose = UserId(user_id)
    await _require(services, person, whose)
    transfer_id = await services.wallets.top_up(
        person.actor,
        whose,
        body.amount.money(),
        note=body.note,
        key=request.headers.get(KEY_HEADER),
    )
    return await _booked(services, person, whose, transfer_id)


@operators.post(
    "/{user_id}/wallet/corrections",
    status_code=201,
    summary="Correct a wallet",
    responses=answers(ToppedUp, "The transfer and the wallet after it", status=201)
    | problems(404, 409),
)
async def correct(
    request: Request, services: ServicesOf, person: Person, user_id: RowId, body: CorrectionBody
) -> Response:
    """Adjust a wallet up or down for a reason; audited. The wallet may go below zero: debt.

    A repeat with the same Idempotency-Key books nothing.
    """
    whose = UserId(user_id)
    await _require(services, person, whose)
    transfer_id = await services.wallets.correct(
        person.actor,
        whose,
        body.amount.money(),
        reason=body.reason,
        key=request.headers.get(KEY_HEADER),
    )
    return await _booked(services, person, whose, transfer_id)


async def _booked(
    services: ServicesOf, person: Person, user_id: UserId, transfer_id: TransferId
) -> Response:
    organization_id = person.actor.organization_id
    transfer = await get_transfer(services.database, organization_id, transfer_id, user_id)
    wallet = await get_wallet(services.database, organization_id, user_id)
    services.live_events.publish(
        LiveEvent(organization_id, "wallet.changed", services.clock.now(), user_id=user_id)
    )
    return json_answer(ToppedUp(transfer, wallet), 201)


async def _require(services: ServicesOf, person: Person, user_id: UserId) -> None:
    may_see(person.actor, user_id)
    await get_user(services.database, person.actor.organization_id, user_id)


async def _one(
    services: ServicesOf, person: Person, user_id: UserId, status: int = 200
) -> Response:
    found = await get_user(services.database, person.actor.organization_id, user_id)
    return json_answer(found, status)
