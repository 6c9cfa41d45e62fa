# SPDX-License-Identifier: EUPL-1.2
"""The page of notices, the choices, the link that stops letters, the letters that did not leave."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.support.pages import read
from tests.support.sql_snapshot import recorded
from tests.support.world import NOW, Role, make_person
from usufruit.notices.actions import deliver, tell
from usufruit.notices.models import Choice, Family, Notice, Rhythm
from usufruit.notices.queries import unread_count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for reader in ("notices.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)


def delivered(box, changes, at=NOW):
    tell(changes)
    deliver(now=at, mailer=box.mailer())


def test_notices_are_listed_read_and_lead_to_their_object(client, box, clerk, news):
    client.force_login(clerk)
    assert "Aucun avis" in read(client.get("/avis/")).text
    delivered(box, [news(title="Une chose arrive"), news(title="Une autre", made_at=NOW)])
    page = read(client.get("/avis/"))
    assert len(page.select("main li.card")) == 2
    assert page.select_one(".site-header .count").text == "2"
    form = page.select_one("main li form")
    assert client.post(form["action"]).url == "/compte/"
    assert unread_count(clerk) == 1
    client.post("/avis/")
    page = read(client.get("/avis/"))
    assert "Tout est lu." in page.text
    assert not page.select(".site-header .count")


def test_a_notice_is_its_readers_alone(client, box, body, clerk, news):
    delivered(box, [news()])
    other = make_person(body, Role.DESK_CLERK)
    client.force_login(other)
    assert client.post(f"/avis/{Notice.objects.get().pk}/lire/").status_code == 404
    assert unread_count(clerk) == 1
    assert Client().get("/avis/").url == "/compte/connexion/?next=/avis/"


def test_the_queries_of_notices_do_not_grow(client, box, clerk, news, snapshot):
    client.force_login(clerk)
    shapes = []
    for count in (30, 20):  # full pages, since their length is written in the query
        delivered(box, [news(made_at=NOW - timedelta(minutes=n)) for n in range(count)])
        with recorded() as queries:
            client.get("/avis/")
        shapes.append(queries.shapes())
    assert shapes[0] == shapes[1]
    assert str(queries) == snapshot


def test_choices_are_kept_and_a_wrong_one_changes_nothing(client, clerk):
    client.force_login(clerk)
    page = read(client.get("/avis/choix/"))
    names = {field["name"] for field in page.select("main input[type=radio]")}
    assert names == {family.value for family in Family} - {"account"}
    sent = dict.fromkeys(names, "digest")
    assert client.post("/avis/choix/", sent).url == "/avis/choix/"
    assert set(Choice.objects.values_list("rhythm", flat=True)) == {"digest"}
    page = read(client.post("/avis/choix/", {**sent, "changes": "weekly"}))
    assert page.select(".error-summary")
    assert set(Choice.objects.values_list("rhythm", flat=True)) == {"digest"}


def stop_link(message):
    address = re.fullmatch(r"<https?://[^/]+(.*)>", message["List-Unsubscribe"].strip())[1]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return address


def test_the_link_stops_the_letters_of_a_family_once_pressed(box, clerk, news):
    delivered(box, [news()])
    visitor = Client(enforce_csrf_checks=True)  # a mail program, without session nor token
    address = stop_link(box.messages[0])
    page = read(visitor.get(address))
    assert "«\u00a0Réservations prises, déplacées ou annulées\u00a0»" in page.text
    assert not Choice.objects.exists()  # to look changes nothing: scanners of mail follow links
    done = visitor.post(address, {"List-Unsubscribe": "One-Click"})
    assert "ne partent plus" in read(done).text
    choice = Choice.objects.get()
    assert (choice.person, choice.family, choice.rhythm) == (clerk, "changes", Rhythm.PRODUCT)


def test_a_link_that_we_did_not_sign_stops_nothing(box, clerk, news):
    delivered(box, [news()])
    address = stop_link(box.messages[0])
    for wrong in (address[:-3] + "xy/", "/avis/arreter/rien/"):
        assert Client().post(wrong).status_code == 404
    clerk.is_active = False
    clerk.save()
    assert Client().post(address).status_code == 404
    assert not Choice.objects.exists()


def test_letters_that_did_not_leave_are_shown_to_the_operator_without_names(
    client, box, clerk, news
):
    box.answer = "550 non"
    delivered(box, [news()])
    client.force_login(clerk)
    assert client.get("/avis/courriels-en-souffrance/").status_code == 404
    operator = make_person(None)
    operator.is_platform_admin = True
    operator.save()
    client.force_login(operator)
    page = read(client.get("/avis/courriels-en-souffrance/"))
    assert f"nᵒ\u00a0{clerk.pk}" in page.text or f"nᵒ {clerk.pk}" in page.text
    assert clerk.email not in page.text
    assert clerk.full_name not in page.select_one("main").text
    box.answer = ""
    client.post("/avis/courriels-en-souffrance/")
    deliver(now=NOW, mailer=box.mailer())
    assert len(box.messages) == 1
    assert "Aucun courriel en souffrance" in read(client.get("/avis/courriels-en-souffrance/")).text
