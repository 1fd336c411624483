"""Posts balanced transfers inside the caller's transaction, each under its key, once."""

import hashlib
from collections.abc import Sequence
from typing import Any

import asyncpg

from csms.adapters.sql import ledger_statements
from csms.adapters.sql.texts import storable
from csms.domain.ledger.transfer import NewTransfer, PostedTransfer, TransferKeyReusedError


async def post_all(
    connection: asyncpg.Connection, transfers: Sequence[NewTransfer]
) -> list[PostedTransfer]:
    """Post transfers in order; a key that is there with the same content is a no-op.

    Raises TransferKeyReusedError when a key stands for other content.
    """
    if not transfers:
        return []
    lines = [(transfer, posting) for transfer in transfers for posting in transfer.postings]
    people = sorted({p.user_id for _, p in lines if p.user_id is not None})
    if people:
        await connection.execute(ledger_statements.LOCK_PEOPLE, people)
    accounts = sorted(
        {(t.organization_id, p.account, p.user_id, t.currency) for t, p in lines},
        key=lambda account: (account[0], account[1], account[2] or 0, account[3]),
    )
    await connection.execute(ledger_statements.ENSURE_ACCOUNTS, *_columns(accounts))
    made = await connection.fetch(
        ledger_statements.POST,
        *_columns([_transfer_row(transfer) for transfer in transfers]),
        *_columns(
            [
                (t.organization_id, t.idempotency_key, p.account, p.user_id, p.amount, t.currency)
                for t, p in lines
            ]
        ),
    )
    new = {row["id"] for row in made}
    return await _confirm(connection, transfers, new)


async def _confirm(
    connection: asyncpg.Connection, transfers: Sequence[NewTransfer], new: set[int]
) -> list[PostedTransfer]:
    rows = await connection.fetch(
        ledger_statements.FIND_TRANSFERS,
        [t.organization_id for t in transfers],
        [t.idempotency_key for t in transfers],
    )
    there = {(row["organization_id"], row["idempotency_key"]): row for row in rows}
    posted = []
    for transfer in transfers:
        row = there[transfer.organization_id, transfer.idempotency_key]
        if bytes(row["content_hash"]) != content_hash(transfer):
            raise TransferKeyReusedError(
                f"the key {transfer.idempotency_key} stands for another transfer",
                transfer_id=row["id"],
            )
        posted.append(PostedTransfer(row["id"], is_new=row["id"] in new))
    return posted


def content_hash(transfer: NewTransfer) -> bytes:
    """Return what tells a repeat from the reuse of a key: money, people and kind; not the note."""
    lines = sorted(f"{p.account}|{p.user_id}|{p.amount.normalize():f}" for p in transfer.postings)
    content = [transfer.kind, transfer.currency, str(transfer.transaction_id), *lines]
    return hashlib.sha256("\n".join(content).encode()).digest()


def _transfer_row(transfer: NewTransfer) -> tuple[Any, ...]:
    return (
        transfer.organization_id,
        transfer.kind,
        transfer.idempotency_key,
        content_hash(transfer),
        transfer.transaction_id,
        storable(transfer.note),
        transfer.created_by,
    )


def _columns(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
