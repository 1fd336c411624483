"""A charger's time of an event, repaired where its clock cannot be right (OCPP 1.6 §3.14, §3.15)."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from csms.ocpp.leniency import Repair
from csms.ocpp.timestamps import parse_timestamp

CLOCK_SET_SINCE: Final = datetime(2010, 1, 1, tzinfo=UTC)
"""No charger with OCPP existed before: an earlier time is a clock that was never set."""
AHEAD_MAX: Final = timedelta(minutes=5)

_TIME_RULES: Final = frozenset(
    {"missing-zone", "timestamp-format", "epoch-timestamp", "unreadable-timestamp"}
)


class ChargerTime(msgspec.Struct, frozen=True, gc=False):
    """`at` is what we work with, `as_sent` what the charger wrote, `note` what is odd about it.

    Notes: `clock_unset`, `clock_ahead` (both replaced by the time of receipt), `zone_missing`,
    `respelled`.
    """

    at: datetime
    as_sent: str
    note: str | None = None


def read_time(
    text: str, path: str, repairs: tuple[Repair, ...], received_at: datetime
) -> ChargerTime:
    """Return the time of the member at `path`, whose text has passed the codec."""
    at = parse_timestamp(text).at_utc
    as_sent, note = text, None
    for repair in repairs:
        if repair.path == path and repair.rule in _TIME_RULES:
            as_sent = str(repair.raw)
            note = "zone_missing" if repair.rule == "missing-zone" else "respelled"
    if at < CLOCK_SET_SINCE:
        return ChargerTime(received_at, as_sent, "clock_unset")
    if at > received_at + AHEAD_MAX:
        return ChargerTime(received_at, as_sent, "clock_ahead")
    return ChargerTime(at, as_sent, note)
