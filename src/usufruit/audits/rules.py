# SPDX-License-Identifier: EUPL-1.2
"""The statistics of an audit, whatever the evidence: estimates, intervals and what they allow.

The unit of evidence is the week: minutes of one afternoon are no independent witnesses. Estimators
E1 to E3 of the method note: Jeffreys for one hour of the week, cluster ratio over weeks for the
whole, worst-case bounds for what is missing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

CONFIDENCE = 0.95
MIN_WEEKS_FOR_INTERVAL = 8
MIN_COVERAGE_FOR_VALUE = 0.5
ESTABLISHED_COVERAGE = 0.8

FREE_RATE = 0.20
FREE_PROBABILITY = 0.95

_TINY = 1e-300
_PRECISION = 1e-15


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of a quantity."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio of sums over weeks.

    Attributes:
        value: Σ numerators ÷ Σ denominators.
        standard_error: linearised, between weeks; 0 when all weeks agree.
        weeks: number of weeks with a denominator.
    """

    value: float
    standard_error: float
    weeks: int

    def interval(self) -> Interval | None:
        """Return the 95 % Student interval over weeks; None under eight weeks."""
        if self.weeks < MIN_WEEKS_FOR_INTERVAL:
            return None
        reach = student_quantile(0.5 + CONFIDENCE / 2, self.weeks - 1) * self.standard_error
        return Interval(self.value - reach, self.value + reach)

    def probability_below(self, threshold: float) -> float | None:
        """Return P(true ratio < threshold); None under eight weeks."""
        if self.weeks < MIN_WEEKS_FOR_INTERVAL:
            return None
        if self.standard_error == 0:
            return 1.0 if self.value < threshold else 0.0
        return student_cdf((threshold - self.value) / self.standard_error, self.weeks - 1)


def cluster_ratio(weeks: Sequence[tuple[float, float]]) -> Estimate | None:
    """Estimate a ratio from weekly (numerator, denominator) pairs; None when nothing was observed.

    ``F = Σk/Σd``, residual ``e = (k − F·d)/d̄``, ``se = sqrt(Σe²/(n(n−1)))`` over weeks with d > 0.
    """
    observed = [(k, d) for k, d in weeks if d > 0]
    if not observed:
        return None
    n = len(observed)
    total_d = math.fsum(d for _, d in observed)
    value = math.fsum(k for k, _ in observed) / total_d
    if n == 1:
        return Estimate(value, 0.0, 1)
    mean_d = total_d / n
    squares = math.fsum(((k - value * d) / mean_d) ** 2 for k, d in observed)
    return Estimate(value, math.sqrt(squares / (n * (n - 1))), n)


def quotient(top: Estimate, bottom: Estimate) -> Estimate | None:
    """Return the ratio of two independent estimates, its error by the delta method.

    The smaller number of weeks decides the degrees of freedom. None when the bottom is zero.
    """
    if bottom.value == 0:
        return None
    value = top.value / bottom.value
    relative = math.hypot(
        top.standard_error / top.value if top.value else 0.0,
        bottom.standard_error / bottom.value,
    )
    return Estimate(value, abs(value) * relative, min(top.weeks, bottom.weeks))


def clip_ratio(interval: Interval) -> Interval:
    """Keep an interval of a share inside [0, 1]."""
    return Interval(min(max(interval.low, 0.0), 1.0), min(max(interval.high, 0.0), 1.0))


def worst_case(used: float, unknown: float, available: float) -> Interval | None:
    """Return the share used if everything unknown were idle, then used (Manski bounds).

    None when nothing is available.
    """
    if available <= 0:
        return None
    return Interval(used / available, (used + unknown) / available)


@cache
def probability_rate_below(rate: float, used: int, observed: int) -> float:
    """Return P(θ ≤ rate) after ``used`` weeks in ``observed``, prior Beta(½, ½) (Jeffreys)."""
    return beta_cdf(rate, used + 0.5, observed - used + 0.5)


@cache
def jeffreys_interval(used: int, observed: int) -> Interval:
    """Return the equal-tailed 95 % credible interval of a weekly rate of use."""
    tail = (1 - CONFIDENCE) / 2
    a, b = used + 0.5, observed - used + 0.5
    return Interval(beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b))


def is_free(used: int, observed: int) -> bool:
    """Tell whether an hour of the week is idle with confidence: P(θ ≤ 0.20) ≥ 0.95.

    The mean of 1 − P over any set of such hours is then at most 5 %: the false discovery rate is
    held without further correction.
    """
    return probability_rate_below(FREE_RATE, used, observed) >= FREE_PROBABILITY


def weeks_still_needed(used: int, observed: int) -> int:
    """Return the clean weeks an hour of the week still needs to be declared idle; 0 when it is."""
    more = 0
    while not is_free(used, observed + more):
        more += 1
    return more


# --- distributions, without a numerical library -------------------------------------------------


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), for a, b > 0."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1.0 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function (modified Lentz)."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    fraction = d
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + term / c
            c = c if abs(c) > _TINY else _TINY
            fraction *= d * c
        if abs(d * c - 1.0) < _PRECISION:
            break
    return fraction


def beta_quantile(p: float, a: float, b: float) -> float:
    """Return x such that I_x(a, b) = p."""
    return _invert(lambda x: beta_cdf(x, a, b), p, 0.0, 1.0)


def student_cdf(t: float, degrees: int) -> float:
    """Return P(T ≤ t) of Student's distribution."""
    tail = 0.5 * beta_cdf(degrees / (degrees + t * t), degrees / 2, 0.5)
    return 1.0 - tail if t > 0 else tail


@cache
def student_quantile(p: float, degrees: int) -> float:
    """Return t such that P(T ≤ t) = p, for 0 < p < 1."""
    reach = 1.0
    while student_cdf(reach, degrees) < max(p, 1 - p):
        reach *= 2
    return _invert(lambda t: student_cdf(t, degrees), p, -reach, reach)


def _invert(rising: Callable[[float], float], p: float, low: float, high: float) -> float:
    """Find where a rising function reaches p, by halving."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if rising(middle) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2
