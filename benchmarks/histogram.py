"""Latencies in logarithmic buckets: bounded memory, a known relative error, mergeable."""

import math
from collections.abc import Iterable, Mapping

_SUB_BUCKET_BITS = 8
_HALF = 1 << (_SUB_BUCKET_BITS - 1)

RELATIVE_ERROR_MAX = 1 / _HALF


class Histogram:
    """Counts of non-negative integers, in buckets at most 0.8 % wide.

    Values are microseconds everywhere in the benchmarks; below 256 they are exact.
    """

    __slots__ = ("_counts", "count", "max_value")

    def __init__(self) -> None:
        self._counts: list[int] = [0] * 4096
        self.count = 0
        self.max_value = 0

    def record(self, value: int) -> None:
        """Count one value; a value below zero is a broken clock and raises ValueError."""
        if value < 0:
            msg = f"a latency cannot be negative: {value}"
            raise ValueError(msg)
        exponent = value.bit_length() - _SUB_BUCKET_BITS
        index = value if exponent <= 0 else exponent * _HALF + (value >> exponent)
        self._counts[index] += 1
        self.count += 1
        self.max_value = max(self.max_value, value)

    def percentile(self, percent: float) -> int:
        """Return the highest value of the bucket that holds the given share of all values.

        Nearest rank, 0 < percent <= 100; raises ValueError when nothing was recorded.
        """
        if not 0 < percent <= 100:
            msg = f"a percentile lies in (0, 100]: {percent}"
            raise ValueError(msg)
        if self.count == 0:
            raise ValueError("an empty histogram has no percentiles")
        rank = math.ceil(self.count * percent / 100)
        seen = 0
        for index, count in enumerate(self._counts):
            seen += count
            if seen >= rank:
                return min(_bucket_top(index), self.max_value)
        raise AssertionError("the buckets hold fewer values than were counted")

    def merge(self, other: "Histogram") -> None:
        """Add the values of another histogram to this one."""
        for index, count in enumerate(other._counts):  # noqa: SLF001 - the same class
            self._counts[index] += count
        self.count += other.count
        self.max_value = max(self.max_value, other.max_value)

    def to_sparse(self) -> dict[int, int]:
        """Return bucket index -> count for the buckets that hold something."""
        return {index: count for index, count in enumerate(self._counts) if count}

    @classmethod
    def from_sparse(cls, buckets: Mapping[int, int], max_value: int) -> "Histogram":
        """Rebuild a histogram from `to_sparse` and its largest value."""
        histogram = cls()
        for index, count in buckets.items():
            histogram._counts[index] = count
            histogram.count += count
        histogram.max_value = max_value
        return histogram

    @classmethod
    def of(cls, values: Iterable[int]) -> "Histogram":
        """Return the histogram of the given values."""
        histogram = cls()
        for value in values:
            histogram.record(value)
        return histogram


def _bucket_top(index: int) -> int:
    if index < 2 * _HALF:
        return index
    exponent = index // _HALF - 1
    mantissa = index % _HALF + _HALF
    return ((mantissa + 1) << exponent) - 1
