# SPDX-License-Identifier: EUPL-1.2
"""Open a file of assets: what it is, how it is written, its header, its lines one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from usufruit.imports import geojson
from usufruit.imports.cells import BadCell, clean, number
from usufruit.imports.rules import key_of
from usufruit.inventory.columns import COLUMNS
from usufruit.kernel.tables import (
    BadLine,
    FileSource,
    Line,
    TextLine,
    UnusableSource,
    cut_lines,
    plain_bytes,
    read_raw_lines,
    separators_of,
    split_text,
    starts_of,
    wide_encoding,
)

MAX_COLUMNS = 500
HEADER_WITHIN = 20
SAMPLE_LINES = 40
SNIFFED_BYTES = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
_KNOWN = {word for column in COLUMNS for word in (column.name, *column.words)}
# French letters as each single-byte encoding of an office writes them.
_LETTERS = "éèêëàâçùûîïôœÉÈÀÇ’«»° "
_SINGLE_BYTE = {
    "cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (850)",
}  # fmt: skip
SEPARATORS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre"}


@dataclass(frozen=True)
class Wanted:
    """How a person asks a file to be read; empty or zero lets us find out."""

    sheet: str = ""
    header_line: int = 0
    separator: str = ""


@dataclass(frozen=True)
class Shape:
    """How a file is written, as shown to the person.

    Attributes:
        form: ``csv``, ``xlsx`` or ``geojson``.
        encoding: Python's name of the single-byte encoding of lines that are not UTF-8.
        encoding_label: what a person calls the encoding; empty for a workbook.
        sheets: names of the sheets of a workbook.
        header_line: the line of the file the names stand on; 0 for GeoJSON.
        names: of the columns, made different from each other.
        sample: some lines that follow.
        notices: French sentences on what was noticed.
    """

    form: str
    names: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    encoding: str = "cp1252"
    encoding_label: str = ""
    separator: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    header_line: int = 0
    notices: tuple[str, ...] = field(default=())


def describe(source: FileSource, wanted: Wanted | None = None) -> Shape:
    """Find out how a file is written.

    Raises:
        UnusableSource: in French, when no line of it can be read.
    """
    wanted = wanted or Wanted()
    start = starts_of(source)
    _refuse_foreign(source, start)
    if not start.startswith(b"PK") and geojson.is_geojson(source):
        names, sample = geojson.columns_of(source)
        return Shape("geojson", _distinct(source, names), sample, encoding_label="UTF-8")
    shape = _workbook(source, wanted) if start.startswith(b"PK") else _text(source, wanted)
    if not shape.sample:
        raise UnusableSource(
            f"Le fichier {source.name} n’a que son en-tête. Ajoutez au moins une ligne."
        )
    return shape


def lines_of(source: FileSource, shape: Shape) -> Iterator[Line | BadLine]:
    """Give the lines that follow the header."""
    if shape.form == "geojson":
        yield from geojson.lines_of(source, shape.names)
        return
    raw = read_raw_lines(source, single_byte=shape.encoding, sheet=shape.sheet)
    lines = cut_lines(raw, shape.separator or ",")
    for line in lines:
        if line.number > shape.header_line:
            yield line


def _refuse_foreign(source: FileSource, start: bytes) -> None:
    """Refuse what is no table, with the way to make one."""
    if start.startswith(_OLE):
        with source.open() as stream:
            content = stream.read(1 << 20)
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnusableSource(
                f"Le classeur {source.name} est protégé par un mot de passe. "
                "Enregistrez-le sans mot de passe, puis déposez-le de nouveau."
            )
        raise UnusableSource(
            f"Le fichier {source.name} est un ancien classeur XLS. "
            "Enregistrez-le en XLSX ou en CSV, puis déposez-le de nouveau."
        )
    if start.startswith(b"%PDF"):
        raise UnusableSource(
            f"Le fichier {source.name} est un PDF. Exportez le tableau en CSV ou en XLSX."
        )
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise UnusableSource(
            f"Le fichier {source.name} est une page Web ou du XML, pas un tableau. "
            "Ouvrez-le dans un tableur et enregistrez-le en XLSX ou en CSV."
        )


def _workbook(source: FileSource, wanted: Wanted) -> Shape:
    from usufruit.kernel.workbooks import sheets_of  # noqa: PLC0415 - slow import

    with source.open() as stream:
        sheets = sheets_of(source.name, stream)
    visible = [sheet.name for sheet in sheets if not sheet.is_hidden]
    hidden = [sheet.name for sheet in sheets if sheet.is_hidden]
    names = visible + hidden
    sheet = wanted.sheet if wanted.sheet in names else ""
    for name in [sheet] if sheet else names:
        first = _first_lines(read_raw_lines(source, sheet=name)) if name else []
        if first:
            sheet = name
            break
    if not sheet or not first:
        raise UnusableSource(f"Le classeur {source.name} est vide.")
    notices = []
    if len(visible) > 1:
        notices.append(
            f"Feuille lue\u00a0: «\u00a0{sheet}\u00a0». Choisissez-en une autre au besoin."
        )
    if hidden:
        notices.append("Feuilles masquées, laissées de côté\u00a0: " + ", ".join(hidden) + ".")
    header, names_read, rows = _header(source, first, wanted.header_line, ",")
    return Shape(
        "xlsx", names_read, rows, sheets=tuple(names), sheet=sheet, header_line=header,
        notices=tuple(notices),
    )  # fmt: skip


def _text(source: FileSource, wanted: Wanted) -> Shape:
    with source.open() as stream:
        bytes_read = plain_bytes(source, stream).read(SNIFFED_BYTES) or b""
    encoding, label = encoding_of(bytes_read)
    first = _first_lines(read_raw_lines(source, single_byte=encoding))
    if not first:
        raise UnusableSource(
            f"Le fichier {source.name} ne contient aucune ligne de texte lisible. "
            "Exportez-le de nouveau en CSV."
        )
    separator = wanted.separator if wanted.separator in SEPARATORS else _separator(first)
    header, names, rows = _header(source, first, wanted.header_line, separator)
    return Shape(
        "csv", names, rows, encoding=encoding, encoding_label=label, separator=separator,
        header_line=header,
    )  # fmt: skip


def encoding_of(start: bytes) -> tuple[str, str]:
    """Return the encoding of lines that are not UTF-8, and what to tell the person."""
    if wide := wide_encoding(start[:4096]):
        return "cp1252", wide.upper()
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:
            scores = {name: _french(start, name) for name in _SINGLE_BYTE}
            best = max(scores, key=lambda name: scores[name])
            return best, _SINGLE_BYTE[best]
    return "cp1252", "UTF-8 avec marque" if start.startswith(b"\xef\xbb\xbf") else "UTF-8"


def _french(start: bytes, encoding: str) -> int:
    """Return how French the letters beyond ASCII read in an encoding."""
    counts = Counter(start.decode(encoding, errors="replace"))
    odd = sum(n for char, n in counts.items() if ord(char) > 127 and char not in _LETTERS)
    return sum(counts[char] for char in _LETTERS if ord(char) > 127) - 2 * odd


def _first_lines(lines: Iterator[Any]) -> list[TextLine | Line]:
    """Return the first lines that can be read."""
    first: list[TextLine | Line] = []
    for seen, line in enumerate(lines):
        if isinstance(line, TextLine | Line):
            first.append(line)
        if len(first) >= HEADER_WITHIN + SAMPLE_LINES or seen > 1000:
            break
    return first


def _separator(first: Sequence[TextLine | Line]) -> str:
    """Return the mark that cuts the most lines in the same number of cells."""
    texts = [line.text for line in first if isinstance(line, TextLine) and line.text.strip()]
    found = {mark for text in texts for mark in separators_of(text)}

    def steadiness(mark: str) -> tuple[int, int]:
        widths = Counter(len(cells) for text in texts if (cells := split_text(text, mark)))
        widths.pop(1, None)
        width, lines = max(widths.items(), key=lambda one: one[0] * one[1], default=(1, 0))
        return width * lines, lines

    return max(sorted(found), key=steadiness, default=",")


def _header(
    source: FileSource, first: Sequence[TextLine | Line], wanted_line: int, separator: str
) -> tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the line of the names, the names, and some lines that follow."""
    rows = [line for line in cut_lines(iter(first), separator) if isinstance(line, Line)]
    if not rows:
        raise UnusableSource(
            f"Le fichier {source.name} ne se coupe pas en colonnes. "
            "Vérifiez ses guillemets, puis exportez-le de nouveau en CSV."
        )
    header = next((row for row in rows if row.number == wanted_line), None)
    header = header or max(rows[:HEADER_WITHIN], key=_likeness)
    names = _distinct(source, header.cells)
    sample = tuple(tuple(row.cells) for row in rows if row.number > header.number)
    return header.number, names, sample[:SAMPLE_LINES]


