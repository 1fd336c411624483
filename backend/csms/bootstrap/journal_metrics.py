"""What the journal stores, counted for Prometheus: messages, answering times, commits."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from csms.kernel.clock import Clock
from csms.kernel.journal import JournalEntry

ANSWER_BOUNDS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20)
COMMIT_BOUNDS_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
BATCH_BOUNDS: Final = (1, 2, 5, 10, 20, 50, 100, 200)


class Buckets:
    """A histogram of plain numbers: one addition for each value."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        """Count one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def family(self, name: str, documentation: str) -> HistogramMetricFamily:
        """Return what Prometheus reads: cumulative counts by upper bound."""
        bounds = [*(str(float(bound)) for bound in self._bounds), "+Inf"]
        counts = [float(count) for count in accumulate(self._counts)]
        pairs = list(zip(bounds, counts, strict=True))
        return HistogramMetricFamily(name, documentation, buckets=pairs, sum_value=self._sum)


class JournalMetrics:
    """A JournalObserver whose counts become metrics when they are asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._messages: Counter[tuple[str, str, str]] = Counter()
        self._answers = Buckets(ANSWER_BOUNDS_S)
        self._commits = Buckets(COMMIT_BOUNDS_S)
        self._batches = Buckets(BATCH_BOUNDS)

    def committed(self, entries: Sequence[JournalEntry], seconds: float) -> None:
        """Count one commit and what was in it."""
        self._commits.add(seconds)
        self._batches.add(len(entries))
        now = self._clock.now()
        for entry in entries:
            message = entry.message
            if message is None:
                continue
            # A charger chooses its action's name; only the known ones may become labels.
            action = message.action if message.outcome == "answered" and message.action else ""
            self._messages[message.direction, action, message.outcome] += 1
            if message.direction == "IN" and message.answered_at is not None:
                self._answers.add((now - message.received_at).total_seconds())

    def families(self) -> Iterator[Metric]:
        """Return all of it as metrics."""
        messages = CounterMetricFamily(
            "csms_ocpp_messages",
            "Exchanges with chargers that are stored, by direction of the request.",
            labels=("direction", "action", "outcome"),
        )
        for labels, count in sorted(self._messages.items()):
            messages.add_metric(labels, count)
        yield messages
        yield self._answers.family(
            "csms_ocpp_commit_delay_seconds",
            "From the receipt of a charger's request to the commit that its answer waits for.",
        )
        yield self._commits.family(
            "csms_journal_commit_seconds", "How long one commit of the journal took."
        )
        yield self._batches.family(
            "csms_journal_batch_entries", "How many entries one commit of the journal held."
        )
