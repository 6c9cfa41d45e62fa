# SPDX-License-Identifier: EUPL-1.2
"""Signalling a need from a search, following one's own, and seeing the neighbours'."""

import pytest
from django.test import Client

from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import (
    NOW,
    Role,
    make_asset,
    make_body,
    make_category,
    make_person,
)
from usufruit.needs.actions import report_need
from usufruit.needs.models import Need
from usufruit.search.places import Place

pytestmark = pytest.mark.django_db

HERE = Place("Saint-Essai", 46.5, -72.5, "America/Toronto")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("usufruit.needs.views.now", lambda: NOW)
    monkeypatch.setattr("usufruit.search.views.now", lambda: NOW)


@pytest.fixture
def lift():
    return make_category("nacelle", name="Nacelle", synonyms=["girafe"])


@pytest.fixture
def member(client):
    body = make_body("Ville qui cherche")
    client.force_login(make_person(body, Role.REQUESTER))
    return body


def tell(body, name="Nacelle", category=None):
    return report_need(
        organization=body,
        category=category,
        words=name,
        use=None,
        place=HERE,
        radius_km=25,
        purpose="Changer des luminaires",
        by=make_person(body, Role.REQUESTER),
        now=NOW,
    )


def test_a_search_that_finds_nothing_becomes_a_need(client, member, lift):
    asked = {"quoi": "girafe", "le": "2026-12-03", "debut": "08:00", "duree": "480", "rayon": "50"}
    page = read(client.get("/biens/", asked))
    link = next(each for each in page.find_all("a") if "Signaler ce besoin" in each.text)
    form = read(client.get(link["href"])).select_one("main form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input")}
    sent |= {
        field["name"]: (field.select_one("option[selected]") or field.option)["value"]
        for field in form.select("select")
    }
    assert sent["quoi"] == "girafe"
    assert sent["categorie"] == str(lift.pk)
    assert (sent["le"], sent["debut"], sent["duree"], sent["rayon"]) == (
        "2026-12-03",
        "08:00",
        "480",
        "50",
    )
    answer = client.post(form["action"], {**sent, "purpose": "Luminaires"}, follow=True)
    assert "Votre besoin est signalé" in words(read(answer))
    need = Need.objects.get()
    assert need.category == lift
    assert need.use_span.lower.isoformat() == "2026-12-03T13:00:00+00:00"


def test_what_is_badly_typed_is_said_and_kept(client, member, lift):
    answer = client.post(
        "/besoins/signaler/", {"quoi": "", "ou": "Nulle part", "rayon": "3", "le": "1999-01-01"}
    )
    page = read(answer)
    said = words(page)
    assert answer.status_code == 200
    for sentence in (
        "Dites ce qu’il vous faut",
        "Aucun lieu de ce nom",
        "Choisissez un rayon de la liste",
        "Cette date est passée",
        "Dites à quoi cela servirait",
    ):
        assert sentence in said
    assert page.select_one("#id_ou")["value"] == "Nulle part"
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    "ici", ["nan,nan", "inf,0", "1e999,2", "a,b", "46.5", "46.5,-72.5,3", "🙂"]
)
def test_a_position_that_is_none_is_left_aside(client, member, ici):
    sent = {"quoi": "Grue", "ici": ici, "rayon": "25", "purpose": "Lever"}
    assert client.post("/besoins/signaler/", sent).status_code == 302
    assert Need.objects.get().latitude == 46.5


def test_a_role_that_does_not_ask_is_told_so_and_loses_nothing(client):
    body = make_body()
    client.force_login(make_person(body, Role.MEMBER))
    sent = {"quoi": "Grue", "rayon": "25", "purpose": "Lever une poutre"}
    answer = client.post("/besoins/signaler/", sent)
    page = read(answer, status=409)
    assert "Votre rôle ne permet pas" in words(page)
    assert page.select_one("#id_purpose")["value"] == "Lever une poutre"


def test_taking_a_need_back_and_undoing_it(client, member):
    need = tell(member)
    for verb, state in (("retirer", "withdrawn"), ("rouvrir", "open"), ("combler", "met")):
        answer = client.post(f"/besoins/{need.pk}/{verb}/", follow=True)
        assert answer.redirect_chain == [("/besoins/", 302)]
        need.refresh_from_db()
        assert need.state == state
    assert client.get(f"/besoins/{need.pk}/retirer/").status_code == 405


def test_another_body_s_need_is_not_there(client, member):
    need = tell(make_body("Autre ville"))
    assert client.post(f"/besoins/{need.pk}/retirer/").status_code == 404
    assert "Nacelle" not in words(read(client.get("/besoins/")))
    assert Client().get("/besoins/").status_code == 302


def test_an_analyst_reads_totals_only(client):
    body = make_body()
    need = tell(body)
    client.force_login(make_person(body, Role.ANALYST))
    assert "Changer des luminaires" not in words(read(client.get("/besoins/")))
    assert client.post(f"/besoins/{need.pk}/retirer/").status_code == 404


def test_a_manager_sees_what_neighbours_lack(client, lift):
    owner = make_body("Ville qui a", contact="Travaux publics, 819\u00a0555-0100")
    make_asset(owner, category=lift, name="Girafe jaune")
    lacking = make_body("Ville qui cherche", contact="Greffe, 819\u00a0555-0101")
    tell(lacking, "Girafe pour luminaires", lift)
    client.force_login(make_person(owner, Role.ASSET_MANAGER))
    said = words(read(client.get("/besoins/pres-de-chez-vous/")))
    for told in (
        "Girafe pour luminaires",
        "Ville qui cherche",
        "Greffe, 819\u00a0555-0101",
        "Girafe jaune",
    ):
        assert told in said
    part = client.get("/besoins/pres-de-chez-vous/", headers={"HX-Request": "true"})
    assert "Girafe pour luminaires" in part.content.decode()
    client.force_login(make_person(owner, Role.MEMBER))
    assert client.get("/besoins/pres-de-chez-vous/").status_code == 404


def test_the_queries_do_not_grow_with_the_needs(client, lift, snapshot):
    owner = make_body("Ville qui a")
    make_asset(owner, category=lift)
    client.force_login(make_person(owner, Role.ASSET_MANAGER))
    shapes = []
    for number in range(2):
        for more in range(2 + 4 * number):
            tell(make_body(), f"Girafe {number}-{more}", lift)
        with recorded() as queries:
            client.get("/besoins/pres-de-chez-vous/")
        shapes.append(queries.shapes())
    assert shapes[0] == shapes[1]
    assert str(queries) == snapshot
