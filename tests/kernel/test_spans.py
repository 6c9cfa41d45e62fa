# SPDX-License-Identifier: EUPL-1.2
"""Sets of spans against the plainest model there is: the set of minutes they cover."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.kernel.spans import Span, intersect, merge, subtract

ORIGIN = datetime(2027, 1, 4, tzinfo=UTC)


def span(start: int, end: int) -> Span:
    return Span(ORIGIN + timedelta(minutes=start), ORIGIN + timedelta(minutes=end))


def minutes(spans) -> set[int]:
    return {
        minute
        for each in spans
        for minute in range(
            round((each.start - ORIGIN) / timedelta(minutes=1)),
            round((each.end - ORIGIN) / timedelta(minutes=1)),
        )
    }


def is_tidy(spans: list[Span]) -> bool:
    """In order, and with a gap between any two: as few spans as the set allows."""
    return all(a.end < b.start for a, b in pairwise(spans))


one_span = st.builds(
    lambda start, length: span(start, start + length), st.integers(0, 40), st.integers(1, 12)
)
some_spans = st.lists(one_span, max_size=8)


@given(some_spans)
def test_merge_is_the_union_in_the_fewest_spans(spans):
    merged = merge(spans)
    assert minutes(merged) == minutes(spans)
    assert is_tidy(merged)


@given(some_spans, some_spans)
def test_intersect_keeps_the_minutes_of_both(left, right):
    common = intersect(left, right)
    assert minutes(common) == minutes(left) & minutes(right)
    assert is_tidy(common)
    assert common == intersect(right, left)


@given(some_spans, some_spans)
def test_subtract_keeps_the_minutes_of_the_first_alone(left, right):
    rest = subtract(left, right)
    assert minutes(rest) == minutes(left) - minutes(right)
    assert is_tidy(rest)


@given(some_spans, some_spans)
def test_what_is_taken_away_and_what_is_common_make_the_whole(left, right):
    assert merge(subtract(left, right) + intersect(left, right)) == merge(left)


@given(one_span, one_span)
def test_overlap_and_containment_are_those_of_minutes(a, b):
    assert a.overlaps(b) == bool(minutes([a]) & minutes([b])) == b.overlaps(a)
    assert a.contains(b) == (minutes([b]) <= minutes([a]))
    assert a.duration_s == 60 * len(minutes([a]))


def test_spans_that_touch_do_not_overlap_yet_merge():
    assert not span(0, 10).overlaps(span(10, 20))
    assert merge([span(10, 20), span(0, 10)]) == [span(0, 20)]


@pytest.mark.parametrize("end", [0, -1])
def test_a_span_ends_after_it_starts(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        span(0, end)
