# SPDX-License-Identifier: EUPL-1.2
"""The readers, by the headers they recognise, and the sink their facts go to."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Protocol, TextIO

from usufruit.audits.options import InventoryAsset
from usufruit.audits.readers.cells import UnreadableCell, shown
from usufruit.audits.readers.headers import Header, make_header
from usufruit.kernel.tables import (
    DEFAULT_MAX_BYTES,
    BadLine,
    FileSource,
    Line,
    RawLine,
    TextLine,
    UnusableSource,
    cut_lines,
    read_raw_lines,
    separators_of,
    split_text,
)
from usufruit.kernel.text import sort_key

HEADER_WITHIN_LINES = 15
SAMPLE_LINES = 20
MAX_REJECTED_KEPT = 100_000
MAX_ASSETS = 10_000
PROGRESS_EVERY_LINES = 50_000

MICRO = 1_000_000
MILLI = 1_000

EXPECTED = (
    "Colonnes attendues\u00a0: un bien avec début et fin ou durée (emplois); un bien, une date "
    "et des kWh, "
    "ou une date puis un bien par colonne (compteur); un bien, une date, des personnes et une "
    "capacité, par exemple 37/311 (comptage)."
)


@dataclass(frozen=True, order=True)
class RejectedLine:
    """A line of evidence that was not used, and the French reason."""

    file: str
    line: int
    reason: str


@dataclass
class SourceReport:
    """What a file gave.

    Attributes:
        kind: name of the reader that recognised it.
        label: the same, in French.
        notes: French sentences on how the file was understood.
    """

    file: str
    kind: str = ""
    label: str = ""
    line_count: int = 0
    fact_count: int = 0
    rejected_count: int = 0
    notes: list[str] = field(default_factory=list)


class LineReader(Protocol):
    """Read the lines of one file, one at a time, then conclude."""

    def read(self, line: Line) -> None:
        """Send the facts of a line to the sink; raise UnreadableCell to reject it."""

    def finish(self) -> None:
        """Note what was learnt from the whole file."""


Recognise = Callable[[Header, "Sink"], LineReader | None]


@dataclass(frozen=True)
class Reader:
    """A kind of evidence: its name, its French label, the function that knows its header."""

    name: str
    label: str
    recognise: Recognise


READERS: list[Reader] = []


def reader(name: str, label: str) -> Callable[[Recognise], Recognise]:
    """Register a reader; the first registered that recognises a header has the file."""

    def register(recognise: Recognise) -> Recognise:
        READERS.append(Reader(name, label, recognise))
        return recognise

    return register


class Sink:
    """Where facts go: one staging file per kind, whole numbers only, ready for the engine.

    Instants are UTC epoch seconds; energy is in millionths of its unit; persons in thousandths.
    """

    FILES = ("booking", "reading", "presence")

    def __init__(
        self, folder: Path, zone: str, inventory: Sequence[InventoryAsset], sense: str | None = None
    ) -> None:
        self.zone, self.sense = zone, sense
        self.assets: list[InventoryAsset] = list(inventory)
        self.rejected: list[RejectedLine] = []
        self.source = SourceReport("")
        self.source_no = 0
        self.offsets: Counter[tuple[int, int]] = Counter()
        self._closed_world = bool(inventory)
        self._numbers: dict[str, int] = {}
        self._spellings: dict[str, int] = {}
        for number, asset in enumerate(self.assets):
            self._spellings.setdefault(sort_key(asset.name), number)
        for number, asset in enumerate(self.assets):
            self._spellings[sort_key(asset.external_id)] = number
        self._files: dict[str, TextIO] = {
            name: (folder / f"{name}.csv").open("w", encoding="ascii") for name in self.FILES
        }

    def close(self) -> None:
        """Close the staging files."""
        for file in self._files.values():
            file.close()

    def begin(self, source: FileSource, number: int) -> SourceReport:
        """Start a file; what follows is reported under its name."""
        self.source, self.source_no = SourceReport(source.name), number
        return self.source

    def asset(self, name: str, category: str = "", capacity: float | None = None) -> int:
        """Return the number of an asset, known or met for the first time.

        Raises:
            UnreadableCell: no name, or a name that the inventory does not know.
            UnusableSource: more names than any inventory holds.
        """
        number = self._numbers.get(name)
        if number is not None:
            return number
        plain = " ".join(name.split())
        if not plain:
            raise UnreadableCell("le bien n’est pas nommé; indiquez de quel bien il s’agit")
        if len(plain) > 200:
            raise UnreadableCell("le nom du bien dépasse 200 caractères")
        number = self._spellings.get(sort_key(plain))
        if number is None:
            if self._closed_world:
                raise UnreadableCell(
                    f"le bien «\u00a0{shown(plain)}\u00a0» n’est pas à l’inventaire; ajoutez-le "
                    "ou corrigez son nom"
                )
            number = len(self.assets)
            if number >= MAX_ASSETS:
                raise UnusableSource(
                    f"Le fichier {self.source.file} nomme plus de {MAX_ASSETS} biens. "
                    "Vérifiez quelle colonne nomme le bien, ou donnez un inventaire."
                )
            self.assets.append(InventoryAsset(plain, plain, category=category, capacity=capacity))
            self._spellings[sort_key(plain)] = number
        self._numbers[name] = number
        return number

    def zone_of(self, asset_no: int) -> str:
        """Return the time zone of an asset."""
        return self.assets[asset_no].zone or self.zone

    def booking(
        self, asset_no: int, start_s: int, end_s: int, *, nature: int, km_milli: int
    ) -> None:
        """Record an interval: nature 0 booking, 1 closure, 2 noted use, 3 held option."""
        self._write(
            "booking", f"{asset_no},{self.source_no},{start_s},{end_s},{nature},{km_milli}\n"
        )

    def reading(self, asset_no: int, at_s: int, energy_micro: int, line: int) -> None:
        """Record the energy used from an instant to the next reading."""
        self._write("reading", f"{asset_no},{self.source_no},{line},{at_s},{energy_micro}\n")

    def presence(
        self, asset_no: int, at_s: int, persons_milli: int, capacity_milli: int, line: int
    ) -> None:
        """Record how many persons are there at an instant; capacity 0 when unknown."""
        self._write(
            "presence",
            f"{asset_no},{self.source_no},{line},{at_s},{persons_milli},{capacity_milli}\n",
        )

    def reject(self, line: int, reason: str) -> None:
        """Keep a rejected line with its reason, up to a bound; the count goes on."""
        self.source.rejected_count += 1
        if len(self.rejected) == MAX_REJECTED_KEPT:
            reason = "les lignes rejetées suivantes sont comptées, sans être énumérées"
        if len(self.rejected) <= MAX_REJECTED_KEPT:
            self.rejected.append(RejectedLine(self.source.file, line, reason))

    def note(self, sentence: str) -> None:
        """Say once how the file was understood."""
        if sentence not in self.source.notes:
            self.source.notes.append(sentence)

    def check_offset(self, offset_s: int | None, at_s: int, zone: str) -> None:
        """Compare an offset written in the file with the zone's own; a mismatch is told once."""
        if offset_s is None:
            return
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - rarely needed

        local = datetime.fromtimestamp(at_s, UTC).astimezone(ZoneInfo(zone)).utcoffset()
        if local is not None and int(local.total_seconds()) != offset_s:
            self.note(
                f"Les dates portent un décalage qui n’est pas celui de {zone}\u00a0: les heures "
                "sont "
                "converties. Si le bien est ailleurs, indiquez --timezone."
            )

    def _write(self, name: str, row: str) -> None:
        self.source.fact_count += 1
        self._files[name].write(row)


