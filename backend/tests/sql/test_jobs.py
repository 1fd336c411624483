"""The durable queue: one worker per job, no job lost, no effect queued twice."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from csms.adapters.sql.engine import Database
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.upkeep import Retention, SqlUpkeep
from csms.kernel.jobs import JobRequest

pytestmark = pytest.mark.integration

LEASE = timedelta(seconds=60)


def job(key: str, *, kind: str = "bill", **fields: object) -> JobRequest:
    """A job to queue."""
    return JobRequest(kind=kind, unique_key=key, payload="{}", **fields)  # type: ignore[arg-type]


async def test_a_key_is_queued_once_for_good(database: Database) -> None:
    queue = JobQueue(database)
    assert [await queue.enqueue(job("k")), await queue.enqueue(job("k"))] == [True, False]
    [claimed] = await queue.claim(("bill",), 5, LEASE)
    assert await queue.complete(claimed)
    assert not await queue.enqueue(job("k"))


async def test_workers_never_share_a_job(database: Database) -> None:
    queues = [JobQueue(database, owner=f"w{n}") for n in range(5)]
    for number in range(30):
        await queues[0].enqueue(job(f"k{number}"))
    claims = await asyncio.gather(*(queue.claim(("bill",), 10, LEASE) for queue in queues))
    ids = [claimed.id for claim in claims for claimed in claim]
    assert len(ids) == len(set(ids))
    rest = await queues[0].claim(("bill",), 30, LEASE)
    assert len(ids) + len(rest) == 30


async def test_only_due_jobs_of_asked_kinds_are_claimed(database: Database) -> None:
    queue = JobQueue(database)
    await queue.enqueue(job("later", run_at=datetime.now(UTC) + timedelta(hours=1)))
    await queue.enqueue(job("mail", kind="mail"))
    await queue.enqueue(job("now"))
    assert [c.unique_key for c in await queue.claim(("bill",), 5, LEASE)] == ["now"]


async def test_a_dead_workers_job_is_claimed_again_and_its_late_word_is_void(
    database: Database,
) -> None:
    dead, alive = JobQueue(database, owner="dead"), JobQueue(database, owner="alive")
    await dead.enqueue(job("k"))
    [first] = await dead.claim(("bill",), 1, timedelta(0))
    [second] = await alive.claim(("bill",), 1, LEASE)
    assert (first.attempt, second.attempt) == (1, 2)
    assert not await dead.complete(first)
    assert not await dead.renew(first, LEASE)
    assert not await dead.fail(first, "late", retry_in=None)
    assert await alive.renew(second, LEASE)
    assert await alive.complete(second)


async def test_a_failed_job_rests_and_a_hopeless_one_is_dead_until_revived(
    database: Database, owner: asyncpg.Connection
) -> None:
    queue = JobQueue(database)
    await queue.enqueue(job("k"))
    [claimed] = await queue.claim(("bill",), 1, LEASE)
    assert await queue.fail(claimed, "not\0now", retry_in=timedelta(hours=1))
    assert await queue.claim(("bill",), 1, LEASE) == []
    await owner.execute("UPDATE job SET run_at = now()")
    [claimed] = await queue.claim(("bill",), 1, LEASE)
    assert claimed.attempt == 2
    assert await queue.fail(claimed, "never", retry_in=None)
    assert await owner.fetchval("SELECT state || ':' || last_error FROM job") == "DEAD:never"
    assert await queue.revive(claimed.id)
    assert not await queue.revive(claimed.id)
    [claimed] = await queue.claim(("bill",), 1, LEASE)
    assert claimed.attempt == 1


async def test_a_postponed_job_has_used_no_attempt(
    database: Database, owner: asyncpg.Connection
) -> None:
    queue, stranger = JobQueue(database), JobQueue(database, owner="stranger")
    await queue.enqueue(job("k", max_attempts=1))
    later = datetime.now(UTC) + timedelta(hours=1)
    for _ in range(3):
        [claimed] = await queue.claim(("bill",), 1, LEASE)
        assert claimed.attempt == 1
        assert not await stranger.postpone(claimed, later, "not mine")
        assert await queue.postpone(claimed, later, "the connector is not free")
        assert await queue.claim(("bill",), 1, LEASE) == []
        assert await owner.fetchval("SELECT last_error FROM job") == "the connector is not free"
        await owner.execute("UPDATE job SET run_at = now()")


async def test_a_job_whose_workers_keep_dying_is_dead_after_its_last_attempt(
    database: Database, owner: asyncpg.Connection
) -> None:
    queue = JobQueue(database)
    await queue.enqueue(job("k", max_attempts=2))
    for _ in range(2):
        assert len(await queue.claim(("bill",), 1, timedelta(0))) == 1
    assert await queue.claim(("bill",), 1, LEASE) == []
    assert await owner.fetchval("SELECT state FROM job") == "DEAD"


async def test_a_new_job_wakes_who_waits(database: Database) -> None:
    queue = JobQueue(database)
    await queue.start()
    await queue.wait_for_work(0)
    waiting = asyncio.create_task(queue.wait_for_work(60))
    await queue.enqueue(job("k"))
    async with asyncio.timeout(10):
        await waiting
    await queue.close()


async def test_listening_comes_back_after_a_lost_connection(
    database: Database, owner: asyncpg.Connection
) -> None:
    queue = JobQueue(database)
    await queue.start()
    listener = queue._listener
    assert listener is not None
    gone = asyncio.Event()
    listener.add_termination_listener(lambda _: gone.set())
    await owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'csms-jobs'"
        " AND datname = current_database()"
    )
    async with asyncio.timeout(10):
        await gone.wait()
    await queue.wait_for_work(0)
    await queue.wait_for_work(0)
    waiting = asyncio.create_task(queue.wait_for_work(60))
    await queue.enqueue(job("k"))
    async with asyncio.timeout(10):
        await waiting
    await queue.close()


async def test_what_is_past_its_time_is_forgotten(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "INSERT INTO handshake_attempt (at, charge_point_id, outcome, http_status, reason) "
        "VALUES (now() - interval '31 days', 'x', 'accepted', 101, ''), (now(), 'y', 'a', 101, '')"
    )
    await owner.execute(
        "INSERT INTO job (kind, unique_key, payload, state, finished_at) "
        "VALUES ('k', 'a', '', 'DONE', now() - interval '31 days'), ('k', 'b', '', 'DONE', now()), "
        "('k', 'c', '', 'DEAD', now() - interval '31 days')"
    )
    upkeep = SqlUpkeep(database, retention=Retention())
    assert await upkeep.forget() == 2
    assert [
        r["unique_key"] for r in await owner.fetch("SELECT unique_key FROM job ORDER BY 1")
    ] == [
        "b",
        "c",
    ]
    assert await upkeep.drop_old_partitions() == 0
    assert await upkeep.expire_remote_starts() == 0


async def test_an_overdue_session_is_queued_once_per_deadline(
    database: Database, owner: asyncpg.Connection, charger: object
) -> None:
    assert charger
    await owner.execute(
        "INSERT INTO transaction (id, organization_id, charger_id, connector_id, id_tag, "
        "id_tag_folded, started_at, charger_started_at, received_at, meter_start_wh, status, "
        "authorization_status, is_billable, billing_status, reconcile_by) SELECT n, 1, c.id, n, 't', "
        "'t', now(), '', now(), 0, 'PENDING_RECONCILIATION', 'Accepted', false, 'NOT_BILLABLE', "
        "now() + (n - 2) * interval '1 hour' FROM generate_series(1, 3) AS n, charger c"
    )
    upkeep = SqlUpkeep(database)
    assert [await upkeep.queue_overdue_sessions() for _ in range(2)] == [2, 0]
    await owner.execute("UPDATE transaction SET reconcile_by = now() - interval '5 s' WHERE id = 1")
    assert await upkeep.queue_overdue_sessions() == 1
    payload = await owner.fetchval("SELECT payload::jsonb ->> 'transaction_id' FROM job LIMIT 1")
    assert payload == "1"
