# SPDX-License-Identifier: EUPL-1.2
"""Who is told what, and what a person has not read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from usufruit.notices.models import Audience, Change, Choice, Family, Notice, Rhythm
from usufruit.organizations.models import Organization, Person, Role
from usufruit.organizations.queries import DECIDING_ROLES

ROLES = {Audience.DECIDERS: DECIDING_ROLES, Audience.ADMINISTRATORS: (Role.BODY_ADMIN,)}
CHOSEN_FAMILIES = tuple(family for family in Family if family != Family.ACCOUNT)


def recipients_of(change: Change) -> list[Person]:
    """Return who is told of a change as the body is today: who left or was erased is not.

    What concerned somebody who left their body goes to those who administer it.
    """
    if change.audience == Audience.PERSON:
        members = Person.objects.filter(
            is_active=True, memberships__organization=change.organization_id
        )
        person = members.filter(noticed_changes=change).order_by("pk").first()
        return [person] if person else _people(change, ROLES[Audience.ADMINISTRATORS])
    found = _people(change, ROLES[Audience(change.audience)])
    return [person for person in found if person.pk != change.made_by_id]


def _people(change: Change, roles: Iterable[str]) -> list[Person]:
    members = Person.objects.filter(
        is_active=True,
        memberships__organization=change.organization_id,
        memberships__role__in=list(roles),
    )
    return list(members.distinct().order_by("pk"))


def rhythms_of(person: Person) -> dict[str, str]:
    """Return the rhythm of each family a person may choose for."""
    chosen = dict(Choice.objects.filter(person=person).values_list("family", "rhythm"))
    return {family: chosen.get(family, Rhythm.AT_ONCE) for family in CHOSEN_FAMILIES}


def zone_of(person: Person) -> str:
    """Return the civil time a person lives by: that of the first of their bodies."""
    body = Organization.objects.of_person(person).order_by("pk").first()
    return body.time_zone if body else Organization().time_zone


def unread_count(person: Person) -> int:
    """Return how many notices a person has not read."""
    return Notice.objects.filter(person=person, read_at=None).count()


def notices_of(person: Person) -> QuerySet[Notice]:
    """Return what a person was told, the latest first."""
    told = Notice.objects.filter(person=person).select_related("change__organization")
    return told.order_by("-made_at", "-id")


def notice_for(person: Person | AnonymousUser, pk: int) -> Notice:
    """Return a notice of the person.

    Raises:
        Http404: when there is none, or it is somebody else's.
    """
    mine = Notice.objects.select_related("change").filter(pk=pk)
    notice = mine.filter(person=person).first() if isinstance(person, Person) else None
    if notice is None:
        raise Http404
    return notice


def changes_of(target_type: str, target_ids: Iterable[str], since: datetime) -> QuerySet[Change]:
    """Return what was written of some objects since a moment, the first written first."""
    found = Change.objects.filter(object_type=target_type, object_id__in=list(target_ids))
    return found.filter(made_at__gte=since).order_by("id")


def undelivered_for(person: Person | AnonymousUser) -> QuerySet[Notice]:
    """Return the letters given up, for a platform administrator, who sees no name nor address.

    Raises:
        Http404: for anybody else.
    """
    if not isinstance(person, Person) or not person.is_platform_admin:
        raise Http404
    found = Notice.objects.filter(given_up_at__isnull=False).select_related("change__organization")
    return found.order_by("-given_up_at", "-id")
