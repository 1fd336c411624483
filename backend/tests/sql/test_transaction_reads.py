"""What a start is decided on comes in one read."""

from decimal import Decimal

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.id_tags import SqlIdTagRecords
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.transaction_reads import SqlTransactionReads
from csms.domain.transactions.ports import ReadingKey
from csms.kernel.ids import TransactionId
from tests.sql.rows import NOW, ORGANIZATION, LaidCharger, readings, started

pytestmark = pytest.mark.integration


@pytest.fixture
def reads(database: Database) -> SqlTransactionReads:
    """Reads as the gateway uses them."""
    return SqlTransactionReads(database)


async def lay_tag(owner: asyncpg.Connection, user_id: int | None = None) -> None:
    await owner.execute(
        "INSERT INTO id_tag (organization_id, id_tag, folded, user_id, parent_id_tag, parent_folded) "
        "VALUES (1, 'Tag-1', 'tag-1', $1, 'Family', 'family')",
        user_id,
    )


async def test_a_start_of_an_unknown_tag_gets_an_id_and_nothing_else(
    reads: SqlTransactionReads, charger: LaidCharger
) -> None:
    first = await reads.for_start(ORGANIZATION, charger.id, "nobody", "key")
    second = await reads.for_start(ORGANIZATION, charger.id, "nobody", None)
    assert 0 < first.transaction_id < second.transaction_id < 2**31
    assert (first.tag, first.tariff, first.same_start) == (None, None, None)


async def test_a_start_reads_tag_price_credit_and_the_same_start(
    reads: SqlTransactionReads,
    journal: SqlJournal,
    charger: LaidCharger,
    owner: asyncpg.Connection,
    user_id: int,
) -> None:
    await lay_tag(owner, user_id)
    await owner.execute(
        "INSERT INTO tariff (organization_id, name, currency, price_per_kwh, is_default) "
        "VALUES (1, 'Day', 'EUR', 0.35, true)"
    )
    await journal.append(
        charger.entry(
            started(31, start_key="key", user_id=user_id, hold_amount=Decimal(20), currency="EUR")
        )
    )
    await journal.append(charger.entry(readings(31, wh=1700), readings(31, wh=1600)))
    found = await reads.for_start(ORGANIZATION, charger.id, " TAG-1 ", "key")
    assert found.tag is not None
    assert (found.tag.user_id, found.tag.is_user_active, found.tag.parent_id_tag) == (
        user_id,
        True,
        "Family",
    )
    assert found.tag.available == Decimal(-20)
    assert found.tag.open_elsewhere == 1
    assert found.tariff is not None
    assert found.tariff.price_per_kwh == Decimal("0.35")
    assert found.same_start is not None
    assert found.same_start.transaction_id == 31
    assert found.same_start.highest_register_wh == Decimal(1700)
    assert found.same_start.parent_id_tag == "Family"
    alone = await SqlIdTagRecords(reads._database).find(ORGANIZATION, "tag-1")
    assert alone == found.tag


async def test_ids_out_of_range_are_nobodys(reads: SqlTransactionReads) -> None:
    for number in (-1, 0, 5, 2**31, 2**40):
        assert await reads.find(TransactionId(number)) is None


async def test_sessions_without_a_stop_of_the_charger_are_listed_oldest_first(
    reads: SqlTransactionReads, journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.append(charger.entry(started(42)))
    await journal.append(charger.entry(started(41, connector=2, started_at=NOW)))
    found = await reads.without_charger_stop(charger.id)
    assert [t.transaction_id for t in found] == [42, 41]
    assert found[0].last_register_wh == Decimal(1000)


async def test_reading_keys_tell_what_is_there_already(
    reads: SqlTransactionReads, journal: SqlJournal, charger: LaidCharger
) -> None:
    await journal.append(charger.entry(readings(51)))
    key = ReadingKey(NOW, "Energy.Active.Import.Register", None, None, None)
    assert await reads.reading_keys(TransactionId(51), [NOW]) == {key}
    assert await reads.reading_keys(TransactionId(51), []) == set()
