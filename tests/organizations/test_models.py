# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of bodies, persons, roles and territories."""

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.organizations.actions import erase_person
from usufruit.organizations.models import Membership, Organization, Person, Territory

pytestmark = pytest.mark.django_db


def test_a_body_has_a_name():
    with violates("organization_has_name"):
        Organization.objects.filter(pk=make_body().pk).update(name="")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(46, None), (None, -72), (86, -72), (46, 181), (float("nan"), 0)]
)
def test_a_body_is_nowhere_or_on_the_map(latitude, longitude):
    body = make_body()
    with violates("organization_place_exists"):
        Organization.objects.filter(pk=body.pk).update(latitude=latitude, longitude=longitude)
    Organization.objects.filter(pk=body.pk).update(latitude=None, longitude=None)


@pytest.mark.parametrize(
    "kept",
    [{"email": "a@exemple.test"}, {"full_name": "A"}, {"phone": "1"}, {"is_active": True}],
)
def test_an_erased_person_keeps_nothing(kept):
    body = make_body()
    person = make_person(body, Role.MEMBER)
    erase_person(person=person, by=make_person(), now=NOW)
    assert not person.memberships.exists()
    with violates("person_erased_is_empty"):
        Person.objects.filter(pk=person.pk).update(**kept)


def test_a_role_is_known_and_given_once():
    body = make_body()
    person = make_person(body, Role.MEMBER)
    words = {"person": person, "organization": body}
    with violates("membership_role_known"):
        Membership.objects.create(**words, role="king")
    with violates("membership_role_once"):
        Membership.objects.create(**words, role=Role.MEMBER)


def test_a_territory_does_not_contain_itself():
    territory = Territory.objects.create(code="essai", name="Essai")
    with violates("territory_not_its_own_parent"):
        Territory.objects.filter(pk=territory.pk).update(parent=territory)


def test_a_role_has_no_setting_that_nothing_reads():
    columns = {field.name for field in Membership._meta.concrete_fields}
    assert columns == {"id", "person", "organization", "role"}
