# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of a calendar."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from psycopg.types.range import Range

from tests.support.constraints import violates
from tests.support.world import NOW, make_body
from usufruit.timetable.actions import open_calendar
from usufruit.timetable.models import (
    CalendarException,
    OpeningHours,
    PublicHoliday,
    Season,
)
from usufruit.timetable.rules import parse_opening

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    windows = parse_opening("lu 8:00-12:00")
    return open_calendar(organization=make_body(), name="Essai", windows=windows, by=None, now=NOW)


@pytest.fixture
def week(calendar):
    return calendar.seasons.get()


def run(first: int, after_last: int) -> Range:
    return Range(date(2027, 1, first), date(2027, 1, after_last))


def test_one_usual_week(calendar):
    with violates("season_usual_week_once"):
        Season.objects.create(calendar=calendar)


def test_seasons_do_not_overlap(calendar):
    Season.objects.create(calendar=calendar, days=run(4, 10))
    Season.objects.create(calendar=calendar, days=run(10, 12))
    with violates("season_no_overlap"):
        Season.objects.create(calendar=calendar, days=run(9, 11))


@pytest.mark.parametrize("days", [Range(empty=True), Range(date(2027, 1, 4), date(2027, 1, 4))])
def test_a_season_lasts_a_day(calendar, days):
    with violates("season_lasts_a_day"):
        Season.objects.create(calendar=calendar, days=days)


@pytest.mark.parametrize("days", [Range(None, date(2027, 1, 4)), Range(date(2027, 1, 4), None)])
def test_a_season_and_an_exception_have_both_ends(calendar, days):
    with violates("season_lasts_a_day"):
        Season.objects.create(calendar=calendar, days=days)
    with violates("exception_lasts_a_day"):
        CalendarException.objects.create(calendar=calendar, days=days)


@pytest.mark.parametrize("weekday", [7, 8])
def test_a_week_has_seven_days(week, weekday):
    with violates("opening_weekday_known"):
        OpeningHours.objects.create(season=week, weekday=weekday, start_min=0, end_min=60)


@pytest.mark.parametrize(("start", "end"), [(600, 600), (600, 599), (1440, 1500), (600, 2041)])
def test_a_window_starts_in_its_day_and_lasts_a_day_at_most(week, start, end):
    with violates("opening_window_within_day"):
        OpeningHours.objects.create(season=week, weekday=1, start_min=start, end_min=end)


def test_two_windows_of_a_day_neither_start_together_nor_touch(week):
    with violates("opening_start_once"):
        OpeningHours.objects.create(season=week, weekday=0, start_min=480, end_min=500)
    for start, end in [(720, 800), (700, 800), (400, 480)]:
        with violates("opening_windows_apart"):
            OpeningHours.objects.create(season=week, weekday=0, start_min=start, end_min=end)
    OpeningHours.objects.create(season=week, weekday=0, start_min=721, end_min=800)
    OpeningHours.objects.create(season=week, weekday=1, start_min=480, end_min=720)


def test_exceptions_do_not_overlap(calendar):
    CalendarException.objects.create(calendar=calendar, days=run(4, 6))
    with violates("exception_no_overlap"):
        CalendarException.objects.create(calendar=calendar, days=run(5, 7))


def test_an_exception_lasts_a_day(calendar):
    with violates("exception_lasts_a_day"):
        CalendarException.objects.create(calendar=calendar, days=Range(empty=True))


@pytest.mark.parametrize(
    ("start", "end"), [(600, None), (None, 600), (600, 600), (1440, 1500), (0, 1441)]
)
def test_an_exception_is_closed_or_has_a_whole_window(calendar, start, end):
    with violates("exception_window_within_day"):
        CalendarException.objects.create(
            calendar=calendar, days=run(4, 5), start_min=start, end_min=end
        )


def test_a_holiday_is_known_once():
    day = {"region": "XX", "on": date(2027, 1, 4), "name": "Fête"}
    PublicHoliday.objects.create(**day)
    with violates("holiday_once"):
        PublicHoliday.objects.create(**day)


def test_a_form_hears_it_in_french(calendar, week):
    with pytest.raises(ValidationError, match="Deux plages"):
        OpeningHours(season=week, weekday=0, start_min=700, end_min=800).full_clean()
    with pytest.raises(ValidationError, match="semaine habituelle"):
        Season(calendar=calendar).validate_constraints()
