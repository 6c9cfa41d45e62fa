# SPDX-License-Identifier: EUPL-1.2
"""The desk's pages: answers, slots kept, somebody booked for, the paper; for its people only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.pages import read
from tests.support.sql_snapshot import recorded
from tests.support.world import Mode, Role, make_asset, make_body, make_person, share
from usufruit.bookings.models import Booking, BookingLine
from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db


class Counter:
    """A town with a gymnasium and a hall, and its clerk signed in."""

    def __init__(self, client: Client) -> None:
        self.body = make_body("Ville de Saint-Essai", contact="Loisirs, 418\u00a0555-0100")
        self.clerk = make_person(self.body, Role.DESK_CLERK, name="Préposée")
        self.gym = make_asset(self.body, name="Gymnase des Saules", conditions="Espadrilles")
        self.hall = make_asset(self.body, name="Salle du conseil")
        on = local_wall(now(), "America/Toronto").date() + timedelta(days=3)
        self.slot = {"le": on.isoformat(), "debut": "18:00", "duree": "120"}
        self.client = client
        client.force_login(self.clerk)

    def search(self, **more: str):
        return self.client.get("/guichet/", {**self.slot, **more})

    def keep(self, **more: str) -> str:
        """Keep the slot of the gymnasium and return the address of the form."""
        address = reverse("keep_slot", args=[self.gym.pk])
        return self.client.post(address, {**self.slot, **more}).url

    def book(self, address: str, **more: str):
        page = read(self.client.get(address))
        fields = {one["name"]: one.get("value", "") for one in page.select("main form [name]")}
        for name in ("chercher", "servie", "is_new_body"):
            fields.pop(name, None)
        told = {"channel": "phone", "caller_name": "Luce Roy", "purpose": "Fête", **more}
        return self.client.post(address.partition("?")[0], {**fields, **told})


@pytest.fixture
def counter(client) -> Counter:
    return Counter(client)


def test_the_desk_is_for_its_own_people(counter):
    pages = ["/guichet/", reverse("desk_book", args=[counter.gym.pk])]
    acts = [reverse("keep_slot", args=[counter.gym.pk]), reverse("release_slot", args=[1])]
    stranger = Client()
    for address in pages:
        assert stranger.get(address).status_code == 302
    stranger.force_login(make_person(counter.body, Role.REQUESTER))
    for address in pages:
        assert stranger.get(address).status_code == 404
    for address in acts:
        assert stranger.post(address).status_code == 404


def test_before_anything_is_asked_the_page_says_what_it_does(counter):
    page = read(counter.client.get("/guichet/"))
    assert page.select_one("#id_quoi").has_attr("autofocus")
    assert "Rien pour l’instant" in page.select_one("#options").text
    assert not page.select("#reponses")


def test_a_call_from_the_question_to_the_paper(counter):
    page = read(counter.search(quoi="saules"))
    (result,) = page.select("#reponses .desk__result")
    assert "Gymnase des Saules" in result.text
    assert "Libre" in result.text
    address = counter.keep()
    page = read(counter.client.get(address))
    left = int(page.select_one("[data-countdown]")["data-countdown"])
    assert 14 * 60 < left <= 15 * 60
    assert "Espadrilles" in page.text
    page = read(counter.client.get("/guichet/"))
    assert "Gymnase des Saules" in page.select_one("#options").text
    answer = counter.book(address, caller_phone="418 555-0177")
    booking = Booking.objects.get()
    assert answer.url == f"/reservations/{booking.reference}/confirmation/"
    page = read(counter.client.get(answer.url))
    assert page.select_one(".paper__reference").text == booking.reference
    assert ", ".join(booking.reference[:3]) in page.select_one(".no-print").text
    assert "pour Luce Roy" in page.text
    assert "Loisirs, 418\u00a0555-0100" in page.text
    assert page.select_one(".paper__code svg")
    page = read(counter.client.post("/guichet/", {"chercher": "555 0177"}))
    assert booking.reference in page.select_one("#trouvees").text


def test_what_is_taken_proposes_the_nearest_hours(counter):
    counter.book(counter.keep())
    page = read(counter.search(quoi="gymnase saules"))
    (result,) = page.select("#reponses .desk__result")
    assert "Pris" in result.text
    hours = [one["value"] for one in result.select("[name=debut]")]
    assert sorted(hours) == ["16:00", "20:00"]
    form = result.select_one("form")
    sent = {one["name"]: one["value"] for one in form.select("[name]")}
    assert counter.client.post(form["action"], sent).status_code == 302
    assert Hold.objects.filter(reason="option").count() == 1


def test_neighbours_are_looked_at_when_asked_and_asked_when_they_answer(counter):
    lender = make_body("Ville voisine")
    lent = make_asset(lender, name="Salle des voisins")
    share(lent, mode=Mode.APPROVAL)
    assert "Salle des voisins" not in read(counter.search()).text
    page = read(counter.search(ailleurs="on"))
    result = next(one for one in page.select(".desk__result") if "voisins" in one.text)
    assert "Demander au propriétaire" in result.text
    address = (
        reverse("desk_book", args=[lent.pk])
        + "?"
        + "&".join(f"{name}={value}" for name, value in counter.slot.items())
    )
    assert counter.book(address).status_code == 302
    assert BookingLine.objects.get().state == "requested"


def test_an_option_that_ran_out_says_so_and_keeps_what_was_written(counter):
    address = counter.keep()
    sent = counter.client.get(address)
    page = read(sent)
    fields = {one["name"]: one.get("value", "") for one in page.select("main form [name]")}
    Hold.objects.update(expires_at=now() - timedelta(seconds=1))
    told = {**fields, "channel": "phone", "caller_name": "Luce Roy", "purpose": "Fête des Neiges"}
    for name in ("chercher", "servie", "is_new_body"):
        told.pop(name, None)
    answer = counter.client.post(address.partition("?")[0], told)
    page = read(answer, status=409)
    assert "L’option a pris fin" in page.select_one("#reponse").text
    assert page.select_one("#id_purpose")["value"] == "Fête des Neiges"
    assert "Garder de nouveau" in page.text


def test_a_person_served_before_is_found_without_an_address_that_names_them(counter):
    counter.book(counter.keep(), caller_name="Élise Côté", caller_phone="418 555-0177")
    address = counter.keep(debut="10:00")
    asked = {**counter.slot, "debut": "10:00", "caller_name": "cote", "chercher": "1"}
    page = read(counter.client.post(address.partition("?")[0], asked))
    (known,) = page.select("[name=servie]")
    page = read(counter.client.post(address.partition("?")[0], {**asked, "servie": known["value"]}))
    assert page.select_one("#id_caller_name")["value"] == "Élise Côté"
    assert page.select_one("#id_caller_phone")["value"] == "418 555-0177"
    assert Booking.objects.count() == 1


def test_somebody_is_always_served_and_an_unknown_body_is_entered_on_purpose(counter):
    page = read(counter.book(counter.keep(), caller_name=""))
    assert "Écrivez le nom de la personne" in page.text
    page = read(counter.book(counter.keep(debut="10:00"), body="Club des Rives"))
    assert "Aucun organisme du réseau ne porte ce nom" in page.text
    refused = counter.book(counter.keep(debut="13:00"), body="Club des Rives", is_new_body="on")
    page = read(refused, status=409)
    assert page.select_one("#id_override")
    assert "Inscrire" in page.text


def test_the_caller_rings_back_to_give_up_and_the_channel_is_noted(counter):
    counter.book(counter.keep())
    reference = Booking.objects.get().reference
    page = read(counter.client.get(f"/reservations/{reference}/"))
    assert "Luce Roy" in page.text
    address = f"/reservations/{reference}/annuler/"
    assert read(counter.client.get(address)).select("[name=channel]")
    counter.client.post(address, {"channel": "counter"})
    page = read(counter.client.get(f"/reservations/{reference}/"))
    assert "Réservation annulée, au comptoir" in page.text


def test_what_cannot_be_read_is_never_a_fault_of_ours(counter):
    book = reverse("desk_book", args=[counter.gym.pk])
    keep = reverse("keep_slot", args=[counter.gym.pk])
    for sent in (
        {},
        {"le": "hier"},
        {**counter.slot, "duree": "x"},
    ):
        assert counter.client.get(book, sent).status_code == 302
        assert counter.client.post(keep, sent).status_code == 302
    for option in ("x", "9" * 40, "٣", "-1"):
        assert counter.client.get(book, {**counter.slot, "option": option}).status_code == 200
    read(counter.client.get("/guichet/", {"le": "hier", "quoi": "\x00" + "x" * 200}))
    for words in ("%", "'", "\x00", "9" * 300, "2026-99-99"):
        read(counter.client.post("/guichet/", {"chercher": words}))
    assert not Hold.objects.exists()


def test_the_desk_asks_no_more_for_more_assets(counter, snapshot):
    counter.keep()
    counter.book(counter.keep(debut="10:00"))
    words = {"chercher": "Luce", "ailleurs": "on"}
    address = "/guichet/?" + "&".join(f"{k}={v}" for k, v in counter.slot.items()) + "&ailleurs=on"
    share(make_asset(make_body(), name="Voisine"))
    counter.client.post(address, words)
    with recorded() as few:
        counter.client.post(address, words)
    for number in range(4):
        make_asset(counter.body, name=f"Salle {number}")
        share(make_asset(make_body(), name=f"Voisine {number}"))
    counter.book(counter.keep(debut="08:00"), caller_name="Luce Dion")
    with recorded() as many:
        counter.client.post(address, words)
    assert len(many) == len(few)
    assert str(many) == snapshot
