# SPDX-License-Identifier: EUPL-1.2
"""The week of a building: who, when, how it is set up, who opens; read by those who keep it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import (
    NOW,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
    use,
)
from usufruit.bookings.actions import request_booking
from usufruit.kernel.spans import Span
from usufruit.premises.actions import state_facts
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.bookings.views.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def site(lender):
    return make_site(lender, name="Centre communautaire")


@pytest.fixture
def hall(lender, site):
    asset = make_asset(lender, site=site, name="Salle des Pins")
    share(asset)
    values = {"opener": "caretaker", "caretaker": "Conciergerie, 555\u00a00134", "banquet": 40}
    state_facts(place=site, values=values, by=None, now=NOW)
    return asset


@pytest.fixture
def club():
    return make_body("Club voisin", contact="Secrétariat, 555\u00a00177")


def book(asset, club, span):
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span,
        organization=club,
        purpose="Souper des bénévoles",
        people_count=32,
        set_up="banquet",
        key=uuid4(),
        by=make_person(club, Role.REQUESTER),
        now=NOW,
    )


def week(client, site, body, on=""):
    client.force_login(make_person(body, Role.DESK_CLERK))
    return read(client.get(f"/mes-biens/lieux/{site.pk}/semaine/", {"semaine": on} if on else {}))


def test_the_sheet_says_who_when_how_and_who_opens(client, lender, site, hall, club):
    line = book(hall, club, use(32))  # Wednesday, 18 h to 20 h in Toronto
    block_time(
        asset=hall,
        lanes=all_lanes(hall),
        use=use(56),
        reason=Hold.Reason.OWN_USE,
        note="Conseil municipal",
        by=make_person(lender, Role.ASSET_MANAGER),
        now=NOW,
    )
    page = week(client, site, lender)
    day = page.select_one("[aria-labelledby=jour-2026-12-02]")
    for told in (
        "Ouvrir à 18\u00a0h, fermer à 20\u00a0h",
        "Salle des Pins",
        "Club voisin",
        "Souper des bénévoles",
        "Secrétariat, 555\u00a00177",
        "Banquet",
        "32 personnes",
        "Le concierge ou un préposé",
    ):
        assert told in words(day), told
    assert line.booking.reference in day.text
    assert "Conseil municipal" in words(page.select_one("[aria-labelledby=jour-2026-12-03]"))
    assert "Rien ce jour-là" in words(page.select_one("[aria-labelledby=jour-2026-12-04]"))
    assert "Conciergerie, 555\u00a00134" in words(page)


def test_a_night_is_on_both_its_days(client, lender, site, hall, club):
    night = Span(datetime(2026, 12, 3, 3, tzinfo=UTC), datetime(2026, 12, 3, 7, tzinfo=UTC))
    book(hall, club, night)
    page = week(client, site, lender)
    assert "22\u00a0h – au lendemain" in words(page.select_one("[aria-labelledby=jour-2026-12-02]"))
    assert "fermer à minuit" in words(page.select_one("[aria-labelledby=jour-2026-12-02]"))
    assert "depuis la veille – 2\u00a0h" in words(
        page.select_one("[aria-labelledby=jour-2026-12-03]")
    )


@pytest.mark.parametrize("on", ["2026-12-09", "n’importe quoi", "9999-12-31", "0001-01-01", ""])
def test_any_week_is_shown_and_nonsense_is_this_week(client, lender, site, hall, on):
    page = week(client, site, lender, on)
    assert "Rien cette semaine" in words(page)
    assert page.select_one("#semaine")["value"] in {"2026-11-30", "2026-12-07"}


def test_it_is_for_managers_and_desk_clerks_of_the_site(lender, site, hall):
    for body, role, status in (
        (lender, Role.ASSET_MANAGER, 200),
        (lender, Role.DESK_CLERK, 200),
        (lender, Role.ANALYST, 404),
        (lender, Role.REQUESTER, 404),
        (make_body(), Role.BODY_ADMIN, 404),
    ):
        asked = Client()
        asked.force_login(make_person(body, role))
        answer = asked.get(f"/mes-biens/lieux/{site.pk}/semaine/")
        assert answer.status_code == status, role


def test_a_room_another_body_manages_is_not_told(client, lender, site, club):
    other = make_body("Commission voisine")
    room = make_asset(other, site=site, name="Local du voisin")
    share(room)
    state_facts(place=room, values={"banquet": 40}, by=None, now=NOW)
    book(room, club, use(32))
    assert "Local du voisin" not in words(week(client, site, lender))


def test_more_bookings_and_rooms_ask_no_more_queries(client, lender, site, hall, club):
    client.force_login(make_person(lender, Role.DESK_CLERK))
    address = f"/mes-biens/lieux/{site.pk}/semaine/"
    other = make_asset(lender, site=site, name="Local")
    share(other)
    for asset in (hall, other):  # a list of one is written otherwise
        book(asset, club, use(32))
    with recorded() as few:
        client.get(address)
    for number in range(4):
        room = make_asset(lender, site=site, name=f"Local {number}")
        share(room)
        book(room, club, use(40))
        book(hall, club, use(40 + 3 * number))
    with recorded() as many:
        client.get(address)
    assert many.shapes() == few.shapes()
