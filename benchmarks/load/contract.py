"""What the orchestrating process and a generator process say to each other, as JSON lines."""

from typing import Literal

import msgspec

from benchmarks.histogram import Histogram
from benchmarks.load.http import HttpRequest

Mode = Literal["closed", "open", "storm", "answering", "http"]


class LoadSpec(msgspec.Struct, frozen=True):
    """One generator's orders: which chargers, which load, how long.

    `url` is the address before the charge point id, without a trailing slash; times are seconds.
    Mode `answering` only answers the server's calls; mode `http` sends `requests` with `headers`,
    `count` at a time.
    """

    url: str
    chargers_csv: str
    first: int
    count: int
    mode: Mode
    duration_s: float
    warmup_s: float = 2.0
    rate_per_s: float = 0.0
    transaction_share: float = 0.5
    answer_timeout_s: float = 20.0
    connect_concurrency: int = 200
    headers: dict[str, str] = {}
    requests: list[HttpRequest] = []


class StartOrder(msgspec.Struct, frozen=True, tag="start", tag_field="event"):
    """Begin the load at this reading of the monotonic clock, in seconds."""

    at_s: float


class StopOrder(msgspec.Struct, frozen=True, tag="stop", tag_field="event"):
    """Close the connections and end the process."""


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="event"):
    """All chargers stand where the load begins."""

    connected: int


class Progress(msgspec.Struct, frozen=True, tag="progress", tag_field="event"):
    """Answers so far, for the person who watches."""

    answered: int


class Latency(msgspec.Struct):
    """A histogram of microseconds on its way between two processes."""

    buckets: dict[int, int] = {}
    max_us: int = 0

    @classmethod
    def of(cls, histogram: Histogram) -> "Latency":
        """Pack a histogram."""
        return cls(histogram.to_sparse(), histogram.max_value)

    def histogram(self) -> Histogram:
        """Unpack the histogram."""
        return Histogram.from_sparse(self.buckets, self.max_us)


class LoadResult(msgspec.Struct, tag="result", tag_field="event"):
    """What one generator saw; `answered` counts the measurement window only.

    `lost` are calls without an answer when the drain ended, `wrong` answers that were no
    CALLRESULT with the id of the open call, `disconnected` connections that ended early;
    `unserved` are calls an open loop had to leave unsent because the server did not keep up.
    """

    window_s: float = 0.0
    answered: int = 0
    by_action: dict[str, int] = {}
    sent_total: int = 0
    answered_total: int = 0
    wrong: int = 0
    lost: int = 0
    disconnected: int = 0
    retries: int = 0
    unserved: int = 0
    server_calls: int = 0
    examples: list[str] = []
    latency: Latency = msgspec.field(default_factory=Latency)
    lateness: Latency = msgspec.field(default_factory=Latency)

    @property
    def error_count(self) -> int:
        """Everything that makes the run invalid."""
        return self.wrong + self.lost + self.disconnected


class Failure(msgspec.Struct, frozen=True, tag="failure", tag_field="event"):
    """The generator could not do what it was asked."""

    reason: str


FromGenerator = Ready | Progress | LoadResult | Failure
ToGenerator = StartOrder | StopOrder


def merge_results(results: list[LoadResult]) -> LoadResult:
    """Add up what several generators saw in the same window."""
    total = LoadResult(window_s=max(result.window_s for result in results))
    latency, lateness = Histogram(), Histogram()
    for result in results:
        total.answered += result.answered
        total.sent_total += result.sent_total
        total.answered_total += result.answered_total
        total.wrong += result.wrong
        total.lost += result.lost
        total.disconnected += result.disconnected
        total.retries += result.retries
        total.unserved += result.unserved
        total.server_calls += result.server_calls
        total.examples = (total.examples + result.examples)[:5]
        for action, count in result.by_action.items():
            total.by_action[action] = total.by_action.get(action, 0) + count
        latency.merge(result.latency.histogram())
        lateness.merge(result.lateness.histogram())
    total.latency, total.lateness = Latency.of(latency), Latency.of(lateness)
    return total
