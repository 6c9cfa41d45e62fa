# SPDX-License-Identifier: EUPL-1.2
"""Who is who, and who may do what for whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from usufruit.organizations.models import Membership, Organization, Person, Role

MANAGING_ROLES = (Role.ASSET_MANAGER, Role.BODY_ADMIN)
DECIDING_ROLES = (Role.APPROVER, Role.ASSET_MANAGER, Role.DESK_CLERK, Role.BODY_ADMIN)
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
    """Return the body a person acts for: the one chosen, else the first of theirs, else None."""
    if not isinstance(user, Person):
        return None
    theirs = list(Organization.objects.of_person(user).select_related("nature"))
    return next((body for body in theirs if body.pk == chosen_id), theirs[0] if theirs else None)


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


def organization_for(person: Person, pk: int) -> Organization:
    """Return a body the person acts for.

    Raises:
        Http404: when it does not exist or is not one of theirs; which of the two stays unsaid.
    """
    body = Organization.objects.of_person(person).filter(pk=pk).first()
    if body is None:
        raise Http404
    return body
