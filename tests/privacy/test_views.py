# SPDX-License-Identifier: EUPL-1.2
"""The pages about personal data."""

import csv
import io

import pytest

from tests.support.pages import read
from tests.support.world import PASSWORD, Role, make_body, make_person
from usufruit.privacy.models import Incident

pytestmark = pytest.mark.django_db

INCIDENT = {
    "title": "Envoi à la mauvaise personne",
    "data_described": "Adresses courriel",
    "circumstances": "Une liste en copie visible",
    "known_on": "2026-11-03",
    "is_serious": "",
}


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def administrator(body, client):
    person = make_person(body, Role.BODY_ADMIN)
    client.force_login(person)
    return person


@pytest.mark.parametrize("address", ["/confidentialite/", "/accessibilite/", "/conditions/"])
@pytest.mark.parametrize("named", [True, False])
def test_legal_pages_are_for_everybody(client, settings, address, named):
    contact = "Secrétariat général" if named else ""
    settings.OPERATOR = {"name": contact, "privacy": contact, "accessibility": contact}
    page = read(client.get(address))
    assert (contact in page.text) if named else page.text


def test_every_page_leads_to_them(client):
    links = [one["href"] for one in read(client.get("/")).select("footer a")]
    assert {"/confidentialite/", "/accessibilite/", "/conditions/"} <= set(links)


def test_nobody_read_anything_yet(client, administrator):
    page = read(client.get("/vie-privee/"))
    assert "Personne n’a consulté" in page.select_one(".empty-state").text


def test_a_copy_is_not_kept_by_the_way(client, administrator):
    answer = client.get("/vie-privee/copie.zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"


def test_one_erases_oneself_with_ones_password(client, body):
    person = make_person(body, Role.REQUESTER)
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    read(client.get("/vie-privee/effacer/"))
    page = read(client.post("/vie-privee/effacer/", {"password": "une-autre"}))
    assert "Ce n’est pas votre mot de passe" in page.text
    answer = client.post("/vie-privee/effacer/", {"password": PASSWORD})
    assert answer.url == "/"
    assert "Vos renseignements sont effacés" in read(client.get("/")).text
    person.refresh_from_db()
    assert person.email is None
    assert client.get("/vie-privee/").status_code == 302


def test_the_last_administrator_is_told_before_and_refused_after(client, administrator):
    administrator.set_password(PASSWORD)
    administrator.save()
    client.force_login(administrator)
    page = read(client.get("/vie-privee/effacer/"))
    assert "Ville de Saint-Essai" in page.text
    assert not page.select("main form")
    read(client.post("/vie-privee/effacer/", {"password": PASSWORD}))
    administrator.refresh_from_db()
    assert administrator.email


# The register of incidents


def test_an_empty_register_says_what_to_write_in_it(client, administrator):
    empty = read(client.get("/vie-privee/incidents/")).select_one(".empty-state")
    assert empty.select_one("a")["href"] == "/vie-privee/incidents/ajouter/"


def test_an_incident_is_entered_completed_and_closed(client, administrator):
    read(client.get("/vie-privee/incidents/ajouter/"))
    assert client.post("/vie-privee/incidents/ajouter/", INCIDENT).url == "/vie-privee/incidents/"
    assert "À évaluer" in read(client.get("/vie-privee/incidents/")).text
    address = f"/vie-privee/incidents/{Incident.objects.get().pk}/"
    serious = {**INCIDENT, "is_serious": "True"}
    client.post(address, serious)
    assert "Reste à aviser : la Commission" in read(
        client.get("/vie-privee/incidents/")
    ).text.replace("\u00a0", " ")
    page = read(client.post(address, {**serious, "closed_on": "2026-11-05"}))
    assert "Pour clore, dites" in page.text
    client.post(address, {**serious, "measures": "Rappel", "closed_on": "2026-11-05"})
    assert "Clos" in read(client.get("/vie-privee/incidents/")).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"known_on": "hier"},
        {"happened_on": "2026-11-04"},
        {"person_count": "-1"},
        {"person_count": str(10**12)},
        {"commission_told_on": "2026-11-01"},
        {"measures": "x" * 6000},
        {"title": "nul\x00"},
    ],
)
def test_a_wrong_incident_is_explained_and_kept_as_typed(client, administrator, wrong):
    page = read(client.post("/vie-privee/incidents/ajouter/", {**INCIDENT, **wrong}))
    assert page.select_one(".error-summary")
    assert "Une liste en copie visible" in page.text
    assert not Incident.objects.exists()


def test_the_register_is_a_table_too(client, administrator):
    client.post("/vie-privee/incidents/ajouter/", {**INCIDENT, "title": "=1+1"})
    text = client.get("/vie-privee/incidents.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0][0] == "Titre"
    assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.BODY_ADMIN])
def test_only_who_administers_the_body_keeps_its_register(client, body, role):
    client.force_login(make_person(body, role))
    for address in ("incidents/", "incidents.csv", "incidents/ajouter/"):
        assert client.get(f"/vie-privee/{address}").status_code == 404
