# SPDX-License-Identifier: EUPL-1.2
"""Months spelled out go with whatever they were spelled from, and never come back old."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector
from psycopg.types.range import Range

from tests.support.together import committed, together
from tests.support.world import NOW, make_body
from usufruit.kernel.spans import Span
from usufruit.timetable import tasks
from usufruit.timetable.actions import (
    MONTHS_SPELLED,
    add_exception,
    add_season,
    open_calendar,
    spell_out_calendars,
)
from usufruit.timetable.models import (
    Calendar,
    CalendarException,
    OpeningHours,
    OpenMonth,
    PublicHoliday,
    Season,
)
from usufruit.timetable.queries import time_range
from usufruit.timetable.rules import DatedException, parse_opening
from usufruit.timetable.rules import Season as SeasonRules

JANUARY = date(2027, 1, 4)


def make_calendar(region: str = "") -> Calendar:
    """Return a calendar with a season and an exception, spelled out."""
    calendar = open_calendar(
        organization=make_body(),
        name="Essai",
        windows=parse_opening("lu-ve 8:00-17:00"),
        holiday_region=region,
        by=None,
        now=NOW,
    )
    summer = SeasonRules(date(2027, 6, 24), date(2027, 8, 31), parse_opening("lu-di 8:00-21:00"))
    add_season(calendar=calendar, name="Été", season=summer)
    add_exception(calendar=calendar, exception=DatedException(JANUARY, JANUARY))
    spell_out_calendars(now=NOW)
    return calendar


def spelled(calendar: Calendar) -> int:
    return OpenMonth.objects.filter(calendar=calendar).count()


def other_days(row: Season | CalendarException) -> None:
    row.days = Range(date(2027, 9, 1), date(2027, 9, 8))
    row.save()


CHANGES: dict[str, Callable[[Calendar], object]] = {
    "time zone": lambda one: Calendar.objects.filter(pk=one.pk).update(time_zone="Europe/Paris"),
    "region": lambda one: Calendar.objects.filter(pk=one.pk).update(holiday_region=""),
    "season added": lambda one: Season.objects.create(
        calendar=one, days=Range(date(2027, 2, 1), date(2027, 2, 8))
    ),
    "season moved": lambda one: other_days(one.seasons.get(days__isnull=False)),
    "season removed": lambda one: one.seasons.get(days__isnull=False).delete(),
    "hours added": lambda one: OpeningHours.objects.create(
        season=one.seasons.get(days__isnull=True), weekday=5, start_min=600, end_min=720
    ),
    "hours moved": lambda one: OpeningHours.objects.filter(season__calendar=one).update(
        start_min=500
    ),
    "hours removed": lambda one: OpeningHours.objects.filter(season__calendar=one).delete(),
    "exception added": lambda one: add_exception(
        calendar=one, exception=DatedException(date(2027, 2, 1), date(2027, 2, 1))
    ),
    "exception moved": lambda one: other_days(one.exceptions.get()),
    "exception removed": lambda one: one.exceptions.get().delete(),
    "holiday added": lambda _: PublicHoliday.objects.create(
        region="CA-QC", on=date(2027, 2, 3), name="Fête"
    ),
    "holiday moved": lambda _: PublicHoliday.objects.filter(on=date(2027, 6, 24)).update(
        on=date(2027, 6, 25)
    ),
    "holiday leaves the region": lambda _: PublicHoliday.objects.update(region="CA-ON"),
    "holidays removed": lambda _: PublicHoliday.objects.all().delete(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_forgets_the_months_of_its_calendar_alone(change):
    calendar, other = make_calendar("CA-QC"), make_calendar()
    assert spelled(calendar) == spelled(other) == MONTHS_SPELLED
    change(calendar)
    assert (spelled(calendar), spelled(other)) == (0, MONTHS_SPELLED)
    spell_out_calendars(now=NOW)
    assert spelled(calendar) == MONTHS_SPELLED


@pytest.mark.django_db
def test_a_name_or_a_holiday_known_already_forgets_nothing():
    calendar = make_calendar("CA-QC")
    Calendar.objects.filter(pk=calendar.pk).update(name="Autrement")
    spell_out_calendars(now=NOW)  # copies the holidays once more
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(xmin::text), max(xmin::text) FROM timetable_openmonth")
        first, last = cursor.fetchone()
    assert spelled(calendar) == MONTHS_SPELLED
    assert first == last


@pytest.mark.django_db
def test_time_that_passes_drops_the_past_and_adds_a_month():
    calendar = make_calendar()
    spell_out_calendars(now=NOW + timedelta(days=31))
    months = [row.begins_at for row in calendar.open_months.order_by("begins_at")]
    assert months[0] == datetime(2027, 1, 1, tzinfo=UTC)
    assert months[-1] == datetime(2028, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "is_told"), [(1, True), (31 + 9, True), (31 + 9.5, False), (50, False)]
)
def test_a_use_that_outlasts_a_row_is_told_by_none(days, is_told):
    start = datetime(2026, 12, 1, tzinfo=UTC)
    use = time_range(Span(start, start + timedelta(days=days)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_month_of(%s)", [use])
        assert cursor.fetchone()[0] == (start if is_told else None)


@pytest.mark.django_db
def test_hours_changed_while_they_are_spelled_out_leave_nothing_old():
    def close_all() -> None:
        OpeningHours.objects.all().delete()

    with committed():
        calendar = make_calendar()
        usual = calendar.seasons.get(days__isnull=True)
        for _ in range(10):
            OpeningHours.objects.create(season=usual, weekday=5, start_min=480, end_min=1020)
            together([close_all, lambda: spell_out_calendars(now=NOW)])
            spell_out_calendars(now=NOW)
            assert {len(row.spans) for row in calendar.open_months.all()} == {0}


FAR_ZONES = ("America/Toronto", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Africa/Casablanca")


@pytest.mark.django_db
@pytest.mark.parametrize("zone", FAR_ZONES)
def test_each_row_says_what_the_rules_say_to_its_last_hour(zone):
    """Spelled month after month, so that each is once the last, February too."""
    calendar = open_calendar(
        organization=make_body(),
        name="Toujours",
        windows=parse_opening("lu-sa 0:00-24:00; di 22:00-2:30"),
        time_zone=zone,
        by=None,
        now=NOW,
    )
    months = [date(year, month, 1) for year in (2026, 2027, 2028) for month in range(1, 13)]
    with connection.cursor() as cursor:
        for first_on in months:
            cursor.execute("SELECT spell_out_months(%s, %s, 1)", [calendar.pk, first_on])
            cursor.execute(
                "SELECT spans = calendar_open(calendar_id, %(first_on)s::date - 2,"
                "                             %(first_on)s::date + 43)"
                "    * tstzmultirange(tstzrange(begins_at, begins_at + interval '960 hours'))"
                "  FROM timetable_openmonth",
                {"first_on": first_on},
            )
            assert cursor.fetchall() == [(True,)], first_on


@pytest.mark.django_db
def test_a_calendar_that_cannot_be_read_stops_none_of_the_others(caplog):
    bad, good = make_calendar(), make_calendar()
    Calendar.objects.filter(pk=bad.pk).update(time_zone="America/Nowhere")
    OpenMonth.objects.all().delete()
    with pytest.raises(DatabaseError, match="Nowhere"):
        spell_out_calendars(now=NOW)
    assert (spelled(bad), spelled(good)) == (0, MONTHS_SPELLED)
    assert f"calendar {bad.pk}" in caplog.text


@pytest.mark.django_db
def test_spelling_stops_when_asked_and_takes_up_where_it_stopped():
    first, second = make_calendar(), make_calendar()
    OpenMonth.objects.all().delete()
    answers = iter([False, True])
    spell_out_calendars(now=NOW, should_stop=lambda: next(answers))
    assert (spelled(first), spelled(second)) == (MONTHS_SPELLED, 0)
    spell_out_calendars(now=NOW)
    assert spelled(second) == MONTHS_SPELLED


@pytest.mark.django_db
def test_a_calendar_goes_with_months_written_since_its_owner_looked():
    calendar = make_calendar()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM timetable_openinghours")
        cursor.execute("DELETE FROM timetable_season")
        cursor.execute("DELETE FROM timetable_calendarexception")
        spell_out_calendars(now=NOW)
        cursor.execute("DELETE FROM timetable_calendar WHERE id = %s", [calendar.pk])
        cursor.execute("SELECT spell_out_months(%s, '2026-12-01', 1)", [calendar.pk])
    assert not OpenMonth.objects.exists()


@pytest.mark.django_db
def test_the_tasks_write_what_lacks_and_mend_what_is_wrong():
    calendar = make_calendar()
    context = JobContext(start_timestamp=0, app=app, job=None, abort_reason=lambda: None)
    OpenMonth.objects.all().delete()
    with app.replace_connector(InMemoryConnector()) as jobs:
        tasks.take_up()
        tasks.take_up()
        (job,) = jobs.connector.jobs.values()
        assert job["task_name"] == "timetable.spell_out"
    tasks.spell_out(context, 0)
    assert spelled(calendar) == MONTHS_SPELLED
    calendar.open_months.update(spans="{}")
    tasks.spell_out(context, 0)
    assert {len(row.spans) for row in calendar.open_months.all()} == {0}
    tasks.spell_out_afresh(context, 0)
    assert 0 not in {len(row.spans) for row in calendar.open_months.all()}
