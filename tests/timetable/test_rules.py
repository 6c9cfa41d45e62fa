# SPDX-License-Identifier: EUPL-1.2
"""Opening hours against the plainest model: the clock on the wall, read minute by minute."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timetable import weeks
from usufruit.kernel.spans import Span
from usufruit.timetable.rules import (
    ALWAYS_OPEN,
    DatedException,
    Minutes,
    OpeningRules,
    Season,
    WeeklyWindow,
    is_open_throughout,
    merge_windows,
    open_spans,
    parse_opening,
)
from usufruit.ui.typography import typography_faults

CODES = ("lu", "ma", "me", "je", "ve", "sa", "di")
MONDAY = date(2027, 1, 4)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z").astimezone(UTC)


def of_week(windows) -> set[int]:
    """Return the minutes of a week that windows open, Sunday night running into Monday."""
    return {
        (window.weekday * 1440 + minute) % 10080
        for window in windows
        for minute in range(window.minutes.start_min, window.minutes.end_min)
    }


@given(weeks.calendars())
def test_open_spans_are_the_minutes_the_wall_shows(drawn):
    rules, first, last, zone = drawn
    spans = open_spans(rules, first, last, zone)
    assert weeks.minutes_of(spans, zone, first, last) == weeks.open_minutes(
        rules, first, last, zone
    )
    assert all(a.end < b.start for a, b in pairwise(spans))


@given(weeks.calendars())
def test_open_throughout_means_every_minute(drawn):
    rules, first, last, zone = drawn
    opened = weeks.open_minutes(rules, first, last, zone)
    begins = weeks.minute_of(zone, first, last, weeks.midnight(first), is_end=False)
    day_after = weeks.midnight(last + timedelta(days=1))
    ends = weeks.minute_of(zone, first, last, day_after, is_end=True)
    origin = weeks.wall_clock(zone, first, last)[0][0]
    edges = [m for m in range(begins, ends + 1) if (m in opened) != (m - 1 in opened)]
    near = sorted({m + step for m in edges for step in (-1, 0, 1)} & set(range(begins, ends + 1)))
    for start, end in combinations(near[:12], 2):
        span = Span(origin + start * weeks.MINUTE, origin + end * weeks.MINUTE)
        expected = set(range(start, end)) <= opened
        assert is_open_throughout(rules, span, zone) == expected, span


@given(st.lists(weeks.windows, max_size=12))
def test_merged_windows_open_the_same_minutes_and_never_touch_within_a_day(windows):
    merged = merge_windows(windows)
    assert of_week(merged) == of_week(windows)
    assert merged == merge_windows(merged) == sorted(merged)
    for one, other in pairwise(merged):
        assert one.weekday != other.weekday or one.minutes.end_min < other.minutes.start_min


def test_a_day_and_two_hours_gives_the_two_hours_to_the_next_day():
    windows = [WeeklyWindow(6, Minutes(480, 1920)), WeeklyWindow(6, Minutes(600, 2040))]
    assert merge_windows(windows) == [
        WeeklyWindow(0, Minutes(480, 600)),
        WeeklyWindow(6, Minutes(480, 1920)),
    ]


def written(window: WeeklyWindow, separator: str) -> str:
    start, end = window.minutes.start_min, window.minutes.end_min
    end -= 1440 if end > 1440 else 0
    hours = [f"{m // 60}{separator}{m % 60:02d}" for m in (start, end)]
    return f"{CODES[window.weekday]} {'-'.join(hours)}"


@given(st.lists(weeks.windows, min_size=1, max_size=8), st.sampled_from([":", "h", " h "]))
def test_what_is_written_is_read_back(windows, separator):
    text = "; ".join(written(window, separator) for window in windows)
    assert parse_opening(text) == tuple(sorted(set(windows)))


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("lu-me 8:00-12:00", "lu 8:00-12:00; ma 8:00-12:00; me 8:00-12:00"),
        ("lu,je 8-12", "lu 8:00-12:00; je 8:00-12:00"),
        ("sa-lu 9h-17h", "sa 9:00-17:00; di 9:00-17:00; lu 9:00-17:00"),
        ("lu 8:00-12:00,13:00-17:00", "lu 8:00-12:00; lu 13:00-17:00"),
        ("LU 9 h 30-17 h", "lu 9:30-17:00"),
        ("lu 9\u00a0h\u00a030-17\u00a0h", "lu 9:30-17:00"),
        (" lu 9:00-17:00 ; ; ", "lu 9:00-17:00"),
    ],
)
def test_short_ways_of_writing_a_week(text, same_as):
    assert parse_opening(text) == parse_opening(same_as)


def test_every_day_and_past_midnight():
    assert parse_opening("tous 0:00-24:00") == ALWAYS_OPEN.windows
    assert parse_opening("sa 22:00-2:00") == (WeeklyWindow(5, Minutes(1320, 1560)),)
    assert parse_opening("sa 8:00-8:00") == (WeeklyWindow(5, Minutes(480, 1920)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Aucune heure d’ouverture"),
        (" ; ", "Aucune heure d’ouverture"),
        ("lundi 8:00-9:00", "« lundi » n’est pas un jour"),
        ("lu-xx 8:00-9:00", "« lu-xx » n’est pas un jour"),
        ("lu", "n’est pas une plage d’heures"),
        ("lu 8:00", "« 8:00 » n’est pas une plage d’heures"),
        ("lu de 8 à 9", "n’est pas une plage d’heures"),
        ("lu 25:00-26:00", "sort de la journée"),
        ("lu 24:00-24:00", "sort de la journée"),
        ("lu 8:60-9:00", "sort de la journée"),
        ("lu 8:00-24:01", "sort de la journée"),
    ],
)
def test_what_cannot_be_read_is_said_in_french(text, said):
    said = said.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    with pytest.raises(ValueError, match=re.escape(said)) as error:
        parse_opening(text)
    # The example to copy is a machine format, « 8:00-22:00 »; everything around it is prose.
    assert typography_faults(str(error.value)) == []


@given(st.text("luma-h:;, 0123456789", max_size=20))
def test_any_other_text_is_a_value_error(text):
    try:
        windows = parse_opening(text)
    except ValueError:
        return
    assert all(0 <= window.weekday <= 6 for window in windows)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (-1, 4), (1440, 1500), (60, 1501)])
def test_minutes_of_no_day_are_refused(start, end):
    with pytest.raises(ValueError, match="not a run of minutes"):
        Minutes(start, end)


def test_exception_before_holiday_before_season_before_the_usual_week():
    def every(run: Minutes) -> tuple[WeeklyWindow, ...]:
        return tuple(WeeklyWindow(day, run) for day in range(7))

    usual, summer, special = Minutes(480, 960), Minutes(600, 1200), Minutes(0, 60)
    tuesday, wednesday, thursday, friday = (MONDAY + timedelta(days=n) for n in (1, 2, 3, 4))
    rules = OpeningRules(
        every(usual),
        seasons=(Season(tuesday, friday, every(summer)),),
        exceptions=(DatedException(thursday, thursday, (special,)), DatedException(friday, friday)),
        holidays=frozenset([wednesday, thursday]),
    )
    assert rules.minutes_on(MONDAY) == (usual,)
    assert rules.minutes_on(tuesday) == (summer,)
    assert rules.minutes_on(wednesday) == ()
    assert rules.minutes_on(thursday) == (special,)
    assert rules.minutes_on(friday) == ()


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-08", 23), ("2026-11-01", 25), ("2027-03-14", 23), ("2027-11-07", 25)],
)
def test_a_day_without_night_lasts_what_the_clock_makes_of_it(day, hours):
    on = date.fromisoformat(day)
    (span,) = open_spans(ALWAYS_OPEN, on, on, "America/Toronto")
    assert span.duration_s == hours * 3600
    (fixed,) = open_spans(ALWAYS_OPEN, on, on, "America/Blanc-Sablon")
    assert fixed.duration_s == 24 * 3600


def test_the_night_of_autumn_keeps_its_hours_on_the_wall():
    night = OpeningRules(parse_opening("sa 22:00-6:00"))
    (span,) = open_spans(night, date(2026, 10, 31), date(2026, 11, 1), "America/Toronto")
    assert span == Span(at("2026-11-01 02:00"), at("2026-11-01 11:00"))  # nine hours


def test_an_hour_that_spring_skips_never_opens():
    skipped = OpeningRules(parse_opening("di 2:00-3:00"))
    assert open_spans(skipped, date(2027, 3, 14), date(2027, 3, 14), "America/Toronto") == []


def test_abutting_windows_make_one_opening():
    around_the_clock = OpeningRules(parse_opening("tous 0:00-24:00"))
    friday_night = OpeningRules(parse_opening("ve 18:00-24:00; sa 0:00-3:00"))
    span = Span(at("2027-01-08 23:00"), at("2027-01-09 08:00"))  # Friday 18 h to Saturday 3 h
    assert is_open_throughout(friday_night, span, "America/Toronto")
    longer = Span(span.start, span.end + timedelta(seconds=1))
    assert not is_open_throughout(friday_night, longer, "America/Toronto")
    assert is_open_throughout(around_the_clock, longer, "America/Toronto")
