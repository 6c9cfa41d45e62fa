# SPDX-License-Identifier: EUPL-1.2
"""Use intervals: one line is one asset taken from an hour to another."""

from usufruit.audits.readers import headers
from usufruit.audits.readers.cells import (
    UnreadableCell,
    has_time,
    instant_s,
    length_s,
    number,
    shown,
)
from usufruit.audits.readers.headers import Header
from usufruit.audits.readers.registry import MILLI, Sink, reader
from usufruit.kernel.tables import Line
from usufruit.kernel.text import sort_key

BOOKING, CLOSURE, NOTED_USE, HELD = 0, 1, 2, 3

DAY_S = 86_400
MAX_LENGTH_S = 366 * DAY_S

_CLOSED = frozenset({"closed", "closure", "ferme", "fermee", "fermeture", "indisponible"})
_CANCELLED = frozenset(
    {"cancelled", "canceled", "annule", "annulee", "refuse", "refusee", "refused", "rejected"}
)
_HELD = frozenset({"hold", "held", "option", "tentative", "provisoire"})
_UNIT_S = {"h": 3600, "hours": 3600, "heures": 3600, "min": 60, "minutes": 60, "s": 1,
           "seconds": 1, "secondes": 1, "d": DAY_S, "jours": DAY_S, "days": DAY_S}  # fmt: skip


@reader("intervals", "Emplois, du début à la fin")
def recognise_intervals(header: Header, sink: Sink) -> "IntervalReader | None":
    """Recognise an asset, a start, and an end or a duration."""
    asset = header.find(headers.ASSET)
    use_start = header.find(headers.USE_START)
    start = use_start if use_start is not None else header.find(headers.START)
    end, duration = header.find(headers.END), header.find(headers.DURATION)
    if asset is None or start is None or (end is None and duration is None):
        return None
    return IntervalReader(
        header, sink, {"asset": asset, "start": start, "end": end, "duration": duration}
    )


class IntervalReader:
    """Read intervals; a status may say closed, held or cancelled."""

    def __init__(self, header: Header, sink: Sink, places: dict[str, int | None]) -> None:
        self.sink, self.width = sink, len(header.names)
        self.asset, self.start = places["asset"] or 0, places["start"] or 0
        self.end, self.duration = places["end"], places["duration"]
        self.status, self.km = header.find(headers.STATUS), header.find(headers.KM)
        self.unit_s = 3600 if self.duration is None else _unit_s(header, self.duration)
        self.nature = BOOKING if self._is_booking(header) else NOTED_USE
        self.cancelled = 0
        self.offset_checked = False

    def _is_booking(self, header: Header) -> bool:
        """Tell a calendar of bookings (an intention) from a record of use."""
        if header.keys[self.start] in headers.USE_START:
            return False
        written = (*header.keys, sort_key(self.sink.source.file))
        told = any(word in key for word in headers.BOOKING_WORDS for key in written)
        return told or self.status is not None

    def read(self, line: Line) -> None:
        """Send one interval to the sink."""
        cells = line.cells
        if len(cells) < self.width and len(cells) <= max(self.start, self.asset, self.end or 0):
            raise UnreadableCell(f"la ligne a {len(cells)} valeurs pour {self.width} colonnes")
        if len(cells) > self.width:
            raise UnreadableCell(f"la ligne a {len(cells)} valeurs pour {self.width} colonnes")
        asset_no = self.sink.asset(cells[self.asset])
        start_s, end_s = self._span(cells, self.sink.zone_of(asset_no))
        nature = self._nature(cells)
        if nature is None:
            self.cancelled += 1
            return
        km = self._km(cells)
        self.sink.booking(asset_no, start_s, end_s, nature=nature, km_milli=km)

    def _span(self, cells: list[str], zone: str) -> tuple[int, int]:
        """Return the seconds an interval covers; two bare days mean the last one included."""
        start_text = cells[self.start]
        if not start_text.strip():
            raise UnreadableCell("le début est vide; indiquez une date et une heure")
        start_s = instant_s(start_text, zone, "start")
        end_text = cells[self.end].strip() if self.end is not None and self.end < len(cells) else ""
        if end_text:
            end_s = instant_s(end_text, zone, "end")
            if not has_time(end_text) and not has_time(start_text):
                end_s += DAY_S
        elif self.duration is not None and self.duration < len(cells):
            end_s = start_s + length_s(cells[self.duration], self.unit_s)
        else:
            raise UnreadableCell("la fin est vide; indiquez une fin ou une durée")
        if end_s <= start_s:
            raise UnreadableCell("la fin ne vient pas après le début; corrigez l’une des deux")
        if end_s - start_s > MAX_LENGTH_S:
            raise UnreadableCell("l’intervalle dure plus d’un an; vérifiez la fin ou la durée")
        return start_s, end_s

    def _nature(self, cells: list[str]) -> int | None:
        """Return what the status says: closure, option, None (cancelled); else the file's own."""
        if self.status is None or self.status >= len(cells):
            return self.nature
        status = sort_key(cells[self.status].strip())
        if status in _CLOSED:
            return CLOSURE
        if status in _HELD:
            return HELD
        return None if status in _CANCELLED else self.nature

    def _km(self, cells: list[str]) -> int:
        """Return the distance in thousandths of a kilometre; -1 when the line gives none."""
        km = number(cells[self.km]) if self.km is not None and self.km < len(cells) else None
        if km is None:
            return -1
        if km < 0:
            raise UnreadableCell(
                f"la distance «\u00a0{shown(cells[self.km or 0])}\u00a0» est négative"
            )
        return round(km * MILLI)

    def finish(self) -> None:
        """Say how intervals were understood."""
        if self.nature == BOOKING:
            self.sink.note(
                "Lu comme un calendrier de réservations\u00a0: une intention, pas une présence."
            )
        else:
            self.sink.note("Lu comme un relevé d’usage déclaré.")
        if self.end is None:
            unit = {1: "secondes", 60: "minutes", 3600: "heures", DAY_S: "jours"}[self.unit_s]
            self.sink.note(f"La durée est lue en {unit}.")
        if self.cancelled:
            self.sink.note(f"Emplois annulés ou refusés, non comptés\u00a0: {self.cancelled}.")


def _unit_s(header: Header, place: int) -> int:
    """Return the seconds of one unit of a duration: told by its brackets or name, else an hour."""
    if header.units[place] in _UNIT_S:
        return _UNIT_S[header.units[place]]
    return next((_UNIT_S[word] for word in header.keys[place].split("_") if word in _UNIT_S), 3600)
