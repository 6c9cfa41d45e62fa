# SPDX-License-Identifier: EUPL-1.2
"""One's account page, and the body one acts for."""

import pytest

from tests.support.pages import read
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.organizations.actions import grant_role
from usufruit.organizations.queries import roles_by_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies():
    return make_body("Ville d’Amont"), make_body("École de l’Aval")


@pytest.fixture
def person(bodies):
    one = make_person(bodies[0], Role.ASSET_MANAGER, Role.APPROVER, name="Contremaître")
    grant_role(person=one, organization=bodies[1], role=Role.MEMBER, by=None, now=NOW)
    return one


def test_visitor_is_asked_to_sign_in(client):
    assert client.get("/compte/").url == "/compte/connexion/?next=/compte/"


def test_account_shows_bodies_and_roles(client, person, bodies):
    client.force_login(person)
    page = read(client.get("/compte/"))
    cards = [card.text for card in page.select("main li.card")]
    assert "École de l’Aval" in cards[0]
    assert "Approbateur et Gestionnaire de biens" in " ".join(cards[1].split())
    assert len(page.select("main button[name=organization]")) == 1
    assert page.select_one(".menu__item[href='/compte/']")


def test_person_without_body_is_told_whom_to_ask(client):
    client.force_login(make_person())
    page = read(client.get("/compte/"))
    assert "Vous n’agissez pour aucun organisme" in page.text


def test_switching_body_lasts_and_returns(client, person, bodies):
    client.force_login(person)
    response = client.post("/compte/agir-pour/", {"organization": bodies[0].pk, "next": "/compte/"})
    assert response.url == "/compte/"
    page = read(client.get("/compte/"))
    assert page.select_one(".menu__org").text == "Ville d’Amont"
    assert page.select_one("main li.is-active .card__title").text == "Ville d’Amont"


def test_switching_from_the_header_works_as_a_plain_form(client, person, bodies):
    client.force_login(person)
    page = read(client.get("/compte/"))
    form = page.select_one(".menu form")
    choices = [button["value"] for button in form.select("button[name=organization]")]
    assert form["action"] == "/compte/agir-pour/"
    assert set(choices) == {str(body.pk) for body in bodies}


def test_nobody_acts_for_a_body_that_is_not_theirs(client, person):
    client.force_login(person)
    client.post("/compte/agir-pour/", {"organization": make_body("Autre").pk})
    assert "organization_id" not in client.session


def test_switching_never_leads_elsewhere(client, person, bodies):
    client.force_login(person)
    sent = {"organization": bodies[0].pk, "next": "https://ailleurs.test/"}
    assert client.post("/compte/agir-pour/", sent).url == "/"
    assert client.get("/compte/agir-pour/").status_code == 405


def test_roles_by_body_in_french_order(person, bodies):
    found = roles_by_body(person)
    assert [body for body, _ in found] == [bodies[1], bodies[0]]
    assert found[1][1] == ["Approbateur", "Gestionnaire de biens"]


def test_the_address_of_a_form_opened_alone_says_what_to_do(client, person):
    client.force_login(person)
    answer = client.get("/compte/agir-pour/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Ce geste est à refaire depuis sa page" in answer.content.decode()
