# SPDX-License-Identifier: EUPL-1.2
"""A body as anybody sees it, and who answers for its information."""

from datetime import date, timedelta

import pytest

from tests.support.constraints import violates
from tests.support.pages import read, words
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.kernel import clock
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.bodies import confirm_stewards, name_stewards
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import bodies_matching, bodies_to_confirm, stewards_are_old
from usufruit.organizations.reminders import reminders_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body("Ville de Saint-Évrard", contact="Travaux publics, 819 555-0100")


@pytest.fixture
def admin(body):
    return make_person(body, Role.BODY_ADMIN, name="Madame Secrète")


def name(body, admin, *, steward=None, deputy=None, now=NOW):
    name_stewards(
        organization=body,
        steward=steward or admin,
        deputy=deputy or make_person(body, Role.MEMBER, name="Monsieur Discret"),
        function="Greffière",
        by=admin,
        now=now,
    )


def test_strangers_read_functions_and_never_names(client, body, admin):
    assert "Pas encore nommé" in words(read(client.get(f"/organismes/{body.slug}/")))
    name(body, admin)
    page = read(client.get(f"/organismes/{body.slug}/"))
    told = words(page)
    assert "Greffière" in told
    assert "Travaux publics" in told
    assert "mardi 1er\u00a0décembre 2026" in told
    assert "Secrète" not in page.text
    assert "Discret" not in page.text
    assert client.get("/organismes/nulle-part/").status_code == 404


def test_bodies_are_found_without_accents(client, body):
    make_body("École du Lac")
    page = read(client.get("/organismes/?q=evrard"))
    assert [one.text for one in page.select("main li h2")] == ["Ville de Saint-Évrard"]
    assert "Aucun organisme de ce nom" in words(read(client.get("/organismes/?q=zeppelin")))
    assert len(bodies_matching("")) == 2
    assert [one.name for one in bodies_matching("villes evrard")] == ["Ville de Saint-Évrard"]


def test_stewards_are_named_and_confirmed_on_the_page(client, body, admin):
    deputy = make_person(body, Role.MEMBER)
    client.force_login(admin)
    read(client.get("/organisme/"))
    one = {"steward": admin.pk, "deputy": admin.pk, "function": "Greffière"}
    page = read(client.post("/organisme/responsables/", one))
    assert "deux personnes" in page.select_one(".error-summary").text
    assert (
        client.post("/organisme/responsables/", {**one, "deputy": deputy.pk}).url == "/organisme/"
    )
    Organization.objects.filter(pk=body.pk).update(stewards_confirmed_on=date(2020, 1, 1))
    assert "À confirmer" in words(read(client.get("/organisme/")))
    home = read(client.get("/"))
    assert "toujours les mêmes" in words(home)
    client.force_login(deputy)
    assert "Nommer ces deux personnes" not in words(read(client.get("/organisme/")))
    assert client.post("/organisme/responsables/", one).status_code == 404
    client.post("/organisme/responsables/confirmer/")
    body.refresh_from_db()
    assert body.stewards_confirmed_on > date(2020, 1, 1)
    assert "toujours les mêmes" not in words(read(client.get("/")))


def test_settings_of_the_body(client, body, admin):
    client.force_login(admin)
    sent = {"contact": "Greffe, 819 555-0101", "requires_second_factor": "no"}
    assert client.post("/organisme/reglages/", sent).url == "/organisme/"
    body.refresh_from_db()
    assert (body.contact, body.requires_second_factor) == ("Greffe, 819 555-0101", False)
    client.post("/organisme/reglages/", {**sent, "requires_second_factor": ""})
    body.refresh_from_db()
    assert body.requires_second_factor is None
    page = read(client.post("/organisme/reglages/", {**sent, "contact": "x" * 300}))
    assert page.select(".error-summary")


def test_only_those_who_see_to_a_body_settle_it(client, body, admin):
    client.force_login(make_person(body, Role.ASSET_MANAGER))
    assert client.get("/organisme/").status_code == 404
    for address in ("reglages/", "responsables/", "responsables/confirmer/"):
        assert client.post(f"/organisme/{address}", {}).status_code == 404


def test_stewards_refused(body, admin):
    stranger = make_person()
    for changes, code in (
        ({"steward": stranger}, "steward_not_here"),
        ({"deputy": admin}, "one_steward_twice"),
    ):
        with pytest.raises(Refusal) as refused:
            name(body, admin, **changes)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        confirm_stewards(organization=body, by=admin, now=NOW)
    assert refused.value.code == "no_steward"
    with pytest.raises(Refusal) as refused:
        confirm_stewards(organization=body, by=stranger, now=NOW)
    assert refused.value.code == "not_an_administrator"


def test_one_person_is_not_both(body, admin):
    name(body, admin)
    with violates("organization_two_stewards"):
        Organization.objects.filter(pk=body.pk).update(deputy=admin)


def test_confirmation_grows_old_after_a_year(client, settings, body, admin):
    name(body, admin)
    body.refresh_from_db()
    day = date(2026, 12, 1)
    for later, is_old in ((365, False), (366, True)):
        today = day + timedelta(days=later)
        assert stewards_are_old(body, today) is is_old
        assert (body in bodies_to_confirm(today)) is is_old


def test_who_sees_to_the_territory_finds_what_to_confirm(client, body):
    recent = make_body("Confirmée")
    Organization.objects.filter(pk=recent.pk).update(stewards_confirmed_on=clock.now().date())
    coordinator = make_person(make_body("MRC", nature="mrc"), Role.COORDINATOR)
    client.force_login(coordinator)
    page = read(client.get("/organismes/?a-confirmer"))
    assert "2 organismes ont un responsable à confirmer" in words(page)
    assert "Confirmée" not in [one.text for one in page.select("main li h2")]
    client.logout()
    assert "à confirmer" not in words(read(client.get("/organismes/?a-confirmer")))


def test_a_person_of_no_body_is_told_kindly(client):
    alone = make_person()
    assert "Votre compte reste ouvert" in reminders_of(alone, None, NOW)[0].text
    client.force_login(alone)
    assert "Votre compte reste ouvert" in words(read(client.get("/")))
    assert Person.objects.get(pk=alone.pk).is_active
