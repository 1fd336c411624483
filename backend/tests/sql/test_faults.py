"""Faults open with a report, resolve themselves, and are history when a queue tells of them."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from csms.adapters.sql.journal import SqlJournal
from csms.domain.stations.charger import Charger
from csms.domain.transactions.apply import apply_facts
from csms.domain.transactions.commands import StatusCommand
from csms.domain.transactions.evidence import on_status
from csms.domain.transactions.rules import SessionRules
from csms.domain.transactions.session import ChargerSessions
from csms.kernel.ids import ConnectorNumber, StationId
from tests.sql.rows import NOW, ORGANIZATION, LaidCharger

pytestmark = pytest.mark.integration


class Reporter:
    """A charger whose status reports go through the rules into the journal."""

    def __init__(self, laid: LaidCharger, journal: SqlJournal, owner: asyncpg.Connection) -> None:
        self._laid, self._journal, self._owner = laid, journal, owner
        self._charger = Charger(laid.id, ORGANIZATION, laid.charge_point_id, StationId(1))
        self._sessions = ChargerSessions()

    async def reports(
        self, status: str, error: str = "NoError", *, minute: int, connector: int = 1, **more: Any
    ) -> None:
        at = NOW - timedelta(hours=1) + timedelta(minutes=minute)
        command = StatusCommand(
            connector=ConnectorNumber(connector),
            status=status,
            error_code=error,
            reported_at=at,
            charger_time=at.isoformat(),
            **more,
        )
        facts = on_status(self._charger, self._sessions, command, NOW, SessionRules()).facts
        await self._journal.append(self._laid.entry(*facts))
        apply_facts(self._charger, self._sessions, facts)

    async def faults(self) -> list[tuple[Any, ...]]:
        rows = await self._owner.fetch(
            "SELECT error_code, vendor_error_code, opened_at, resolved_at, resolution, is_history "
            "FROM fault ORDER BY opened_at, id"
        )
        return [
            (
                row["error_code"],
                row["vendor_error_code"],
                _minute(row["opened_at"]),
                _minute(row["resolved_at"]),
                row["resolution"],
                row["is_history"],
            )
            for row in rows
        ]


def _minute(at: Any) -> float | None:
    return None if at is None else (at - (NOW - timedelta(hours=1))).total_seconds() / 60


@pytest.fixture
def it(charger: LaidCharger, journal: SqlJournal, owner: asyncpg.Connection) -> Reporter:
    return Reporter(charger, journal, owner)


async def test_a_fault_opens_once_and_resolves_with_the_next_status(it: Reporter) -> None:
    await it.reports("Available", minute=0)
    assert await it.faults() == []
    await it.reports("Faulted", "GroundFailure", minute=1, vendor_error_code="E-17")
    await it.reports("Faulted", "GroundFailure", minute=2, vendor_error_code="E-17")
    assert await it.faults() == [("GroundFailure", "E-17", 1, None, None, False)]
    await it.reports("Available", minute=5)
    await it.reports("Preparing", minute=6)
    assert await it.faults() == [("GroundFailure", "E-17", 1, 5, "Available", False)]


async def test_another_error_ends_the_one_before(it: Reporter) -> None:
    await it.reports("Charging", "HighTemperature", minute=1)
    await it.reports("Faulted", "OtherError", minute=3, vendor_error_code="relay")
    assert await it.faults() == [
        ("HighTemperature", None, 1, 3, "another error", False),
        ("OtherError", "relay", 3, None, None, False),
    ]


async def test_connectors_have_their_own_faults(it: Reporter) -> None:
    await it.reports("Faulted", "GroundFailure", minute=1, connector=1)
    await it.reports("Faulted", "GroundFailure", minute=1, connector=2)
    await it.reports("Available", minute=2, connector=2)
    assert [fault[3] for fault in await it.faults()] == [None, 2]


async def test_a_replayed_fault_is_history_and_opens_nothing(it: Reporter) -> None:
    """OCPP 1.6 §4.9: what was queued offline tells of the past."""
    await it.reports("Available", minute=20)
    await it.reports("Faulted", "PowerMeterFailure", minute=3)
    assert await it.faults() == [
        ("PowerMeterFailure", None, 3, 20, "over before it was told", True)
    ]
    await it.reports("Faulted", "PowerMeterFailure", minute=3)
    await it.reports("Preparing", minute=7)
    await it.reports("Charging", minute=8)
    assert await it.faults() == [("PowerMeterFailure", None, 3, 7, "Preparing", True)]


async def test_a_fault_that_is_open_outlives_a_replayed_one(it: Reporter) -> None:
    await it.reports("Faulted", "GroundFailure", minute=20)
    await it.reports("Faulted", "UnderVoltage", minute=3)
    await it.reports("Available", minute=5)
    assert await it.faults() == [
        ("UnderVoltage", None, 3, 5, "Available", True),
        ("GroundFailure", None, 20, None, None, False),
    ]
