# SPDX-License-Identifier: EUPL-1.2
"""Which asset to look at first, like compared with like, and the sentences on the whole."""

from collections.abc import Callable, Sequence
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
GROUPS = {
    "measured": "dont la présence est comptée",
    "declared": "dont l’usage est déclaré",
    "reserved": "dont on a l’agenda",
    "indirect": "suivis par un compteur",
    "none": "",
}
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
    ordinal = "Premier" if place == 1 else f"{place}ᵉ"
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


def summarise(entries: Sequence[Entry], has_hours: Callable[[Entry], bool]) -> list[str]:
    """Return the sentences that sum an audit up, the main one first."""
    told: list[str] = []
    for evidence in ORDER:
        alike = [entry for entry in entries if entry.measures.evidence == evidence]
        if not alike:
            continue
        group = _Group(len(alike), GROUPS[evidence] if len(alike) < len(entries) else "")
        knows = all(map(has_hours, alike))
        time = "de leur temps ouvert" if knows else "du temps connu, nuit comprise"
        if evidence in {"measured", "declared"}:
            told += _asleep(alike, group, ("dort", "dorment"), time)
        elif evidence == "reserved":
            told += _asleep(alike, group, ("est sans réservation", "sont sans réservation"), time)
        elif evidence == "indirect":
            told += _loads(alike, group)
        else:
            without = _Group(len(entries)).subject(len(alike), ("n’a", "n’ont"))
            told.append(f"{without} aucune preuve d’usage.")
    return told


@dataclass(frozen=True)
class _Group:
    """Assets counted together; ``known_by`` sets them apart when they are not the whole audit."""

    size: int
    known_by: str = ""

    def subject(self, count: int, verb: tuple[str, str]) -> str:
        """Return « 3 de vos 7 biens dorment », with its singular, its zero and its restriction."""
        one, many = verb
        if self.size == 1 and count:
            return f"{self.single()} {one}"
        if self.size == 1:
            whole = f"bien {self._restriction()}".rstrip()
        elif self.known_by:
            whole = f"des {self.size} biens {self.known_by}"
        else:
            whole = f"de vos {self.size} biens"
        if count == 0:
            return f"Aucun {whole} {_not(one)}"
        return f"{count} {whole} {many if count > 1 else one}"

    def single(self) -> str:
        """Name the only asset of the group."""
        return f"Le seul bien {self._restriction()}" if self.known_by else "Votre bien"

    def _restriction(self) -> str:
        """Put the restriction in the singular; « suivis » alone agrees with its noun."""
        return self.known_by.replace("suivis", "suivi")


def _not(verb: str) -> str:
    """Put « ne » before a verb."""
    return f"n’{verb}" if verb[0] in "aeiou" else f"ne {verb}"


def _asleep(alike: Sequence[Entry], group: _Group, verb: tuple[str, str], time: str) -> list[str]:
    """Say how many assets sleep more than four fifths of their time."""
    shares = [entry.sleeping_share for entry in alike]
    count = sum(share is not None and share > ASLEEP for share in shares)
    known = [share for share in shares if share is not None]
    if group.size == 1 and known:
        time = time.replace("leur", "son")
        return [f"{group.single()} {verb[0]} {percent(known[0])} {time}."]
    owned = time if count > 1 else time.replace("leur", "son")
    told = [f"{group.subject(count, verb)} plus de 80{NBSP}% {owned}."]
    if len(known) >= MIN_ASSETS_TO_RANK:
        told.append(f"Pour la moitié de ces biens, la part dépasse {percent(median(known))}.")
    return told


def _loads(alike: Sequence[Entry], group: _Group) -> list[str]:
    """Say how many meters fell by half or, without a comparison, stay high at night."""
    is_compared = any("compared_ratio" in entry.indicators for entry in alike)
    name = "compared_ratio" if is_compared else "night_to_day_ratio"
    values = [entry.indicators[name].value for entry in alike if name in entry.indicators]
    known = [value for value in values if value is not None]
    if not known:
        return ["Les compteurs n’ont pas assez de lectures connues pour être comparés."]
    if is_compared:
        count = sum(value < HALVED for value in known)
        start = group.subject(count, ("prend", "prennent"))
        then = "ils prenaient" if count > 1 else "il prenait"
        told = [
            f"{start} moins de la moitié de l’électricité qu’{then} pendant la période comparée."
        ]
        rest = "en prend moins de"
    else:
        count = sum(value > ASLEEP for value in known)
        start = group.subject(count, ("garde", "gardent"))
        told = [f"{start} la nuit plus de 80{NBSP}% de la charge de jour."]
        rest = "en garde moins de"
    if len(known) >= MIN_ASSETS_TO_RANK:
        told.append(f"La moitié des biens {rest} {percent(median(known))}.")
    return told
