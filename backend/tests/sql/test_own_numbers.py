"""Our numbers on the wire: positive, 32 bits, begun somewhere at random, never given out again."""

import asyncpg
import pytest

pytestmark = pytest.mark.integration

LARGEST = 2**31 - 1


@pytest.mark.parametrize("name", ["transaction_id_seq", "wire_number_seq"])
async def test_numbers_are_positive_and_not_reused(owner: asyncpg.Connection, name: str) -> None:
    sequence = await owner.fetchrow("SELECT * FROM pg_sequences WHERE sequencename = $1", name)
    assert sequence["min_value"] >= 1
    assert sequence["max_value"] <= LARGEST
    assert not sequence["cycle"]
    # One in a billion begins at 1; half of all numbers are left at least.
    assert 1 < sequence["start_value"] <= 2**30
    numbers = [await owner.fetchval("SELECT nextval($1::regclass)", name) for _ in range(3)]
    assert numbers == sorted(set(numbers))
