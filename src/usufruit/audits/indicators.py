# SPDX-License-Identifier: EUPL-1.2
"""The indicators: one name, one definition, one function each.

A function returns None when the name does not apply to the evidence (it is then absent), and an
``Indicator`` without value, with a reason, when the value cannot be known.
"""

from collections.abc import Callable
from dataclasses import dataclass

from usufruit.audits import rules
from usufruit.audits.measures import AssetMeasures, LedgerWeek, MeterWeek

HOUR_S = 3600
MICRO = 1_000_000
MILLI = 1_000

LOW_COVERAGE = "Moins de la moitié du temps est connue\u00a0: seules les bornes ont un sens."


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure with its proof.

    Attributes:
        value: numerator ÷ denominator for a ratio, the numerator for a total; None when unknown.
        coverage_ratio: known share of the time it speaks of; None when that has no sense.
        low: lower end of the 95 % interval over weeks or, under eight weeks, of the worst case.
        high: upper end of the same.
        estimate: the estimate the verdict reads; None under eight weeks or without one.
        worst: share if all unknown time were idle, then used; None when that has no sense.
        reason: French sentence that says why the value is unknown.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    coverage_ratio: float | None
    low: float | None = None
    high: float | None = None
    estimate: rules.Estimate | None = None
    worst: rules.Interval | None = None
    reason: str = ""


Compute = Callable[[AssetMeasures, int], Indicator | None]


@dataclass(frozen=True)
class Definition:
    """What an indicator means.

    Attributes:
        label: French name.
        unit: h, kWh, km or ratio (a number without unit).
        formula: French formula, printed in the report.
        compute: from the measures and the seconds of the compared period (0 without one).
    """

    name: str
    label: str
    unit: str
    formula: str
    compute: Compute


INDICATORS: dict[str, Definition] = {}


def indicator(name: str, label: str, unit: str, formula: str) -> Callable[[Compute], Compute]:
    """Register the function that computes an indicator."""

    def register(compute: Compute) -> Compute:
        INDICATORS[name] = Definition(name, label, unit, formula, compute)
        return compute

    return register


def compute_all(measures: AssetMeasures, compare_s: int) -> dict[str, Indicator]:
    """Return the indicators that apply to an asset, by name."""
    found = {name: one.compute(measures, compare_s) for name, one in INDICATORS.items()}
    return {name: one for name, one in found.items() if one is not None}


def coverage(ledger: LedgerWeek) -> float | None:
    """Return the known share of the available time; None when nothing is available."""
    return ledger.known_s / ledger.available_s if ledger.available_s else None


# --- totals --------------------------------------------------------------------------------------


