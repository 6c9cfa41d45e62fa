# SPDX-License-Identifier: EUPL-1.2
"""Storm day on the page: choose, answer, publish once, open again."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.support.pages import read
from tests.support.sql_snapshot import recorded
from tests.support.world import Role, all_lanes, make_asset, make_body, make_person, share
from usufruit.bookings.actions import request_booking
from usufruit.bookings.models import BookingLine
from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_instant, local_wall
from usufruit.kernel.spans import Span
from usufruit.timetable.models import Closure

pytestmark = pytest.mark.django_db
ZONE = "America/Toronto"


class Storm:
    """A town with two gymnasiums, its manager signed in, and a storm three days from now."""

    def __init__(self, client: Client) -> None:
        self.client, self.body = client, make_body("Ville de Saint-Essai")
        self.manager = make_person(self.body, Role.ASSET_MANAGER)
        self.gym = make_asset(self.body, name="Gymnase des Saules")
        self.other = make_asset(self.body, name="Gymnase du Lac")
        self.guest = make_body("Ville voisine")
        self.person = make_person(self.guest, Role.REQUESTER)
        for asset in (self.gym, self.other):
            share(asset)
        self.on = local_wall(now(), ZONE).date() + timedelta(days=3)
        self.sent = {
            "lieux": [self.gym.site_id],
            "du": self.on.isoformat(),
            "du_h": "13:00",
            "au": (self.on + timedelta(days=1)).isoformat(),
            "au_h": "06:00",
            "raison": "verglas",
        }
        client.force_login(self.manager)

    def book(self, hour: int, asset=None) -> BookingLine:
        asset = asset or self.gym
        wall = datetime.combine(self.on, datetime.min.time()) + timedelta(hours=hour)
        start = local_instant(wall, ZONE, "start")
        return request_booking(
            asset=asset,
            lanes=all_lanes(asset),
            use=Span(start, start + timedelta(hours=1)),
            organization=self.guest,
            purpose="Match",
            people_count=None,
            key=uuid4(),
            by=self.person,
            now=now(),
        )

    def page(self):
        return self.client.get("/mes-biens/fermer/reservations/", self.sent)

    def publish(self, page, **answers):
        names = page.select("main form [name]")
        fields = {one["name"]: one.get("value", "") for one in names if one.get("type") == "hidden"}
        told = {**fields, **self.sent, "publier": "1", **answers}
        return self.client.post("/mes-biens/fermer/reservations/", told)


@pytest.fixture
def storm(client) -> Storm:
    return Storm(client)


def test_only_who_may_shut_sees_the_page(storm):
    stranger = Client()
    for address in ("/mes-biens/fermer/", "/mes-biens/fermer/reservations/"):
        assert stranger.get(address).status_code == 302
    stranger.force_login(make_person(storm.body, Role.DESK_CLERK))
    for address in ("/mes-biens/fermer/", "/mes-biens/fermer/reservations/"):
        assert stranger.get(address).status_code == 404


def test_from_the_sites_to_the_published_closure_and_back(storm):
    line, outside = storm.book(15), storm.book(9)
    page = read(storm.client.get("/mes-biens/fermer/"))
    assert len(page.select("[name=lieux]")) == 2
    page = read(storm.page())
    assert "1 réservation touchée" in page.select_one("h1").text
    assert "Ville voisine" in page.text
    answer = storm.publish(page, **{f"sort-{line.pk}": "liberer"})
    closure = Closure.objects.get()
    assert answer.url == f"/mes-biens/fermetures/{closure.pk}/"
    page = read(storm.client.get(answer.url))
    assert line.booking.reference in page.text
    assert outside.booking.reference not in page.text
    guest = Client()
    guest.force_login(storm.person)
    page = read(guest.get(f"/reservations/{line.booking.reference}/"))
    assert "Le lieu ferme\u00a0: verglas" in page.text
    assert page.select(".nearest a")
    page = read(guest.get(f"/biens/{storm.gym.pk}/"))
    assert "Lieu fermé\u00a0: verglas" in page.text
    storm.client.post(f"{answer.url}rouvrir/", {"lieux": [storm.gym.site_id]})
    page = read(storm.client.get(answer.url))
    form = next(one for one in page.select("form") if "retablir" in one.get("action", ""))
    storm.client.post(form["action"])
    line.refresh_from_db()
    assert line.state == "confirmed"


def test_a_booking_to_move_is_offered_places_and_goes_there(storm):
    line = storm.book(15)
    answer = storm.publish(read(storm.page()), **{f"sort-{line.pk}": "deplacer"})
    page = read(answer)
    options = [one["value"] for one in page.select(f"[name=ou-{line.pk}] option") if one["value"]]
    assert len(options) >= 2
    elsewhere = next(one for one in options if one.startswith(f"{storm.other.pk}/"))
    told = {f"sort-{line.pk}": "deplacer", f"ou-{line.pk}": elsewhere}
    assert storm.publish(page, **told).status_code == 302
    assert line.assets.get().asset == storm.other


def test_a_booking_made_meanwhile_is_told_and_asked_about(storm):
    page = read(storm.page())
    assert "Aucune réservation touchée" in page.select_one("h1").text
    line = storm.book(15)
    page = read(storm.publish(page), status=409)
    assert "Nouvelle ou changée" in page.text
    assert not Closure.objects.exists()
    assert storm.publish(page, **{f"sort-{line.pk}": "garder"}).status_code == 302


def test_what_cannot_be_read_is_said_and_shuts_nothing(storm):
    bad = [
        {"lieux": []},
        {"lieux": ["x"]},
        {"lieux": [make_asset(make_body()).site_id]},
        {"du": "hier"},
        {"au": storm.sent["du"], "au_h": "12:00"},
        {"du": "0001-01-01"},
        {"au": "9999-12-31"},
        {"du": "2020-01-01", "au": "2020-01-02"},
        {"raison": ""},
    ]
    for change in bad:
        sent = {**storm.sent, **change, "publier": "1"}
        page = read(storm.client.post("/mes-biens/fermer/reservations/", sent))
        assert page.select_one(".error-summary"), change
    line = storm.book(15)
    for said in ("x", "1/2/3", f"{storm.other.pk}/hier/demain", "9" * 30 + "/a/b"):
        told = {f"sort-{line.pk}": "deplacer", f"ou-{line.pk}": said}
        assert storm.publish(read(storm.page()), **told).status_code == 200
    assert not Closure.objects.exists()


def test_the_list_asks_no_more_for_more_bookings(storm, snapshot):
    storm.book(15)
    storm.page()
    with recorded() as few:
        storm.page()
    for hour in (16, 18, 20, 22):
        storm.book(hour)
    with recorded() as many:
        storm.page()
    assert len(many) == len(few)
    assert str(many) == snapshot
