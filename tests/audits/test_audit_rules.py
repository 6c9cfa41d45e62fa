# SPDX-License-Identifier: EUPL-1.2
"""The statistics: golden values of the method note, and what the intervals are worth."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.audits import rules


def test_jeffreys_golden():
    interval = rules.jeffreys_interval(3, 12)
    assert interval.low == pytest.approx(0.0759, abs=1e-4)
    assert interval.high == pytest.approx(0.5292, abs=1e-4)
    assert rules.probability_rate_below(0.35, 3, 12) == pytest.approx(0.7604, abs=1e-4)


@pytest.mark.parametrize(
    ("used", "weeks", "probability", "free"),
    [
        (0, 8, 0.9451, False),
        (0, 9, 0.9579, True),
        (0, 12, 0.9807, True),
        (1, 12, 0.8449, False),
        (1, 19, 0.9610, True),
        (2, 26, 0.9535, True),
    ],
)
def test_idle_window_goldens(used, weeks, probability, free):
    assert rules.probability_rate_below(0.20, used, weeks) == pytest.approx(probability, abs=1e-4)
    assert rules.is_free(used, weeks) is free


def test_weeks_still_needed():
    assert rules.weeks_still_needed(0, 0) == 9
    assert rules.weeks_still_needed(0, 8) == 1
    assert rules.weeks_still_needed(0, 9) == 0
    assert rules.weeks_still_needed(1, 12) == 6


@pytest.mark.parametrize(
    ("degrees", "quantile"), [(7, 2.3646), (11, 2.2010), (25, 2.0595), (51, 2.0076)]
)
def test_student_quantiles_of_the_tables(degrees, quantile):
    assert rules.student_quantile(0.975, degrees) == pytest.approx(quantile, abs=1e-4)


@given(st.floats(0.01, 0.99), st.floats(0.5, 60), st.floats(0.5, 60))
def test_beta_quantile_inverts_the_distribution(p, a, b):
    assert rules.beta_cdf(rules.beta_quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-9)


@given(st.floats(0.0, 1.0), st.floats(0.5, 60), st.floats(0.5, 60))
def test_beta_symmetry(x, a, b):
    assert rules.beta_cdf(x, a, b) == pytest.approx(1 - rules.beta_cdf(1 - x, b, a), abs=1e-9)


def test_cluster_ratio_by_hand():
    estimate = rules.cluster_ratio([(10, 40), (20, 40), (0, 0), (30, 40)])
    assert estimate is not None
    assert estimate.weeks == 3
    assert estimate.value == pytest.approx(0.5)
    assert estimate.standard_error == pytest.approx(math.sqrt((0.25**2 + 0 + 0.25**2) / 6))
    assert estimate.interval() is None, "eight weeks at least"


def test_certain_estimates_still_answer():
    certain = rules.Estimate(0.1, 0.0, 9)
    assert certain.probability_below(0.2) == 1.0
    assert certain.probability_below(0.1) == 0.0
    assert rules.cluster_ratio([(0, 0)]) is None


def test_worst_case_bounds():
    assert rules.worst_case(10, 20, 100) == rules.Interval(0.1, 0.3)
    assert rules.worst_case(0, 0, 0) is None


def test_weeks_cover_what_slots_taken_as_witnesses_do_not():
    """A week effect and two-hour uses: the cluster interval holds, the binomial one lies."""
    dice = random.Random(20260101)
    runs, clustered, naive = 400, 0, 0
    for _ in range(runs):
        weeks = [_simulated_week(dice) for _ in range(26)]
        interval = rules.cluster_ratio(weeks).interval()
        clustered += interval.low <= _TRUE_RATE <= interval.high
        used, seen = sum(k for k, _ in weeks), sum(d for _, d in weeks)
        rate = used / seen
        reach = 1.96 * math.sqrt(rate * (1 - rate) / (4 * seen))  # 15-minute slots
        naive += abs(rate - _TRUE_RATE) <= reach
    assert 0.91 <= clustered / runs <= 0.98
    assert naive / runs < 0.70


_WEEK_RATES = (0.15, 0.25, 0.35, 0.45, 0.55)
_TRUE_RATE = sum(_WEEK_RATES) / len(_WEEK_RATES)


def _simulated_week(dice: random.Random) -> tuple[int, int]:
    """Return used and observed hours of a week of 60 h, uses of two hours, some days missing."""
    rate = dice.choice(_WEEK_RATES)
    days = [day for day in range(5) if dice.random() > 0.3] or [0]
    used = sum(2 * (dice.random() < rate) for _day in days for _block in range(6))
    return used, 12 * len(days)
