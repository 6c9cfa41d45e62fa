# SPDX-License-Identifier: EUPL-1.2
"""The people of a body as its administrators see them, in a few queries whatever their number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.models import Authenticator

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
    has_second_factor: bool
    roles: list[str] = field(default_factory=list)


def members_of(organization: Organization) -> list[Member]:
    """Return the people of a body, in the order of their names."""
    held = Membership.objects.filter(organization=organization).select_related("person")
    factors = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    protected = set(
        factors.filter(user__memberships__organization=organization).values_list("user", flat=True)
    )
    found: dict[int, Member] = {}
    for membership in sorted(held.order_by("pk"), key=_rank):
        person = membership.person
        member = found.get(person.pk)
        if member is None:
            seen_on = _seen_on(person, organization)
            member = found[person.pk] = Member(person, seen_on, person.pk in protected)
        member.roles.append(membership.get_role_display())
    return sorted(found.values(), key=lambda member: (str(member.person), member.person.pk))


def _rank(membership: Membership) -> int:
    return Role.values.index(membership.role)


def _seen_on(person: Person, organization: Organization) -> date | None:
    if person.last_login is None:
        return None
    return local_wall(person.last_login, organization.time_zone).date()
