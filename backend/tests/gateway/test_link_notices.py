"""Reboot, lost link and our own restart end nothing; sessions wait with a deadline (RULES, Sessions)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from csms.domain.operations.commands import RemoteStart
from csms.domain.transactions.session import ChargerSessions, OpenSession
from csms.kernel.facts import OperationAnswered, TransactionStatusChanged
from csms.kernel.ids import ChargerId, ConnectorNumber, IdTag, TransactionId
from tests.gateway.node import Node
from tests.gateway.test_inbound import BOOT, READING, START
from tests.gateway.test_outbound import answer, send

pytestmark = pytest.mark.integration

REMOTE_START = RemoteStart(id_tag="TAG1", connector=ConnectorNumber(1))


def changes(node: Node) -> Iterator[TransactionStatusChanged]:
    for fact in node.journal.of(TransactionStatusChanged):
        assert isinstance(fact, TransactionStatusChanged)
        yield fact


def with_open_session(node: Node) -> None:
    """Let CP001 have a session from before its connection."""
    now = node.clock.now()
    node.admissions.sessions["CP001"] = ChargerSessions(
        open={
            TransactionId(5): OpenSession(
                transaction_id=TransactionId(5),
                connector=ConnectorNumber(1),
                id_tag=IdTag("TAG1"),
                status="ACTIVE",
                started_at=now - timedelta(hours=1),
                received_at=now - timedelta(hours=1),
                meter_start_wh=Decimal(1000),
                last_register_wh=Decimal(1000),
                last_sampled_at=now - timedelta(hours=1),
                start_key=None,
            )
        }
    )


async def test_lost_link_makes_open_sessions_wait(node: Node) -> None:
    async with node.charger() as charger:
        await charger.call("StartTransaction", START)
    await node.journal.until(lambda journal: bool(journal.of(TransactionStatusChanged)))
    (change,) = changes(node)
    assert (change.transaction_id, change.status) == (701, "PENDING_RECONCILIATION")
    assert change.reconcile_by is not None
    assert change.reconcile_by > node.clock.now() + timedelta(days=6)


async def test_reconnect_sets_the_deadline_before_anything_else_is_handled(node: Node) -> None:
    with_open_session(node)
    async with node.charger() as charger:
        await charger.call("Heartbeat", {})
        first = node.journal.entries[0]
        assert [type(fact) for fact in first.facts] == [TransactionStatusChanged]
        (change,) = changes(node)
        assert change.reconcile_by is not None
        assert change.reconcile_by < node.clock.now() + timedelta(hours=2)


async def test_reading_after_a_reconnect_resumes_the_session(node: Node) -> None:
    with_open_session(node)
    async with node.charger() as charger:
        await charger.call("MeterValues", READING | {"transactionId": 5})
        assert [change.status for change in changes(node)] == ["PENDING_RECONCILIATION", "ACTIVE"]


async def test_boot_makes_open_sessions_wait_in_the_same_commit(node: Node) -> None:
    async with node.charger() as charger:
        await charger.call("StartTransaction", START)
        await charger.call("BootNotification", BOOT)
        (change,) = changes(node)
        assert change.status == "PENDING_RECONCILIATION"
        assert change in node.journal.entries[-1].facts


async def test_superseded_connection_says_nothing_of_its_sessions(node: Node) -> None:
    async with node.charger() as old:
        await old.call("StartTransaction", START)
        async with node.charger():
            await old.closed()
            await node.gateway.settle()
            assert list(changes(node)) == []


async def test_remote_start_without_a_session_expires(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, REMOTE_START, 9)
        await answer(charger, {"status": "Accepted"})
        await sending
        connection = node.gateway.registry.find(ChargerId(1))
        assert connection is not None
        connection.beat(connection.last_heard)
        await node.gateway.settle()
        assert [fact.status for fact in _operations(node)] == ["ANSWERED"]
        node.clock.turn(3600)
        connection.beat(connection.last_heard)
        await node.gateway.settle()
        assert [fact.status for fact in _operations(node)] == ["ANSWERED", "EXPIRED"]
        assert connection.sessions.remote_starts == []


async def test_start_binds_to_its_remote_start(node: Node) -> None:
    async with node.charger() as charger:
        sending = send(node, REMOTE_START, 9)
        await answer(charger, {"status": "Accepted"})
        await sending
        await charger.call("StartTransaction", START)
    started = [fact for fact in node.journal.facts if type(fact).__name__ == "TransactionStarted"]
    assert [fact.remote_start_operation_id for fact in started] == [9]  # type: ignore[attr-defined]


def _operations(node: Node) -> list[OperationAnswered]:
    return [fact for fact in node.journal.facts if isinstance(fact, OperationAnswered)]
