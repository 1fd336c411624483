"""Rows and entries that the tests of the SQL adapter share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from csms.kernel.facts import ConnectorReported, Fact, ReadingsTaken, TransactionStarted
from csms.kernel.ids import (
    ChargePointId,
    ChargerId,
    ConnectorNumber,
    Epoch,
    IdTag,
    OrganizationId,
    TransactionId,
    UserId,
)
from csms.kernel.journal import JournalEntry, LoggedMessage

ORGANIZATION = OrganizationId(1)
NOW = datetime.now(UTC).replace(microsecond=123456)
numbers = count(1)


@dataclass(frozen=True)
class LaidCharger:
    """A charger in the test's database, at epoch 1 unless raised."""

    id: ChargerId
    charge_point_id: ChargePointId

    def entry(
        self,
        *facts: Fact,
        epoch: int = 1,
        request: str | None = '{"a":1}',
        message_id: str | None = None,
        is_silent: bool = False,
        **fields: Any,
    ) -> JournalEntry:
        """An entry of this charger with one logged message, or none when `is_silent`."""
        message = LoggedMessage(
            direction=fields.get("direction", "IN"),
            action=fields.get("action", "MeterValues"),
            message_id=message_id or f"m{next(numbers)}",
            request=request,
            answer=fields.get("answer", "{}"),
            received_at=fields.get("received_at", NOW),
            answered_at=NOW,
            outcome="answered",
        )
        return JournalEntry(
            organization_id=ORGANIZATION,
            charger_id=self.id,
            charge_point_id=self.charge_point_id,
            epoch=Epoch(epoch),
            message=None if is_silent else message,
            facts=facts,
        )


def readings(transaction_id: int | None = None, *, at: datetime = NOW, wh: int = 100) -> Fact:
    """The readings of one moment."""
    return ReadingsTaken(
        connector=ConnectorNumber(1),
        sampled_at=at,
        received_at=NOW,
        samples='[{"measurand":"Energy.Active.Import.Register","value":100,"unit":"Wh"}]',
        transaction_id=None if transaction_id is None else TransactionId(transaction_id),
        register_wh=Decimal(wh),
    )


def report(status: str, *, connector: int = 1, at: datetime = NOW, is_current: bool = True) -> Fact:
    """A status report."""
    return ConnectorReported(
        connector=ConnectorNumber(connector),
        status=status,
        error_code="NoError",
        reported_at=at,
        received_at=NOW,
        is_current=is_current,
    )


def started(transaction_id: int, **fields: Any) -> TransactionStarted:
    """A session's start; a billable one when `user_id` is given."""
    user_id = fields.pop("user_id", None)
    return TransactionStarted(
        transaction_id=TransactionId(transaction_id),
        connector=ConnectorNumber(fields.pop("connector", 1)),
        id_tag=IdTag("TAG-1"),
        started_at=fields.pop("started_at", NOW - timedelta(hours=1)),
        received_at=NOW,
        meter_start_wh=Decimal(1000),
        status=fields.pop("status", "ACTIVE"),
        authorization="Accepted",
        is_billable=user_id is not None,
        start_key=fields.pop("start_key", None),
        charger_started_at="2026-01-01T00:00:00Z",
        user_id=None if user_id is None else UserId(user_id),
        **fields,
    )


LayCharger = Callable[..., Awaitable[LaidCharger]]
