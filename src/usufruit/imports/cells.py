# SPDX-License-Identifier: EUPL-1.2
"""Read one cell of an inventory: a text, a number with its unit, a date, a yes; or say why not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from usufruit.kernel.text import sort_key

MAX_TEXT = 4000
# Marks nobody sees or that turn a line around: kept, they would make two names of one.
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xAD]
)
_ODD = re.compile(
    r"  |[^\S ]|[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202f\u205f-\u206f]"
    r"|[\ufeff\ufff0-\ufffb]"
)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<digits>\d[\d.,]*)(?:[eE](?P<power>[-+]?\d{1,3}))?"
    r"(?P<unit>(?:m|pi|cm|km)[23](?:/[^\d]{1,6})?|[^\d\s.,+−-][^\d]{0,14})?"
)
_PLAIN = re.compile(r"-?[0-9]{1,11}(?:\.[0-9]{1,15})?")
_CURRENCY = re.compile(r"(\$|€|CAD|EUR|CA\$|\$CA)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YES = frozenset(
    "oui o yes y vrai true t 1 x si sim ja da ✓ ✔ present disponible on".split()  # noqa: SIM905 - a list of words
)
_NO = frozenset(
    "non n no faux false f 0 nao nein niet nie ✗ ✘ absent aucun off".split()  # noqa: SIM905
)
FIRST_DAY, LAST_DAY = date(1600, 1, 1), date(2100, 1, 1)
EXCEL_EPOCH = date(1899, 12, 30)


class BadCell(Exception):  # noqa: N818 - it is told to a person, in French
    """Say what is wrong with a cell, and what mends it."""

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.remedy = remedy or "Corrigez la cellule ou laissez-la vide."


def clean(text: str) -> str:
    """Return a text without invisible marks or doubled spaces."""
    if not _ODD.search(text):
        return text.strip(" ")
    kept = "".join(
        char if char.isprintable() or char.isspace() else "" for char in text.translate(_INVISIBLE)
    )
    return " ".join(kept.split())


def paragraph(text: str) -> str:
    """Return a longer text, its line ends kept."""
    if not _ODD.search(text):
        return text.strip(" ")
    return "\n".join(clean(line) for line in text.splitlines()).strip()


def shown(text: str) -> str:
    """Return the beginning of a cell, safe to print inside a sentence."""
    plain = "".join(char if char.isprintable() else "·" for char in text.strip())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


def identifier(text: str) -> str:
    """Return a serial or vehicle number in capitals, without spaces or invisible marks."""
    return _SPACES.sub("", clean(text)).upper()


def number(text: str) -> Decimal:
    """Return a number: ``1 234,5``, ``1,234.5``, ``12 m``; the last mark is the decimal one.

    Raises:
        BadCell: no number, or one beyond a thousand billions.
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    bare = _SPACES.sub("", _CURRENCY.sub("", text))
    match = _NUMBER.fullmatch(bare)
    if match is None:
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» n’est pas un nombre.")
    try:
        value = Decimal(
            _plain_digits(match["digits"]) + (f"e{match['power']}" if match["power"] else "")
        )
    except InvalidOperation:
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» n’est pas un nombre.") from None
    if value >= Decimal("1e12"):
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» est démesuré.", "Vérifiez l’unité.")
    return -value if match["sign"] in {"-", "−"} else value


def _plain_digits(digits: str) -> str:
    """Return digits as Python reads them."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        group = "." if comma > point else ","
        return digits.replace(group, "").replace(",", ".")
    mark = "," if comma >= 0 else "."
    if digits.count(mark) > 1:
        return digits.replace(mark, "")
    return digits.replace(",", ".")


def whole(text: str) -> int:
    """Return a whole number at least zero.

    Raises:
        BadCell: no number, a fraction, or a negative one.
    """
    if len(text) < 10 and text.isascii() and text.isdigit():
        return int(text)
    value = number(text)
    if value != value.to_integral_value() or value < 0:
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» n’est pas un nombre entier positif.")
    return int(value)


def calendar_day(text: str, *, month_first: bool = False) -> date:
    """Return a day: ISO, ``31/01/2026``, ``20260131``, a bare year, or a spreadsheet's number.

    Raises:
        BadCell: no day of the calendar, or one outside 1600–2100.
    """
    bare = text.strip()
    found = _calendar_day(bare, month_first=month_first)
    if found is None:
        what = "une année" if re.fullmatch(r"\w{4}", bare) else "une date"
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» n’est pas {what}.", "Écrivez 2026-01-31.")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise BadCell(f"l’année {found.year} sort de 1600–2100.")
    return found


def _calendar_day(bare: str, *, month_first: bool) -> date | None:
    if match := _YEAR_FIRST.fullmatch(bare) or _COMPACT.fullmatch(bare):
        return _day(*match.groups())
    if match := _DAY_FIRST.fullmatch(bare):
        day, month, year = match.groups()
        return _day(year, day, month) if month_first else _day(year, month, day)
    if re.fullmatch(r"\d{4}", bare):
        return _day(bare, "1", "1")
    if re.fullmatch(r"\d{5}(\.\d+)?", bare):
        return EXCEL_EPOCH + timedelta(days=int(float(bare)))
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def yes_no(text: str) -> bool:
    """Return a yes or a no, in the languages of spreadsheets.

    Raises:
        BadCell: neither.
    """
    word = sort_key(clean(text))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell(f"«\u00a0{shown(text)}\u00a0» ne dit ni oui ni non.", "Écrivez oui ou non.")
