# SPDX-License-Identifier: EUPL-1.2
"""Opening hours, whatever the database: weekly windows, seasons, dated exceptions, holidays.

Weekdays run from 0 (Monday) to 6. Minutes count from local midnight; a window may end past 1440:
it passes midnight and belongs to the day it begins. The SQL twin is ``timetable/sql/opening.sql``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from usufruit.kernel.local_time import MINUTES_PER_DAY, minute_instant
from usufruit.kernel.spans import Span, intersect, merge

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, order=True, slots=True)
class Minutes:
    """A half-open run of minutes of a local day; the end may pass midnight.

    Raises:
        ValueError: when it is empty, starts outside the day or lasts more than 24 hours.
    """

    start_min: int
    end_min: int

    def __post_init__(self) -> None:
        starts_in_day = 0 <= self.start_min < MINUTES_PER_DAY
        if not starts_in_day or not 0 < self.end_min - self.start_min <= MINUTES_PER_DAY:
            raise ValueError(f"not a run of minutes of a day: {self.start_min}–{self.end_min}")


@dataclass(frozen=True, order=True, slots=True)
class WeeklyWindow:
    """A run of minutes on a weekday (0 Monday … 6 Sunday)."""

    weekday: int
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Season:
    """Weekly windows in force on a run of days, both ends included; they replace the usual ones."""

    first_on: date
    last_on: date
    windows: tuple[WeeklyWindow, ...]


@dataclass(frozen=True, slots=True)
class DatedException:
    """What holds on given days, both ends included, whatever the week; no minutes is closed."""

    first_on: date
    last_on: date
    minutes: tuple[Minutes, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """When something is open. Precedence: exception, holiday, season, usual week.

    Attributes:
        windows: the usual week.
        holidays: days on which nothing opens unless an exception says so.
    """

    windows: tuple[WeeklyWindow, ...]
    seasons: tuple[Season, ...] = ()
    exceptions: tuple[DatedException, ...] = ()
    holidays: frozenset[date] = field(default=frozenset())

    def minutes_on(self, on: date) -> tuple[Minutes, ...]:
        """Return the windows that begin on a day."""
        for exception in self.exceptions:
            if exception.first_on <= on <= exception.last_on:
                return exception.minutes
        if on in self.holidays:
            return ()
        windows = self.windows
        for season in self.seasons:
            if season.first_on <= on <= season.last_on:
                windows = season.windows
                break
        return tuple(window.minutes for window in windows if window.weekday == on.weekday())


ALWAYS_OPEN = OpeningRules(
    windows=tuple(WeeklyWindow(day, Minutes(0, MINUTES_PER_DAY)) for day in range(7))
)


def open_spans(rules: OpeningRules, first_on: date, last_on: date, zone: str) -> list[Span]:
    """Return when it is open between two local days, both included, as disjoint spans in order.

    A window of the eve that passes midnight counts for the part inside the period.
    """
    windows: list[Span] = []
    on = first_on - timedelta(days=1)
    while on <= last_on:
        for minutes in rules.minutes_on(on):
            start = minute_instant(on, minutes.start_min, zone, "start")
            end = minute_instant(on, minutes.end_min, zone, "end")
            if start < end:  # a window wholly inside the missing hour of spring is empty
                windows.append(Span(start, end))
        on += timedelta(days=1)
    period = Span(
        minute_instant(first_on, 0, zone, "start"),
        minute_instant(last_on, MINUTES_PER_DAY, zone, "end"),
    )
    return intersect(windows, [period])


def is_open_throughout(rules: OpeningRules, span: Span, zone: str) -> bool:
    """Tell whether a span lies wholly inside the opening hours; touching windows count as one."""
    first_on = span.start.date() - timedelta(days=1)
    last_on = span.end.date() + timedelta(days=1)
    return any(
        opening.contains(span) for opening in merge(open_spans(rules, first_on, last_on, zone))
    )


def merge_windows(windows: Iterable[WeeklyWindow]) -> list[WeeklyWindow]:
    """Join the windows of a weekday that touch, as the database asks; the same minutes stay open.

    A joined window of more than 24 hours gives what exceeds them to the day after.
    """
    merged: list[WeeklyWindow] = []
    spilled: list[WeeklyWindow] = []
    for window in sorted(windows):
        last = merged[-1] if merged else None
        if last is None or last.weekday != window.weekday or _apart(last, window):
            merged.append(window)
            continue
        start_min = last.minutes.start_min
        end_min = max(last.minutes.end_min, window.minutes.end_min)
        full = start_min + MINUTES_PER_DAY
        merged[-1] = WeeklyWindow(window.weekday, Minutes(start_min, min(end_min, full)))
        if end_min > full:
            rest = Minutes(start_min, end_min - MINUTES_PER_DAY)
            spilled.append(WeeklyWindow((window.weekday + 1) % 7, rest))
    return merge_windows([*merged, *spilled]) if spilled else merged


def _apart(first: WeeklyWindow, later: WeeklyWindow) -> bool:
    return later.minutes.start_min > first.minutes.end_min


_DAY_CODES = {"lu": 0, "ma": 1, "me": 2, "je": 3, "ve": 4, "sa": 5, "di": 6}
_DAYS = re.compile(r"^(?P<first>[a-z]{2})(?:-(?P<last>[a-z]{2}))?$")
_HOURS = re.compile(r"^(\d{1,2})(?:[:h](\d{2})?)?-(\d{1,2})(?:[:h](\d{2})?)?$")


def parse_opening(text: str) -> tuple[WeeklyWindow, ...]:
    """Read a week written as ``lu-ve 8:00-22:00; sa,di 9 h-17 h``; ``tous`` means every day.

    An end at or before the start passes midnight.

    Raises:
        ValueError: with a French sentence, when a part cannot be read.
    """
    windows: set[WeeklyWindow] = set()
    for part in filter(None, (piece.strip() for piece in text.lower().split(";"))):
        days, _, hours = part.partition(" ")
        runs = [_parse_hours(run) for run in re.sub(r"\s", "", hours).split(",")]
        windows.update(WeeklyWindow(day, run) for day in _parse_days(days) for run in runs)
    if not windows:
        raise ValueError(
            "Aucune heure d’ouverture. Écrivez par exemple «\u00a0lu-ve 8:00-22:00\u00a0»."
        )
    return tuple(sorted(windows))


def _parse_days(text: str) -> Iterable[int]:
    if text == "tous":
        return range(7)
    days: list[int] = []
    for piece in text.split(","):
        match = _DAYS.match(piece)
        codes = [code for code in match.groups() if code] if match else [piece]
        if any(code not in _DAY_CODES for code in codes):
            raise ValueError(
                f"«\u00a0{piece}\u00a0» n’est pas un jour. "
                "Écrivez lu, ma, me, je, ve, sa, di ou tous."
            )
        first, last = _DAY_CODES[codes[0]], _DAY_CODES[codes[-1]]
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def _parse_hours(text: str) -> Minutes:
    match = _HOURS.match(text)
    if not match:
        raise ValueError(
            f"«\u00a0{text}\u00a0» n’est pas une plage d’heures. Écrivez par exemple 8:00-22:00."
        )
    start_h, start_m, end_h, end_m = (int(digits or 0) for digits in match.groups())
    start, end = start_h * 60 + start_m, end_h * 60 + end_m
    if start_m > 59 or end_m > 59 or start >= MINUTES_PER_DAY or end > MINUTES_PER_DAY:
        raise ValueError(
            f"«\u00a0{text}\u00a0» sort de la journée. Les heures vont de 0:00 à 24:00."
        )
    return Minutes(start, end if end > start else end + MINUTES_PER_DAY)


class DayPart(StrEnum):
    """The grain of what the public sees: three parts of a local day, which they cover whole."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_PARTS = {
    DayPart.MORNING: (0, 12 * 60),
    DayPart.AFTERNOON: (12 * 60, 18 * 60),
    DayPart.EVENING: (18 * 60, MINUTES_PER_DAY),
}


