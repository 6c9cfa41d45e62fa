# SPDX-License-Identifier: EUPL-1.2
"""Days typed once for a territory: who follows them opens and closes with them, at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from tests.support.constraints import violates
from tests.support.owner import make_owned
from tests.support.pages import read, words
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, Role, make_asset, make_body, make_person
from tests.timetable import weeks
from tests.timetable.test_opening_sql import (
    covered_in_sql,
    open_in_sql,
    stored,
    telling_spans,
)
from tests.timetable.test_views import book, hours, next_weekday
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import merge
from usufruit.organizations.actions import add_territory
from usufruit.organizations.models import Organization
from usufruit.timetable.actions import add_exception, open_calendar, spell_out_calendars
from usufruit.timetable.models import Calendar, CalendarInclusion, OpenMonth
from usufruit.timetable.opening_actions import (
    BookingsOutside,
    give_own_calendar,
    plan_exception,
    remove_exception,
)
from usufruit.timetable.queries import covers, opening_calendar, opening_rules, with_rules
from usufruit.timetable.rules import (
    DatedException,
    Minutes,
    OpeningRules,
    is_open_throughout,
    open_spans,
    parse_opening,
)
from usufruit.timetable.shared_days import (
    offered_to,
    proposals,
    share_days,
    start_following,
    stop_following,
)

pytestmark = pytest.mark.django_db
ZONE = "America/Toronto"


@pytest.fixture
def owned(client):
    return make_owned(client)


def shared(body, *exceptions, name="Jours communs"):
    by = make_person(body, Role.COORDINATOR)
    made = share_days(organization=body, name=name, by=by, now=NOW)
    for exception in exceptions:
        add_exception(calendar=made, exception=exception)
    return made


def follow(calendar, days):
    start_following(
        calendar=calendar,
        shared=days,
        accepts_outside=True,
        by=make_person(calendar.organization, Role.ASSET_MANAGER),
        now=NOW,
    )


def reread(calendar):
    return with_rules(Calendar.objects.filter(pk=calendar.pk)).get()


def day(text):
    return date.fromisoformat(text)


def only(text, *minutes, reason=""):
    return DatedException(day(text), day(text), minutes, reason)


# SQL and Python


@given(drawn=weeks.calendars(), others=weeks.calendars())
def test_sql_and_python_follow_shared_days_alike(drawn, others):
    """The exceptions of a second set of rules are followed, those of the first are its own."""
    rules, first, last, zone = drawn
    calendar = stored(rules, zone)
    days = shared(calendar.organization, *others[0].exceptions)
    more = shared(calendar.organization, *(only(str(first + timedelta(days=1))),))
    follow(calendar, days)
    follow(calendar, more)
    followed = (*tuple(others[0].exceptions), only(str(first + timedelta(days=1))))
    expected = OpeningRules(
        rules.windows, rules.seasons, rules.exceptions + followed, rules.holidays
    )
    found = opening_rules(reread(calendar))
    openings = open_spans(found, first, last, zone)
    assert openings == open_spans(expected, first, last, zone)
    assert open_in_sql(calendar, first, last) == merge(openings)
    asked = telling_spans(openings, first, [])
    expected_answers = [is_open_throughout(found, span, zone) for span in asked]
    assert covered_in_sql(calendar, asked) == expected_answers


def test_its_own_exception_speaks_first_then_the_first_followed_then_the_holiday():
    body = make_body()
    calendar = open_calendar(
        organization=body,
        name="H",
        windows=parse_opening("tous 8:00-20:00"),
        by=None,
        now=NOW,
        holiday_region="CA-QC",
    )
    feast, monday = "2027-06-24", "2027-06-21"
    follow(calendar, shared(body, only(monday), only(feast, Minutes(600, 720))))
    follow(calendar, shared(body, only(monday, Minutes(480, 540))))
    at = lambda text, start, end: hours(day(text), start, end)  # noqa: E731
    assert not covers(calendar.pk, at(monday, 8, 9))
    assert covers(calendar.pk, at(feast, 10, 12))
    add_exception(calendar=calendar, exception=only(monday, Minutes(780, 840)))
    assert covers(calendar.pk, at(monday, 13, 14))
    assert opening_rules(reread(calendar)).minutes_on(day(monday)) == (Minutes(780, 840),)


# Months spelled out


def months(calendar):
    return OpenMonth.objects.filter(calendar=calendar).count()


@pytest.mark.parametrize(
    "change",
    [
        lambda days, _one: add_exception(calendar=days, exception=only("2027-02-01")),
        lambda days, _one: days.exceptions.all().delete(),
        lambda days, _one: days.exceptions.update(start_min=60, end_min=120),
        lambda days, one: CalendarInclusion.objects.filter(calendar=one).delete(),
        lambda days, one: CalendarInclusion.objects.create(
            calendar=one, included=shared(one.organization)
        ),
    ],
    ids=["added", "removed", "changed", "left", "followed"],
)  # fmt: skip
def test_a_change_of_shared_days_forgets_the_months_of_who_follows(change):
    body = make_body()
    follower, other = (
        open_calendar(
            organization=body, name="H", windows=parse_opening("lu 8:00-9:00"), by=None, now=NOW
        )
        for _ in range(2)
    )
    days = shared(body, only("2027-01-04"))
    follow(follower, days)
    spell_out_calendars(now=NOW)
    kept = months(other)
    assert months(follower) == kept > 0
    change(days, follower)
    assert (months(follower), months(other)) == (0, kept)


@pytest.mark.parametrize("attempt", range(3))
def test_following_and_changing_at_the_same_instant_leave_no_old_month(attempt):
    with committed():
        body = make_body()
        calendar = open_calendar(
            organization=body, name="H", windows=parse_opening("tous 8:00-9:00"), by=None, now=NOW
        )
        days = shared(body)
        by = make_person(body, Role.ASSET_MANAGER)
        outcomes_together(
            [
                lambda: plan_exception(
                    calendar=days,
                    exception=only("2027-01-04"),
                    accepts_outside=True,
                    by=by,
                    now=NOW,
                ),
                lambda: follow(calendar, days),
                lambda: spell_out_calendars(now=NOW),
            ]
        )
        spell_out_calendars(now=NOW)
        span = hours(day("2027-01-04"), 8, 9)
        assert not covers(calendar.pk, span)
        spelled = OpenMonth.objects.get(calendar=calendar, begins_at__year=2027, begins_at__month=1)
        assert not any(part.lower <= span.start < part.upper for part in spelled.spans)


# What follows


def test_a_calendar_that_gets_its_own_keeps_following(owned):
    days = shared(owned.body, only("2027-01-04"))
    follow(opening_calendar(owned.asset), days)
    before = opening_rules(opening_calendar(owned.asset))
    own = give_own_calendar(asset=owned.asset, name="À part", by=owned.manager, now=NOW)
    assert opening_rules(reread(own)) == before


def territory_of(*names):
    found = None
    for number, name in enumerate(names):
        found = add_territory(code=f"{name}-{number}", name=name, parent=found, by=None, now=NOW)
    return found


def test_days_are_offered_to_the_bodies_of_the_territory():
    town = territory_of("MRC", "Ville")
    mrc, city = make_body("MRC", territory=town.parent), make_body("Ville", territory=town)
    elsewhere = make_body("Ailleurs", territory=territory_of("Autre"))
    nowhere = make_body("Nulle part")
    days = shared(mrc)
    assert list(offered_to(city)) == [days]
    assert list(offered_to(mrc)) == [days]
    assert not offered_to(elsewhere).exists()
    assert not offered_to(nowhere).exists()
    mine = shared(nowhere)
    assert list(offered_to(nowhere)) == [mine]
    with pytest.raises(Refusal, match="days_not_offered"):
        follow(opening_calendar(make_asset(nowhere)), days)


def test_days_that_leave_bookings_outside_name_them_first_whosever_they_are(owned):
    calendar = opening_calendar(owned.asset)
    on = next_weekday(1)
    line = book(owned.asset, hours(on, 9, 11))
    Organization.objects.filter(pk=owned.body.pk).update(territory=territory_of("MRC"))
    owned.body.refresh_from_db()
    mrc = make_body("MRC", territory=owned.body.territory)
    days = shared(mrc)
    follow(calendar, days)
    by = make_person(mrc, Role.COORDINATOR)
    plan = {"calendar": days, "exception": only(str(on)), "by": by, "now": now()}
    with pytest.raises(BookingsOutside) as refused:
        plan_exception(accepts_outside=False, **plan)
    assert [hold.note for hold in refused.value.holds] == [line.booking.reference]
    assert not days.exceptions.exists()
    plan_exception(accepts_outside=True, **plan)
    exception = days.exceptions.get()
    remove_exception(exception=exception, accepts_outside=False, by=by, now=now())
    assert not days.exceptions.exists()


def test_following_names_the_bookings_it_would_leave_outside(owned):
    calendar = opening_calendar(owned.asset)
    on = next_weekday(1)
    book(owned.asset, hours(on, 9, 11))
    days = shared(owned.body, only(str(on)))
    asked = {"calendar": calendar, "shared": days, "by": owned.manager, "now": now()}
    with pytest.raises(BookingsOutside):
        start_following(accepts_outside=False, **asked)
    assert not calendar.inclusions.exists()
    start_following(accepts_outside=True, **asked)
    stop_following(
        inclusion=calendar.inclusions.get(), accepts_outside=False, by=owned.manager, now=now()
    )
    assert not calendar.inclusions.exists()


def test_inclusions_hold_to_their_shape(owned):
    calendar = opening_calendar(owned.asset)
    days = shared(owned.body)
    follow(calendar, days)
    with violates("inclusion_once"):
        CalendarInclusion.objects.create(calendar=calendar, included=days)
    with violates("inclusion_not_itself"):
        CalendarInclusion.objects.create(calendar=calendar, included=calendar)


# Proposals


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [(2026, "2026-07-19", "2026-08-01"), (2027, "2027-07-18", "2027-07-31")],
)
def test_the_construction_holiday_begins_on_the_last_but_one_sunday_of_july(year, first, last):
    (found,) = [one for one in proposals(date(year, 4, 1)) if one.key == "construction"]
    assert (found.first_on, found.last_on) == (day(first), day(last))


def test_the_soonest_two_are_proposed():
    assert [one.key for one in proposals(date(2026, 12, 1))] == ["relache", "construction"]
    assert proposals(date(2026, 12, 1))[0].first_on == date(2027, 3, 1)
    assert [one.key for one in proposals(date(2027, 3, 20))] == ["construction", "relache"]


# Pages


def test_a_list_is_begun_filled_followed_and_left(owned):
    page = read(owned.client.get("/mes-biens/jours-communs/"))
    assert "Aucune liste" in words(page)
    made = owned.client.post("/mes-biens/jours-communs/", {"name": "Calendrier scolaire"})
    days = Calendar.objects.get(is_shared=True)
    assert made.url == f"/mes-biens/jours-communs/{days.pk}/"
    page = read(owned.client.get(f"{made.url}?proposition=construction"))
    form = {one["name"]: one.get("value", "") for one in page.select("main form.form input[name]")}
    assert form["reason"] == "Vacances de la construction"
    assert owned.client.post(made.url, form).status_code == 302
    overlapping = read(owned.client.post(made.url, form))
    assert overlapping.select_one(".error-summary a[href='#id_first_on']")
    hours_page = f"/mes-biens/{owned.asset.pk}/horaires/"
    assert "Calendrier scolaire" in words(read(owned.client.get(hours_page)))
    sent = owned.client.post(f"{hours_page}jours-communs/suivre/", {"shared": days.pk})
    assert sent.status_code == 302
    page = read(owned.client.get(hours_page))
    assert "Vacances de la construction" in page.select_one("[aria-labelledby=jours-communs]").text
    assert "1 horaire les suit" in words(read(owned.client.get("/mes-biens/jours-communs/")))
    address = page.select_one("[aria-labelledby=jours-communs] form")["action"]
    assert owned.client.post(address).status_code == 302
    exception = days.exceptions.get()
    assert owned.client.post(f"{made.url}{exception.pk}/retirer/").status_code == 302
    assert not days.exceptions.exists()


def test_publishing_names_the_bookings_inside_without_who(owned):
    on = next_weekday(1)
    line = book(owned.asset, hours(on, 9, 11))
    days = shared(owned.body)
    follow(opening_calendar(owned.asset), days)
    address = f"/mes-biens/jours-communs/{days.pk}/"
    sent = {"first_on": on.isoformat(), "last_on": on.isoformat(), "hours": "", "reason": ""}
    page = read(owned.client.post(address, sent), status=409)
    assert owned.asset.name in page.text
    assert line.booking.reference not in page.text
    assert not days.exceptions.exists()
    assert owned.client.post(address, {**sent, "accepts_outside": "1"}).status_code == 302
    assert days.exceptions.count() == 1


def test_lists_are_their_own_bodys(owned, client):
    days = shared(make_body("MRC lointaine"))
    assert owned.client.get(f"/mes-biens/jours-communs/{days.pk}/").status_code == 404
    address = f"/mes-biens/{owned.asset.pk}/horaires/jours-communs/suivre/"
    for chosen in (days.pk, 10**9, "x"):
        owned.client.post(address, {"shared": chosen})
    assert not CalendarInclusion.objects.exists()
    client.force_login(make_person(owned.body, Role.MEMBER))
    assert client.get("/mes-biens/jours-communs/").status_code == 404
    client.force_login(make_person(owned.body, Role.COORDINATOR))
    assert client.get("/mes-biens/jours-communs/").status_code == 200