@indicator("use_h", "Heures d’usage", "h", "heures ouvertes pendant lesquelles le bien sert")
def use_h(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the hours used: counted, or declared; never deduced from bookings."""
    ledger, evidence = measures.ledger, measures.evidence
    if evidence == "reserved":
        return Indicator(
            None, None, None, None,
            reason=(
                "L’usage n’est pas observé\u00a0: une heure réservée n’est pas une heure "
                "utilisée."),
        )  # fmt: skip
    if evidence not in {"measured", "declared"}:
        return None
    used_s, known_s = (
        (ledger.seen_s, ledger.counted_s)
        if evidence == "measured"
        else (ledger.taken_s, ledger.known_s)
    )
    hours = used_s / HOUR_S
    share = known_s / ledger.available_s if ledger.available_s else None
    unknown = (ledger.available_s - known_s) / HOUR_S
    return Indicator(hours, hours, None, share, low=hours, high=hours + unknown)


@indicator("available_h", "Heures disponibles", "h", "heures ouvertes − fermetures déclarées")
def available_h(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the hours that could have been used."""
    hours = measures.ledger.available_s / HOUR_S
    return Indicator(hours, hours, None, coverage(measures.ledger))


@indicator("booked_h", "Heures réservées", "h", "union des intervalles du bien, tels qu’écrits")
def booked_h(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the union of intervals in the period, whatever the opening hours and the closures."""
    if measures.booked is None:
        return None
    hours = measures.booked.union_s / HOUR_S
    return Indicator(hours, hours, None, coverage(measures.ledger))


@indicator("km", "Kilomètres", "km", "somme des distances déclarées dans la période")
def km(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the distance declared with the intervals."""
    if measures.booked is None or measures.booked.km_milli is None:
        return None
    distance = measures.booked.km_milli / MILLI
    return Indicator(distance, distance, None, coverage(measures.ledger))


# --- shares of time and of places ---------------------------------------------------------------


@indicator("frequency_ratio", "Fréquence d’utilisation", "ratio", "heures d’usage ÷ heures connues")
def frequency_ratio(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the share of the known available time used; booked, when only bookings are known."""
    if measures.evidence == "measured":
        pairs = [(week.seen_s / HOUR_S, week.counted_s / HOUR_S) for week in measures.weeks]
    elif measures.evidence in {"reserved", "declared"}:
        pairs = [(week.taken_s / HOUR_S, week.known_s / HOUR_S) for week in measures.weeks]
    else:
        return None
    return _share(pairs, measures.ledger.available_s / HOUR_S)


@indicator(
    "occupancy_ratio", "Taux d’occupation", "ratio",
    "Σ personnes·h ÷ (capacité × heures ouvertes connues), pondéré par le temps",
)  # fmt: skip
def occupancy_ratio(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the share of places taken over the known open time, weighted by time."""
    return _places(measures, lambda week: week.capacity_milli_s)


@indicator(
    "occupancy_when_used_ratio", "Occupation quand le bien sert", "ratio",
    "Σ personnes·h ÷ (capacité × heures d’usage)",
)  # fmt: skip
def occupancy_when_used_ratio(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the share of places taken while somebody is there."""
    found = _places(measures, lambda week: week.used_capacity_milli_s)
    if found is None or found.estimate is not None or found.low is None:
        return found
    # Unknown time has no bound on how full the used hours were.
    return Indicator(
        found.value, found.numerator, found.denominator, found.coverage_ratio, reason=found.reason
    )


@indicator(
    "utilisation_ratio", "Taux d’utilisation", "ratio",
    "fréquence × occupation quand le bien sert",
)  # fmt: skip
def utilisation_ratio(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return frequency × occupancy when used, as rooms are judged."""
    ledger = measures.ledger
    if measures.evidence != "measured":
        return None
    if not ledger.used_capacity_milli_s or not ledger.seen_s:
        return _places(measures, lambda week: week.capacity_milli_s)
    usual = ledger.used_capacity_milli_s / ledger.seen_s  # capacity while used, thousandths
    return _places(measures, lambda week: usual * week.counted_s)


def _places(measures: AssetMeasures, places: Callable[[LedgerWeek], float]) -> Indicator | None:
    """Return persons·h over places·h; unknown without a capacity."""
    if measures.evidence != "measured":
        return None
    ledger = measures.ledger
    scale = MILLI * HOUR_S
    share = ledger.counted_s / ledger.available_s if ledger.available_s else None
    if not ledger.capacity_milli_s:
        missing = "La capacité est inconnue\u00a0: ajoutez-la à l’inventaire ou au fichier."
        return Indicator(None, None, None, share, reason=missing)
    pairs = [(week.persons_milli_s / scale, places(week) / scale) for week in measures.weeks]
    known = sum(bottom for _, bottom in pairs)
    everything = known * ledger.available_s / ledger.counted_s if ledger.counted_s else 0.0
    return _share(pairs, everything)


def _share(weeks: list[tuple[float, float]], available: float) -> Indicator:
    """Return a share of what is available from weekly (used, known) pairs, with its interval."""
    used, known = sum(pair[0] for pair in weeks), sum(pair[1] for pair in weeks)
    share = known / available if available else None
    worst = rules.worst_case(used, max(available - known, 0.0), available)
    estimate = rules.cluster_ratio(weeks)
    between = estimate.interval() if estimate else None
    bounds = rules.clip_ratio(between) if between else worst
    is_known = estimate is not None and (share or 0) >= rules.MIN_COVERAGE_FOR_VALUE
    if not is_known:
        bounds = worst
    return Indicator(
        estimate.value if estimate and is_known else None, used, known, share,
        low=bounds.low if bounds else None, high=bounds.high if bounds else None,
        estimate=estimate if is_known else None, worst=worst,
        reason="" if is_known else LOW_COVERAGE,
    )  # fmt: skip


# --- meters --------------------------------------------------------------------------------------


@indicator("load_kwh", "Énergie mesurée", "kWh", "somme des lectures connues de la période")
def load_kwh(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the energy of the known hours; the unknown ones can only add to it."""
    if not measures.zero_readings:
        return None
    weeks = _span(measures, 0)
    energy = sum(week.energy_micro for week in weeks) / MICRO
    share = _meter_coverage(weeks, measures.ledger.calendar_s)
    whole = energy if share == 1 else None
    return Indicator(energy, energy, None, share, low=energy, high=whole)


@indicator(
    "night_to_day_ratio", "Charge de nuit sur charge de jour", "ratio",
    "charge moyenne de 0 h à 5 h ÷ charge moyenne de 9 h à 17 h, tous les jours",
)  # fmt: skip
def night_to_day_ratio(measures: AssetMeasures, _compare_s: int) -> Indicator | None:
    """Return the mean load at night over the mean load by day."""
    if not measures.zero_readings:
        return None
    weeks = _span(measures, 0)
    night = [(week.night_micro / MICRO, week.night_s / HOUR_S) for week in weeks]
    day = [(week.day_micro / MICRO, week.day_s / HOUR_S) for week in weeks]
    share = _meter_coverage(weeks, measures.ledger.calendar_s)
    return _quotient(night, day, share, "Aucune lecture connue de jour ou de nuit.")


@indicator(
    "compared_ratio", "Charge comparée", "ratio",
    "charge moyenne des heures connues de la période ÷ la même de la période comparée",
)  # fmt: skip
def compared_ratio(measures: AssetMeasures, compare_s: int) -> Indicator | None:
    """Return the mean load of the period over that of the compared one, known hours only."""
    if not compare_s or not measures.zero_readings:
        return None
    now, then = _span(measures, 0), _span(measures, 1)
    share = min(_meter_coverage(now, measures.ledger.calendar_s), _meter_coverage(then, compare_s))
    loads = [
        [(week.energy_micro / MICRO, week.known_s / HOUR_S) for week in weeks]
        for weeks in (now, then)
    ]
    return _quotient(
        loads[0], loads[1], share, "Aucune lecture connue dans l’une des deux périodes."
    )


def _span(measures: AssetMeasures, span_no: int) -> list[MeterWeek]:
    return [week for week in measures.meter_weeks if week.span_no == span_no]


def _meter_coverage(weeks: list[MeterWeek], whole_s: int) -> float:
    return min(sum(week.known_s for week in weeks) / whole_s, 1.0) if whole_s else 0.0


def _quotient(
    top: list[tuple[float, float]], bottom: list[tuple[float, float]], share: float, missing: str
) -> Indicator:
    """Return a ratio of two mean loads (kW), each a cluster ratio over its weeks."""
    above, below = rules.cluster_ratio(top), rules.cluster_ratio(bottom)
    estimate = rules.quotient(above, below) if above and below else None
    if above is None or below is None or estimate is None:
        top_value = above.value if above else None
        bottom_value = below.value if below else None
        return Indicator(None, top_value, bottom_value, share, reason=missing)
    if share < rules.MIN_COVERAGE_FOR_VALUE:
        return Indicator(None, above.value, below.value, share, reason=LOW_COVERAGE)
    between = estimate.interval()
    return Indicator(
        estimate.value, above.value, below.value, share,
        low=max(between.low, 0.0) if between else None, high=between.high if between else None,
        estimate=estimate,
    )  # fmt: skip
