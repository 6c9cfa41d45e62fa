# SPDX-License-Identifier: EUPL-1.2
"""Meter readings: the energy of each hour, a line a reading (long) or a column an asset (wide)."""

from pathlib import PurePath

from usufruit.audits.readers import headers
from usufruit.audits.readers.cells import UnreadableCell, instant_s, number, offset_s, shown
from usufruit.audits.readers.headers import Header
from usufruit.audits.readers.registry import MICRO, Sink, reader
from usufruit.kernel.tables import Line

_KWH_OF = {"wh": 0.001, "kwh": 1.0, "mwh": 1000.0}


@reader("meter", "Compteur, une ligne par lecture")
def recognise_long(header: Header, sink: Sink) -> "LongMeterReader | None":
    """Recognise an asset, an instant and an energy."""
    asset, at = header.find(headers.ASSET), header.find(headers.INSTANT)
    energy = _energy_column(header)
    if at is None or energy is None or (asset is None and len(header.keys) != 2):
        return None
    return LongMeterReader(header, sink, asset, at, energy)


@reader("meter_wide", "Compteurs, une colonne par bien")
def recognise_wide(header: Header, sink: Sink) -> "WideMeterReader | None":
    """Recognise an instant, then columns of figures whose names are those of assets."""
    at = header.find(headers.INSTANT)
    others = [place for place, name in enumerate(header.names) if place != at and name]
    if at is None or header.has_known_name(besides=at):
        return None
    figures = [place for place in others if _holds_figures(header.column(place))]
    if not figures:
        return None
    return WideMeterReader(header, sink, at, figures)


def _energy_column(header: Header) -> int | None:
    named = header.find(headers.ENERGY)
    if named is not None:
        return named
    return next((p for unit in _KWH_OF if (p := header.find_unit(unit)) is not None), None)


def _holds_figures(cells: list[str]) -> bool:
    """Tell whether most filled cells of a sample are figures."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(_is_figure, filled)) * 2 > len(filled)


def _is_figure(cell: str) -> bool:
    try:
        number(cell)
    except UnreadableCell:
        return False
    return True


def _energy_micro(text: str, kwh: float) -> int | None:
    """Return a reading in millionths of a kWh; None when the cell is empty."""
    energy = number(text)
    if energy is None:
        return None
    if energy < 0:
        raise UnreadableCell(
            f"la lecture «\u00a0{shown(text)}\u00a0» est négative; corrigez ou videz la cellule"
        )
    return round(energy * kwh * MICRO)


class _MeterReader:
    """What both layouts share: the clock, the empty cells and the closing notes."""

    def __init__(self, header: Header, sink: Sink, at: int) -> None:
        self.sink, self.at, self.width = sink, at, len(header.names)
        self.empty = 0
        self.offset_checked = False

    def _check_width(self, cells: list[str]) -> None:
        if len(cells) != self.width:
            raise UnreadableCell(f"la ligne a {len(cells)} valeurs pour {self.width} colonnes")

    def _instant(self, text: str, zone: str) -> int:
        at_s = instant_s(text, zone, "start")
        if not self.offset_checked:
            self.sink.check_offset(offset_s(text), at_s, zone)
            self.offset_checked = True
        return at_s

    def finish(self) -> None:
        """Say how readings were understood."""
        self.sink.note(
            "Lecture à zéro\u00a0: compteur absent ou coupé. Elle compte comme une absence de "
            "donnée, "
            "jamais comme une inoccupation."
        )
        if self.empty:
            self.sink.note(f"Cellules vides, comptées comme absence de donnée\u00a0: {self.empty}.")


class LongMeterReader(_MeterReader):
    """Read one reading a line."""

    def __init__(self, header: Header, sink: Sink, asset: int | None, at: int, energy: int) -> None:
        super().__init__(header, sink, at)
        self.asset, self.energy = asset, energy
        self.kwh = _KWH_OF.get(header.units[energy], 1.0)
        self.file_asset = PurePath(sink.source.file).name.split(".")[0]

    def read(self, line: Line) -> None:
        """Send one reading to the sink."""
        cells = line.cells
        self._check_width(cells)
        name = self.file_asset if self.asset is None else cells[self.asset]
        asset_no = self.sink.asset(name)
        at_s = self._instant(cells[self.at], self.sink.zone_of(asset_no))
        energy = _energy_micro(cells[self.energy], self.kwh)
        if energy is None:
            self.empty += 1
            return
        self.sink.reading(asset_no, at_s, energy, line.number)


class WideMeterReader(_MeterReader):
    """Read one instant a line, one asset a column; a bad cell costs that cell alone."""

    def __init__(self, header: Header, sink: Sink, at: int, figures: list[int]) -> None:
        super().__init__(header, sink, at)
        self.columns = [
            (place, header.names[place], _KWH_OF.get(header.units[place], 1.0)) for place in figures
        ]
        ignored = [
            name for place, name in enumerate(header.names) if name and place not in {at, *figures}
        ]
        if ignored:
            sink.note(
                f"Colonnes sans chiffres, non lues\u00a0: {', '.join(map(shown, ignored[:8]))}."
            )

    def read(self, line: Line) -> None:
        """Send the readings of an instant to the sink."""
        self._check_width(line.cells)
        for place, name, kwh in self.columns:
            asset_no = self.sink.asset(name)
            at_s = self._instant(line.cells[self.at], self.sink.zone_of(asset_no))
            try:
                energy = _energy_micro(line.cells[place], kwh)
            except UnreadableCell as problem:
                self.sink.reject(
                    line.number, f"colonne «\u00a0{shown(name)}\u00a0»\u00a0: {problem}"
                )
                continue
            if energy is None:
                self.empty += 1
            else:
                self.sink.reading(asset_no, at_s, energy, line.number)
