# SPDX-License-Identifier: EUPL-1.2
"""Read the first filled sheet of an .xlsx workbook as numbered lines of cells."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, load_workbook

from usufruit.audits.readers.tables import BadLine, Line, UnusableSource

MAX_UNPACKED_BYTES = 400 * 1024**2
_PIECE = 1 << 20


def read_workbook(name: str, stream: BinaryIO) -> Iterator[Line | BadLine]:
    """Give the lines of the first sheet that holds anything; dates come out in ISO form.

    Raises:
        UnusableSource: not a workbook, or one that unpacks to more than 400 MB.
    """
    _check_archive(name, stream)
    stream.seek(0)
    try:
        workbook = load_workbook(stream)
        for sheet_name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in rows):
                break
        else:
            raise UnusableSource(f"Le classeur {name} est vide.")
    except (CalamineError, ValueError, OSError) as error:
        raise UnusableSource(
            f"Le classeur {name} est illisible. Enregistrez la feuille en CSV et déposez ce CSV."
        ) from error
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield Line(number, cells)


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
                    while content.read(_PIECE):
                        pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refusal from error


def _text(cell: object) -> str:
    """Write a cell the way a CSV would hold it."""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds() / 3600!r}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
