# SPDX-License-Identifier: EUPL-1.2
"""Tables for people's spreadsheets, in which no text is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: object) -> str:
    """Return a cell as text, quoted by an apostrophe where a spreadsheet would run it.

    A figure stays a figure, its sign and its decimal comma or point included.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_figure(text) else text


def french_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as French spreadsheets open them: semicolons, a BOM, lines ended as Windows'."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + table.getvalue()


def _is_figure(text: str) -> bool:
    digits = text[1:] if text[0] in "+-" else text
    return digits.replace(",", ".").replace(".", "", 1).isdecimal()
