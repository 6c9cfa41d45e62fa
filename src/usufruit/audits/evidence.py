# SPDX-License-Identifier: EUPL-1.2
"""Gather the evidence: every file read once, its facts staged, its bad lines kept with a reason."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

# The order is the order of recognition: the most particular header first, the loosest last.
from usufruit.audits.readers import intervals, presence  # isort: skip
from usufruit.audits.readers import meters  # isort: skip
from usufruit.audits.options import AuditOptions, InventoryAsset, OnProgress, Progress
from usufruit.audits.readers.registry import READERS, RejectedLine, Sink, SourceReport, read_source
from usufruit.kernel.tables import FileSource, UnusableSource

KINDS_OF_EVIDENCE = (intervals, presence, meters)

__all__ = ["READERS", "FileSource", "Gathered", "RejectedLine", "UnusableSource", "gather"]

READING_SHARE = 0.6
LINES_OF_HALF_A_FILE = 200_000

_PIECE = 1 << 20


@dataclass
class Gathered:
    """What the files gave.

    Attributes:
        folder: where the staged facts are.
        assets: the inventory, then the assets met in the evidence; their place is their number.
        digest: SHA-256 of the bytes of all files, in order.
    """

    folder: Path
    assets: list[InventoryAsset]
    rejected: list[RejectedLine]
    sources: list[SourceReport]
    digest: str


def gather(
    sources: Sequence[FileSource],
    inventory: Sequence[InventoryAsset],
    options: AuditOptions,
    folder: Path,
    progress: OnProgress,
) -> Gathered:
    """Read every file and stage its facts in a folder.

    Raises:
        UnusableSource: when a file cannot be used at all, or when no file gives a fact.
    """
    sink = Sink(folder, options.zone, inventory, options.sense)
    reports: list[SourceReport] = []
    try:
        for number, source in enumerate(sources):
            reports.append(sink.begin(source, number))
            on_lines = _teller(source.name, number, len(sources), progress)
            on_lines(0)
            read_source(source, sink, on_lines, options.max_bytes)
    finally:
        sink.close()
    if not any(report.fact_count for report in reports):
        raise UnusableSource(_nothing_usable(sink.rejected))
    return Gathered(folder, sink.assets, sink.rejected, reports, _digest(sources))


def _teller(name: str, number: int, count: int, progress: OnProgress) -> Callable[[int], None]:
    """Return what tells how far the reading is; it takes the first part of an audit."""

    def tell(lines: int) -> None:
        seen = f"\u00a0: {lines:,} lignes".replace(",", "\u00a0") if lines else ""
        # How long the file is stays unknown until its end: each line counts for less and less.
        share = lines / (lines + LINES_OF_HALF_A_FILE)
        progress(Progress(f"Lecture de {name}{seen}", READING_SHARE * (number + share) / count))

    return tell


def _nothing_usable(rejected: list[RejectedLine]) -> str:
    if not rejected:
        return "Aucune ligne de données dans ces fichiers. Vérifiez l’exportation."
    first = rejected[0]
    return (
        f"Aucune ligne utilisable. La première rejetée est la ligne {first.line} de "
        f"{first.file}\u00a0: "
        f"{first.reason}."
    )


def _digest(sources: Sequence[FileSource]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        with source.open() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()
