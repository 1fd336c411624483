"""Wallets and the transfers behind them."""

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from csms.kernel.errors import NotFoundError
from csms.kernel.ids import OrganizationId, TransactionId, TransferId, UserId
from csms.reads.amounts import MoneyView, money_view
from csms.reads.database import ReadConnection, ReadDatabase, Row
from csms.reads.moments import Moment
from csms.reads.page import Conditions, Page, PageRequest, joined

SORTS = {"id": "t.id", "created_at": "t.created_at", "kind": "t.kind"}

TRANSFERS = """
SELECT t.id, t.kind, t.note, t.transaction_id, t.created_by, t.created_at,
  (SELECT json_agg(json_build_object('account', a.kind, 'user_id', a.user_id,
      'amount', e.amount::text, 'currency', e.currency) ORDER BY e.id)
   FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
   WHERE e.transfer_id = t.id) AS postings
FROM ledger_transfer t
"""
OF_PERSON = """EXISTS (SELECT 1 FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
  WHERE e.transfer_id = t.id AND a.user_id = ?)"""
WALLETS = """
SELECT a.user_id, a.currency,
  coalesce(sum(e.amount), 0) AS balance,
  coalesce(sum(e.amount) FILTER (WHERE a.kind = 'hold'), 0) AS held
FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
WHERE a.organization_id = $1 AND a.user_id = ANY($2)
GROUP BY a.user_id, a.currency
"""
CURRENCY = "SELECT currency FROM organization WHERE id = $1"


class TransferNotFoundError(NotFoundError):
    """No such transfer in this organization."""


class WalletView(msgspec.Struct, frozen=True):
    """A person's money: `available` is the balance less what running sessions hold."""

    balance: MoneyView
    available: MoneyView
    held: MoneyView


class PostingView(msgspec.Struct, frozen=True):
    """One line of a transfer; a positive amount raises the account's balance."""

    account: str
    amount: MoneyView
    user_id: int | None


class TransferView(msgspec.Struct, frozen=True):
    """An immutable, balanced transfer. `amount` is what it did to the person's balance."""

    id: int
    kind: str
    amount: MoneyView
    note: str
    transaction_id: int | None
    created_by: int | None
    created_at: Moment
    postings: list[PostingView]


class _StoredPosting(msgspec.Struct, frozen=True):
    account: str
    user_id: int | None
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class TransferFilter:
    """Whose transfers, of what kind, for which session; `has_holds` false leaves out what was put
    aside for a session and given back.
    """

    user_id: UserId | None = None
    kind: str | None = None
    transaction_id: TransactionId | None = None
    has_holds: bool = True


async def wallets_of(
    connection: ReadConnection, organization_id: OrganizationId, user_ids: list[int]
) -> dict[int, WalletView]:
    """Return the wallets of these people in the organization's currency, with two queries."""
    currency = str(await connection.fetchval(CURRENCY, organization_id))
    rows = await connection.fetch(WALLETS, organization_id, user_ids)
    sums = {
        row["user_id"]: (row["balance"], row["held"]) for row in rows if row["currency"] == currency
    }
    return {user_id: _wallet(sums.get(user_id), currency) for user_id in user_ids}


async def get_wallet(
    database: ReadDatabase, organization_id: OrganizationId, user_id: UserId
) -> WalletView:
    """Return one person's wallet; one without transfers is empty."""
    async with database.reads(organization_id) as connection:
        wallets = await wallets_of(connection, organization_id, [user_id])
    return wallets[user_id]


async def list_transfers(
    database: ReadDatabase,
    organization_id: OrganizationId,
    request: PageRequest,
    wanted: TransferFilter,
) -> Page[TransferView]:
    """Return a page of transfers, the newest first."""
    conditions = Conditions()
    conditions.add("t.organization_id = ?", organization_id)
    conditions.add_if(OF_PERSON, wanted.user_id)
    conditions.add_if("t.kind = ?", wanted.kind)
    conditions.add_if("t.transaction_id = ?", wanted.transaction_id)
    if not wanted.has_holds:
        conditions.add("t.kind NOT IN ('hold', 'release')")
    conditions.add_search(request.search, "t.note", "t.kind")
    order = request.order_by(SORTS, default="-id", key="t.id")
    async with database.reads(organization_id) as connection:
        total = await connection.fetchval(
            joined("SELECT count(*) FROM ledger_transfer t", conditions.where), *conditions.values
        )
        limits = (
            f"LIMIT {conditions.place(request.limit)} OFFSET {conditions.place(request.offset)}"
        )
        rows = await connection.fetch(
            joined(TRANSFERS, conditions.where, order, limits), *conditions.values
        )
    views = [transfer_view(row, wanted.user_id) for row in rows]
    return Page(views, total, request.page, request.limit)


async def get_transfer(
    database: ReadDatabase,
    organization_id: OrganizationId,
    transfer_id: TransferId,
    user_id: UserId,
) -> TransferView:
    """Return one transfer as it touched that person. Raises TransferNotFoundError."""
    async with database.reads(organization_id) as connection:
        row = await connection.fetchrow(
            joined(TRANSFERS, "WHERE t.organization_id = $1 AND t.id = $2"),
            organization_id,
            transfer_id,
        )
    if row is None:
        raise TransferNotFoundError(f"no transfer {transfer_id}", transfer_id=transfer_id)
    return transfer_view(row, user_id)


def transfer_view(row: Row, user_id: int | None) -> TransferView:
    """Return one row of `TRANSFERS`; without a person, its amount is that of the wallets in it."""
    postings = msgspec.json.decode(row["postings"], type=list[_StoredPosting])
    own = [
        p.amount
        for p in postings
        if p.account in {"wallet", "hold"} and user_id in {None, p.user_id}
    ]
    return TransferView(
        id=row["id"],
        kind=row["kind"],
        amount=money_view(sum(own, Decimal(0)), postings[0].currency),
        note=row["note"],
        transaction_id=row["transaction_id"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        postings=[
            PostingView(p.account, money_view(p.amount, p.currency), p.user_id) for p in postings
        ],
    )


def _wallet(sums: tuple[Decimal, Decimal] | None, currency: str) -> WalletView:
    balance, held = sums or (Decimal(0), Decimal(0))
    return WalletView(
        balance=money_view(balance, currency),
        available=money_view(balance - held, currency),
        held=money_view(held, currency),
    )
