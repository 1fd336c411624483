"""The histogram against exact percentiles of the same values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.histogram import RELATIVE_ERROR_MAX, Histogram

pytestmark = pytest.mark.unit

values = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=300)


@given(values=values, percent=st.floats(min_value=0.1, max_value=100))
def test_percentile_is_the_nearest_rank_within_the_stated_error(
    values: list[int], percent: float
) -> None:
    exact = sorted(values)[math.ceil(len(values) * percent / 100) - 1]
    measured = Histogram.of(values).percentile(percent)
    assert exact <= measured <= exact + math.ceil(exact * RELATIVE_ERROR_MAX)


def test_small_values_are_exact() -> None:
    histogram = Histogram.of(range(1, 101))
    assert [histogram.percentile(p) for p in (1, 50, 90, 99, 99.9, 100)] == [
        1,
        50,
        90,
        99,
        100,
        100,
    ]


def test_highest_percentile_is_never_above_the_largest_value() -> None:
    histogram = Histogram.of([100_000, 1_000_003])
    assert histogram.percentile(100) == histogram.max_value == 1_000_003


@given(left=values, right=values)
def test_merging_equals_recording_everything_in_one(left: list[int], right: list[int]) -> None:
    merged = Histogram.of(left)
    merged.merge(Histogram.of(right))
    whole = Histogram.of(left + right)
    assert merged.to_sparse() == whole.to_sparse()
    assert (merged.count, merged.max_value) == (whole.count, whole.max_value)


@given(values=values)
def test_sparse_form_brings_back_the_same_histogram(values: list[int]) -> None:
    histogram = Histogram.of(values)
    again = Histogram.from_sparse(histogram.to_sparse(), histogram.max_value)
    assert again.percentile(99) == histogram.percentile(99)
    assert again.count == len(values)


def test_negative_latency_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        Histogram().record(-1)


def test_empty_histogram_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="empty"):
        Histogram().percentile(50)


@pytest.mark.parametrize("percent", [0, -1, 100.1])
def test_percentile_outside_its_range_is_an_error(percent: float) -> None:
    with pytest.raises(ValueError, match="percentile lies in"):
        Histogram.of([1]).percentile(percent)
