# SPDX-License-Identifier: EUPL-1.2
"""Checking a slot and booking it; the page of a booking; cancelling, withdrawing, moving."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.support.pages import read, words
from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import refuse_line, request_booking
from usufruit.bookings.models import Booking, BookingLine, LineState
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.inventory.models import Asset
from usufruit.organizations.actions import grant_role
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db

SLOT = {"le": "2026-12-02", "debut": "18:00", "duree": "120"}
ELSEWHEN = {"le": "2026-12-03", "debut": "18:00", "duree": "120"}


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.bookings.views.now", lambda: NOW)


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def clerk(lender):
    return make_person(lender, Role.DESK_CLERK)


@pytest.fixture
def hall(lender):
    asset = make_asset(lender, name="Salle des Pins", opening="lu-ve 8:00-22:00", capacity=80)
    share(asset)
    return asset


@pytest.fixture
def gym(lender):
    asset = make_asset(lender, name="Gymnase des Saules")
    share(asset, mode=Mode.APPROVAL)
    return asset


@pytest.fixture
def borrower():
    return make_body("Ville voisine")


@pytest.fixture
def member(client, borrower):
    person = make_person(borrower, Role.REQUESTER, name="Contremaître")
    client.force_login(person)
    return person


def fields_of(page, selector="main form[method=post]"):
    """Return what the form would send untouched."""
    form = page.select_one(selector)
    return {one["name"]: one.get("value", "") for one in form.select("input[name]")}


def check(client, asset, slot=SLOT, **typed):
    return read(client.get(f"/biens/{asset.pk}/reserver/", {**slot, **typed}))


def send(client, asset, page, **typed):
    sent = {**fields_of(page), "purpose": "Cours de tango", **typed}
    return client.post(f"/biens/{asset.pk}/reserver/", sent)


def book(asset, body, by, span=None, purpose="Réunion"):
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span or use(32),
        organization=body,
        purpose=purpose,
        people_count=None,
        key=uuid4(),
        by=by,
        now=NOW,
    )


# Slot, check, done


def test_slot_check_done(client, member, hall):
    page = check(client, hall)
    text = words(page)
    for said in (
        "Salle des Pins",
        "Mercredi 2\u00a0décembre 2026, de 18\u00a0h à 20\u00a0h",
        "Ville de Saint-Essai",
        "Ville voisine",
        "Immédiate",
    ):
        assert said in text, said
    answer = send(client, hall, page, people_count="24")
    line = BookingLine.objects.get()
    assert line.state == LineState.CONFIRMED
    assert line.use_span.lower == datetime(2026, 12, 2, 23, tzinfo=UTC)
    assert answer.url == f"/reservations/{line.booking.reference}/"
    done = read(client.get(answer.url))
    text = words(done)
    for said in (
        line.booking.reference,
        "Confirmée",
        "La plage est à vous",
        "Cours de tango",
        "24 personnes",
        "Réservation confirmée",
        "Ajouter à mon agenda",
    ):
        assert said in text, said


def test_a_request_says_what_happens_next(client, member, gym):
    page = check(client, gym)
    assert page.select_one("h1").text == "Vérifier votre demande"
    answer = send(client, gym, page)
    done = read(client.get(answer.url))
    assert "Demande envoyée à «\u00a0Ville de Saint-Essai\u00a0»" in done.text
    assert "pas gardée d’ici là" in done.text
    assert not Hold.objects.exists()


def test_sending_twice_books_once(client, member, hall):
    page = check(client, hall)
    first, second = send(client, hall, page), send(client, hall, page)
    assert first.url == second.url
    assert Booking.objects.count() == 1


def test_a_key_used_for_another_slot_is_refused_here(client, member, hall):
    page = check(client, hall)
    send(client, hall, page)
    answer = send(client, hall, page, **ELSEWHEN)
    assert "a déjà servi pour une autre plage" in read(answer, status=409).text
    assert Booking.objects.count() == 1


def test_a_lost_race_keeps_the_form_and_proposes_the_nearest(client, member, hall):
    page = check(client, hall)
    other = make_body()
    book(hall, other, make_person(other, Role.REQUESTER))
    answer = read(send(client, hall, page, purpose="Cours & tango", people_count="12"), status=409)
    assert "Cette plage vient d’être prise." in answer.text
    assert "Une plage, un seul usage" in answer.text
    assert answer.select_one("#id_purpose")["value"] == "Cours & tango"
    link = answer.select(".nearest a")[0]
    again = read(client.get(f"/biens/{hall.pk}/reserver/{link['href']}"))
    assert again.select_one("#id_purpose")["value"] == "Cours & tango"
    assert again.select_one("#id_people_count")["value"] == "12"
    assert client.post(f"/biens/{hall.pk}/reserver/", fields_of(again)).status_code == 302
    assert Booking.objects.filter(purpose="Cours & tango", people_count=12).count() == 1


def test_too_many_people_is_said_here(client, member, hall):
    answer = send(client, hall, check(client, hall), people_count="81")
    assert "au plus 80\u00a0personnes" in read(answer, status=409).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"purpose": ""}, "Dites à quoi servira le bien."),
        ({"purpose": "x" * 301}, "300"),
        ({"people_count": "-3"}, "1 au moins"),
        ({"people_count": "beaucoup"}, "Écrivez un nombre de personnes."),
        ({"organization": "999999"}, "Vous n’agissez pas pour cet organisme."),
        ({"organization": "abc"}, "Vous n’agissez pas pour cet organisme."),
        ({"key": "pas-une-cle"}, "UUID"),
    ],
)
def test_a_wrong_field_is_said_and_nothing_is_booked(client, member, hall, typed, said):
    answer = read(send(client, hall, check(client, hall), **typed))
    assert said in answer.select_one(".error-summary").text
    assert not Booking.objects.exists()


def test_somebody_elses_body_is_never_booked_for(client, member, hall, lender):
    send(client, hall, check(client, hall), organization=str(lender.pk))
    assert not Booking.objects.exists()


def test_a_person_of_two_bodies_chooses(client, member, hall):
    second = make_body("Régie des loisirs")
    grant_role(person=member, organization=second, role=Role.REQUESTER, by=None, now=NOW)
    page = check(client, hall)
    assert page.select_one("select[name=organization]")
    send(client, hall, page, organization=str(second.pk))
    assert Booking.objects.get().organization == second


def test_a_role_that_books_nothing_is_refused_here(client, hall, borrower):
    client.force_login(make_person(borrower, Role.ANALYST))
    answer = send(client, hall, check(client, hall))
    assert "Votre rôle ne permet pas de réserver" in read(answer, status=409).text
    assert not Booking.objects.exists()


def test_a_person_without_a_body_is_told_so(client, hall):
    client.force_login(make_person(make_body()))
    page = check(client, hall)
    answer = send(client, hall, page, organization="")
    assert "Choisissez l’organisme pour lequel vous agissez." in read(answer).text


@pytest.mark.parametrize("query", ["", "le=demain", "le=2020-01-01&debut=10:00&duree=60"])
def test_a_slot_that_is_none_goes_back_to_the_asset(client, member, hall, query):
    answer = client.get(f"/biens/{hall.pk}/reserver/?{query}")
    assert answer.status_code == 302
    assert answer.url.startswith(f"/biens/{hall.pk}/?")
    read(client.get(answer.url))


def test_a_visitor_signs_in_first(hall):
    answer = Client().get(f"/biens/{hall.pk}/reserver/", SLOT)
    assert answer.url.startswith("/compte/connexion/?next=/biens/")
    assert "duree%3D120" in answer.url


def test_a_part_is_booked_alone(client, member, lender):
    asset = make_asset(
        lender,
        structure=Asset.Structure.PARTS,
        lane_count=2,
        parts=[("Moitié A", (0, 1), None), ("Moitié B", (1, 2), None)],
    )
    share(asset)
    half, other = asset.parts.order_by("rank")
    answer = send(client, asset, check(client, asset, partie=half.pk))
    assert "Moitié A" in read(client.get(answer.url)).select_one("h1").text
    assert send(client, asset, check(client, asset, partie=other.pk)).status_code == 302
    assert Hold.objects.count() == 2


def test_a_draft_of_another_body_is_not_found(client, member, lender):
    draft = make_asset(lender, state=Asset.State.DRAFT)
    assert client.get(f"/biens/{draft.pk}/reserver/", SLOT).status_code == 404


def test_the_doubled_hour_is_booked_once_and_whole(client, member, lender):
    asset = make_asset(lender)
    share(asset)
    night = {"le": "2027-11-07", "debut": "01:30", "duree": "60"}
    send(client, asset, check(client, asset, night))
    span = BookingLine.objects.get().use_span
    assert span.lower == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert span.upper == datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


# A booking's page and what can be done with it


def test_a_strangers_reference_is_not_found(client, member, hall):
    other = make_body()
    line = book(hall, other, make_person(other, Role.REQUESTER))
    for end in ("", "annuler/", "retirer/", "deplacer/"):
        assert client.get(f"/reservations/{line.booking.reference}/{end}").status_code == 404
    assert client.get(f"/reservations/{line.booking.reference}.ics").status_code == 404
    assert client.get("/reservations/AAA-AAA/").status_code == 404
    assert client.get("/reservations/AAA-AAA\x00/").status_code == 404


def test_the_owner_reads_the_same_page(client, clerk, hall, borrower, member):
    line = book(hall, borrower, member)
    client.force_login(clerk)
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    assert "Ville voisine" in page.text
    assert not page.select("a[href$='/annuler/']")


def test_cancelling_says_what_is_lost_and_frees_the_time(client, member, borrower, hall):
    line = book(hall, borrower, member)
    address = f"/reservations/{line.booking.reference}/annuler/"
    page = read(client.get(address))
    assert "Vous perdez cette plage" in page.text
    assert Hold.objects.count() == 1
    answer = read(client.post(address, follow=True))
    assert "Annulée" in answer.text
    assert "Réservation annulée" in words(answer)
    assert not Hold.objects.exists()
    assert "n’est pas confirmée" in read(client.post(address), status=409).text


def test_withdrawing_a_request(client, member, borrower, gym):
    line = book(gym, borrower, member)
    address = f"/reservations/{line.booking.reference}/retirer/"
    assert "Vous perdez votre rang" in read(client.get(address)).text
    assert "Retirée" in read(client.post(address, follow=True)).text


def test_a_member_who_may_not_is_refused(client, member, borrower, hall):
    line = book(hall, borrower, member)
    client.force_login(make_person(borrower, Role.MEMBER))
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    assert not page.select("a[href$='/annuler/'], a[href$='/deplacer/']")
    answer = client.post(f"/reservations/{line.booking.reference}/annuler/")
    assert "Votre rôle ne permet pas" in read(answer, status=409).text


def test_moving_and_prolonging(client, member, borrower, hall):
    line = book(hall, borrower, member)
    address = f"/reservations/{line.booking.reference}/deplacer/"
    page = read(client.get(address))
    assert page.select_one("#id_debut")["value"] == "18:00"
    sent = {**fields_of(page), "le": "2026-12-03", "debut": "17:00", "duree": "180"}
    answer = read(client.post(address, sent, follow=True))
    assert "Jeudi 3\u00a0décembre 2026, de 17\u00a0h à 20\u00a0h" in words(answer)
    assert "Réservation déplacée" in words(answer)


def test_a_move_refused_leaves_the_old_one_and_proposes(client, member, borrower, hall):
    line = book(hall, borrower, member)
    other = make_body()
    book(hall, other, make_person(other, Role.REQUESTER), use(56))
    address = f"/reservations/{line.booking.reference}/deplacer/"
    sent = {**fields_of(read(client.get(address))), **ELSEWHEN}
    page = read(client.post(address, sent), status=409)
    assert "Rien n’a changé" in page.text
    link = page.select(".nearest a")[0]
    proposed = read(client.get(address + link["href"]))
    sent = {**fields_of(proposed), "duree": "120"}
    assert client.post(address, sent).status_code == 302
    line.refresh_from_db()
    assert line.use_span.lower != NOW + timedelta(hours=32)


def test_a_move_to_nowhere_is_said_at_its_field(client, member, borrower, hall):
    line = book(hall, borrower, member)
    address = f"/reservations/{line.booking.reference}/deplacer/"
    page = read(client.post(address, {"le": "2020-01-01", "debut": "x", "duree": "1e9"}))
    assert len(page.select(".error-summary li")) == 3


def test_a_refusal_gives_its_reason(client, member, borrower, gym, clerk):
    line = book(gym, borrower, member)
    refuse_line(
        line=line, reason=REFUSAL_REASONS[0], explanation="Tournoi prévu.", by=clerk, now=NOW
    )
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    assert "Tournoi prévu." in page.text
    assert page.select("a[href*='#reserver']")
    assert "Demande refusée · Ville de Saint-Essai" in " ".join(words(page).split())


def test_the_calendar_file(client, member, borrower, lender):
    hall = make_asset(lender, name="Salle «\u00a0Été, hiver; tout\\temps\u00a0» " + "é" * 60)
    share(hall)
    line = book(hall, borrower, member, purpose="Ligne une\nligne deux, fin")
    answer = client.get(f"/reservations/{line.booking.reference}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = answer.content
    assert all(len(part) <= 75 for part in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    known = dict(each.split(":", 1) for each in lines if ":" in each)
    assert known["DTSTART"] == "20261202T230000Z"
    assert known["DTEND"] == "20261203T010000Z"
    assert known["STATUS"] == "CONFIRMED"
    assert known["SUMMARY"].startswith("Salle «\u00a0Été\\, hiver\\; tout\\\\temps")
    assert "Ligne une\\nligne deux\\, fin\\nRéférence" in known["DESCRIPTION"]
    assert known["SEQUENCE"] == "0"
    client.post(f"/reservations/{line.booking.reference}/annuler/")
    again = client.get(f"/reservations/{line.booking.reference}.ics").content.decode()
    assert "STATUS:CANCELLED" in again
    assert "SEQUENCE:1" in again
