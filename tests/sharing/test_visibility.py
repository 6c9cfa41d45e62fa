# SPDX-License-Identifier: EUPL-1.2
"""Who sees what of a body's assets: the rule, the page that sets it, and every place that obeys."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.support.constraints import violates
from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.world import NOW, Audience, Role, make_asset, make_body, make_person, share
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.sharing.actions import set_visibility
from usufruit.sharing.models import Visibility
from usufruit.sharing.queries import sight_of, stand_in
from usufruit.sharing.rules import DEFAULTS, NEEDED_TO_BOOK, Information, Reach, reaches, sight

TOLD = st.fixed_dictionaries({each: st.sampled_from(Reach) for each in Information})
READERS = st.sampled_from(Reach)


@given(TOLD, READERS, READERS, st.booleans())
def test_the_nearer_the_reader_the_more_is_seen(told, one, other, may_book):
    nearer, farther = sorted((one, other), key=list(Reach).index)
    farther_sight = sight(told, farther, may_book=may_book)
    assert farther_sight.seen <= sight(told, nearer, may_book=may_book).seen


@given(TOLD, READERS)
def test_who_may_book_sees_what_booking_needs_and_no_more_than_that(told, reader):
    plain, booking = (sight(told, reader, may_book=each) for each in (False, True))
    assert booking.seen >= NEEDED_TO_BOOK
    assert booking.seen - NEEDED_TO_BOOK == {
        each for each in set(Information) - NEEDED_TO_BOOK if reaches(told[each], reader)
    }
    if not plain.asset:
        assert plain.seen == frozenset()


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for room in ("search", "bookings", "sharing"):
        monkeypatch.setattr(f"usufruit.{room}.views.now", lambda: NOW)


@pytest.fixture
def owned(client, db):
    owned = make_owned(client)
    owned.body.contact = "Loisirs, 819\u00a0555-0100"
    owned.body.save()
    owned.asset.conditions = "Souliers de sport"
    owned.asset.save()
    share(owned.asset)
    return owned


def keep(owned, reach=Reach.OWN_BODY, *which):
    told = dict.fromkeys(which or Information, reach)
    set_visibility(body=owned.body, told=told, by=owned.manager, now=NOW)


def test_the_database_refuses_what_is_not_a_visibility(owned):
    told = {"organization": owned.body, "information": "asset", "reach": "everyone"}
    with violates("visibility_information_known"):
        Visibility.objects.create(**{**told, "information": "salaire"})
    with violates("visibility_reach_known"):
        Visibility.objects.create(**{**told, "reach": "mars"})
    Visibility.objects.create(**told)
    with violates("visibility_once"):
        Visibility.objects.create(**told)


def test_only_managers_say_who_sees_what(owned):
    assert_only_managers(owned, "/mes-biens/publication/")


def test_the_page_says_what_is_seen_and_keeps_what_is_chosen(client, owned):
    page = read(client.get("/mes-biens/publication/"))
    row = next(row for row in page.select("tbody tr") if "usage mesuré" in row.text)
    assert [cell.text.strip() for cell in row.select("td")] == ["visible"] * 3 + ["non"]
    chosen = {each: DEFAULTS[each] for each in Information} | {"address": "own_body"}
    answer = client.post("/mes-biens/publication/", chosen, follow=True)
    assert "C’est enregistré" in words(read(answer))
    assert Visibility.objects.get().reach == "own_body"
    line = JournalLine.objects.get(verb="set_visibility")
    assert line.detail == {"address": "own_body"}
    wrong = client.post("/mes-biens/publication/", {**chosen, "photo": "mars"})
    assert "Ce public n’existe pas" in words(read(wrong))


WITHHELD = {
    Information.ADDRESS: ("Garage municipal", "12, rue des Érables"),
    Information.CONTACT: ("819\u00a0555-0100",),
    Information.CONDITIONS: ("Souliers de sport",),
    Information.FREE_BUSY: ("Semaine du",),
}


@pytest.mark.parametrize("information", WITHHELD)
def test_a_visitor_is_not_shown_what_is_kept_and_a_borrower_is(owned, information):
    visitor, borrower = Client(), Client()
    borrower.force_login(make_person(make_body("Ville voisine"), Role.REQUESTER))
    address = f"/biens/{owned.asset.pk}/"
    for said in WITHHELD[information]:
        assert said in words(read(visitor.get(address)))
    keep(owned, Reach.RECOGNIZED, information)
    for said in WITHHELD[information]:
        assert said not in visitor.get(address).content.decode()
        assert said in words(read(borrower.get(address)))


def test_an_asset_kept_from_the_public_is_neither_found_nor_opened(owned):
    keep(owned, Reach.RECOGNIZED, Information.ASSET)
    visitor, borrower, club = Client(), Client(), Client()
    borrower.force_login(make_person(make_body("Ville voisine"), Role.REQUESTER))
    club.force_login(make_person(make_body("Club", "association"), Role.REQUESTER))
    address = f"/biens/{owned.asset.pk}/"
    for client, is_seen in (
        (visitor, False),
        (club, False),
        (borrower, True),
        (owned.client, True),
    ):
        assert client.get(address).status_code == (200 if is_seen else 404)
    assert "Gymnase des Saules" not in visitor.get("/biens/").content.decode()
    assert "Gymnase des Saules" in borrower.get("/biens/").content.decode()
    assert visitor.get(f"/audits/biens/{owned.asset.pk}/usage/").status_code == 404


def test_a_place_kept_from_the_public_is_not_told_by_distance_nor_pin(owned):
    Asset.objects.filter(pk=owned.asset.pk).update(latitude=46.61, longitude=-72.61)
    keep(owned, Reach.PUBLIC_BODIES, Information.ADDRESS)
    for address in ("/biens/", f"/biens/{owned.asset.pk}/"):
        text = Client().get(address).content.decode()
        assert "46.61" not in text
        assert "46.5" in text


def test_hours_kept_from_the_public_are_said_to_be_so(owned):
    keep(owned, Reach.OWN_BODY, Information.FREE_BUSY)
    assert "Heures libres non publiées" in words(read(Client().get("/biens/")))


# Previews


@pytest.mark.parametrize("preview", ["voisin", "association", "public"])
def test_a_preview_shows_what_that_public_would_be_shown(client, owned, preview):
    """The page as the manager previews it says what the page says to such a reader."""
    keep(owned, Reach.PUBLIC_BODIES, Information.CONTACT, Information.USE)
    share(owned.asset, Audience.RECOGNIZED, windows="ma 18:00-22:00")
    reader = Client()
    if preview != "public":
        nature = "municipality" if preview == "voisin" else "association"
        body = make_body("Un autre", nature, is_recognized=preview == "association")
        reader.force_login(make_person(body, Role.REQUESTER))
    address = f"/biens/{owned.asset.pk}/?le=2026-12-03&debut=18:00&duree=60"
    seen = read(reader.get(address))
    previewed = read(client.get(f"{address}&apercu={preview}"))
    for part in (".asset-page__facts", ".asset-meta", "#reponse .alert__title"):
        shown, told = (page.select_one(part) for page in (seen, previewed))
        assert told.get_text(" ", strip=True) == shown.get_text(" ", strip=True)
    assert "Aperçu" in previewed.text
    assert not [link for link in previewed.select("a") if "/reserver/" in link["href"]]


def test_a_preview_is_for_managers_of_that_asset(owned):
    for person in (
        make_person(owned.body, Role.MEMBER),
        make_person(make_body("Ailleurs"), Role.ASSET_MANAGER),
    ):
        other = Client()
        other.force_login(person)
        page = other.get(f"/biens/{owned.asset.pk}/?apercu=public")
        assert "Aperçu :" not in page.content.decode().replace("\u00a0", " ")
    assert Client().get(f"/biens/{owned.asset.pk}/?apercu=public").status_code == 200


def test_a_preview_of_what_is_not_seen_says_so(client, owned):
    keep(owned, Reach.OWN_BODY, Information.ASSET)
    page = read(client.get(f"/biens/{owned.asset.pk}/?apercu=public"))
    assert "Ce public ne voit pas ce bien" in page.text
    assert read(client.get("/biens/?apercu=public")).select(".cards > li") == []


def test_a_preview_of_the_search_shows_ones_own_assets_only(client, owned):
    share(make_asset(make_body("Ailleurs"), name="Salle d’ailleurs"))
    page = read(client.get("/biens/?apercu=voisin"))
    (card,) = page.select(".cards > li")
    assert "Gymnase des Saules" in card.text
    assert card.a["href"] == f"/biens/{owned.asset.pk}/?apercu=voisin"
    assert "Salle d’ailleurs" not in page.text


def test_nobody_is_a_stand_in(owned):
    assert not sight_of(owned.asset, stand_in("public")).use
    assert sight_of(owned.asset, stand_in("voisin")).use
