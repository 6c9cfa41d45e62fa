# SPDX-License-Identifier: EUPL-1.2
"""The people of a body as its administrators see them, in a few queries whatever their number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from usufruit.kernel.local_time import local_wall
from usufruit.organizations.models import (
    Absence,
    Departure,
    Membership,
    Organization,
    Person,
    Role,
)

MOST_GONE = 20


@dataclass
class Member:
    """A person of a body.

    Attributes:
        seen_on: the local day of their last session; None when they never opened one.
        absence: the one under way, else the next; None when none is recorded.
        leaves_on: their first day without any role, when a departure is recorded.
        roles: their names, in the order of the trade.
        ceiling_h: the longest use they accept as an approver; None for any.
    """

    person: Person
    seen_on: date | None
    has_second_factor: bool
    absence: Absence | None
    leaves_on: date | None = None
    roles: list[str] = field(default_factory=list)
    ceiling_h: int | None = None


def members_of(organization: Organization, now: datetime) -> list[Member]:
    """Return the people of a body, in the order of their names."""
    held = Membership.objects.in_force(now).filter(organization=organization)
    factors = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__memberships__organization=organization
    )
    protected = set(factors.values_list("user", flat=True))
    away: dict[int, Absence] = {}
    for absence in absences_to_come(organization, now):
        away.setdefault(absence.person_id, absence)
    found: dict[int, Member] = {}
    for membership in sorted(held.select_related("person").order_by("pk"), key=_rank):
        person = membership.person
        if person.pk not in found:
            seen_on = _seen_on(person, organization)
            is_protected = person.pk in protected
            found[person.pk] = Member(person, seen_on, is_protected, away.get(person.pk))
        member = found[person.pk]
        member.roles.append(membership.get_role_display())
        member.leaves_on = membership.ends_on
        member.ceiling_h = membership.ceiling_h or member.ceiling_h
    return sorted(found.values(), key=lambda member: (str(member.person), member.person.pk))


def _rank(membership: Membership) -> int:
    return Role.values.index(membership.role)


def _seen_on(person: Person, organization: Organization) -> date | None:
    if person.last_login is None:
        return None
    return local_wall(person.last_login, organization.time_zone).date()


def absences_to_come(organization: Organization, now: datetime) -> QuerySet[Absence]:
    """Return the absences of a body that are not over, the first day first."""
    today = local_wall(now, organization.time_zone).date()
    known = Absence.objects.filter(organization=organization, days__endswith__gt=today)
    return known.select_related("person", "replacement").order_by("days", "pk")


def replaced_today(person: Person, organization: Organization, now: datetime) -> list[Absence]:
    """Return the absences in which a person stands in for another today."""
    today = local_wall(now, organization.time_zone).date()
    known = absences_to_come(organization, now).filter(replacement=person)
    return [absence for absence in known if absence.first_on <= today]


def departures_of(organization: Organization, now: datetime) -> list[Departure]:
    """Return who left a body, the last first."""
    today = local_wall(now, organization.time_zone).date()
    left = Departure.objects.filter(organization=organization, leaves_on__lte=today)
    return list(left.select_related("person", "contact").order_by("-leaves_on", "-pk")[:MOST_GONE])
