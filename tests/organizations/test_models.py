# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of bodies, persons, roles and territories."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection

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


def test_an_address_has_one_account_capitals_or_not():
    person = make_person()
    with violates("person_email_once"):
        Person.objects.create(email=person.email.upper())
    Person.objects.create(email=None)
    Person.objects.create(email=None)


def test_addresses_that_differ_by_capitals_stop_the_migration_and_are_named():
    step = import_module("usufruit.organizations.migrations.0006_email_in_any_case")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX person_email_once")
    one, alone = make_person(), make_person()
    step.refuse_twins(apps, None)
    other = Person.objects.create(email=one.email.upper())
    with pytest.raises(CommandError, match=f"personnes nᵒˢ {one.pk}, {other.pk}\\.") as told:
        step.refuse_twins(apps, None)
    assert str(alone.pk) not in str(told.value)
    other.delete()
    Person.objects.filter(pk=one.pk).update(email=one.email.upper())
    EmailAddress.objects.filter(user=one).update(email=one.email.upper())
    step.lower(apps, None)
    assert Person.objects.get(pk=one.pk).email == one.email
    assert EmailAddress.objects.get(user=one).email == one.email


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
    assert columns == {"id", "person", "organization", "role", "ends_on", "ceiling_h"}
