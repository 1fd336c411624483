"""Charging profiles as a charger holds them, read from the record of what it was told.

The record is the profile's JSON as it went over the wire (OCPP 1.6 §7.8), so its words stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Literal, cast

from csms.kernel.errors import InvalidError
from csms.kernel.ids import ConnectorNumber, TransactionId

RateUnit = Literal["A", "W"]
Purpose = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
Kind = Literal["Absolute", "Recurring", "Relative"]

PHASES_ASSUMED: Final = 3
"""Where a period names no number of phases (OCPP 1.6 §7.14)."""


class ProfileUnreadableError(InvalidError):
    """The recorded profile cannot be understood; nothing can be computed from it."""


@dataclass(frozen=True, slots=True)
class Period:
    """A step: `limit` in the schedule's unit holds from `start_s` after the schedule's start."""

    start_s: int
    limit: Decimal
    phases: int = PHASES_ASSUMED


@dataclass(frozen=True, slots=True)
class Schedule:
    """Limits over time (OCPP 1.6 §7.13). Without `starts_at` it runs from the start of charging."""

    unit: RateUnit
    periods: tuple[Period, ...]
    duration_s: int | None = None
    starts_at: datetime | None = None
    minimum_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InstalledProfile:
    """One profile with its place in the stack and its time of validity (OCPP 1.6 §7.8).

    `connector` is that it was set on: 0 is the charger as a whole.
    """

    profile_id: int
    connector: ConnectorNumber
    purpose: Purpose
    stack_level: int
    kind: Kind
    schedule: Schedule
    recurs_every: Literal["Daily", "Weekly"] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: TransactionId | None = None


def read_profile(
    wire: Mapping[str, Any], connector: ConnectorNumber, transaction_id: TransactionId | None
) -> InstalledProfile:
    """Return the profile that this JSON says, for the session that it was bound to.

    Raises ProfileUnreadableError.
    """
    try:
        return InstalledProfile(
            profile_id=int(wire["chargingProfileId"]),
            connector=connector,
            purpose=cast("Purpose", wire["chargingProfilePurpose"]),
            stack_level=int(wire["stackLevel"]),
            kind=cast("Kind", wire["chargingProfileKind"]),
            schedule=read_schedule(wire["chargingSchedule"]),
            recurs_every=wire.get("recurrencyKind"),
            valid_from=read_moment(wire.get("validFrom")),
            valid_to=read_moment(wire.get("validTo")),
            transaction_id=transaction_id,
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        number = wire.get("chargingProfileId")
        raise ProfileUnreadableError(
            f"charging profile {number} cannot be read: {error}", profile_id=number
        ) from error


def read_schedule(wire: Mapping[str, Any]) -> Schedule:
    """Return the schedule that this JSON says; periods in the order of their starts.

    Raises KeyError, TypeError, ValueError or ArithmeticError for what is none.
    """
    minimum = wire.get("minChargingRate")
    periods = [
        Period(
            int(one["startPeriod"]),
            Decimal(str(one["limit"])),
            int(one.get("numberPhases") or PHASES_ASSUMED),
        )
        for one in wire["chargingSchedulePeriod"]
    ]
    return Schedule(
        unit=cast("RateUnit", wire["chargingRateUnit"]),
        periods=tuple(sorted(periods, key=lambda period: period.start_s)),
        duration_s=None if wire.get("duration") is None else int(wire["duration"]),
        starts_at=read_moment(wire.get("startSchedule")),
        minimum_rate=None if minimum is None else Decimal(str(minimum)),
    )


def read_moment(text: str | None) -> datetime | None:
    """Return a time of the wire in UTC; one without a zone is UTC. Raises ValueError."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
