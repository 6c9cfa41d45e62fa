# SPDX-License-Identifier: EUPL-1.2
"""Bookings in a spreadsheet, as rows or as the grid of a week, to the moments they take.

Columns are known by their names, French or English. Dates may be written year first, day first or
month first: the whole column decides, and the report says how it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import chain, islice

from usufruit.agendas.ics import TITLE_CHARS, Moment
from usufruit.kernel.local_time import local_instant
from usufruit.kernel.spans import Span
from usufruit.kernel.tables import (
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

HEADER_WITHIN = 15
MOST_LINES = 20_000
LONGEST = timedelta(days=366)
NAMES = {
    "room": ("salle", "local", "bien", "lieu", "plateau", "ressource", "installation", "espace",
             "room", "resource", "facility", "asset", "numero", "no", "code"),
    "start": ("debut", "start", "du", "de", "date debut", "date de debut", "begin", "from",
              "date heure debut", "start time", "start date"),
    "end": ("fin", "end", "au", "a", "date fin", "date de fin", "to", "until",
            "date heure fin", "end time", "end date"),
    "date": ("date", "jour", "day"),
    "start_hour": ("heure debut", "heure de debut", "heure", "start hour", "h debut"),
    "end_hour": ("heure fin", "heure de fin", "end hour", "h fin"),
    "title": ("titre", "title", "activite", "objet", "evenement", "event", "description",
              "reservation", "sujet", "subject", "motif"),
    "who": ("qui", "client", "organisme", "groupe", "responsable", "nom", "locataire", "who",
            "organization", "name"),
}  # fmt: skip
MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
          "octobre", "novembre", "decembre")  # fmt: skip
_NUMBERS = re.compile(r"^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ,]+(.*))?$")
_SPELLED = re.compile(r"^(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})(?:[ ,a]+(.*))?$")
_HOUR = re.compile(r"^(\d{1,2})(?:\s*[:h]\s*(\d{2})?)?(?::\d{2}(?:\.\d+)?)?\s*(am|pm)?$")
_RUN = re.compile(r"\s*(?:-|–|—| a )\s*")


class UnreadableLine(Exception):  # noqa: N818 - it is told to a person, in French
    """Say what is wrong with a line."""


@dataclass(frozen=True)
class Row:
    """A booking of a line: which room the line names, and the time it takes."""

    line: int
    room: str
    moment: Moment


@dataclass
class Sheet:
    """What a spreadsheet says."""

    rows: list[Row] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_rooms: bool = False


def read_sheet(name: str, content: bytes, zone: str) -> Sheet:
    """Return the bookings of a spreadsheet; hours are those of the zone.

    Raises:
        UnusableSource: with a French sentence, when its columns are not recognised.
    """
    lines = read_raw_lines(FileSource(name, content))
    first = list(islice(lines, HEADER_WITHIN))
    for place, raw in enumerate(first):
        for separator, cells in _cuts(raw):
            body = cut_lines(chain(iter(first[place + 1 :]), lines), separator)
            if columns := _columns(cells):
                return _read_rows(columns, list(islice(body, MOST_LINES)), zone)
            if days := _days(cells):
                return _read_grid(days, list(islice(body, MOST_LINES)), zone)
    raise UnusableSource(
        f"Les colonnes du fichier {name} ne sont pas reconnues. Il faut un début et une fin, une "
        "date et des heures, ou une semaine\u00a0: les jours en haut, les heures à gauche."
    )


def _cuts(raw: RawLine) -> Iterator[tuple[str, list[str]]]:
    if isinstance(raw, Line):
        yield ",", raw.cells
    elif isinstance(raw, TextLine):
        for separator in separators_of(raw.text):
            cells = split_text(raw.text, separator)
            if cells and len(cells) > 1:
                yield separator, cells


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Return the place of each column known; none unless they make bookings."""
    keys = [" ".join(re.sub(r"[^a-z]+", " ", sort_key(cell)).split()) for cell in cells]
    found: dict[str, int] = {}
    for meaning, names in NAMES.items():
        known = next((keys.index(name) for name in names if name in keys), None)
        if known is not None and known not in found.values():
            found[meaning] = known
    if "date" in found:
        found.setdefault("start_hour", found.get("start", -1))
        found.setdefault("end_hour", found.get("end", -1))
        found = {meaning: at for meaning, at in found.items() if at >= 0}
    by_instants = {"start", "end"} <= found.keys() and "date" not in found
    return found if by_instants or {"date", "start_hour", "end_hour"} <= found.keys() else {}


