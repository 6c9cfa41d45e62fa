# SPDX-License-Identifier: EUPL-1.2
"""Why: French sentences on what an asset's figures stand on, and what makes one doubt them."""

from collections.abc import Iterator
from dataclasses import dataclass

from usufruit.audits.civil_time import local_day
from usufruit.audits.idle_windows import IdleWindow, weeks_before_first_window
from usufruit.audits.indicators import Indicator
from usufruit.audits.measures import AssetMeasures, Booked
from usufruit.audits.options import InventoryAsset
from usufruit.kernel.text import sort_key
from usufruit.ui.typography import NBSP, day, hours, number, percent

HOUR_S = 3600
MILLI = 1000
PARTIAL_COVERAGE = 0.995
MOST_WEEKS_TOLD = 9

EVIDENCE = {
    "measured": "Preuve\u00a0: comptage de présence (mesuré).",
    "declared": "Preuve\u00a0: relevé d’usage (déclaré).",
    "reserved": "Preuve\u00a0: calendrier de réservations (intention).",
    "indirect": (
        "Preuve\u00a0: compteur électrique (indirecte). "
        "Il montre l’activité du bâtiment, pas les personnes."
    ),
    "none": "Aucune preuve.",
}
WHOLE_WORDS = frozenset(
    {"entire", "entier", "whole", "all", "tout", "complet", "whole building", "whole floor",
     "immeuble entier", "edifice entier", "batiment entier", "toutes les salles", "all rooms"}
)  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What a sentence needs to know besides the asset itself.

    Attributes:
        has_hours: opening hours are known for the asset.
        hold_min: minutes a count stays valid.
        exported_s: instant after which its agenda holds only what was booked ahead; None without.
        swapped: names of the assets whose capacities look exchanged with this one's.
        whole_names: names of the assets that mean all the rooms at once.
    """

    zone: str
    has_hours: bool
    hold_min: int
    exported_s: int | None = None
    swapped: tuple[str, ...] = ()
    whole_names: tuple[str, ...] = ()


def is_whole(asset: InventoryAsset) -> bool:
    """Tell whether an asset stands for all the rooms at once."""
    return sort_key(asset.name).replace("_", " ") in WHOLE_WORDS


def reasons_of(
    asset: InventoryAsset,
    measures: AssetMeasures,
    indicators: dict[str, Indicator],
    around: Surroundings,
) -> list[str]:
    """Return what an asset's figures stand on, the most important first."""
    told = [EVIDENCE[measures.evidence]]
    told += _coverage(measures, around)
    told += _unknown_values(indicators)
    told += _presence(measures, around)
    told += _bookings(asset, measures, around)
    told += _meter(measures)
    return told


def _coverage(measures: AssetMeasures, around: Surroundings) -> Iterator[str]:
    ledger = measures.ledger
    if measures.evidence == "none":
        return
    if not ledger.available_s:
        yield "Aucune heure ouverte dans la période."
        return
    if not around.has_hours:
        yield (
            "Horaire d’ouverture inconnu\u00a0: toutes les heures connues comptent, nuit comprise."
        )
    share = ledger.known_s / ledger.available_s
    if share < PARTIAL_COVERAGE:
        yield (
            f"Donnée couverte à {percent(share)}\u00a0: {hours(ledger.unknown_s / HOUR_S)} sans "
            "donnée, "
            "qui ne comptent ni comme usage ni comme temps libre."
        )


def _unknown_values(indicators: dict[str, Indicator]) -> list[str]:
    return list(dict.fromkeys(one.reason for one in indicators.values() if one.reason))


