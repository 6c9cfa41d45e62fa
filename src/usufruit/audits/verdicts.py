# SPDX-License-Identifier: EUPL-1.2
"""From figures to a verdict, and no further than the evidence allows.

The rule: a class needs a recognised threshold, a direct measure, eight weeks and a known half of
the time; « sous-utilisé » needs P(U < τ) ≥ 0.90 and a coverage of 0.80. Bookings never prove a use.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from usufruit.audits import rules
from usufruit.audits.indicators import Indicator
from usufruit.audits.measures import Hour, HourUse
from usufruit.audits.thresholds import HALVED_LOAD, Threshold
from usufruit.ui.typography import joined

SURE = 0.90
SATURATED_RATE = 0.85
BUSIEST_SHARE = 0.20

LABELS = {
    "under_used": "sous-utilisé",
    "to_watch": "à surveiller",
    "adequate": "adéquat",
    "saturated": "saturé",
    "undetermined": "indéterminé",
    "insufficient": "données insuffisantes",
}
# What a class cannot do without: French words, and whether they are plural.
Lack = tuple[str, bool]
THRESHOLD: Lack = ("un seuil reconnu pour cette sorte de bien", False)
COUNTS: Lack = ("huit semaines de comptage de présence", True)
WEEKS: Lack = ("huit semaines mesurées", True)
HALF: Lack = ("huit semaines de comptage sur la moitié au moins du temps ouvert", True)
CAPACITY: Lack = ("la capacité du bien", False)
FOUR_FIFTHS: Lack = ("des mesures couvrant 80\u00a0% du temps ouvert", True)
MORE_WEEKS: Lack = ("plus de semaines mesurées", True)


@dataclass(frozen=True)
class Verdict:
    """A verdict and why.

    Attributes:
        code: under_used, to_watch, adequate, saturated, undetermined or insufficient.
        label: French words, with the limit of the evidence where there is one.
        reason: French sentence.
        threshold: what it was judged by; None without a recognised one.
        decided_by: French sentence, what would settle an undetermined verdict; "" for others.
    """

    code: str
    label: str
    reason: str
    threshold: Threshold | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Case:
    """All a verdict looks at.

    Attributes:
        evidence: measured, declared, reserved, indirect or none.
        coverage_ratio: known share of the available time.
        threshold: recognised for the category of the asset; None without.
        has_capacity: the inventory or the counts tell how many persons the asset holds.
    """

    evidence: str
    coverage_ratio: float | None
    indicators: Mapping[str, Indicator]
    hours: Mapping[Hour, HourUse]
    threshold: Threshold | None
    has_capacity: bool


def judge(case: Case) -> Verdict:
    """Return the verdict of an asset."""
    if case.evidence == "none" or case.coverage_ratio is None:
        return _insufficient("Aucune preuve d’usage ne porte sur ce bien dans la période.")
    if case.coverage_ratio < rules.MIN_COVERAGE_FOR_VALUE:
        return _insufficient(
            "Moins de la moitié du temps ouvert est connue\u00a0: aucune classe n’est donnée."
        )
    if case.evidence == "indirect":
        return _judge_load(case)
    if case.evidence in {"reserved", "declared"}:
        return _undetermined_by_nature(case)
    if case.threshold is None:
        return _undetermined(
            "aucun seuil reconnu",
            "Aucun seuil reconnu pour cette sorte de bien\u00a0: il est comparé à ses "
            "semblables, sans classe.",
            *_lacks(case),
        )
    return _judge_measured(case, case.threshold)


def _judge_load(case: Case) -> Verdict:
    """Judge a meter: at most a signal that a building should be looked at."""
    compared = case.indicators.get("compared_ratio")
    below = _probability_below(compared, HALVED_LOAD.under)
    covered = ((compared and compared.coverage_ratio) or 0) >= rules.ESTABLISHED_COVERAGE
    if below is not None and below >= SURE and covered:
        return Verdict(
            "to_watch", "à surveiller (charge réduite)",
            "La charge moyenne est, de façon sûre, sous la moitié de celle de la période comparée. "
            "Un compteur ne voit pas les personnes\u00a0: allez voir sur place.",
            HALVED_LOAD,
        )  # fmt: skip
    return _undetermined(
        "aucun seuil reconnu",
        "Un compteur est une preuve indirecte et aucun seuil reconnu ne lie la charge à "
        "l’usage\u00a0: "
        "le bâtiment est comparé à ses semblables, sans classe.",
        *_lacks(case),
    )


def _undetermined_by_nature(case: Case) -> Verdict:
    if case.evidence == "reserved":
        return _undetermined(
            "réservations seules",
            "Les réservations disent une intention, pas une présence\u00a0: ni bon ni mauvais "
            "usage n’est établi.",
            *_lacks(case),
        )
    return _undetermined(
        "usage déclaré",
        "L’usage est déclaré, pas mesuré\u00a0: aucune classe n’est donnée sur cette seule preuve.",
        *_lacks(case),
    )


def _lacks(case: Case) -> list[Lack]:
    """Return what a class still asks for; capacity only where a known threshold counts places."""
    lacks = [] if case.threshold else [THRESHOLD]
    if case.evidence != "measured":
        lacks.append(COUNTS)
    else:
        told_by = case.threshold.indicator if case.threshold and case.has_capacity else ""
        figure = case.indicators.get(told_by) or case.indicators.get("frequency_ratio")
        if figure is None or figure.estimate is None:
            lacks.append(HALF)
        elif figure.estimate.weeks < rules.MIN_WEEKS_FOR_INTERVAL:
            lacks.append(WEEKS)
    if case.threshold and not case.has_capacity:
        lacks.append(CAPACITY)
    return lacks


def _judge_measured(case: Case, threshold: Threshold) -> Verdict:
    figure = case.indicators.get(threshold.indicator)
    below = _probability_below(figure, threshold.under)
    if below is None:
        return _unmeasured(_lacks(case))
    if below >= SURE:
        return _under_used(case, threshold)
    if is_saturated(case.hours):
        return Verdict(
            "saturated", LABELS["saturated"],
            "Les heures les plus demandées servent plus de 85\u00a0% des semaines.", threshold,
        )  # fmt: skip
    if threshold.watch is not None and (_probability_below(figure, threshold.watch) or 0) >= SURE:
        return Verdict("to_watch", LABELS["to_watch"], _against(threshold, "près du"), threshold)
    if 1 - below >= SURE:
        return Verdict(
            "adequate", LABELS["adequate"], _against(threshold, "au-dessus du"), threshold
        )
    return _undetermined(
        "trop près du seuil", "L’intervalle du taux chevauche le seuil.", MORE_WEEKS
    )


def _unmeasured(lacks: list[Lack]) -> Verdict:
    """Say why the figure to compare with the threshold is not known."""
    if CAPACITY in lacks:
        return _undetermined(
            "capacité inconnue",
            "La capacité du bien est inconnue\u00a0: son taux ne peut pas être comparé au seuil.",
            *lacks,
        )
    if HALF in lacks:
        return _undetermined(
            "comptage partiel",
            "La présence est comptée pendant moins de la moitié du temps ouvert.",
            *lacks,
        )
    return _undetermined(
        "moins de huit semaines",
        "Il faut huit semaines mesurées pour donner une classe.",
        *lacks,
    )


def _under_used(case: Case, threshold: Threshold) -> Verdict:
    """Say under-used where four fifths of the time are known; else only that it seems so."""
    if (case.coverage_ratio or 0) < rules.ESTABLISHED_COVERAGE:
        return _undetermined(
            "couverture indicative",
            "Le taux paraît sous le seuil, mais moins de 80\u00a0% du temps ouvert est connu.",
            FOUR_FIFTHS,
        )
    return Verdict("under_used", LABELS["under_used"], _against(threshold, "sous le"), threshold)


def is_saturated(hours: Mapping[Hour, HourUse]) -> bool:
    """Tell whether P(F > 0.85) ≥ 0.90 over the busiest fifth of the openable hours of the week.

    The week is the unit of evidence: the hours are pooled into one rate over the fewest weeks any
    of them was observed.
    """
    seen = [use for use in hours.values() if use.observed_weeks]
    seen.sort(key=lambda use: -use.used_weeks / use.observed_weeks)
    busiest = seen[: max(1, round(BUSIEST_SHARE * len(seen)))]
    if not seen:
        return False
    weeks = min(use.observed_weeks for use in busiest)
    rate = sum(use.used_weeks for use in busiest) / sum(use.observed_weeks for use in busiest)
    above = 1 - rules.beta_cdf(SATURATED_RATE, rate * weeks + 0.5, (1 - rate) * weeks + 0.5)
    return above >= SURE


def _probability_below(figure: Indicator | None, threshold: float) -> float | None:
    if figure is None or figure.estimate is None:
        return None
    return figure.estimate.probability_below(threshold)


def _against(threshold: Threshold, side: str) -> str:
    return (
        f"Le taux est, de façon sûre, {side} seuil des {threshold.label} "
        f"({threshold.status}, jeu {threshold.set_id})."
    )


def _insufficient(reason: str) -> Verdict:
    return Verdict("insufficient", LABELS["insufficient"], reason)


def _undetermined(limit: str, reason: str, *lacks: Lack) -> Verdict:
    """Return a verdict without a class, its limit between brackets, and what would give one."""
    words = joined([each for each, _is_plural in lacks])
    would = "permettraient" if len(lacks) > 1 or lacks[0][1] else "permettrait"
    return Verdict(
        "undetermined", f"{LABELS['undetermined']} ({limit})", reason,
        decided_by=f"{words[0].upper()}{words[1:]} {would} de trancher.",
    )  # fmt: skip