# Rows


def _read_rows(columns: dict[str, int], lines: Sequence[Line | BadLine], zone: str) -> Sheet:
    sheet = Sheet(has_rooms="room" in columns)
    dated = [columns[name] for name in ("date", "start", "end") if name in columns]
    if "date" in columns:
        dated = [columns["date"]]
    texts = [_cell(line, at) for line in lines if isinstance(line, Line) for at in dated]
    is_day_first = _is_day_first(texts, sheet.notes)
    for line in lines:
        if isinstance(line, BadLine):
            sheet.refused.append((line.number, line.reason))
            continue
        try:
            span = _span(line, columns, zone, is_day_first=is_day_first)
        except UnreadableLine as problem:
            sheet.refused.append((line.number, str(problem)))
            continue
        title = _cell(line, columns.get("title")) or _cell(line, columns.get("who"))
        room = _cell(line, columns.get("room"))
        sheet.rows.append(Row(line.number, room, _moment(span, room, title)))
    return sheet


def _span(line: Line, columns: dict[str, int], zone: str, *, is_day_first: bool) -> Span:
    if "date" in columns:
        on, _rest = read_day(_cell(line, columns["date"]), is_day_first=is_day_first)
        start = datetime.combine(on, read_hour(_cell(line, columns["start_hour"])))
        end = datetime.combine(on, read_hour(_cell(line, columns["end_hour"])))
        if end <= start:
            end += timedelta(days=1)
        return _between(start, end, zone)
    first_on, first_at = read_day(_cell(line, columns["start"]), is_day_first=is_day_first)
    last_on, last_at = read_day(_cell(line, columns["end"]), is_day_first=is_day_first)
    if "start_hour" in columns and "end_hour" in columns:
        first_at = first_at or read_hour(_cell(line, columns["start_hour"]))
        last_at = last_at or read_hour(_cell(line, columns["end_hour"]))
    start = datetime.combine(first_on, first_at or time.min)
    end = datetime.combine(last_on, last_at or time.min)
    if first_at is None and last_at is None:
        end += timedelta(days=1)  # days alone: the last one is included
    return _between(start, end, zone)


def _between(start: datetime, end: datetime, zone: str) -> Span:
    first, last = local_instant(start, zone, "start"), local_instant(end, zone, "end")
    if last <= first:
        raise UnreadableLine("la fin ne vient pas après le début; corrigez l’une des deux")
    if last - first > LONGEST:
        raise UnreadableLine("la plage dure plus d’un an; vérifiez la fin")
    return Span(first, last)


def _cell(line: Line, at: int | None) -> str:
    return "" if at is None or at >= len(line.cells) else line.cells[at].strip()


def _moment(span: Span, room: str, title: str) -> Moment:
    told = " ".join(title.replace("\x00", "").split())[:TITLE_CHARS]
    named = f"{sort_key(room)}|{span.start.isoformat()}|{span.end.isoformat()}|{told}"
    return Moment(span, f"ligne-{sha256(named.encode()).hexdigest()[:32]}", told)


def _is_day_first(texts: Sequence[str], notes: list[str]) -> bool:
    """Tell whether dates of numbers are written day first: the whole column decides."""
    pairs = [
        (int(match[1]), int(match[2]))
        for text in texts
        if (match := _NUMBERS.match(text)) and len(match[1]) < 4
    ]
    if not pairs:
        return True
    is_month_first = any(b > 12 for _a, b in pairs) and not any(a > 12 for a, _b in pairs)
    if is_month_first:
        notes.append("Les dates sont lues mois/jour/année.")
    elif any(a > 12 for a, _b in pairs):
        notes.append("Les dates sont lues jour/mois/année.")
    else:
        notes.append("Les dates peuvent se lire de deux façons; elles sont lues jour/mois/année.")
    return not is_month_first