class HalfDayState(StrEnum):
    """What is said of a half-day; *taken* is said of one taken for a minute or throughout."""

    FREE = "free"
    TAKEN = "taken"
    RESERVED = "reserved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A part of a local day and the instants it spans."""

    on: date
    part: DayPart
    span: Span


def half_days_to_come(first_on: date, last_on: date, zone: str, now: datetime) -> list[HalfDay]:
    """Return the half-days between two local days, both included, that have not begun."""
    days = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
    every = (
        HalfDay(
            on,
            part,
            Span(minute_instant(on, start, zone, "start"), minute_instant(on, end, zone, "end")),
        )
        for on in days
        for part, (start, end) in _PARTS.items()
    )
    return [each for each in every if each.span.start >= now]


def half_day_state(
    half_day: HalfDay, opening: Iterable[Span], usable: Iterable[Span], taken: Iterable[Span]
) -> HalfDayState:
    """Return what the public is told of a half-day: never a boundary finer than the half-day.

    Whatever touches it takes it all, so that a short booking reads like a long one. Nothing is
    promised: *free* is what was known then, and only booking decides.

    Args:
        opening: when the asset is open, which is public.
        usable: the part of it that the rules share.
        taken: what is known to be taken, buffers included.
    """
    if not intersect(opening, [half_day.span]):
        return HalfDayState.CLOSED
    if any(half_day.span.overlaps(span) for span in taken):
        return HalfDayState.TAKEN
    return HalfDayState.FREE if intersect(usable, [half_day.span]) else HalfDayState.RESERVED
