# SPDX-License-Identifier: EUPL-1.2
"""Whose archives may be asked for, followed and taken."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from usufruit.exports.models import Export
from usufruit.organizations.models import Organization, Person, Role
from usufruit.organizations.queries import has_role

SHOWN = 10


def exporting_body_for(person: Person, organization: Organization | None) -> Organization:
    """Return the body a person acts for, when they administer it.

    Raises:
        Http404: when they act for none, or do not administer it.
    """
    if organization is None or not has_role(person, organization, [Role.BODY_ADMIN]):
        raise Http404
    return organization


def exports_of(body: Organization, person: Person) -> QuerySet[Export]:
    """Return the last archives one person asked for, the latest first."""
    asked = Export.objects.filter(organization=body, requested_by=person)
    return asked.order_by("-requested_at", "-id")[:SHOWN]


def archive_for(person: Person, pk: int, now: datetime) -> Export:
    """Return an archive ready for the administrator who asked for it.

    Raises:
        Http404: when it is another's, not ready, expired, or they administer the body no more.
    """
    ready = Export.objects.filter(
        pk=pk, requested_by=person, status=Export.Status.DONE, expires_at__gt=now
    ).select_related("organization")
    export = ready.first()
    if export is None or not has_role(person, export.organization, [Role.BODY_ADMIN]):
        raise Http404
    return export


def waiting_exports() -> QuerySet[Export]:
    """Return the archives nobody has begun."""
    return Export.objects.filter(status=Export.Status.QUEUED).order_by("pk")
