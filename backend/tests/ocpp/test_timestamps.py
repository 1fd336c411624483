"""Times as chargers write them and as we do (OCPP 1.6 §3.15)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.ocpp.timestamps import (
    TimeFlag,
    TimestampError,
    format_timestamp,
    is_rfc_3339,
    parse_timestamp,
)

pytestmark = pytest.mark.unit

NOON = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
F = TimeFlag


@pytest.mark.parametrize(
    ("text", "at", "flags"),
    [
        ("2024-05-01T12:00:00Z", NOON, F.NONE),
        ("2024-05-01T12:00:00.250Z", NOON + timedelta(milliseconds=250), F.NONE),
        ("2024-05-01T12:00:00.5Z", NOON + timedelta(milliseconds=500), F.NONE),
        ("2024-05-01T12:00:00.1234567891Z", NOON + timedelta(microseconds=123456), F.FRACTION_CUT),
        ("2024-05-01T14:00:00+02:00", NOON, F.OFFSET),
        ("2024-05-01T06:30:00-05:30", NOON, F.OFFSET),
        ("2024-05-01T12:00:00+00:00", NOON, F.NONE),
        ("2024-05-01t12:00:00z", NOON, F.LOWER_CASE),
        ("2024-05-01T11:59:60Z", NOON, F.LEAP_SECOND),
        ("2024-05-01T12:00:00", NOON, F.MISSING_ZONE),
        ("2024-05-01T12:00:00.000", NOON, F.MISSING_ZONE),
        ("2024-05-01 12:00:00Z", NOON, F.ODD_FORMAT),
        ("2024-05-01 12:00:00", NOON, F.ODD_FORMAT | F.MISSING_ZONE),
        ("2024/05/01 12:00:00Z", NOON, F.ODD_FORMAT),
        ("20240501T120000Z", NOON, F.ODD_FORMAT),
        ("2024-05-01T14:00:00+0200", NOON, F.ODD_FORMAT | F.OFFSET),
        ("2024-05-01T14:00:00 +02", NOON, F.ODD_FORMAT | F.OFFSET),
        ("2024-05-01T12:00Z", NOON, F.ODD_FORMAT),
        ("2024-05-01T12:00:00,250Z", NOON + timedelta(milliseconds=250), F.ODD_FORMAT),
        (" 2024-05-01T12:00:00 UTC ", NOON, F.ODD_FORMAT),
    ],
)
def test_a_time_is_understood_and_its_oddness_flagged(
    text: str, at: datetime, flags: TimeFlag
) -> None:
    parsed = parse_timestamp(text)
    assert parsed.at_utc == at
    assert parsed.at_utc.utcoffset() == timedelta()
    assert parsed.flags == flags
    assert is_rfc_3339(text) is not bool(flags & (F.MISSING_ZONE | F.ODD_FORMAT))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-05-01",
        "2024-13-01T12:00:00Z",
        "2024-02-30T12:00:00Z",
        "2024-W01-1T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:60Z",
        "2024-05-01T12:00:00+24:00",
        "2024-05-01T12:00:00+02:60",
        "2024-05-01T25:00:00Z",
        "٢٠٢٤-05-01T12:00:00Z",
        "2024-05-01T12:00:00Z" + " " * 100,
        "1714564800",
    ],
)
def test_what_names_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimestampError):
        parse_timestamp(text)
    assert not is_rfc_3339(text)


def test_a_written_time_ends_in_z_with_at_most_milliseconds() -> None:
    assert format_timestamp(NOON) == "2024-05-01T12:00:00Z"
    assert format_timestamp(NOON.replace(microsecond=999)) == "2024-05-01T12:00:00Z"
    assert format_timestamp(NOON.replace(microsecond=250_999)) == "2024-05-01T12:00:00.250Z"
    cet = timezone(timedelta(hours=2))
    assert format_timestamp(NOON.astimezone(cet)) == "2024-05-01T12:00:00Z"
    with pytest.raises(ValueError, match="zone"):
        format_timestamp(NOON.replace(tzinfo=None))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_written_time_is_read_back_to_the_millisecond(at: datetime) -> None:
    parsed = parse_timestamp(format_timestamp(at))
    assert parsed == (at.replace(microsecond=at.microsecond // 1000 * 1000), F.NONE)


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:?\d\d)?"))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parsed = parse_timestamp(text)
    except TimestampError:
        return
    assert parsed.at_utc.tzinfo is UTC
