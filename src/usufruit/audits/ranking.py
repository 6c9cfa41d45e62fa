# SPDX-License-Identifier: EUPL-1.2
"""Which asset to look at first, like compared with like, and the sentences on the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from usufruit.audits.indicators import Indicator
from usufruit.audits.measures import AssetMeasures
from usufruit.audits.options import InventoryAsset
from usufruit.kernel.text import sort_key
from usufruit.ui.typography import NBSP, percent

MIN_ASSETS_TO_RANK = 5
MIN_COVERAGE_TO_RANK = 0.6
ASLEEP = 0.8
HALVED = 0.5
ORDER = ("measured", "declared", "reserved", "indirect", "none")


@dataclass(frozen=True)
class Entry:
    """An asset with its measures, before it has a rank."""

    number: int
    asset: InventoryAsset
    measures: AssetMeasures
    indicators: dict[str, Indicator]

    @property
    def sleeping_share(self) -> float | None:
        """Return the share of the known open time nobody used, or booked; None when unknown."""
        ledger = self.measures.ledger
        return ledger.sleeping_s / ledger.known_s if ledger.known_s else None

    @property
    def weight(self) -> float | None:
        """Return what it is ranked by, the greatest first; None when it cannot be ranked.

        Idle hours or, for meters, how far the load fell (failing a comparison, the load at night).
        """
        if self.measures.evidence == "indirect":
            compared = self.indicators.get("compared_ratio")
            if compared is not None:
                return _ranked(compared, sign=-1)
            return _ranked(self.indicators.get("night_to_day_ratio"), sign=1)
        ledger = self.measures.ledger
        share = ledger.known_s / ledger.available_s if ledger.available_s else 0.0
        return float(ledger.sleeping_s) if share >= MIN_COVERAGE_TO_RANK else None


def _ranked(one: Indicator | None, *, sign: int) -> float | None:
    if one is None or one.value is None or (one.coverage_ratio or 0) < MIN_COVERAGE_TO_RANK:
        return None
    return sign * one.value


def rank(entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Return the assets in order, each with the sentence that places it among its likes.

    Under five comparable assets the order is that of their names and the sentence is empty.
    """
    ranked: list[tuple[Entry, str]] = []
    for evidence in ORDER:
        alike = [entry for entry in entries if entry.measures.evidence == evidence]
        weighed = [entry for entry in alike if entry.weight is not None]
        others = sorted((entry for entry in alike if entry.weight is None), key=_name)
        if len(weighed) < MIN_ASSETS_TO_RANK:
            ranked += [(entry, "") for entry in sorted(weighed, key=_name)]
        else:
            weighed.sort(key=lambda entry: (-(entry.weight or 0), *_name(entry)))
            ranked += [
                (entry, _place(entry, place, len(weighed)))
                for place, entry in enumerate(weighed, start=1)
            ]
        ranked += [(entry, "") for entry in others]
    return ranked


def _name(entry: Entry) -> tuple[str, str]:
    return sort_key(entry.asset.name), entry.asset.external_id


def _place(entry: Entry, place: int, count: int) -> str:
    """Say the rank of an asset among comparable ones."""
    ordinal = "Premier" if place == 1 else f"{place}e"
    if entry.measures.evidence == "indirect":
        what = (
            "la charge la plus réduite" if "compared_ratio" in entry.indicators
            else "la plus forte part de charge la nuit"
        )  # fmt: skip
    elif entry.measures.evidence == "reserved":
        what = "le plus d’heures sans réservation"
    else:
        what = "le plus d’heures sans usage"
    return f"{ordinal} de {count} biens comparables pour {what}."


def summarise(entries: Sequence[Entry], *, has_hours: bool) -> list[str]:
    """Return the sentences that sum an audit up, the main one first."""
    told: list[str] = []
    time = "de leur temps ouvert" if has_hours else "du temps connu, nuit comprise"
    for evidence in ORDER:
        alike = [entry for entry in entries if entry.measures.evidence == evidence]
        if not alike:
            continue
        if evidence in {"measured", "declared"}:
            told += _asleep(alike, "dort", "dorment", time)
        elif evidence == "reserved":
            told += _asleep(alike, "est sans réservation", "sont sans réservation", time)
        elif evidence == "indirect":
            told += _loads(alike)
        else:
            without = _of(len(alike), len(entries), "n’a", "n’ont")
            told.append(f"{without} aucune preuve d’usage.")
    return told


def _of(count: int, total: int, verb: str, verbs: str) -> str:
    """Return « 3 de vos 7 biens dorment », with its singular and its zero."""
    if total == 1 and count:
        return f"Votre bien {verb}"
    if count == 0:
        whole = f"de vos {total} biens" if total > 1 else "bien"
        return f"Aucun {whole} {_not(verb)}"
    return f"{count} de vos {total} biens {verbs if count > 1 else verb}"


def _not(verb: str) -> str:
    """Put « ne » before a verb."""
    return f"n’{verb}" if verb[0] in "aeiou" else f"ne {verb}"


def _asleep(alike: Sequence[Entry], verb: str, verbs: str, time: str) -> list[str]:
    """Say how many assets sleep more than four fifths of their time."""
    shares = [entry.sleeping_share for entry in alike]
    count = sum(share is not None and share > ASLEEP for share in shares)
    known = [share for share in shares if share is not None]
    if len(alike) == 1 and known:
        return [f"Votre bien {verb} {percent(known[0])} {time.replace('leur', 'son')}."]
    told = [f"{_of(count, len(alike), verb, verbs)} plus de 80{NBSP}% {time}."]
    if len(known) >= MIN_ASSETS_TO_RANK:
        told.append(f"Pour la moitié des biens, cette part dépasse {percent(median(known))}.")
    return told


def _loads(alike: Sequence[Entry]) -> list[str]:
    """Say how many meters fell by half or, without a comparison, stay high at night."""
    is_compared = any("compared_ratio" in entry.indicators for entry in alike)
    name = "compared_ratio" if is_compared else "night_to_day_ratio"
    values = [entry.indicators[name].value for entry in alike if name in entry.indicators]
    known = [value for value in values if value is not None]
    if not known:
        return ["Les compteurs n’ont pas assez de lectures connues pour être comparés."]
    if is_compared:
        count = sum(value < HALVED for value in known)
        then = "ils prenaient" if count > 1 else "il prenait"
        start = _of(count, len(alike), "prend", "prennent")
        told = [
            f"{start} moins de la moitié de l’électricité qu’{then} pendant la période comparée."
        ]
        rest = "en prend moins de"
    else:
        count = sum(value > ASLEEP for value in known)
        start = _of(count, len(alike), "garde", "gardent")
        told = [f"{start} la nuit plus de 80{NBSP}% de la charge de jour."]
        rest = "en garde moins de"
    if len(known) >= MIN_ASSETS_TO_RANK:
        told.append(f"La moitié des biens {rest} {percent(median(known))}.")
    return told