def _presence(measures: AssetMeasures, around: Surroundings) -> Iterator[str]:
    if not measures.capacities:
        return
    yield (
        f"Un compte vaut jusqu’au suivant, {around.hold_min}{NBSP}min au plus; au-delà, la "
        "donnée manque."
    )
    known = [seen for seen in measures.capacities if seen.capacity_milli]
    if len(known) > 1:
        steps = ", puis ".join(
            f"{number(seen.capacity_milli / MILLI)} à partir du "
            f"{day(local_day(seen.first_s, around.zone))}"
            for seen in known[:4]
        )
        yield (
            f"La capacité change en cours de période\u00a0: {steps}. Vérifiez laquelle est la "
            "bonne."
        )
    if around.swapped:
        names = ", ".join(around.swapped)
        yield (
            f"Les capacités de {names} et de ce bien s’échangent\u00a0: les noms étaient sans "
            "doute intervertis "
            "au début. Rien n’a été corrigé."
        )


def _bookings(
    asset: InventoryAsset, measures: AssetMeasures, around: Surroundings
) -> Iterator[str]:
    booked = measures.booked
    if booked is None:
        return
    if is_whole(asset):
        yield (
            "Ce nom désigne l’ensemble des locaux\u00a0: il est compté comme un bien à part, et "
            "ses réservations "
            "ne sont pas ajoutées à celles des salles."
        )
    elif around.whole_names:
        yield (
            f"Les réservations de l’ensemble des locaux ({', '.join(around.whole_names)}) "
            "prennent aussi ce bien; "
            "elles sont comptées à part."
        )
    if booked.sum_s > booked.union_s:
        yield (
            "Les réservations qui se recouvrent comptent une fois\u00a0: "
            f"{hours(booked.union_s / HOUR_S)} d’union "
            f"pour {hours(booked.sum_s / HOUR_S)} inscrites."
        )
    yield from _conflicts(booked)
    if booked.closures:
        yield (
            f"Fermetures déclarées\u00a0: {booked.closures}, soit "
            f"{hours(measures.ledger.blocked_s / HOUR_S)} retirées "
            "des heures disponibles."
        )
    if booked.held:
        yield f"Options non confirmées, comptées comme réservées\u00a0: {booked.held}."
    if around.exported_s is not None:
        yield (
            "L’agenda semble exporté avant le "
            f"{day(local_day(around.exported_s, around.zone))}\u00a0: la suite ne "
            "montre que ce qui était réservé d’avance. Elle ne sert pas à déclarer des plages "
            "libres."
        )


def _conflicts(booked: Booked) -> Iterator[str]:
    if booked.duplicates:
        yield f"Lignes en double exact\u00a0: {booked.duplicates}."
    pairs = [
        (booked.firm_pairs, "entre réservations fermes"),
        (booked.held_pairs, "avec une option"),
        (booked.closure_pairs, "avec une fermeture"),
    ]
    found = [f"{count} {between}" for count, between in pairs if count]
    if found:
        yield f"Chevauchements à trancher\u00a0: {', '.join(found)}."


def _meter(measures: AssetMeasures) -> Iterator[str]:
    for span_no, when in ((0, "de la période"), (1, "de la période comparée")):
        zeros, readings = measures.zero_readings.get(span_no, (0, 0))
        if zeros:
            yield (
                f"{number(zeros)} lectures {when} sur {number(readings)} sont à zéro "
                f"({percent(zeros / readings)})\u00a0: "
                "compteur absent ou coupé. Elles sont comptées sans donnée, jamais comme une "
                "inoccupation."
            )


def window_reason(measures: AssetMeasures, windows: list[IdleWindow]) -> str:
    """Return why no idle window is declared, or what the declared ones stand on; may be empty."""
    if measures.evidence in {"indirect", "none"}:
        return ""
    if windows:
        return (
            "Plages libres d’après les réservations\u00a0: un usage sans réservation ne se "
            "verrait pas."
            if measures.evidence == "reserved"
            else ""
        )
    missing = weeks_before_first_window(measures.hours)
    if missing is None:
        return ""
    if missing == 0:
        return "Aucune plage libre assez longue."
    if missing > MOST_WEEKS_TOLD:
        return "Aucune heure de la semaine n’est assez souvent libre."
    return (
        "Aucune plage libre sûre\u00a0: il faut neuf semaines sans usage à la même heure, "
        f"encore {missing} "
        f"semaine{'s' if missing > 1 else ''} au mieux."
    )