def read_source(
    source: FileSource,
    sink: Sink,
    on_lines: Callable[[int], None],
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> None:
    """Send the facts of one file to the sink.

    Raises:
        UnusableSource: when no reader recognises the file.
    """
    lines = read_raw_lines(source, max_bytes)
    chosen, rest = _recognise(source, lines, sink)
    for line in rest:
        sink.source.line_count += 1
        if isinstance(line, BadLine):
            sink.reject(line.number, line.reason)
            continue
        try:
            chosen.read(line)
        except UnreadableCell as problem:
            sink.reject(line.number, str(problem))
        if sink.source.line_count % PROGRESS_EVERY_LINES == 0:
            on_lines(sink.source.line_count)
    chosen.finish()


def _recognise(
    source: FileSource, lines: Iterator[RawLine], sink: Sink
) -> tuple[LineReader, Iterator[Line | BadLine]]:
    """Find the header among the first lines, and the reader that knows it."""
    first = list(islice(lines, HEADER_WITHIN_LINES + SAMPLE_LINES))
    closest: Header | None = None
    for place, raw in enumerate(first[:HEADER_WITHIN_LINES]):
        for separator, cells in possible_cells(raw):
            sample = tuple(
                row
                for row in cut_lines(iter(first[place + 1 :]), separator)
                if isinstance(row, Line)
            )
            header = make_header(Line(raw.number, cells), sample[:SAMPLE_LINES])
            if not header.has_known_name():
                continue
            closest = closest or header
            for candidate in READERS:
                chosen = candidate.recognise(header, sink)
                if chosen is not None:
                    sink.source.kind, sink.source.label = candidate.name, candidate.label
                    refused = [bad for bad in first[:place] if isinstance(bad, BadLine)]
                    rest = cut_lines(chain(first[place + 1 :], lines), separator)
                    return chosen, chain(refused, rest)
    raise UnusableSource(_not_recognised(source.name, first, closest))


def possible_cells(raw: RawLine) -> Iterator[tuple[str, list[str]]]:
    """Cut a line with each separator it may use."""
    if isinstance(raw, Line):
        yield ",", raw.cells
    elif isinstance(raw, TextLine):
        for separator in separators_of(raw.text):
            cells = split_text(raw.text, separator)
            if cells is not None and len(cells) > 1:
                yield separator, cells


def _not_recognised(name: str, first: Sequence[RawLine], closest: Header | None) -> str:
    """Say what was read instead of the columns expected."""
    if closest is not None:
        columns = ", ".join(shown(column) or "(sans nom)" for column in closest.names[:12])
        return f"Les colonnes du fichier {name} ne sont pas reconnues\u00a0: {columns}. {EXPECTED}"
    texts = [raw.text for raw in first if isinstance(raw, TextLine) and raw.text.strip()]
    begins = f"\u00a0: il commence par «\u00a0{shown(texts[0])}\u00a0». " if texts else ". "
    return f"Le fichier {name} n’a pas d’en-tête de colonnes reconnu{begins}{EXPECTED}"
