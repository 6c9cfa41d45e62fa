# SPDX-License-Identifier: EUPL-1.2
"""A request's moment, its reference and the nearest times that would have been a yes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.bookings.rules import (
    GIVEN_TO_ANOTHER,
    HORIZON,
    LONGEST,
    REFERENCE_LETTERS,
    REFUSAL_REASONS,
    SHORTEST,
    check_moment,
    nearest_starts,
    reference_of,
)
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.ui.typography import typography_faults

NOW = datetime(2026, 12, 1, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALL = len(REFERENCE_LETTERS) ** 6

numbers = st.integers(0, ALL - 1)


def test_letters_that_cannot_be_misread():
    assert len(set(REFERENCE_LETTERS)) == len(REFERENCE_LETTERS) == 30
    assert not set(REFERENCE_LETTERS) & set("01ILOU")
    assert REFERENCE_LETTERS.isupper()


@given(numbers)
def test_a_reference_can_be_read_back(number):
    letters = reference_of(number).replace("-", "")
    read = sum(REFERENCE_LETTERS.index(letter) * 30**place for place, letter in enumerate(letters))
    assert read == number


@given(numbers, numbers)
def test_two_numbers_have_two_references(one, other):
    assert (reference_of(one) == reference_of(other)) is (one == other)


def test_a_reference_is_short_and_all_of_them_have_one_shape():
    assert reference_of(0) == "222-222"
    assert reference_of(ALL - 1) == "ZZZ-ZZZ"
    assert len(reference_of(12345)) == 7


def code_of(start: timedelta, length: timedelta) -> str | None:
    try:
        check_moment(Span(NOW + start, NOW + start + length), NOW)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("start", "length", "code"),
    [
        (timedelta(0), SHORTEST, None),
        (-SECOND, SHORTEST, "starts_in_past"),
        (timedelta(0), SHORTEST - SECOND, "too_short"),
        (timedelta(0), LONGEST, None),
        (timedelta(0), LONGEST + SECOND, "too_long"),
        (HORIZON, SHORTEST, None),
        (HORIZON + SECOND, SHORTEST, "too_far_ahead"),
        (-SECOND, SECOND, "starts_in_past"),  # the first fault in the order stated
        (HORIZON + SECOND, SECOND, "too_short"),
    ],
)
def test_the_edges_of_a_moment(start, length, code):
    assert code_of(start, length) == code


def test_reasons_have_codes_of_their_own_and_clean_french():
    reasons = [*REFUSAL_REASONS, GIVEN_TO_ANOTHER]
    assert len({reason.code for reason in reasons}) == len(reasons)
    for reason in reasons:
        assert typography_faults(reason.label) == []


def span(start: int, end: int) -> Span:
    return Span(NOW + start * MINUTE, NOW + end * MINUTE)


minute_spans = st.builds(
    lambda start, n: (start, start + n), st.integers(-60, 200), st.integers(1, 60)
)


@given(st.lists(minute_spans, max_size=6), minute_spans, st.integers(1, 4))
def test_nearest_starts_are_the_best_of_every_possible_start(free, wanted, most):
    spans, use = [span(*each) for each in free], span(*wanted)
    length = wanted[1] - wanted[0]
    found = nearest_starts(spans, use, NOW, most=most)
    # Every start, minute by minute, that leaves the whole use inside one free span and to come.
    possible = {
        start
        for low, high in free
        for start in range(max(low, 0), high - length + 1)
        if start + length <= high
    }
    assert len(found) <= most
    assert len(set(found)) == len(found)
    for each in found:
        assert (each.start - NOW) // MINUTE in possible
        assert each.end - each.start == use.end - use.start
    assert bool(found) is bool(possible)
    if possible:
        best = min(abs(start - wanted[0]) for start in possible)
        assert abs((found[0].start - use.start) // MINUTE) == best
    away = [abs(each.start - use.start) for each in found]
    assert away == sorted(away)


def test_one_start_is_proposed_from_each_free_span():
    free = [span(0, 100), span(200, 300)]
    assert nearest_starts(free, span(120, 150), NOW) == [span(70, 100), span(200, 230)]
    assert nearest_starts(free, span(120, 221), NOW) == []
    assert nearest_starts([span(0, 100), span(0, 100)], span(10, 20), NOW) == [span(10, 20)]
