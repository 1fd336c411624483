"""Charging profiles: storing, clearing and what they allow (OCPP 1.6 §3.13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from math import ceil
from typing import Any

from csms_simulator.clock import parse_timestamp
from csms_simulator.metering import VOLTAGE_V
from csms_simulator.ocpp16 import Payload

PHASES_DEFAULT = 3
DAY_S = 86_400
RECURRENCE_S = {"Daily": DAY_S, "Weekly": 7 * DAY_S}


@dataclass(frozen=True, slots=True)
class InstalledProfile:
    """A csChargingProfiles object as received, with the connector that it was set on."""

    connector_id: int
    profile: Payload

    @property
    def purpose(self) -> str:
        """ChargePointMaxProfile, TxDefaultProfile or TxProfile."""
        return str(self.profile["chargingProfilePurpose"])

    @property
    def stack_level(self) -> int:
        """Precedence among profiles of one purpose, the highest wins."""
        return int(self.profile["stackLevel"])

    def limit_w(self, moment: datetime, started_at: datetime) -> float | None:
        """The power allowed at this moment, None where the profile says nothing."""
        profile = self.profile
        if "validFrom" in profile and moment < parse_timestamp(profile["validFrom"]):
            return None
        if "validTo" in profile and moment >= parse_timestamp(profile["validTo"]):
            return None
        schedule = profile["chargingSchedule"]
        offset_s = _offset_s(profile, schedule, moment, started_at)
        duration_s = schedule.get("duration")
        if offset_s < 0 or (duration_s is not None and offset_s >= duration_s):
            return None
        periods = [p for p in schedule["chargingSchedulePeriod"] if p["startPeriod"] <= offset_s]
        if not periods:
            return None
        return _watts(max(periods, key=_start_period), schedule["chargingRateUnit"])


def _start_period(period: dict[str, Any]) -> int:
    return int(period["startPeriod"])


def _offset_s(profile: Payload, schedule: Payload, moment: datetime, started_at: datetime) -> float:
    kind = profile["chargingProfileKind"]
    if kind == "Relative" or "startSchedule" not in schedule:
        return (moment - started_at).total_seconds()
    offset_s = (moment - parse_timestamp(schedule["startSchedule"])).total_seconds()
    if kind == "Recurring" and offset_s >= 0:
        return offset_s % RECURRENCE_S[profile.get("recurrencyKind", "Daily")]
    return offset_s


def _watts(period: dict[str, Any], unit: str) -> float:
    limit = float(period["limit"])
    if unit == "W":
        return limit
    return limit * VOLTAGE_V * int(period.get("numberPhases", PHASES_DEFAULT))


@dataclass(frozen=True, slots=True)
class Outlet:
    """What a composite schedule has to know of an outlet; `started_at` of its transaction."""

    connector_id: int
    started_at: datetime | None
    power_max_w: float


class ChargingProfiles:
    """All profiles of one charger; they persist over reboots (OCPP 1.6 errata §3.37)."""

    def __init__(self, *, installed_max: int, stack_level_max: int) -> None:
        self._installed_max = installed_max
        self._stack_level_max = stack_level_max
        self._installed: list[InstalledProfile] = []

    @property
    def installed(self) -> list[InstalledProfile]:
        """A copy of what is stored."""
        return list(self._installed)

    def install(self, connector_id: int, profile: Payload, transaction_id: int | None) -> str:
        """Store a profile and return its ChargingProfileStatus (OCPP 1.6 §5.16).

        `transaction_id` is that of the transaction now open on the connector, None without one.
        """
        new = InstalledProfile(connector_id, profile)
        if not self._is_acceptable(new, transaction_id):
            return "Rejected"
        kept = [old for old in self._installed if not _is_replaced(old, new)]
        if len(kept) >= self._installed_max:
            return "Rejected"
        self._installed = [*kept, new]
        return "Accepted"

    def _is_acceptable(self, new: InstalledProfile, transaction_id: int | None) -> bool:
        if new.stack_level > self._stack_level_max:
            return False
        if new.purpose == "ChargePointMaxProfile":
            return new.connector_id == 0
        if new.purpose == "TxProfile":
            wanted = new.profile.get("transactionId", transaction_id)
            return new.connector_id > 0 and transaction_id is not None and wanted == transaction_id
        return True

    def clear(self, request: Payload) -> str:
        """Remove what fits all given members; Accepted or Unknown (OCPP 1.6 §5.5)."""
        kept = [old for old in self._installed if not _fits(old, request)]
        status = "Accepted" if len(kept) < len(self._installed) else "Unknown"
        self._installed = kept
        return status

    def end_transaction(self, connector_id: int) -> None:
        """Drop the TxProfiles of a connector whose transaction ended."""
        self._installed = [
            old
            for old in self._installed
            if not (old.purpose == "TxProfile" and old.connector_id == connector_id)
        ]

    def limit_w(
        self,
        connector_id: int,
        moment: datetime,
        started_at: datetime | None,
        would_begin_at: datetime | None = None,
    ) -> float | None:
        """The power that the profiles allow a connector at this moment, None without a limit."""
        began = started_at or would_begin_at or moment
        whole = self._ruling("ChargePointMaxProfile", {0}, moment, began)
        own = (
            self._ruling("TxProfile", {connector_id}, moment, began)
            if started_at is not None
            else None
        )
        if own is None:
            own = self._default_limit_w(connector_id, moment, began)
        limits = [limit for limit in (whole, own) if limit is not None]
        return min(limits) if limits else None

    def _default_limit_w(
        self, connector_id: int, moment: datetime, began: datetime
    ) -> float | None:
        """Its own default profiles, and those of connector 0 on levels where it has none."""
        defaults = [p for p in self._installed if p.purpose == "TxDefaultProfile"]
        levels = {p.stack_level for p in defaults if p.connector_id == connector_id}
        for old in sorted(defaults, key=lambda p: p.stack_level, reverse=True):
            is_shared = old.connector_id == 0 and old.stack_level not in levels
            if old.connector_id == connector_id or is_shared:
                limit_w = old.limit_w(moment, began)
                if limit_w is not None:
                    return limit_w
        return None

    def _ruling(
        self, purpose: str, connector_ids: Iterable[int], moment: datetime, started_at: datetime
    ) -> float | None:
        for old in sorted(self._installed, key=lambda p: p.stack_level, reverse=True):
            if old.purpose == purpose and old.connector_id in connector_ids:
                limit_w = old.limit_w(moment, started_at)
                if limit_w is not None:
                    return limit_w
        return None

    def composite(
        self,
        connector_id: int,
        duration_s: int,
        unit: str,
        now: datetime,
        outlets: Sequence[Outlet],
    ) -> Payload:
        """The chargingSchedule that results over the next seconds (OCPP 1.6 §5.7).

        Connector 0 asks for what its outlets may take together (errata §3.30).
        """
        periods: list[dict[str, Any]] = []
        for offset_s in self._change_points(now, outlets, duration_s):
            limit_w = self._together_w(connector_id, now, offset_s, outlets)
            limit = limit_w if unit == "W" else limit_w / VOLTAGE_V / PHASES_DEFAULT
            period = {"startPeriod": offset_s, "limit": round(limit, 1)}
            if not periods or periods[-1]["limit"] != period["limit"]:
                periods.append(period)
        return {
            "duration": duration_s,
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": periods,
        }

    def _together_w(
        self, connector_id: int, now: datetime, offset_s: int, outlets: Sequence[Outlet]
    ) -> float:
        moment = now + timedelta(seconds=offset_s)
        total_w = 0.0
        for outlet in outlets:
            began = outlet.started_at or now
            allowed_w = self.limit_w(outlet.connector_id, moment, outlet.started_at, began)
            total_w += (
                outlet.power_max_w if allowed_w is None else min(allowed_w, outlet.power_max_w)
            )
        whole_w = self._ruling("ChargePointMaxProfile", {0}, moment, now)
        return total_w if connector_id or whole_w is None else min(total_w, whole_w)

    def _change_points(
        self, now: datetime, outlets: Sequence[Outlet], duration_s: int
    ) -> list[int]:
        points = {0}
        begins = {now, *(outlet.started_at or now for outlet in outlets)}
        for installed, began in product(self._installed, begins):
            schedule = installed.profile["chargingSchedule"]
            offset_s = _offset_s(installed.profile, schedule, now, began)
            edges = [p["startPeriod"] for p in schedule["chargingSchedulePeriod"]]
            edges.append(schedule.get("duration", 0))
            repeat_s = DAY_S if installed.profile["chargingProfileKind"] == "Recurring" else None
            for edge in edges:
                at_s = ceil(edge - offset_s)
                points.add(at_s)
                while repeat_s is not None and at_s < duration_s:
                    at_s += repeat_s
                    points.add(at_s)
            for name in ("validFrom", "validTo"):
                if name in installed.profile:
                    moment = parse_timestamp(installed.profile[name])
                    points.add(ceil((moment - now).total_seconds()))
        return sorted(point for point in points if 0 <= point < max(1, duration_s))


def _is_replaced(old: InstalledProfile, new: InstalledProfile) -> bool:
    if old.profile["chargingProfileId"] == new.profile["chargingProfileId"]:
        return True
    return (old.connector_id, old.purpose, old.stack_level) == (
        new.connector_id,
        new.purpose,
        new.stack_level,
    )


def _fits(old: InstalledProfile, request: Payload) -> bool:
    facts = {
        "id": old.profile["chargingProfileId"],
        "connectorId": old.connector_id,
        "chargingProfilePurpose": old.purpose,
        "stackLevel": old.stack_level,
    }
    return all(facts[name] == value for name, value in request.items() if name in facts)
