# SPDX-License-Identifier: EUPL-1.2
"""Open a table in a file and give its lines, whatever its encoding, packing and separators.

Evidence and inventories come the same way, so both rooms read here; nothing of either is known.

Everything is bounded: a hostile file costs a refusal, never the memory. One bad line is given back
as a ``BadLine`` and the next one is read.
"""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MAX_LINE_CHARS = 1_000_000
MAX_QUOTED_LINES = 20
MAX_QUOTED_CHARS = 64_000
MAX_CELLS = 20_000
DEFAULT_MAX_BYTES = 4 * 1024**3
SUSPECT_BYTES = 64 * 1024**2
SUSPECT_RATIO = 200

_SEPARATORS = ("\t", ";", "|", ",")


class UnusableSource(Exception):  # noqa: N818 - it is told to a person, in French
    """Say why a whole file cannot be used, and what to do."""


@dataclass(frozen=True)
class FileSource:
    """A file somebody sent.

    Attributes:
        name: what people call it; it is the only part of its address ever printed.
        content: where its bytes are, or the bytes themselves.
    """

    name: str
    content: Path | bytes

    def open(self) -> BinaryIO:
        """Return the bytes as a seekable stream."""
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return self.content.open("rb")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``number`` counts the lines of the file from 1, header included."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no line of a table, and the French reason."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A raw line of text before it is cut into cells."""

    number: int
    text: str


RawLine = TextLine | Line | BadLine


def read_raw_lines(
    source: FileSource,
    max_bytes: int = DEFAULT_MAX_BYTES,
    *,
    single_byte: str = "cp1252",
    sheet: str = "",
) -> Iterator[RawLine]:
    """Give the lines of a file: text lines of a CSV (plain or .gz), ready cells of a workbook.

    Args:
        single_byte: the encoding of a line that is not UTF-8.
        sheet: the sheet of a workbook; empty takes the first that holds anything.

    Raises:
        UnusableSource: empty file, archive bomb, unreadable packing.
    """
    with source.open() as stream:
        if starts_of(source).startswith(b"PK"):
            from usufruit.kernel.workbooks import read_workbook  # noqa: PLC0415 - slow import

            yield from read_workbook(source.name, stream, sheet)
            return
        yield from _text_lines(plain_bytes(source, stream, max_bytes), single_byte)


def starts_of(source: FileSource) -> bytes:
    """Return the first eight bytes of a file, which tell its kind.

    Raises:
        UnusableSource: when it is empty.
    """
    with source.open() as stream:
        start = stream.read(8)
    if not start:
        raise UnusableSource(f"Le fichier {source.name} est vide.")
    return start


def plain_bytes(
    source: FileSource, stream: BinaryIO, max_bytes: int = DEFAULT_MAX_BYTES
) -> io.BufferedReader:
    """Return the unpacked bytes of a plain or gzipped file, bounded."""
    packed = starts_of(source).startswith(b"\x1f\x8b")
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    plain: Any = gzip.GzipFile(fileobj=stream) if packed else stream
    return io.BufferedReader(
        _Bounded(plain, source.name, max_bytes, size if packed else 0), 1 << 20
    )


class _Bounded(io.RawIOBase):
    """Count what is unpacked and stop an archive that swells beyond reason."""

    def __init__(self, plain: Any, name: str, max_bytes: int, packed_size: int) -> None:  # noqa: ANN401 - any stream
        self._plain, self._name, self._max = plain, name, max_bytes
        self._packed_size, self._seen = packed_size, 0
        self.broken = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any writable buffer
        try:
            # read1 gives what is unpacked so far: a cut archive keeps its beginning.
            chunk = self._plain.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self.broken = "l’archive est coupée ou abîmée; la suite du fichier est illisible"
            return 0
        self._seen += len(chunk)
        swollen = self._packed_size and self._seen > SUSPECT_RATIO * self._packed_size
        if self._seen > self._max or (swollen and self._seen > SUSPECT_BYTES):
            raise UnusableSource(
                f"Le fichier {self._name} gonfle au-delà de ce qui est permis une fois "
                "décompressé. "
                "Déposez le fichier décompressé, ou découpez-le."
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _text_lines(stream: io.BufferedReader, single_byte: str) -> Iterator[RawLine]:
    """Give the lines of a text, decoded one by one so that one odd byte costs one line at most."""
    encoding = wide_encoding(stream.peek(4096)[:4096])
    # Latin-1 maps each byte to one character: line ends are found first, bytes are judged after.
    text = io.TextIOWrapper(stream, encoding=encoding or "latin-1", errors="replace", newline=None)
    number = 0
    while True:
        line = text.readline(MAX_LINE_CHARS)
        if not line:
            break
        number += 1
        if len(line) >= MAX_LINE_CHARS and not line.endswith("\n"):
            _skip_rest(text)
            yield BadLine(
                number, "la ligne est démesurée; vérifiez les guillemets et les fins de ligne"
            )
            continue
        line = line.rstrip("\n")
        if encoding is None and not line.isascii():
            line = _decode(line.encode("latin-1"), single_byte)
        if number == 1:
            line = line.lstrip("\ufeff")
        if "\x00" in line:
            yield BadLine(
                number, "la ligne contient des octets nuls; exportez de nouveau le fichier en CSV"
            )
            continue
        yield TextLine(number, line)
    broken = getattr(stream.raw, "broken", "")
    if broken:
        yield BadLine(number + 1, broken)


def wide_encoding(start: bytes) -> str | None:
    """Return the name of a two-byte encoding, told by its mark or by its nulls; else None."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(start) >= 4:
        half = len(start) // 2
        if start[1::2].count(0) > 0.4 * half:
            return "utf-16-le"
        if start[0::2].count(0) > 0.4 * half:
            return "utf-16-be"
    return None


