# SPDX-License-Identifier: EUPL-1.2
"""Who is who, and who may do what for whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from usufruit.organizations.models import Invitation, Membership, Organization, Person, Role

MANAGING_ROLES = (Role.ASSET_MANAGER, Role.BODY_ADMIN)
DECIDING_ROLES = (Role.APPROVER, Role.ASSET_MANAGER, Role.DESK_CLERK, Role.BODY_ADMIN)
DESK_ROLES = (Role.DESK_CLERK, Role.ASSET_MANAGER, Role.BODY_ADMIN)
REQUESTING_ROLES = (
    Role.REQUESTER,
    Role.ASSET_MANAGER,
    Role.APPROVER,
    Role.DESK_CLERK,
    Role.BODY_ADMIN,
)

# An analyst sees aggregates only: neither who booked, nor what for.
NAMING_ROLES = tuple(role for role in Role if role != Role.ANALYST)


def acting_organization(user: Person | AnonymousUser, chosen_id: int | None) -> Organization | None:
    """Return the body a person acts for.

    It is the one chosen in the session, else the last one they acted for, else the first of theirs.
    """
    if not isinstance(user, Person):
        return None
    theirs = {
        body.pk: body for body in Organization.objects.of_person(user).select_related("nature")
    }
    wanted = (chosen_id, user.last_organization_id, *theirs)
    return next((theirs[pk] for pk in wanted if pk in theirs), None)


def roles_in(person: Person | AnonymousUser, organization: Organization | None) -> frozenset[str]:
    """Return the codes of the roles a person holds in a body."""
    if organization is None or not isinstance(person, Person):
        return frozenset()
    held = Membership.objects.filter(person=person, organization=organization)
    return frozenset(held.values_list("role", flat=True))


def roles_by_body(person: Person) -> list[tuple[Organization, list[str]]]:
    """Return the bodies a person acts for, in French order, with the names of their roles."""
    held = Membership.objects.filter(person=person).select_related("organization__nature")
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
    """Return the persons who administer a body and whose account is open."""
    held = Membership.objects.filter(organization=organization, role=Role.BODY_ADMIN)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk")


def administers(person: Person | AnonymousUser, organization: Organization | None) -> bool:
    """Tell whether a person administers a body; nobody does so for another."""
    if organization is None or not isinstance(person, Person):
        return False
    return administrators_of(organization).filter(pk=person.pk).exists()


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
