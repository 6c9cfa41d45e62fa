# SPDX-License-Identifier: EUPL-1.2
"""Read one cell: an instant, a number, a length of time. What cannot be read says why."""

import math
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from usufruit.kernel.local_time import Edge, local_instant

FIRST_YEAR = 1990
LAST_YEAR = 2100
MAX_NUMBER = 1e9

_SPACES = str.maketrans("", "", "\u00a0\u202f\u2009 ’'")
_DAY_FIRST = re.compile(
    r"^(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})"
    r"(?:[ T,]+(?P<H>\d{1,2})\s*[:h]\s*(?P<M>\d{2})?(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?$"
)
_YEAR_FIRST = re.compile(
    r"^(?P<y>\d{4})[/.\-](?P<m>\d{1,2})[/.\-](?P<d>\d{1,2})"
    r"(?:[ T,]+(?P<H>\d{1,2})\s*[:h]\s*(?P<M>\d{2})?(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?$"
)
_LENGTH = re.compile(r"^(?P<H>\d{1,4})\s*(?::|h)\s*(?P<M>[0-5]\d)?(?::(?P<S>[0-5]\d))?$")
_NO_TIME = re.compile(r"[:hT]")


class UnreadableCell(Exception):  # noqa: N818 - it is told to a person, in French
    """Say what is wrong with a cell."""


def shown(text: str) -> str:
    """Return the beginning of a cell, safe to print inside a sentence."""
    plain = "".join(char if char.isprintable() else "·" for char in text.strip())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"


def has_time(text: str) -> bool:
    """Tell whether a date cell also gives an hour."""
    return bool(_NO_TIME.search(text.strip()[8:]))


@lru_cache(maxsize=1 << 17)
def instant_s(text: str, zone: str, edge: Edge) -> int:
    """Return the UTC epoch seconds of a date and hour; without offset it is civil time of the zone.

    Raises:
        UnreadableCell: not a date, or a year outside 1990–2100.
    """
    at = _moment(text.strip())
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UnreadableCell(
            f"l’année {at.year} sort de {FIRST_YEAR}–{LAST_YEAR}; corrigez la date"
        )
    aware = at if at.tzinfo else local_instant(at.replace(microsecond=0), zone, edge)
    return math.floor(aware.astimezone(UTC).timestamp())


def offset_s(text: str) -> int | None:
    """Return the offset from UTC written in a date cell, in seconds; None without one."""
    try:
        offset = _moment(text.strip()).utcoffset()
    except UnreadableCell:
        return None
    return None if offset is None else int(offset.total_seconds())


def _moment(text: str) -> datetime:
    """Read ISO forms first, then day/month/year and year/month/day, ``13:40`` or ``13 h 40``."""
    if len(text) < 8 or len(text) > 40:
        raise UnreadableCell(
            f"«\u00a0{shown(text)}\u00a0» n’est pas une date; écrivez 2026-01-31 13:40"
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    match = _DAY_FIRST.match(text) or _YEAR_FIRST.match(text)
    if not match:
        raise UnreadableCell(
            f"«\u00a0{shown(text)}\u00a0» n’est pas une date; écrivez 2026-01-31 13:40"
        )
    parts = {key: int(digits or 0) for key, digits in match.groupdict().items()}
    midnight_after = parts["H"] == 24 and not parts["M"] and not parts["S"]
    try:
        at = datetime(  # noqa: DTZ001 - a wall-clock time has no zone
            parts["y"],
            parts["m"],
            parts["d"],
            0 if midnight_after else parts["H"],
            parts["M"],
            parts["S"],
        )
        return at + timedelta(days=1) if midnight_after else at
    except (ValueError, OverflowError) as error:
        raise UnreadableCell(
            f"«\u00a0{shown(text)}\u00a0» n’existe pas au calendrier; corrigez la date"
        ) from error


def number(text: str) -> float | None:
    """Return the number of a cell, decimal point or comma; None when the cell is empty.

    Raises:
        UnreadableCell: not a number, not finite, or a billion and more.
    """
    bare = text.strip()
    if not bare:
        return None
    try:
        value = float(bare)
    except ValueError:
        value = _spelled_number(bare)
    if not math.isfinite(value):
        raise UnreadableCell(
            f"«\u00a0{shown(text)}\u00a0» n’est pas un nombre fini; corrigez ou videz la cellule"
        )
    if abs(value) >= MAX_NUMBER:
        raise UnreadableCell(f"«\u00a0{shown(text)}\u00a0» est démesuré; vérifiez l’unité")
    return value


def _spelled_number(bare: str) -> float:
    """Read ``1 234,5``, ``1.234,5`` and ``1,234.5``: the last mark is the decimal one."""
    plain = bare.translate(_SPACES)
    point, comma = plain.rfind("."), plain.rfind(",")
    decimal, group = (",", ".") if comma > point else (".", ",")
    plain = plain.replace(group, "").replace(decimal, ".", 1)
    try:
        return float(plain)
    except ValueError:
        raise UnreadableCell(f"«\u00a0{shown(bare)}\u00a0» n’est pas un nombre") from None


def length_s(text: str, unit_s: int) -> int:
    """Return a length of time in whole seconds, from ``1:30``, ``1 h 30`` or a number of units.

    Raises:
        UnreadableCell: unreadable, or not above zero.
    """
    match = _LENGTH.match(text.strip())
    if match:
        hours, minutes, seconds = (int(digits or 0) for digits in match.group("H", "M", "S"))
        length = hours * 3600 + minutes * 60 + seconds
    else:
        units = number(text)
        if units is None:
            raise UnreadableCell("la durée est vide; indiquez-la ou donnez une heure de fin")
        length = round(units * unit_s)
    if length <= 0:
        raise UnreadableCell("la durée n’est pas plus grande que zéro")
    return length
