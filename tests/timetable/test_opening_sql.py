# SPDX-License-Identifier: EUPL-1.2
"""The two readers of opening hours, SQL and Python, give one answer (calendars of T16)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.support.world import NOW, make_asset, make_body
from tests.timetable import weeks
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span, intersect, merge
from usufruit.organizations.models import Organization
from usufruit.timetable.actions import add_exception, add_season, open_calendar
from usufruit.timetable.models import Calendar, PublicHoliday
from usufruit.timetable.queries import (
    covers,
    open_between,
    opening_calendar,
    opening_rules,
    span_of,
    time_range,
    with_rules,
)
from usufruit.timetable.rules import (
    ALWAYS_OPEN,
    DatedException,
    Minutes,
    OpeningRules,
    WeeklyWindow,
    is_open_throughout,
    open_spans,
    parse_opening,
)

pytestmark = pytest.mark.django_db
REGION = "XX-essai"


def body() -> Organization:
    return Organization.objects.filter(name="Essai").first() or make_body("Essai")


def stored(rules: OpeningRules, zone: str) -> Calendar:
    """Store rules through the actions and read them back as a page does."""
    PublicHoliday.objects.all().delete()
    PublicHoliday.objects.bulk_create(
        PublicHoliday(region=REGION, on=day, name="Fête") for day in rules.holidays
    )
    calendar = open_calendar(
        organization=body(), name="Essai", windows=rules.windows, by=None, now=NOW, time_zone=zone
    )
    calendar.holiday_region = REGION
    calendar.save()
    for season in rules.seasons:
        add_season(calendar=calendar, name="Saison", season=season)
    for exception in rules.exceptions:
        add_exception(calendar=calendar, exception=exception)
    return with_rules(Calendar.objects.filter(pk=calendar.pk)).get()


def open_in_sql(calendar: Calendar, first: date, last: date) -> list[Span]:
    """Return what ``calendar_open`` says, cut to the period as ``open_spans`` cuts it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT calendar_open(%s, %s, %s)", [calendar.pk, first, last])
        found = [span_of(part) for part in cursor.fetchone()[0]]
    period = Span(
        minute_instant(first, 0, calendar.time_zone, "start"),
        minute_instant(last, 1440, calendar.time_zone, "end"),
    )
    return intersect(found, [period])


def covered_in_sql(
    calendar: Calendar, spans: list[Span], *, session_zone: str = "UTC"
) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL TIME ZONE '{session_zone}'")
        cursor.execute(
            "SELECT calendar_covers(%s, span) FROM unnest(%s::tstzrange[])"
            " WITH ORDINALITY AS q (span, n) ORDER BY n",
            [calendar.pk, [time_range(span) for span in spans]],
        )
        answers = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    return answers


def telling_spans(openings: list[Span], first: date, drawn: list[tuple[int, int]]) -> list[Span]:
    """Return spans at, just inside and just outside each edge, and others drawn at random."""
    minute, second = timedelta(minutes=1), timedelta(seconds=1)
    origin = datetime.combine(first, datetime.min.time(), tzinfo=UTC)
    spans = [Span(origin + start * minute, origin + (start + n) * minute) for start, n in drawn]
    for opening in openings:
        spans += [
            opening,
            Span(opening.start - minute, opening.end),
            Span(opening.start, opening.end + second),
            Span(opening.start - second, opening.start + minute),
            Span(opening.end - minute, opening.end),
            Span(opening.start + second, opening.start + minute),
        ]
    return spans


moments = st.lists(st.tuples(st.integers(-2000, 7000), st.integers(1, 5000)), max_size=6)


@given(drawn=weeks.calendars(), spans=moments)
def test_sql_and_python_open_at_the_same_moments(drawn, spans):
    rules, first, last, zone = drawn
    calendar = stored(rules, zone)
    openings = open_spans(rules, first, last, zone)
    assert open_in_sql(calendar, first, last) == merge(openings)
    assert open_between(calendar, first, last) == openings
    asked = telling_spans(openings, first, spans)
    answers = covered_in_sql(calendar, asked)
    wrong = [
        (zone, span, answer)
        for span, answer in zip(asked, answers, strict=True)
        if answer != is_open_throughout(rules, span, zone)
    ]
    assert wrong == []


def test_rules_come_back_as_they_were_stored():
    rules = OpeningRules(
        tuple(sorted(parse_opening("lu-ve 8:00-22:00; sa 18:00-3:00"))),
        exceptions=(DatedException(date(2027, 1, 1), date(2027, 1, 2), (Minutes(0, 60),), "Fête"),),
        holidays=frozenset([date(2027, 1, 4)]),
    )
    assert opening_rules(stored(rules, "Europe/Paris")) == rules


def noon_of(day: str, zone: str) -> Span:
    start = minute_instant(date.fromisoformat(day), 720, zone, "start")
    return Span(start, start + timedelta(hours=1))


@pytest.mark.parametrize("session_zone", ["UTC", "America/Toronto", "Europe/Paris"])
@pytest.mark.parametrize("zone", weeks.ZONES)
@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"])
def test_a_day_of_change_reads_the_same_from_any_session(zone, day, session_zone):
    on = date.fromisoformat(day)
    rules = OpeningRules(parse_opening("sa 20:00-2:30; di 1:30-9:00; lu 0:00-24:00"))
    calendar = stored(rules, zone)
    origin = minute_instant(on, -300, zone, "start")
    spans = [
        Span(origin + timedelta(minutes=30 * start), origin + timedelta(minutes=30 * (start + n)))
        for start in range(0, 80, 3)
        for n in (1, 5, 14, 30)
    ]
    expected = [is_open_throughout(rules, span, zone) for span in spans]
    assert {True, False} == set(expected)
    assert covered_in_sql(calendar, spans, session_zone=session_zone) == expected


