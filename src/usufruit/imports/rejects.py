# SPDX-License-Identifier: EUPL-1.2
"""The lines an import left out, with their own cells and the reason, as a file to mend."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from usufruit.imports.checking import source_of
from usufruit.imports.models import Import, ImportLine
from usufruit.imports.reading import Shape, lines_of
from usufruit.imports.words import problem_in_words
from usufruit.kernel.spreadsheets import harmless
from usufruit.kernel.tables import BadLine, UnusableSource


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def annotated_csv(batch: Import) -> Iterator[str]:
    """Give, line by line, the refused and doubtful lines: reason first, then the cells as sent.

    The cells are read from the file again: it is kept as it came.
    """
    write = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n").writerow
    yield "\ufeff" + write([_("Ligne"), _("Raison"), *map(harmless, batch.shape["names"])])
    shape = Shape(**{**batch.shape, "names": tuple(batch.shape["names"])})
    left = ImportLine.objects.filter(batch=batch, outcome__in=["refused", "doubt"]).order_by("pk")
    waiting = left.values_list("number", "outcome", "problems").iterator(2_000)
    lines = lines_of(source_of(batch), shape)
    for number, outcome, problems in waiting:
        reason = _("ressemble à un bien déjà inscrit") if outcome == "doubt" else ""
        reason += " ".join(problem_in_words(number, one) for one in problems or ())
        cells: list[str] = []
        try:
            for line in lines:
                if line.number >= number:
                    cells = [] if isinstance(line, BadLine) else line.cells
                    break
        except UnusableSource:
            pass
        yield write([number, harmless(reason), *map(harmless, cells)])