def _likeness(row: Line) -> tuple[int, int, int]:
    """Return how much a line looks like names of columns; the first of equals wins."""
    filled = [cell for cell in row.cells if cell.strip()]
    known = sum(key_of(cell) in _KNOWN for cell in filled)
    words = {cell for cell in filled if not _is_number(cell)}
    return known, len(words) if known else min(len(words), 1), -row.number


def _is_number(cell: str) -> bool:
    try:
        number(cell)
    except BadCell:
        return False
    return True


def _distinct(source: FileSource, cells: Sequence[str]) -> tuple[str, ...]:
    """Return names of columns made different, empty ones numbered."""
    if len(cells) > MAX_COLUMNS:
        raise UnusableSource(
            f"Le fichier {source.name} compte {len(cells)} colonnes; {MAX_COLUMNS} au plus sont "
            "lues. Gardez celles qui décrivent vos biens."
        )
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(cells, start=1):
        name = clean(cell)[:120] or f"Colonne {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def table_schema_titles(content: bytes) -> dict[str, str]:
    """Return the title or the name of each field of a Table Schema or Data Package, by field name.

    Raises:
        UnusableSource: when it is neither.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
        schema = document["resources"][0]["schema"] if "resources" in document else document
        return {str(one["name"]): str(one.get("title") or one["name"]) for one in schema["fields"]}
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise UnusableSource(
            "Ce fichier n’est ni un Table Schema ni un datapackage.json lisible. "
            "Déposez le tableau seul, ou corrigez le schéma."
        ) from error
