# SPDX-License-Identifier: EUPL-1.2
"""Who is in a body, with which roles; the last administrator stays."""

from datetime import timedelta

import pytest

from tests.support.pages import read, words
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.actions import grant_role, set_roles
from usufruit.organizations.models import Membership, Person
from usufruit.organizations.queries import administrators_of

pytestmark = pytest.mark.django_db
PAGE = "/organisme/personnes/"


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def admin(body):
    return make_person(body, Role.BODY_ADMIN, name="Greffière")


def roles_of(person, body):
    return set(
        Membership.objects.filter(person=person, organization=body).values_list("role", flat=True)
    )


def test_the_page_says_who_is_here_and_when_they_came(client, body, admin):
    clerk = make_person(body, Role.DESK_CLERK, Role.MEMBER, name="Accueil")
    Person.objects.filter(pk=clerk.pk).update(last_login=NOW - timedelta(days=3))
    client.force_login(admin)
    page = read(client.get(PAGE))
    rows = {row.th.contents[0]: words(row) for row in page.select("tbody tr")}
    assert "Membre et Préposé au guichet" in rows["Accueil"]
    assert "samedi 28\u00a0novembre 2026" in rows["Accueil"]
    assert "10 h" not in rows["Accueil"]


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}inviter/", f"{PAGE}inviter/liste/"])
def test_only_administrators_see_the_people(client, body, admin, address):
    assert client.get(address).url == f"/compte/connexion/?next={address}"
    for person in (make_person(body, Role.ASSET_MANAGER), make_person()):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_a_person_of_another_body_is_not_found(client, admin):
    stranger = make_person(make_body(), Role.MEMBER)
    client.force_login(admin)
    assert client.get(f"{PAGE}{stranger.pk}/roles/").status_code == 404


def test_roles_are_chosen_by_boxes_that_say_what_they_do(client, body, admin):
    clerk = make_person(body, Role.DESK_CLERK)
    client.force_login(admin)
    address = f"{PAGE}{clerk.pk}/roles/"
    page = read(client.get(address))
    assert [box["value"] for box in page.select("input[name=roles][checked]")] == ["desk_clerk"]
    assert str(Role.APPROVER.duty) in words(page)
    assert not page.select("input[value=coordinator]")
    assert client.post(address, {"roles": ["approver", "member"]}).url == PAGE
    assert roles_of(clerk, body) == {"approver", "member"}
    line = JournalLine.objects.get(verb="set_roles")
    assert line.detail == {
        "added": ["approver", "member"],
        "removed": ["desk_clerk"],
        "ceiling_h": None,
    }
    none = read(client.post(address, {"sent": ""}))
    assert "Choisissez au moins un rôle." in none.select_one(".error-summary").text


def test_the_last_administrator_keeps_the_role(client, body, admin):
    client.force_login(admin)
    page = read(client.post(f"{PAGE}{admin.pk}/roles/", {"roles": ["member"]}))
    assert "dernière personne à administrer" in page.select_one(".error-summary").text
    assert roles_of(admin, body) == {"body_admin"}


def test_an_administrator_whose_account_is_closed_does_not_count(body, admin):
    closed = make_person(body, Role.BODY_ADMIN)
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    with pytest.raises(Refusal) as refused:
        set_roles(person=admin, organization=body, roles=["member"], by=admin, now=NOW)
    assert refused.value.code == "last_administrator"


@pytest.mark.parametrize(
    ("roles", "code"), [([], "no_role_left"), (["coordinator"], "role_not_given_here")]
)
def test_roles_that_cannot_be(body, admin, roles, code):
    clerk = make_person(body, Role.DESK_CLERK)
    with pytest.raises(Refusal) as refused:
        set_roles(person=clerk, organization=body, roles=roles, by=admin, now=NOW)
    assert refused.value.code == code


def test_who_is_not_of_the_body_or_does_not_administer_it_is_refused(body, admin):
    for person, by, code in (
        (make_person(), admin, "not_a_member"),
        (admin, make_person(body, Role.ASSET_MANAGER), "not_an_administrator"),
    ):
        with pytest.raises(Refusal) as refused:
            set_roles(person=person, organization=body, roles=["member"], by=by, now=NOW)
        assert refused.value.code == code


def test_two_administrators_who_leave_the_role_at_once_leave_one_behind():
    with committed():
        body = make_body()
        two = [make_person(body, Role.BODY_ADMIN) for _ in range(2)]

        def give_up(one):
            return lambda: set_roles(
                person=one, organization=body, roles=["member"], by=one, now=NOW
            )

        outcomes = outcomes_together([give_up(one) for one in two])
        codes = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
        assert codes == ["last_administrator"]
        assert administrators_of(body).count() == 1


def test_the_next_session_begins_in_the_body_last_acted_for(client, body, admin):
    other = make_body("École de l’Aval")
    grant_role(person=admin, organization=other, role=Role.MEMBER, by=None, now=NOW)
    client.force_login(admin)
    client.post("/compte/agir-pour/", {"organization": body.pk})
    client.logout()
    client.force_login(Person.objects.get(pk=admin.pk))
    assert read(client.get("/compte/")).select_one(".menu__org").text == "Ville de Saint-Essai"


def test_the_menu_leads_administrators_to_the_people(client, body, admin):
    client.force_login(admin)
    assert read(client.get("/compte/")).select(f".menu__item[href='{PAGE}']")
    client.force_login(make_person(body, Role.MEMBER))
    assert not read(client.get("/compte/")).select(f".menu__item[href='{PAGE}']")
