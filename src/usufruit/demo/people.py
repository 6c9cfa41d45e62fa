# SPDX-License-Identifier: EUPL-1.2
"""What happens among the people of the territory: who is invited, replaced, answerable."""

from __future__ import annotations

from datetime import timedelta

from usufruit.demo.building import World
from usufruit.organizations.absences import record_absence
from usufruit.organizations.bodies import name_stewards
from usufruit.organizations.invitations import invite
from usufruit.organizations.models import Role

SCHOOLS = "css-des-hauts-portages"
INVITED = "adjointe@exemple.test"


def settle(world: World) -> None:
    """Let the bodies see to their people, through the verbs of their administrators."""
    name_stewards(
        organization=world.bodies[SCHOOLS],
        steward=world.persons["admin"],
        deputy=world.persons["loisirs"],
        function="Direction des ressources matérielles",
        by=world.persons["admin"],
        now=world.now - timedelta(days=380),  # so that the year is over: to be confirmed
    )
    record_absence(
        person=world.persons["voirie-valmenaud"],
        organization=world.bodies["ville-de-valmenaud"],
        replacement=world.persons["finances"],
        first_on=world.today - timedelta(days=4),
        last_on=world.today + timedelta(days=10),
        by=world.persons["voirie-valmenaud"],
        now=world.now - timedelta(days=9),
    )
    record_absence(
        person=world.persons["loisirs"],
        organization=world.bodies[SCHOOLS],
        replacement=world.persons["admin"],
        first_on=world.today + timedelta(days=30),
        last_on=world.today + timedelta(days=37),
        by=world.persons["loisirs"],
        now=world.now - timedelta(days=2),
    )
    invite(
        organization=world.bodies[SCHOOLS],
        email=INVITED,
        full_name="Adjointe administrative, École des Saules",
        roles=[Role.MEMBER, Role.REQUESTER],
        by=world.persons["admin"],
        now=world.now - timedelta(days=3),
    )
