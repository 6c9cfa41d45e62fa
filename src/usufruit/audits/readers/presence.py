# SPDX-License-Identifier: EUPL-1.2
"""Presence counts: how many persons are there, out of how many places, at an instant."""

import re

from usufruit.audits.readers import headers
from usufruit.audits.readers.cells import UnreadableCell, instant_s, number, offset_s, shown
from usufruit.audits.readers.headers import Header
from usufruit.audits.readers.registry import MILLI, Sink, reader
from usufruit.kernel.tables import Line, UnusableSource
from usufruit.kernel.text import sort_key

POINTS = 100.0
_CLOSE_POINTS = 1.5

_OUT_OF = re.compile(r"^\s*(?P<count>[-+]?\d+(?:[.,]\d+)?)\s*/\s*(?P<capacity>\d+(?:[.,]\d+)?)\b")
_PERCENT = re.compile(r"^\s*(?P<points>[-+]?\d+(?:[.,]\d+)?)\s*%?")
_FREE_WORDS = ("free", "libre", "frei", "disponible", "vacant")
_OCCUPIED_WORDS = ("occupied", "occupe", "belegt", "rempli", "used")
_CATEGORY = ("facility_type", "category", "categorie", "type")
_TRUE = frozenset({"true", "1", "vrai", "oui", "yes", "t"})


@reader("presence", "Comptage de présence")
def recognise_presence(header: Header, sink: Sink) -> "PresenceReader | None":
    """Recognise an asset, an instant, and a count or a percentage.

    Raises:
        UnusableSource: only a percentage, and nothing says whether it means free or occupied.
    """
    asset, at = header.find(headers.ASSET), header.find(headers.INSTANT)
    count, percent = header.find(headers.COUNT), header.find(headers.PERCENT)
    if asset is None or at is None or (count is None and percent is None):
        return None
    if count is not None and not _holds_counts(header.column(count)):
        count, percent = None, count
    return PresenceReader(
        header, sink, {"asset": asset, "at": at, "count": count, "percent": percent}
    )


def _holds_counts(cells: list[str]) -> bool:
    """Tell whether a column holds counts rather than percentages written with their sign."""
    return not any("%" in cell for cell in cells)


