# SPDX-License-Identifier: EUPL-1.2
"""Read a sheet of an .xlsx workbook as numbered lines of cells."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from usufruit.kernel.tables import BadLine, Line, UnusableSource

MAX_UNPACKED_BYTES = 400 * 1024**2
MAX_AREA_CELLS = 10_000_000
_PIECE = 1 << 20
_XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PLACE = re.compile(r"([A-Za-z]{0,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook that holds something."""

    name: str
    is_hidden: bool


def sheets_of(name: str, stream: BinaryIO) -> list[Sheet]:
    """Return the sheets of a workbook, hidden ones last.

    Raises:
        UnusableSource: as ``read_workbook``.
    """
    workbook = _opened(name, stream)
    found = [
        Sheet(each.name, each.visible != SheetVisibleEnum.Visible)
        for each in workbook.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet
    ]
    return sorted(found, key=lambda sheet: sheet.is_hidden)


def read_workbook(name: str, stream: BinaryIO, sheet: str = "") -> Iterator[Line | BadLine]:
    """Give the lines of a sheet; dates come out in ISO form, merged cells repeat their value.

    Args:
        sheet: its name; empty takes the first that holds anything.

    Raises:
        UnusableSource: not a workbook, or one that unpacks to more than 400 MB or spreads its cells
            over more than ten million.
    """
    workbook = _opened(name, stream)
    try:
        names = [sheet] if sheet in workbook.sheet_names else workbook.sheet_names
        for sheet_name in names:
            page = workbook.get_sheet_by_name(sheet_name)
            rows = page.to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in rows):
                break
        else:
            raise UnusableSource(f"Le classeur {name} est vide.")
        merged = page.merged_cell_ranges or []
        spread = sum((low - top + 1) * (right - left + 1) for (top, left), (low, right) in merged)
        if spread > MAX_AREA_CELLS:
            raise _unreadable(name)
        _repeat_merged(rows, merged)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(name) from error
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield Line(number, cells)


def _opened(name: str, stream: BinaryIO) -> CalamineWorkbook:
    _check_archive(name, stream)
    stream.seek(0)
    try:
        return load_workbook(stream)
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> UnusableSource:
    return UnusableSource(
        f"Le classeur {name} est illisible. Enregistrez la feuille en CSV et déposez ce CSV."
    )


def _repeat_merged(
    rows: list[list[Any]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Write the value of merged cells in each of them, as whoever merged them reads it."""
    for (top, left), (bottom, right) in ranges:
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]


def _check_archive(name: str, stream: BinaryIO) -> None:
    """Unpack every part once, a piece at a time: a false size or a bomb is found before reading."""
    refusal = UnusableSource(
        f"Le fichier {name} est une archive que nous n’ouvrons pas. "
        "Déposez un CSV, un CSV.GZ ou un classeur XLSX de moins de 400 Mo décompressé."
    )
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            declared = sum(part.file_size for part in archive.infolist())
            if "[Content_Types].xml" not in names or declared > MAX_UNPACKED_BYTES:
                raise refusal
            for part in names:
                with archive.open(part) as content:
                    if _area_cells(content) > MAX_AREA_CELLS:
                        raise UnusableSource(
                            f"Le classeur {name} a des cellules très loin les unes des autres. "
                            "Enregistrez la feuille en CSV et déposez ce CSV."
                        )
    except (
        *(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
        expat.ExpatError,
    ) as error:
        raise refusal from error


def _area_cells(content: IO[bytes]) -> int:
    """Return how many cells lie between the first of a sheet and its last; 0 for no sheet.

    A sheet is read as one rectangle: two cells far apart would fill the memory with nothing.

    Raises:
        ExpatError, ValueError: for a part that is XML and malformed, or has a document type.
    """
    area = _Area()
    piece = content.read(_PIECE)
    is_xml = piece.lstrip().startswith(_XML_STARTS)
    parser = expat.ParserCreate()
    parser.StartElementHandler = area.meet
    parser.StartDoctypeDeclHandler = area.refuse_document_type
    while piece:
        if is_xml:
            parser.Parse(piece)
        piece = content.read(_PIECE)
    if is_xml:
        parser.Parse(b"", True)  # noqa: FBT003 - expat takes it by place
    return area.last_row * area.last_column


class _Area:
    """The lowest and the rightmost cell met; a cell that says no place follows the one before."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0

    def meet(self, tag: str, attributes: dict[str, str]) -> None:
        """Follow a row or a cell."""
        kind = tag.rpartition(":")[2]
        if kind not in {"row", "c"}:
            return
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if kind == "row":
            self.row, self.column = int(place[2]) if place else self.row + 1, 0
        elif place:
            self.row, self.column = int(place[2]), _column(place[1])
        else:
            self.column += 1
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)

    def refuse_document_type(self, *_declared: object) -> None:
        """Refuse a document type, where entities swell: no workbook has one."""
        raise ValueError("a workbook declares no document type")


def _column(letters: str) -> int:
    """Return the number of a column, A being 1."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _text(cell: object) -> str:
    """Write a cell the way a CSV would hold it."""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds() / 3600!r}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