def read_day(text: str, *, is_day_first: bool) -> tuple[date, time | None]:
    """Read a day, and the hour that may follow it.

    Raises:
        UnreadableLine: with a French sentence.
    """
    plain = sort_key(text.strip())
    try:
        if match := _NUMBERS.match(text.strip()):
            on = _of_numbers(int(match[1]), int(match[2]), int(match[3]), is_day_first)
            rest = match[4]
        elif match := _SPELLED.match(plain):
            on = date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
            rest = match[4]
        else:
            raise UnreadableLine(f"«\u00a0{text[:40]}\u00a0» n’est pas une date")
    except ValueError:
        raise UnreadableLine(f"«\u00a0{text[:40]}\u00a0» n’est pas une date") from None
    if not 2000 <= on.year <= 2100:
        raise UnreadableLine(f"l’année {on.year} sort de 2000–2100")
    return on, read_hour(rest) if rest and rest.strip() else None


def _of_numbers(a: int, b: int, c: int, is_day_first: bool) -> date:  # noqa: FBT001 - told apart above
    if a > 31:
        return date(a, b, c)
    year = c + 2000 if c < 100 else c
    return date(year, b, a) if is_day_first else date(year, a, b)


def read_hour(text: str) -> time:
    """Read an hour: ``18:30``, « 18 h 30 », ``6:30 PM``.

    Raises:
        UnreadableLine: with a French sentence.
    """
    # A workbook gives an hour alone with the day its calendar begins on.
    bare = re.sub(r"^1(?:899|900)-\d\d-\d\d[T ]", "", text.strip())
    match = _HOUR.match(sort_key(bare).replace("\u00a0", " ").replace("\u202f", " "))
    if not match:
        raise UnreadableLine(f"«\u00a0{text[:40]}\u00a0» n’est pas une heure; écrivez 18:30")
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise UnreadableLine(f"«\u00a0{text[:40]}\u00a0» n’est pas une heure; écrivez 18:30")
    return time(hour, minute)


# The grid of a week


def _days(cells: Sequence[str]) -> dict[int, date]:
    """Return the day of each column of a grid; none unless all but the first are days."""
    days: dict[int, date] = {}
    is_day_first = _is_day_first([cell.strip() for cell in cells[1:]], [])
    for place, cell in enumerate(cells[1:], start=1):
        if not cell.strip():
            continue
        try:
            days[place] = read_day(cell, is_day_first=is_day_first)[0]
        except UnreadableLine:
            return {}
    return days


def _read_grid(days: dict[int, date], lines: Sequence[Line | BadLine], zone: str) -> Sheet:
    sheet = Sheet(notes=["Lu comme la grille d’une semaine\u00a0: les jours en haut."])
    readable: list[tuple[Line, time, time | None]] = []
    for line in lines:
        if isinstance(line, BadLine):
            sheet.refused.append((line.number, line.reason))
            continue
        try:
            runs = _RUN.split(_cell(line, 0))
            end = read_hour(runs[1]) if len(runs) > 1 else None
            readable.append((line, read_hour(runs[0]), end))
        except UnreadableLine as problem:
            sheet.refused.append((line.number, str(problem)))
    for place, (line, start, told) in enumerate(readable):
        following = readable[place + 1][1] if place + 1 < len(readable) else None
        for column, on in days.items():
            if title := _cell(line, column):
                end = told or following or _hour_after(start)
                span = _slot(on, start, end, zone)
                sheet.rows.append(Row(line.number, "", _moment(span, "", title)))
    return sheet


def _hour_after(start: time) -> time:
    return start.replace(hour=(start.hour + 1) % 24)


def _slot(on: date, start: time, end: time, zone: str) -> Span:
    first, last = datetime.combine(on, start), datetime.combine(on, end)
    return _between(first, last if last > first else last + timedelta(days=1), zone)
