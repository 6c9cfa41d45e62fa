# SPDX-License-Identifier: EUPL-1.2
"""The people of a body as its administrators see them, in a few queries whatever their number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from usufruit.kernel.local_time import local_wall
from usufruit.organizations.models import Membership, Organization, Person, Role


@dataclass
class Member:
    """A person of a body.

    Attributes:
        roles: their names, in the order of the trade.
        seen_on: the local day of their last session; None when they never opened one.
    """

    person: Person
    seen_on: date | None
    roles: list[str] = field(default_factory=list)
    is_admin: bool = False


def members_of(organization: Organization) -> list[Member]:
    """Return the people of a body, in the order of their names."""
    held = Membership.objects.filter(organization=organization).select_related("person")
    found: dict[int, Member] = {}
    for membership in sorted(held.order_by("pk"), key=_rank):
        person = membership.person
        member = found.setdefault(person.pk, Member(person, _seen_on(person, organization)))
        member.roles.append(membership.get_role_display())
        member.is_admin |= membership.role == Role.BODY_ADMIN
    return sorted(found.values(), key=lambda member: (str(member.person), member.person.pk))


def _rank(membership: Membership) -> int:
    return Role.values.index(membership.role)


def _seen_on(person: Person, organization: Organization) -> date | None:
    if person.last_login is None:
        return None
    return local_wall(person.last_login, organization.time_zone).date()
