# SPDX-License-Identifier: EUPL-1.2
"""Opening hours and blocked time, as an owner does them, without a script."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import (
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
)
from usufruit.bookings.actions import request_booking
from usufruit.kernel.clock import now
from usufruit.kernel.fields import lanes
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span
from usufruit.timetable import opening_actions
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Calendar, CalendarException, Hold, Season
from usufruit.timetable.queries import opening_calendar, opening_rules, with_rules
from usufruit.timetable.rules import parse_opening
from usufruit.timetable.weeks import usual_windows
from usufruit.timetable.words import typed_day

pytestmark = pytest.mark.django_db
ZONE = "America/Toronto"


@pytest.fixture
def owned(client):
    return make_owned(client)


def at(owned, path=""):
    return f"/mes-biens/{owned.asset.pk}/{path}"


def next_weekday(weekday, weeks=2):
    """Return a coming day of that weekday, some weeks ahead of this very moment."""
    today = local_wall(now(), ZONE).date() + timedelta(weeks=weeks)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def hours(on, start, end):
    return Span(
        minute_instant(on, start * 60, ZONE, "start"), minute_instant(on, end * 60, ZONE, "end")
    )


def book(asset, span, taken=None):
    """Book as a neighbour whom a rule lets book at once."""
    if not asset.sharing_rules.exists():
        share(asset)
    body = make_body("Ville voisine")

    return request_booking(
        asset=asset,
        lanes=taken or all_lanes(asset),
        use=span,
        organization=body,
        purpose="Entraînement",
        people_count=None,
        key=uuid4(),
        by=make_person(body, Role.REQUESTER),
        now=now(),
    )


def typed_week(text, **more):
    """Return what the form sends for a week."""
    windows = parse_opening(text) if text else ()
    days = {
        f"day_{day}": typed_day([w.minutes for w in windows if w.weekday == day])
        for day in range(7)
    }
    return {"name": "Heures", "holiday_region": "none", **days, **more}


def week_of(asset):
    return opening_rules(opening_calendar(asset), ()).windows


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "horaires/"),
        ("post", "horaires/"),
        ("post", "horaires/suivre/"),
        ("post", "horaires/detacher/"),
        ("get", "horaires/saisons/ajouter/"),
        ("post", "horaires/saisons/ajouter/"),
        ("post", "horaires/saisons/1/retirer/"),
        ("get", "horaires/exceptions/ajouter/"),
        ("post", "horaires/exceptions/ajouter/"),
        ("post", "horaires/exceptions/1/retirer/"),
        ("get", "bloquer/"),
        ("post", "bloquer/"),
        ("post", "bloquer/1/liberer/"),
    ],
)
def test_only_managers(owned, method, path):
    assert_only_managers(owned, at(owned, path), method=method)


@pytest.mark.parametrize(
    "path",
    [
        *("horaires/suivre/", "horaires/detacher/", "horaires/saisons/1/retirer/"),
        *("horaires/exceptions/1/retirer/", "bloquer/1/liberer/"),
    ],
)
def test_what_changes_asks_for_a_post(owned, path):
    assert owned.client.get(at(owned, path)).status_code == 405


# The usual week


def test_hours_are_said_drawn_and_typed(owned):
    page = read(owned.client.get(at(owned, "horaires/")))
    assert "Ouvert du lundi au vendredi, de 8\u00a0h à 22\u00a0h." in words(page)
    assert page.select_one("input[name=day_0]")["value"] == "8:00-22:00"
    assert not page.select_one("input[name=day_6]").get("value")
    assert page.select(".timeline__block--open")


def test_usual_week_is_replaced(owned):
    sent = typed_week("", day_0="8:00-12:00, 13 h à 22 h 30", day_5="20:00-2:00", day_6="fermé")
    assert owned.client.post(at(owned, "horaires/"), sent).status_code == 302
    assert week_of(owned.asset) == parse_opening("lu 8:00-12:00,13:00-22:30; sa 20:00-2:00")
    page = read(owned.client.get(at(owned, "horaires/")))
    assert "le samedi, de 20\u00a0h à 2\u00a0h" in words(page)
    assert page.select_one("input[name=day_5]")["value"] == "20:00-2:00"


def test_public_holidays_close_and_are_named(owned):
    sent = typed_week("tous 8:00-22:00", holiday_region="CA-QC")
    assert owned.client.post(at(owned, "horaires/"), sent).status_code == 302
    assert Calendar.objects.get().holiday_region == "CA-QC"
    assert "les prochains" in words(read(owned.client.get(at(owned, "horaires/"))))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("day_0", "huit heures", "n’est pas une plage d’heures"),
        ("day_2", "8:00-25:00", "sort de la journée"),
        ("day_6", "8:00-22:00; ma 9:00-10:00", "n’est pas une plage"),
        ("day_1", "1" * 400_000, "200"),
        ("day_1", "<script>alert(1)</script>", "n’est pas une plage"),
        ("name", "", "obligatoire"),
        ("name", "x" * 400_000, "120"),
        ("holiday_region", "ZZ-QC", ""),
    ],
)
def test_what_cannot_be_read_names_its_day(owned, field, typed, said):
    page = read(owned.client.post(at(owned, "horaires/"), typed_week("", **{field: typed})))
    link = page.select_one(".error-summary a")
    assert said in link.text
    assert link["href"] == f"#id_{field}"
    assert "<script>" not in str(page.select_one(".error-summary"))
    assert week_of(owned.asset) == parse_opening("lu-ve 8:00-22:00")


def test_error_names_the_day_in_french(owned):
    page = read(owned.client.post(at(owned, "horaires/"), typed_week("", day_2="n’importe quoi")))
    assert page.select_one(".error-summary a").text.startswith("Mercredi\u00a0: ")


def test_first_hours_of_an_asset(owned):
    asset = make_asset(owned.body, opening=None, name="Sans horaire")
    address = f"/mes-biens/{asset.pk}/horaires/"
    page = read(owned.client.get(address))
    assert "seuls vos collègues peuvent réserver" in words(page)
    assert page.select_one("input[name=name]")["value"] == "Sans horaire"
    assert owned.client.post(address, typed_week("lu 9:00-17:00")).status_code == 302
    assert week_of(asset) == parse_opening("lu 9:00-17:00")
    assert opening_calendar(asset).organization == owned.body


# Bookings that would stand outside


def test_bookings_outside_new_hours_are_named_first_and_stand(owned):
    line = book(owned.asset, hours(next_weekday(0), 18, 20))
    book(owned.asset, hours(next_weekday(1), 9, 10))
    sent = typed_week("lu-ve 8:00-17:00")
    page = read(owned.client.post(at(owned, "horaires/"), sent), status=409)
    assert len(page.select("main tbody tr")) == 1
    assert line.booking.reference in page.select_one("main .table tbody").text
    assert week_of(owned.asset) == parse_opening("lu-ve 8:00-22:00")
    again = {one["name"]: one["value"] for one in page.select("main form input[type=hidden]")}
    assert owned.client.post(at(owned, "horaires/"), again).status_code == 302
    assert week_of(owned.asset) == parse_opening("lu-ve 8:00-17:00")
    assert Hold.objects.filter(line_id=line.pk).exists()


def test_a_booking_left_outside_is_found_behind_many_that_stay(owned, monkeypatch):
    monkeypatch.setattr("usufruit.timetable.queries.MOST_LEAVING", 1)
    stays = book(owned.asset, hours(next_weekday(0), 9, 10))
    leaves = book(owned.asset, hours(next_weekday(0), 18, 20))
    page = read(
        owned.client.post(at(owned, "horaires/"), typed_week("lu-ve 8:00-17:00")), status=409
    )
    named = page.select_one("main .table tbody").text
    assert leaves.booking.reference in named
    assert stays.booking.reference not in named


def test_a_booking_already_outside_is_not_named_again(owned):
    book(owned.asset, hours(next_weekday(0), 18, 20))
    narrow = typed_week("lu-ve 8:00-17:00")
    owned.client.post(at(owned, "horaires/"), {**narrow, "accepts_outside": "1"})
    assert owned.client.post(at(owned, "horaires/"), narrow).status_code == 302


def test_closing_a_day_names_the_bookings_of_all_who_share_the_calendar(owned):
    other = make_asset(owned.body, opening=None, name="Salle des Pins")
    calendar = opening_calendar(owned.asset)
    opening_actions.follow_calendar(
        asset=other, calendar=calendar, accepts_outside=False, by=owned.manager, now=now()
    )
    day = next_weekday(2)
    book(other, hours(day, 9, 11))
    sent = {"first_on": day.isoformat(), "last_on": day.isoformat(), "reason": "Grand ménage"}
    page = read(owned.client.post(at(owned, "horaires/exceptions/ajouter/"), sent), status=409)
    assert "Salle des Pins" in page.select_one("main .table tbody").text
    assert not CalendarException.objects.exists()
    accepted = {**sent, "accepts_outside": "1"}
    assert owned.client.post(at(owned, "horaires/exceptions/ajouter/"), accepted).status_code == 302
    listed = words(read(owned.client.get(at(owned, "horaires/"))))
    assert "Grand ménage" in listed
    (exception,) = CalendarException.objects.all()
    address = at(owned, f"horaires/exceptions/{exception.pk}/retirer/")
    assert owned.client.post(address).status_code == 302
    assert not CalendarException.objects.exists()


def test_exceptional_hours_open_a_closed_day(owned):
    day = next_weekday(6)
    sent = {"first_on": day.isoformat(), "last_on": day.isoformat(), "hours": "9:00-16:00"}
    assert owned.client.post(at(owned, "horaires/exceptions/ajouter/"), sent).status_code == 302
    assert "De 9\u00a0h à 16\u00a0h" in words(read(owned.client.get(at(owned, "horaires/"))))
    line = book(owned.asset, hours(day, 10, 12))
    (exception,) = CalendarException.objects.all()
    address = at(owned, f"horaires/exceptions/{exception.pk}/retirer/")
    page = read(owned.client.post(address), status=409)
    assert line.booking.reference in page.text
    assert owned.client.post(address, {"accepts_outside": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"first_on": "2027-01-10", "last_on": "2027-01-09"}, "last_on"),
        ({"first_on": "0001-01-01", "last_on": "2027-01-09"}, "first_on"),
        ({"first_on": "2027-01-10", "last_on": "9999-12-31"}, "last_on"),
        ({"first_on": "10 janvier", "last_on": "2027-01-09"}, "first_on"),
        ({"first_on": "2027-01-10", "last_on": "2027-01-10", "hours": "8-9, 10-11"}, "hours"),
        ({"first_on": "2027-01-10", "last_on": "2027-01-10", "reason": "x" * 400_000}, "reason"),
    ],
)
def test_exception_that_cannot_be(owned, sent, field):
    page = read(owned.client.post(at(owned, "horaires/exceptions/ajouter/"), sent))
    assert page.select_one(f".error-summary a[href='#id_{field}']")
    assert not CalendarException.objects.exists()


def test_two_exceptions_never_cover_a_day(owned):
    sent = {"first_on": "2027-01-10", "last_on": "2027-01-12"}
    owned.client.post(at(owned, "horaires/exceptions/ajouter/"), sent)
    page = read(owned.client.post(at(owned, "horaires/exceptions/ajouter/"), sent))
    assert "Une autre exception couvre déjà ces jours" in page.select_one(".error-summary").text


def test_a_season_replaces_the_week_on_its_days(owned):
    page = read(owned.client.get(at(owned, "horaires/saisons/ajouter/")))
    assert page.select_one("input[name=day_0]")["value"] == "8:00-22:00"
    first, last = next_weekday(0), next_weekday(0, weeks=6)
    sent = typed_week("lu 10:00-12:00", name="Relâche", first_on=first, last_on=last)
    assert owned.client.post(at(owned, "horaires/saisons/ajouter/"), sent).status_code == 302
    assert "Relâche" in words(read(owned.client.get(at(owned, "horaires/"))))
    overlapping = read(owned.client.post(at(owned, "horaires/saisons/ajouter/"), sent))
    assert "Deux saisons ne se chevauchent pas." in overlapping.select_one(".error-summary").text
    season = Season.objects.get(name="Relâche")
    assert owned.client.post(at(owned, f"horaires/saisons/{season.pk}/retirer/")).status_code == 302
    assert not Season.objects.filter(name="Relâche").exists()


def test_the_usual_week_is_never_removed_as_a_season(owned):
    usual = Season.objects.get()
    address = at(owned, f"horaires/saisons/{usual.pk}/retirer/")
    assert owned.client.post(address).status_code == 404


# Shared calendars


def test_a_shared_calendar_says_who_follows_it_and_can_be_left(owned):
    other = make_asset(owned.body, opening=None, name="Salle des Pins")
    shared = opening_calendar(owned.asset)
    address = f"/mes-biens/{other.pk}/horaires/"
    assert owned.client.post(f"{address}suivre/", {"calendar": shared.pk}).status_code == 302
    page = read(owned.client.get(address))
    assert "Gymnase des Saules" in page.select_one("main .alert--warn").text
    assert owned.client.post(f"{address}detacher/").status_code == 302
    own = opening_calendar(other)
    assert own.pk != shared.pk
    assert usual_windows(own) == usual_windows(with_rules(Calendar.objects).get(pk=shared.pk))
    assert not read(owned.client.get(address)).select("main .alert--warn")


def test_leaving_a_shared_calendar_takes_seasons_and_exceptions_along(owned):
    calendar = opening_calendar(owned.asset)
    sent = typed_week("lu 10:00-12:00", name="Été", first_on="2027-07-01", last_on="2027-07-31")
    owned.client.post(at(owned, "horaires/saisons/ajouter/"), sent)
    closed = {"first_on": "2027-06-24", "last_on": "2027-06-24", "reason": "Fête"}
    owned.client.post(at(owned, "horaires/exceptions/ajouter/"), closed)
    owned.client.post(at(owned, "horaires/detacher/"))
    own = opening_calendar(owned.asset)
    before = opening_rules(with_rules(Calendar.objects).get(pk=calendar.pk))
    assert opening_rules(own) == before
    assert Calendar.objects.count() == 2


def test_only_calendars_of_the_body_can_be_followed(owned):
    stranger = make_asset(make_body())
    address = at(owned, "horaires/suivre/")
    before = opening_calendar(owned.asset).pk
    for number in (opening_calendar(stranger).pk, 999999, "x"):
        owned.client.post(address, {"calendar": number})
        assert opening_calendar(owned.asset).pk == before


def test_another_bodys_calendar_is_read_not_changed(owned):
    calendar = opening_calendar(owned.asset)
    Calendar.objects.filter(pk=calendar.pk).update(organization=make_body("Ancien gestionnaire"))
    page = read(owned.client.get(at(owned, "horaires/")))
    assert "vous ne pouvez pas le changer" in words(page)
    assert not page.select("main input[name=day_0]")
    sent = typed_week("lu 9:00-10:00")
    assert owned.client.post(at(owned, "horaires/"), sent).status_code == 404
    assert owned.client.get(at(owned, "horaires/saisons/ajouter/")).status_code == 404
    assert owned.client.post(at(owned, "horaires/detacher/")).status_code == 302
    assert opening_calendar(owned.asset).organization == owned.body


def test_following_a_narrower_calendar_names_the_bookings_left_outside(owned):
    narrow = make_asset(owned.body, opening="lu 8:00-9:00")
    line = book(owned.asset, hours(next_weekday(1), 9, 11))
    sent = {"calendar": opening_calendar(narrow).pk}
    page = read(owned.client.post(at(owned, "horaires/suivre/"), sent), status=409)
    assert line.booking.reference in page.text


# Blocked time


def block(day, start="09:00", end="12:00", **more):
    return {
        "reason": "own_use",
        "start_on": day.isoformat(),
        "start_at": start,
        "end_on": day.isoformat(),
        "end_at": end,
        **more,
    }


def test_block_page_proposes_a_plage_that_is_accepted_as_it_stands(owned):
    page = read(owned.client.get(at(owned, "bloquer/")))
    form = page.select_one("main form[novalidate]")
    sent = {
        one["name"]: one["value"]
        for one in form.select("input")
        if one["type"] != "radio" and one.get("value")
    }
    assert (
        owned.client.post(at(owned, "bloquer/"), {**sent, "reason": "own_use"}).status_code == 302
    )
    assert Hold.objects.count() == 1


def test_tomorrow_is_one_click_away(owned):
    page = read(owned.client.get(at(owned, "bloquer/?quand=demain")))
    tomorrow = local_wall(now(), ZONE).date() + timedelta(days=1)
    assert page.select_one("input[name=start_on]")["value"] == tomorrow.isoformat()
    assert page.select_one("input[name=start_at]")["value"] == "00:00"


def test_blocked_time_is_listed_and_given_back(owned):
    day = next_weekday(5)  # closed: the owner may all the same
    response = owned.client.post(at(owned, "bloquer/"), block(day, note="Inventaire annuel"))
    assert response.status_code == 302
    page = read(owned.client.get(response.url))
    assert "Inventaire annuel" in page.select_one("main .table tbody").text
    (hold,) = Hold.objects.all()
    assert (hold.use.start, hold.reason) == (hours(day, 9, 12).start, "own_use")
    address = page.select_one("main .table form")["action"]
    assert owned.client.post(address).status_code == 302
    assert not Hold.objects.exists()


def test_booking_is_named_and_never_given_back_here(owned):
    line = book(owned.asset, hours(next_weekday(0), 9, 11))
    page = read(owned.client.get(at(owned, "bloquer/")))
    link = page.select_one("main .table a.reference")
    assert link.text == line.booking.reference
    assert link["href"] == f"/reservations/{line.booking.reference}/"
    assert not page.select("main .table form")
    (hold,) = Hold.objects.all()
    refused = owned.client.post(at(owned, f"bloquer/{hold.pk}/liberer/"))
    assert refused.status_code == 409
    assert Hold.objects.count() == 1


def test_taken_time_is_refused_with_what_stands_there(owned):
    day = next_weekday(0)
    line = book(owned.asset, hours(day, 10, 11))
    page = read(owned.client.post(at(owned, "bloquer/"), block(day)))
    alert = page.select_one("main [role=alert]")
    assert line.booking.reference in alert.text
    assert "de 10\u00a0h à 11\u00a0h" in alert.text
    assert Hold.objects.count() == 1


def test_one_half_is_blocked_and_the_other_stays_free(owned):
    halves = [("Moitié est", (0, 1), None), ("Moitié ouest", (1, 2), None)]
    hall = make_asset(owned.body, structure="parts", lane_count=2, parts=halves, name="Palestre")
    east, west = hall.parts.order_by("rank")
    address = f"/mes-biens/{hall.pk}/bloquer/"
    day = next_weekday(0)
    assert owned.client.post(address, block(day, part=east.pk)).status_code == 302
    (hold,) = Hold.objects.all()
    assert hold.lanes == lanes((0, 1))
    assert "Moitié est" in read(owned.client.get(address)).select_one("main .table tbody").text
    assert owned.client.post(address, block(day, part=west.pk)).status_code == 302
    whole = read(owned.client.post(address, block(day)))
    assert len(whole.select("main [role=alert] li")) == 2
    stranger = make_asset(owned.body, structure="parts", lane_count=2, parts=halves)
    other = read(owned.client.post(address, block(day, part=stranger.parts.order_by("pk")[0].pk)))
    assert other.select_one(".error-summary a[href='#id_part']")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"end_at": "08:00"}, "end_on"),
        ({"start_on": "2020-01-01", "end_on": "2020-01-02"}, "end_on"),
        ({"end_on": "2099-01-01"}, "end_on"),
        ({"start_on": "demain"}, "start_on"),
        ({"start_at": "25:00"}, "start_at"),
        ({"reason": "booking"}, "reason"),
        ({"note": "x" * 400_000}, "note"),
        ({"part": "999"}, None),
    ],
)
def test_plage_that_cannot_be(owned, more, field):
    sent = block(next_weekday(0), **more)
    answer = owned.client.post(at(owned, "bloquer/"), sent)
    if field is None:  # an asset of one piece has no such field: the whole is taken
        assert answer.status_code == 302
        return
    page = read(answer)
    assert page.select_one(".error-summary a")["href"].startswith(f"#id_{field}")
    assert not Hold.objects.exists()


def test_autumn_doubled_hour_is_blocked_from_first_to_last(owned):
    sent = {
        "reason": "downtime",
        "start_on": "2027-11-07",
        "start_at": "01:00",
        "end_on": "2027-11-07",
        "end_at": "01:30",
    }
    assert owned.client.post(at(owned, "bloquer/"), sent).status_code == 302
    assert Hold.objects.get().use.duration_s == 90 * 60


def test_a_calendar_of_another_civil_time_is_not_offered(owned):
    islands = make_asset(owned.body, site=make_site(owned.body, time_zone="America/Halifax"))
    page = read(owned.client.get(at(owned, "horaires/")))
    assert not page.select("select[name=calendar]")
    sent = {"calendar": opening_calendar(islands).pk}
    owned.client.post(at(owned, "horaires/suivre/"), sent)
    assert opening_calendar(owned.asset).pk != sent["calendar"]


def halls(owned, count):
    """Return the address of a hall in halves with so many plages blocked."""
    halves = [("Moitié est", (0, 1), None), ("Moitié ouest", (1, 2), None)]
    hall = make_asset(owned.body, structure="parts", lane_count=2, parts=halves)
    for number in range(count):
        block_time(
            asset=hall,
            lanes=lanes((number % 2, number % 2 + 1)),
            use=hours(next_weekday(0, weeks=number + 1), 9, 10),
            reason=Hold.Reason.OWN_USE,
            note="",
            by=owned.manager,
            now=now(),
        )
    return f"/mes-biens/{hall.pk}/bloquer/"


def test_queries_do_not_grow_with_what_is_blocked(owned):
    few, many = halls(owned, 1), halls(owned, 25)
    owned.client.get(few)
    with recorded() as first:
        owned.client.get(few)
    with recorded() as second:
        owned.client.get(many)
    assert [author for author, _ in first.shapes()] == [author for author, _ in second.shapes()]


@pytest.mark.parametrize("path", ["horaires/", "bloquer/?page=%00", "bloquer/?quand=%00"])
def test_odd_addresses_are_answered(owned, path):
    read(owned.client.get(at(owned, path)))
    assert owned.client.get(f"/mes-biens/{10**30}/{path}").status_code == 404
    assert owned.client.post(at(owned, f"bloquer/{10**30}/liberer/")).status_code == 404