def test_an_exception_on_a_day_whose_eve_passes_midnight():
    """Saturday is closed by exception, yet Friday's night runs on into it."""
    zone = "America/Toronto"
    rules = OpeningRules(
        parse_opening("ve 20:00-4:00; sa 0:00-24:00"),
        exceptions=(DatedException(date(2027, 1, 9), date(2027, 1, 9)),),
    )
    calendar = stored(rules, zone)
    night = Span(
        minute_instant(date(2027, 1, 8), 1200, zone, "start"),
        minute_instant(date(2027, 1, 9), 240, zone, "end"),
    )
    assert covers(calendar.pk, night)
    assert not covers(calendar.pk, Span(night.start, night.end + timedelta(minutes=1)))
    assert not covers(calendar.pk, noon_of("2027-01-09", zone))


@pytest.mark.parametrize("zone", weeks.ZONES)
def test_a_place_never_closed_covers_days_on_end(zone):
    rules = OpeningRules(parse_opening("tous 0:00-24:00"))
    calendar = stored(rules, zone)
    for day in ("2026-10-31", "2027-03-13", "2027-06-01"):
        start = minute_instant(date.fromisoformat(day), 615, zone, "start")
        assert covers(calendar.pk, Span(start, start + timedelta(days=4, hours=3)))
    add_exception(calendar=calendar, exception=DatedException(date(2027, 6, 3), date(2027, 6, 3)))
    start = minute_instant(date(2027, 6, 1), 615, zone, "start")
    assert not covers(calendar.pk, Span(start, start + timedelta(days=4)))
    assert covers(calendar.pk, Span(start, start + timedelta(days=1)))


def test_a_holiday_closes_and_an_exception_reopens_it():
    zone = "America/Toronto"
    calendar = open_calendar(
        organization=body(),
        name="Fêtes",
        windows=parse_opening("tous 8:00-20:00"),
        by=None,
        now=NOW,
        time_zone=zone,
        holiday_region="CA-QC",
    )
    feast = "2027-06-24"
    assert not covers(calendar.pk, noon_of(feast, zone))
    assert covers(calendar.pk, noon_of("2027-06-25", zone))
    on = date.fromisoformat(feast)
    add_exception(calendar=calendar, exception=DatedException(on, on, (Minutes(600, 900),)))
    assert covers(calendar.pk, noon_of(feast, zone))


def test_no_calendar_is_no_limit_but_an_asset_without_one_never_opens():
    assert covers(None, noon_of("2027-01-04", "Europe/Paris"))
    asset = make_asset(body(), opening=None)
    assert opening_calendar(asset) is None
    assert open_between(opening_calendar(asset), date(2027, 1, 4), date(2027, 1, 9)) == []


def test_an_exception_has_one_window_a_day_at_most():
    calendar = stored(OpeningRules(()), "Europe/Paris")
    two = (Minutes(480, 600), Minutes(720, 900))
    with pytest.raises(ValueError, match="one window"):
        add_exception(
            calendar=calendar,
            exception=DatedException(date(2027, 1, 4), date(2027, 1, 4), two),
        )


def test_rules_of_many_calendars_are_read_in_five_queries(django_assert_num_queries):
    for _ in range(5):
        stored(OpeningRules(parse_opening("tous 8:00-20:00")), "Europe/Paris")
    with django_assert_num_queries(5):
        for calendar in with_rules(Calendar.objects.order_by("pk")):
            assert len(opening_rules(calendar, holidays=()).windows) == 7


def test_windows_that_touch_are_joined_before_they_are_stored():
    calendar = stored(OpeningRules(()), "Europe/Paris")
    calendar = open_calendar(
        organization=calendar.organization,
        name="Deux moitiés",
        windows=parse_opening("lu 8:00-12:00,12:00-17:00"),
        by=None,
        now=NOW,
    )
    rules = opening_rules(with_rules(Calendar.objects.filter(pk=calendar.pk)).get())
    assert rules.windows == (WeeklyWindow(0, Minutes(480, 1020)),)


def test_the_wall_of_an_instant_is_the_site_s():
    start = minute_instant(date(2027, 1, 4), 480, "America/Halifax", "start")
    assert local_wall(start, "America/Halifax").hour == 8


@pytest.mark.parametrize("closed_after_days", [None, 0, 1, 40, 91])
def test_months_on_end_are_covered_to_the_last_day_or_not_at_all(closed_after_days):
    start = datetime(2026, 10, 1, 4, tzinfo=UTC)
    closed = date(2026, 10, 1) + timedelta(days=closed_after_days or 0)
    exceptions = () if closed_after_days is None else (DatedException(closed, closed),)
    rules = OpeningRules(ALWAYS_OPEN.windows, exceptions=exceptions)
    calendar = stored(rules, "America/Toronto")
    use = Span(start, start + timedelta(days=92))
    assert covers(calendar.pk, use) == is_open_throughout(rules, use, "America/Toronto")
    assert covers(calendar.pk, use) == (closed_after_days is None)