class PresenceReader:
    """Read persons present; a percentage alone is turned into persons by its told sense."""

    def __init__(self, header: Header, sink: Sink, places: dict[str, int | None]) -> None:
        self.sink, self.width, self.header = sink, len(header.names), header
        self.asset, self.at = places["asset"] or 0, places["at"] or 0
        self.count, self.percent = places["count"], places["percent"]
        self.capacity = header.find(headers.CAPACITY)
        self.is_open = header.find(headers.IS_OPEN)
        self.category = header.find(_CATEGORY)
        self.sense = "" if self.count is not None else self._sense(header)
        self.votes = {"free": 0, "occupied": 0}
        self.open_values: set[bool] = set()
        self.over_capacity = self.on_points = 0
        self.offset_checked = False

    def _sense(self, header: Header) -> str:
        """Return what the percentage means, from the request, the header or the cells."""
        place = self.percent or 0
        columns = [other for other, key in enumerate(header.keys) if key in headers.PERCENT]
        cells = [cell for other in columns for cell in header.column(other)]
        written = sort_key(" ".join([*(header.keys[other] for other in columns), *cells]))
        told = self.sink.sense or _sense_of_words(written)
        if told:
            return told
        raise UnusableSource(
            f"Dans {self.sink.source.file}, la colonne "
            f"«\u00a0{shown(header.names[place])}\u00a0» peut dire la part "
            "libre ou la part occupée. Ajoutez --sense free ou --sense occupied."
        )

    def read(self, line: Line) -> None:
        """Send one count to the sink."""
        cells = line.cells
        if len(cells) != self.width:
            raise UnreadableCell(f"la ligne a {len(cells)} valeurs pour {self.width} colonnes")
        category = cells[self.category].strip() if self.category is not None else ""
        asset_no = self.sink.asset(cells[self.asset], category)
        persons, capacity = self._persons(cells, asset_no)
        zone = self.sink.zone_of(asset_no)
        at_s = instant_s(cells[self.at], zone, "start")
        if not self.offset_checked:
            self.sink.check_offset(offset_s(cells[self.at]), at_s, zone)
            self.offset_checked = True
        if self.is_open is not None:
            self.open_values.add(sort_key(cells[self.is_open].strip()) in _TRUE)
        self.over_capacity += bool(capacity and persons > capacity)
        self.sink.presence(
            asset_no, at_s, round(persons * MILLI), round(capacity * MILLI), line.number
        )

    def _persons(self, cells: list[str], asset_no: int) -> tuple[float, float]:
        """Return persons and capacity (0 when unknown) of a line."""
        if self.count is None:
            return self._from_percent(cells, asset_no)
        text = cells[self.count]
        both = _OUT_OF.match(text)
        persons = number(both["count"] if both else text)
        if persons is None:
            raise UnreadableCell("le nombre de personnes est vide; indiquez-le ou retirez la ligne")
        if persons < 0:
            raise UnreadableCell(
                f"le nombre de personnes «\u00a0{shown(text)}\u00a0» est négatif; vérifiez le "
                "compteur"
            )
        capacity = number(both["capacity"]) if both else self._capacity(cells, asset_no)
        if both and not capacity:
            raise UnreadableCell("la capacité est nulle; corrigez-la")
        if self.percent is not None and capacity:
            self._vote(cells[self.percent], POINTS * persons / capacity)
        return persons, capacity or 0.0

    def _from_percent(self, cells: list[str], asset_no: int) -> tuple[float, float]:
        text = cells[self.percent or 0]
        match = _PERCENT.match(text)
        points = number(match["points"]) if match else None
        if points is None:
            raise UnreadableCell(f"«\u00a0{shown(text)}\u00a0» n’est pas un pourcentage")
        if not 0 <= points <= POINTS:
            raise UnreadableCell(f"le pourcentage «\u00a0{shown(text)}\u00a0» sort de 0–100")
        capacity = self._capacity(cells, asset_no)
        if not capacity:
            self.on_points += 1
            capacity = POINTS
        share = points / POINTS if self.sense == "occupied" else 1 - points / POINTS
        return share * capacity, capacity

    def _capacity(self, cells: list[str], asset_no: int) -> float | None:
        """Return the capacity of the line, else of the inventory; None when neither knows it."""
        written = number(cells[self.capacity]) if self.capacity is not None else None
        if written is not None and written < 0:
            raise UnreadableCell("la capacité est négative; corrigez-la")
        return written or self.sink.assets[asset_no].capacity

    def _vote(self, text: str, occupied_points: float) -> None:
        """Compare a percentage with the count of its line to learn what it means."""
        match = _PERCENT.match(text)
        if not match:
            return
        points = float(match["points"].replace(",", "."))
        self.votes["occupied"] += abs(points - occupied_points) <= _CLOSE_POINTS
        self.votes["free"] += abs(POINTS - points - occupied_points) <= _CLOSE_POINTS

    def finish(self) -> None:
        """Say what the columns turned out to mean."""
        if self.percent is not None and self.count is not None:
            self._note_sense(shown(self.header.names[self.percent]))
        elif self.sense:
            word = "libre" if self.sense == "free" else "occupée"
            self.sink.note(f"Le pourcentage est lu comme la part {word}.")
        if self.is_open is not None:
            self._note_opening(shown(self.header.names[self.is_open]))
        if self.over_capacity:
            self.sink.note(
                "Comptes plus grands que la capacité, gardés tels quels\u00a0: "
                f"{self.over_capacity}."
            )
        if self.on_points:
            self.sink.note(
                "La capacité est inconnue\u00a0: l’occupation est comptée sur 100 places."
            )

    def _note_sense(self, column: str) -> None:
        free, occupied = self.votes["free"], self.votes["occupied"]
        if free == occupied:
            return
        told = "free" if free > occupied else "occupied"
        word = "libre" if told == "free" else "occupée"
        self.sink.note(
            f"La colonne «\u00a0{column}\u00a0» dit la part {word}, vérifié ligne à ligne contre "
            "les personnes. "
            "L’audit compte les personnes."
        )
        if self.sink.sense and self.sink.sense != told:
            self.sink.note(
                f"L’option --sense dit le contraire de la colonne «\u00a0{column}\u00a0»\u00a0: "
                "les comptes l’emportent."
            )

    def _note_opening(self, column: str) -> None:
        if self.open_values == {True}:
            why = "vaut toujours «\u00a0vrai\u00a0», même la nuit"
        else:
            why = "dit l’état d’un instant, pas un horaire"
        self.sink.note(
            f"La colonne «\u00a0{column}\u00a0» {why}\u00a0: elle ne sert pas de calendrier "
            "d’ouverture. "
            "Indiquez l’horaire avec --opening."
        )


def _sense_of_words(text: str) -> str:
    """Return free or occupied when only one of them is told; else nothing."""
    words = re.split(r"[^a-z]+", text)
    free = any(word.startswith(_FREE_WORDS) for word in words)
    occupied = any(word.startswith(_OCCUPIED_WORDS) for word in words)
    if free == occupied:
        return ""
    return "free" if free else "occupied"
