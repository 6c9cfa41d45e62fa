# SPDX-License-Identifier: EUPL-1.2
"""Opening rules drawn at random, and the clock on the wall read minute by minute."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from usufruit.kernel.spans import Span
from usufruit.timetable.rules import (
    DatedException,
    Minutes,
    OpeningRules,
    Season,
    WeeklyWindow,
    merge_windows,
)

ZONES = ("America/Toronto", "America/Halifax", "America/Blanc-Sablon", "Europe/Paris")
# Every change of 2026 and 2027 in those zones, and a week without any.
DAYS_OF_CHANGE = tuple(
    date.fromisoformat(day)
    for day in (
        *("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"),  # Canada
        *("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"),  # Europe
        "2027-06-16",
    )
)
DAY_MIN = 1440
MINUTE = timedelta(minutes=1)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


@cache
def wall_clock(zone: str, first: date, last: date) -> tuple[list[datetime], list[datetime]]:
    """Return the instant of each minute around some days, and what the wall shows at each."""
    start = midnight(first).replace(tzinfo=UTC) - timedelta(days=2)
    count = ((last - first).days + 6) * DAY_MIN
    instants = [start + step * MINUTE for step in range(count)]
    tz = ZoneInfo(zone)
    return instants, [at.astimezone(tz).replace(tzinfo=None) for at in instants]


@cache
def moments(zone: str, first: date, last: date) -> dict[datetime, tuple[int, int]]:
    """Return, for each time the wall shows, the first and the last minute at which it shows it."""
    _, walls = wall_clock(zone, first, last)
    shown: dict[datetime, tuple[int, int]] = {}
    for at, wall in enumerate(walls):
        shown[wall] = (shown.get(wall, (at, at))[0], at)
    return shown


def minute_of(zone: str, first: date, last: date, wall: datetime, *, is_end: bool) -> int:
    """Return the minute at which a wall-clock time falls, by T16."""
    shown = moments(zone, first, last)
    while wall not in shown:  # an hour that does not exist: the first instant after the gap
        wall += MINUTE
    return shown[wall][is_end]


def open_minutes(rules: OpeningRules, first: date, last: date, zone: str) -> set[int]:
    """Return the minutes between two days during which something is open, the plain way."""
    found: set[int] = set()
    for day in days(first - timedelta(days=1), last):
        for run in rules.minutes_on(day):
            start = midnight(day) + run.start_min * MINUTE
            end = midnight(day) + run.end_min * MINUTE
            found.update(
                range(
                    minute_of(zone, first, last, start, is_end=False),
                    minute_of(zone, first, last, end, is_end=True),
                )
            )
    period = range(
        minute_of(zone, first, last, midnight(first), is_end=False),
        minute_of(zone, first, last, midnight(last + timedelta(days=1)), is_end=True),
    )
    return found & set(period)


def minutes_of(spans: list[Span], zone: str, first: date, last: date) -> set[int]:
    origin = wall_clock(zone, first, last)[0][0]
    return {
        minute
        for span in spans
        for minute in range((span.start - origin) // MINUTE, (span.end - origin) // MINUTE)
    }


# Hours that matter: midnight, the hours that change, one that no clock rounds.
starts = st.sampled_from([0, 1, 60, 90, 119, 120, 150, 180, 481, 720, 1080, 1320, 1380, 1439])
lengths = st.sampled_from([1, 15, 30, 60, 61, 120, 240, 360, 720, 1080, 1439, 1440])
runs = st.builds(lambda start, length: Minutes(start, start + length), starts, lengths)
to_midnight = st.sampled_from([Minutes(480, 1440), Minutes(1320, 1440), Minutes(0, 1440)])
windows = st.builds(WeeklyWindow, st.integers(0, 6), st.one_of(runs, to_midnight))
every_day = st.one_of(runs, to_midnight).map(
    lambda run: [WeeklyWindow(day, run) for day in range(7)]
)
weeks = st.one_of(
    st.lists(windows, max_size=10),
    every_day,
    st.tuples(every_day, st.lists(windows, max_size=4)).map(lambda both: both[0] + both[1]),
).map(lambda week: tuple(merge_windows(week)))


@st.composite
def apart(draw: st.DrawFn, first: date, last: date) -> list[tuple[date, date]]:
    """Draw runs of days that do not overlap."""
    cuts = draw(st.lists(st.sampled_from(days(first, last)), unique=True, max_size=4))
    ordered = sorted(cuts)
    return list(zip(ordered[::2], ordered[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[OpeningRules, date, date, str]:
    """Draw rules, a period of a few days that often holds a change of the clock, and a zone."""
    zone = draw(st.sampled_from(ZONES))
    middle = draw(st.sampled_from(DAYS_OF_CHANGE))
    first = middle - timedelta(days=draw(st.integers(0, 2)))
    last = middle + timedelta(days=draw(st.integers(0, 2)))
    around = first - timedelta(days=2), last + timedelta(days=2)
    seasons = [
        Season(start, end, draw(weeks))
        for start, end in draw(apart(*around))
        if draw(st.booleans())
    ]
    closed_or_one = st.one_of(st.just(()), st.tuples(runs), st.tuples(to_midnight))
    exceptions = [
        DatedException(start, end, draw(closed_or_one))
        for start, end in draw(apart(*around))
        if draw(st.booleans())
    ]
    holidays = draw(st.frozensets(st.sampled_from(days(*around)), max_size=2))
    rules = OpeningRules(draw(weeks), tuple(seasons), tuple(exceptions), holidays)
    return rules, first, last, zone
