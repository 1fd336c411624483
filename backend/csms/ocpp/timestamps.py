"""Times on the wire: reading what chargers send, writing what we send (OCPP 1.6 §3.14, §3.15)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

TIMESTAMP_LENGTH_MAX = 64
_PARSED_TIMES_KEPT = 8192


class TimeFlag(IntFlag):
    """What was unusual about a time; the last two are not RFC 3339 and need a leniency rule."""

    NONE = 0
    OFFSET = 1
    FRACTION_CUT = 2
    LOWER_CASE = 4
    LEAP_SECOND = 8
    MISSING_ZONE = 16
    ODD_FORMAT = 32


NOT_RFC_3339 = TimeFlag.MISSING_ZONE | TimeFlag.ODD_FORMAT


class ParsedTime(NamedTuple):
    """A time in UTC (microseconds; finer digits are cut) and what was unusual about its text."""

    at_utc: datetime
    flags: TimeFlag


class TimestampError(ValueError):
    """The text does not name a time."""


_RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_TOLERANT = re.compile(
    r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)[Tt_ ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII,
)


@lru_cache(maxsize=_PARSED_TIMES_KEPT)
def parse_timestamp(text: str) -> ParsedTime:
    """Read a time as chargers write it; a missing zone is read as UTC and flagged.

    Raises `TimestampError` when the text names no time. Source: OCPP 1.6 §3.15.
    """
    length = len(text)
    if (
        (length == 20 or (length == 24 and text[19] == "."))
        and text[-1] == "Z"
        and text[10] == "T"
        and text[13] == ":"
        and text[16] == ":"
        and text[7] == "-"
        and text[17] != "6"
    ):
        try:
            return ParsedTime(datetime.fromisoformat(text), TimeFlag.NONE)
        except ValueError as error:
            raise TimestampError(f"not a time: {text!r}") from error
    if length > TIMESTAMP_LENGTH_MAX:
        raise TimestampError(f"{length} characters are too many for a time")
    flags = TimeFlag.NONE
    match = _RFC_3339.fullmatch(text)
    if match is None:
        match = _TOLERANT.fullmatch(text.strip())
        if match is None:
            raise TimestampError(f"not a time: {text!r}")
        flags = _flags_of_odd(text, match)
    return _assemble(text, match, flags)


def is_rfc_3339(text: str) -> bool:
    """Whether the text is a time that needs no leniency: RFC 3339 with a zone."""
    try:
        flags = parse_timestamp(text).flags
    except TimestampError:
        return False
    return flags is TimeFlag.NONE or not flags & NOT_RFC_3339


def format_timestamp(at: datetime) -> str:
    """Write an aware time in UTC, ending in `Z`, with milliseconds only where there are some.

    Raises `ValueError` for a time without a zone. Source: OCPP 1.6 §3.15.
    """
    if at.tzinfo is None:
        raise ValueError("a time on the wire needs a zone")
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    timespec = "milliseconds" if at.microsecond >= 1000 else "seconds"
    return at.isoformat(timespec=timespec)[:-6] + "Z"


def _flags_of_odd(text: str, match: re.Match[str]) -> TimeFlag:
    if match[8] is not None:
        return TimeFlag.ODD_FORMAT
    with_zone = _RFC_3339.fullmatch(text + "Z")
    return TimeFlag.MISSING_ZONE | (TimeFlag.ODD_FORMAT if with_zone is None else TimeFlag.NONE)


def _assemble(text: str, match: re.Match[str], flags: TimeFlag) -> ParsedTime:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    extra = timedelta()
    fraction = fraction or ""
    if len(fraction) > 6:
        flags |= TimeFlag.FRACTION_CUT
    if "t" in text or "z" in text:
        flags |= TimeFlag.LOWER_CASE
    if second == "60":
        flags |= TimeFlag.LEAP_SECOND
        second, extra = "59", timedelta(seconds=1)
    offset = _offset_of(zone)
    if offset:
        flags |= TimeFlag.OFFSET
    try:
        at = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            int(fraction[:6].ljust(6, "0")),
            tzinfo=timezone(offset),
        )
        return ParsedTime((at + extra).astimezone(UTC), flags)
    except (ValueError, OverflowError) as error:
        raise TimestampError(f"not a time: {text!r}") from error


def _offset_of(zone: str | None) -> timedelta:
    if zone is None or zone[0] not in "+-":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise TimestampError(f"not an offset: {zone!r}")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset
