# SPDX-License-Identifier: EUPL-1.2
"""Who is who, and who may do what for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from usufruit.kernel.local_time import local_wall
from usufruit.kernel.text import search_words
from usufruit.organizations.models import (
    Absence,
    Departure,
    Invitation,
    Membership,
    Organization,
    Person,
    Role,
)

MANAGING_ROLES = (Role.ASSET_MANAGER, Role.BODY_ADMIN)
DECIDING_ROLES = (Role.APPROVER, Role.ASSET_MANAGER, Role.DESK_CLERK, Role.BODY_ADMIN)
CLOSING_ROLES = (*MANAGING_ROLES, Role.COORDINATOR)
DESK_ROLES = (Role.DESK_CLERK, Role.ASSET_MANAGER, Role.BODY_ADMIN)
REQUESTING_ROLES = (
    Role.REQUESTER,
    Role.ASSET_MANAGER,
    Role.APPROVER,
    Role.DESK_CLERK,
    Role.BODY_ADMIN,
)

# Those who see to people, money or a whole territory.
SENSITIVE_ROLES = (Role.BODY_ADMIN, Role.FINANCE, Role.COORDINATOR)

# An analyst sees aggregates only: neither who booked, nor what for.
NAMING_ROLES = tuple(role for role in Role if role != Role.ANALYST)


@dataclass(frozen=True)
class Acting:
    """For which body a person acts, and whether one of theirs awaits their second factor."""

    organization: Organization | None = None
    owes_second_factor: bool = False


def acting(user: Person | AnonymousUser, chosen_id: int | None) -> Acting:
    """Return the body a person acts for.

    It is the one chosen in the session, else the last one they acted for, else the first of theirs.
    """
    if not isinstance(user, Person):
        return Acting()
    sensitive = Membership.objects.filter(person=user, role__in=SENSITIVE_ROLES)
    factors = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    found = (
        Organization.objects.of_person(user)
        .select_related("nature")
        .annotate(
            is_sensitive=Exists(sensitive.filter(organization=OuterRef("pk"))),
            has_second_factor=Exists(factors),
        )
    )
    theirs = {body.pk: body for body in found}
    wanted = (chosen_id, user.last_organization_id, *theirs)
    owes = any(
        body.is_sensitive and asks_second_factor(body) and not body.has_second_factor
        for body in theirs.values()
    )
    return Acting(next((theirs[pk] for pk in wanted if pk in theirs), None), owes)


def asks_second_factor(organization: Organization) -> bool:
    """Tell whether a body, or else the platform, asks it of those who hold a sensitive role."""
    own = organization.requires_second_factor
    return bool(settings.SECOND_FACTOR_REQUIRED) if own is None else own


def must_keep_second_factor(person: Person) -> bool:
    """Tell whether a body of theirs asks a person for a second factor."""
    held = Membership.objects.filter(person=person, role__in=SENSITIVE_ROLES)
    return any(asks_second_factor(one.organization) for one in held.select_related("organization"))


def roles_in(person: Person | AnonymousUser, organization: Organization | None) -> frozenset[str]:
    """Return the codes of the roles a person holds in a body."""
    if organization is None or not isinstance(person, Person):
        return frozenset()
    held = Membership.objects.held_by(person).filter(organization=organization)
    return frozenset(
        Role.ASSET_MANAGER if role == Role.BODY_ADMIN and holder != person.pk else role
        for role, holder in held.values_list("role", "person_id")
    )


def roles_by_body(person: Person) -> list[tuple[Organization, list[str]]]:
    """Return the bodies a person acts for, in French order, with the names of their roles."""
    held = Membership.objects.held_by(person).filter(person=person)
    held = held.select_related("organization__nature")
    by_body: dict[Organization, list[str]] = {}
    for membership in held.order_by("organization__sort_key", "organization_id", "role"):
        by_body.setdefault(membership.organization, []).append(membership.get_role_display())
    return list(by_body.items())


def has_role(
    person: Person | AnonymousUser, organization: Organization | None, roles: Iterable[str]
) -> bool:
    """Tell whether a person holds one of the roles in a body."""
    return bool(roles_in(person, organization) & set(roles))


def administrators_of(organization: Organization) -> QuerySet[Person]:
    """Return who administers a body and stays in it, and whose account is open."""
    staying = {"role": Role.BODY_ADMIN, "ends_on": None}
    held = Membership.objects.filter(organization=organization, **staying)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk")


def administers(person: Person | AnonymousUser, organization: Organization | None) -> bool:
    """Tell whether a person administers a body; nobody does so for another."""
    if organization is None or not isinstance(person, Person):
        return False
    held = Membership.objects.held_by(person).filter(person=person, role=Role.BODY_ADMIN)
    return held.filter(organization=organization, person__is_active=True).exists()


def administered_body_for(
    person: Person | AnonymousUser, organization: Organization | None
) -> Organization:
    """Return the body a person acts for, when they administer it.

    Raises:
        Http404: when they act for none, or do not administer it.
    """
    if organization is None or not administers(person, organization):
        raise Http404
    return organization


def grantable_roles(organization: Organization) -> list[Role]:
    """Return the roles an administrator of a body gives; an MRC alone has a coordinator."""
    is_mrc = organization.nature_id == "mrc"
    return [role for role in Role if role != Role.COORDINATOR or is_mrc]


def member_for(administrator: Person, organization: Organization | None, pk: int) -> Person:
    """Return a person of the body that an administrator acts for.

    Raises:
        Http404: when they do not administer it, or the person is not of this body.
    """
    body = administered_body_for(administrator, organization)
    person = Person.objects.filter(pk=pk, memberships__organization=body).distinct().first()
    if person is None:
        raise Http404
    return person


def invitation_for(administrator: Person, organization: Organization | None, pk: int) -> Invitation:
    """Return an unanswered invitation of the body that an administrator acts for.

    Raises:
        Http404: when they do not administer it, or it is not one of its invitations.
    """
    body = administered_body_for(administrator, organization)
    found = Invitation.objects.unanswered().select_related("person", "organization")
    invitation = found.filter(pk=pk, organization=body).first()
    if invitation is None:
        raise Http404
    return invitation


def unanswered_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Return the invitations of a body that nobody answered, the last sent first."""
    found = Invitation.objects.unanswered().filter(organization=organization)
    return found.select_related("person").order_by("-sent_at", "-pk")


def organization_for(person: Person, pk: int) -> Organization:
    """Return a body the person acts for.

    Raises:
        Http404: when it does not exist or is not one of theirs; which of the two stays unsaid.
    """
    body = Organization.objects.of_person(person).filter(pk=pk).first()
    if body is None:
        raise Http404
    return body


def people_of(organization: Organization) -> QuerySet[Person]:
    """Return the persons of a body whose account is open."""
    held = Membership.objects.filter(organization=organization)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk")


def bodies_to_confirm(today: date) -> QuerySet[Organization]:
    """Return the bodies whose steward was never confirmed, or too long ago."""
    limit = today - timedelta(days=settings.STEWARD_DAYS)
    old = Q(stewards_confirmed_on=None) | Q(stewards_confirmed_on__lt=limit)
    return Organization.objects.filter(old).order_by("sort_key", "pk")


def stewards_are_old(organization: Organization, today: date) -> bool:
    """Tell whether a body's steward and deputy are to be confirmed."""
    confirmed_on = organization.stewards_confirmed_on
    return confirmed_on is None or confirmed_on < today - timedelta(days=settings.STEWARD_DAYS)


def sees_to_body(person: Person | AnonymousUser, organization: Organization | None) -> bool:
    """Tell whether a person administers a body, or answers for its information."""
    if organization is None or not isinstance(person, Person):
        return False
    stewards = {organization.steward_id, organization.deputy_id}
    return person.pk in stewards or administers(person, organization)


def body_to_see_to_for(
    person: Person | AnonymousUser, organization: Organization | None
) -> Organization:
    """Return the body a person acts for, when they administer it or answer for its information.

    Raises:
        Http404: when they do neither.
    """
    if organization is None or not sees_to_body(person, organization):
        raise Http404
    return organization


def bodies_matching(words: str) -> QuerySet[Organization]:
    """Return the bodies whose name holds each word of a question, in French order."""
    found = Organization.objects.select_related("nature", "territory")
    for word in search_words(words):
        found = found.filter(sort_key__contains=word)
    return found.order_by("sort_key", "pk")


def body_shown(slug: str) -> Organization:
    """Return a body as anybody may see it.

    Raises:
        Http404: when there is none of this name.
    """
    body = bodies_matching("").filter(slug=slug).first()
    if body is None:
        raise Http404
    return body


def sees_territory(person: Person | AnonymousUser) -> bool:
    """Tell whether a person coordinates a territory or administers the platform."""
    if not isinstance(person, Person):
        return False
    is_coordinator = Membership.objects.filter(person=person, role=Role.COORDINATOR).exists()
    return person.is_platform_admin or is_coordinator


def replaces(person: Person, organization: Organization, roles: Iterable[str]) -> int | None:
    """Return the number of who is away and alone lets a person do this; None in their own name."""
    held = Membership.objects.held_by(person).filter(organization=organization, role__in=roles)
    holders = set(held.values_list("person_id", flat=True))
    return min(holders) if holders and person.pk not in holders else None


def approving_ceiling_h(person: Person, organization: Organization) -> int | None:
    """Return the longest use, in hours, that a person accepts; None where nothing bounds them."""
    held = Membership.objects.held_by(person).filter(
        organization=organization, role__in=DECIDING_ROLES
    )
    ceilings = list(held.values_list("ceiling_h", flat=True))
    bounds = [ceiling_h for ceiling_h in ceilings if ceiling_h is not None]
    return max(bounds, default=0) if len(bounds) == len(ceilings) else None


def unbounded_deciders(organization: Organization, now: datetime) -> QuerySet[Person]:
    """Return who decides for a body without a ceiling, in the order they came."""
    held = Membership.objects.in_force(now).filter(
        organization=organization, role__in=DECIDING_ROLES, ceiling_h=None
    )
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk")


def answering_now(person: Person, organization: Organization, now: datetime) -> Person | None:
    """Return who answers for what a person asked, once that person has left; None while here."""
    here = people_of(organization)
    today = local_wall(now, organization.time_zone).date()
    seen: set[int] = set()
    while person.pk not in seen:
        seen.add(person.pk)
        left = Departure.objects.filter(
            organization=organization, person=person, leaves_on__lte=today
        ).select_related("contact")
        last = left.order_by("leaves_on", "pk").last()
        if last is None or here.filter(pk=person.pk).exists():
            break
        person = last.contact
    return person if len(seen) > 1 else None


def absence_for(person: Person, organization: Organization | None, pk: int) -> Absence:
    """Return an absence of the body a person acts for: their own, or any where they administer.

    Raises:
        Http404: when it is neither.
    """
    found = Absence.objects.select_related("organization", "person", "replacement")
    absence = found.filter(pk=pk, organization=organization).first()
    if absence is None or not (
        absence.person_id == person.pk or administers(person, absence.organization)
    ):
        raise Http404
    return absence
