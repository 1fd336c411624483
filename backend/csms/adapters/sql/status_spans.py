"""How long a connector stood in each status while its charger was online. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from csms.domain.billing.ports import StatusSpan

Interval = tuple[datetime, datetime]


def status_spans(
    reports: Sequence[tuple[datetime, str]],
    online: Iterable[Interval],
    *,
    started_at: datetime,
    stopped_at: datetime,
    until: datetime,
) -> tuple[StatusSpan, ...]:
    """Return the spans from `started_at` to `until`, in order, split at the Stop.

    `reports` are (moment, status), oldest first; the last one before the start says how it began.
    Time offline counts for no status, and neither does time before the first report.
    """
    connected = _merged(online)
    spans: list[StatusSpan] = []
    for number, (since, status) in enumerate(reports):
        is_last = number + 1 == len(reports)
        end = until if is_last else reports[number + 1][0]
        for low, high, is_after_stop in (
            (max(since, started_at), min(end, stopped_at), False),
            (max(since, stopped_at), min(end, until), True),
        ):
            seconds = _overlap_s(connected, low, high)
            if seconds > 0:
                spans.append(StatusSpan(status, seconds, is_after_stop))
    spans.sort(key=lambda span: span.is_after_stop)
    return tuple(spans)


def _overlap_s(connected: list[Interval], low: datetime, high: datetime) -> Decimal:
    total = Decimal(0)
    for since, to in connected:
        length = min(to, high) - max(since, low)
        if length.total_seconds() > 0:
            total += Decimal(length.days * 86400 + length.seconds) + Decimal(
                length.microseconds
            ).scaleb(-6)
    return total


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for since, to in sorted(intervals):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], to))
        else:
            merged.append((since, to))
    return merged