def _decode(line: bytes, single_byte: str) -> str:
    """Decode a line as UTF-8, else in the encoding the file seems to have."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode(single_byte, errors="replace")


def _skip_rest(text: io.TextIOWrapper) -> None:
    """Read a boundless line to its end, a piece at a time."""
    while True:
        piece = text.readline(MAX_LINE_CHARS)
        if not piece or piece.endswith("\n"):
            return


def separators_of(text: str) -> list[str]:
    """Return the separators a header may use, the most frequent first."""
    found = [mark for mark in _SEPARATORS if mark in text]
    return sorted(found, key=lambda mark: -text.count(mark)) or [","]


def split_text(text: str, separator: str) -> list[str] | None:
    """Cut one line of text into cells; None when its quotes are not closed."""
    if '"' not in text:
        return text.split(separator)
    if text.count('"') % 2:
        return None
    try:
        return next(csv.reader([text], delimiter=separator))
    except csv.Error:
        return None


def cut_lines(lines: Iterator[RawLine], separator: str) -> Iterator[Line | BadLine]:
    """Cut text lines into cells; blank lines are dropped, open quotes joined over a few lines."""
    waiting: deque[RawLine] = deque()
    while True:
        raw = waiting.popleft() if waiting else next(lines, None)
        if raw is None:
            return
        if not isinstance(raw, TextLine):
            yield raw
            continue
        if not raw.text.strip():
            continue
        cells = split_text(raw.text, separator)
        if cells is None:
            cells = _join_quoted(raw, lines, waiting, separator)
        if cells is None:
            yield BadLine(raw.number, "un guillemet n’est pas fermé; corrigez la ligne")
        elif len(cells) > MAX_CELLS:
            yield BadLine(raw.number, f"la ligne compte plus de {MAX_CELLS} colonnes")
        else:
            yield Line(raw.number, cells)


def _join_quoted(
    first: TextLine, lines: Iterator[RawLine], waiting: deque[RawLine], separator: str
) -> list[str] | None:
    """Close a quoted cell that runs over several lines; give them back when it never closes."""
    for _ in range(len(waiting), MAX_QUOTED_LINES):
        following = next(lines, None)
        if following is None:
            break
        waiting.append(following)
    text = first.text
    for used, following in enumerate(list(waiting), start=1):
        if not isinstance(following, TextLine) or len(text) > MAX_QUOTED_CHARS:
            return None
        text += "\n" + following.text
        if text.count('"') % 2:
            continue
        cells = split_text(text, separator)
        if cells is None:
            return None
        for _ in range(used):
            waiting.popleft()
        return cells
    return None
