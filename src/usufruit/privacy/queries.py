# SPDX-License-Identifier: EUPL-1.2
"""Incidents of a body, who read whose data, and a person's own copy."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from usufruit.bookings.models import Booking
from usufruit.kernel.models import ReadingLine
from usufruit.kernel.spreadsheets import french_csv
from usufruit.organizations.models import Membership, Organization, Person, Role
from usufruit.organizations.queries import administrators_of, has_role
from usufruit.privacy.holdings import HOLDINGS
from usufruit.privacy.models import Incident, RetentionRun
from usufruit.privacy.register import PAGES


def registering_body_for(
    person: Person | AnonymousUser, organization: Organization | None
) -> Organization:
    """Return the body a person acts for, when they keep its register of incidents.

    Raises:
        Http404: when they act for none, or do not administer it.
    """
    if organization is None or not has_role(person, organization, (Role.BODY_ADMIN,)):
        raise Http404
    return organization


def incidents_of(organization: Organization) -> QuerySet[Incident]:
    """Return the incidents of a body, the latest known first."""
    return Incident.objects.filter(organization=organization).order_by("-known_on", "-pk")


def incident_for(person: Person | AnonymousUser, pk: int) -> Incident:
    """Return an incident, to those who administer its body.

    Raises:
        Http404: when it does not exist or is not of a body they administer.
    """
    incident = Incident.objects.select_related("organization").filter(pk=pk).first()
    if incident is None or not has_role(person, incident.organization, (Role.BODY_ADMIN,)):
        raise Http404
    return incident


@dataclass(frozen=True)
class Reading:
    """One time somebody read a person's data; the reader is said by their body alone."""

    at: datetime
    page: str
    organization: str


def readings_of(person: Person) -> QuerySet[ReadingLine]:
    """Return who read a person's data, the latest first."""
    return ReadingLine.objects.filter(subject_id=person.pk).order_by("-at", "-pk")


def in_words(readings: list[ReadingLine]) -> list[Reading]:
    """Return readings with the names of the bodies in which they were done."""
    names = dict(
        Organization.objects.filter(pk__in={one.organization_id for one in readings}).values_list(
            "pk", "name"
        )
    )
    return [
        Reading(one.at, str(PAGES.get(one.page, one.page)), names.get(one.organization_id or 0, ""))
        for one in readings
    ]


def last_runs() -> dict[str, datetime]:
    """Return, by retention, when something was last destroyed under it."""
    runs = RetentionRun.objects.values("code").annotate(last_at=Max("at")).order_by("code")
    return {run["code"]: run["last_at"] for run in runs}


@dataclass(frozen=True)
class Departure:
    """What a person leaves behind when their account is erased.

    Attributes:
        alone_in: bodies that would be left without an administrator.
        coming_count: bookings to come; they stay with the body.
    """

    alone_in: list[str]
    coming_count: int


def departure_of(person: Person, now: datetime) -> Departure:
    """Say what would become of a person's bodies and bookings."""
    coming = Booking.objects.filter(requester=person, lines__use_span__endswith__gt=now)
    return Departure(
        alone_in=[
            str(body)
            for body in administered_by(person)
            if not administrators_of(body).exclude(pk=person.pk).exists()
        ],
        coming_count=coming.distinct().count(),
    )


def administered_by(person: Person) -> QuerySet[Organization]:
    """Return the bodies a person administers, in the order in which they are locked."""
    theirs = Membership.objects.filter(person=person, role=Role.BODY_ADMIN)
    return Organization.objects.filter(pk__in=theirs.values("organization")).order_by("pk")


def copy_of(person: Person) -> bytes:
    """Return all that names a person, as an archive: one JSON file, and a table for each kind."""
    everything: dict[str, list[dict[str, Any]]] = {}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        for number, holding in enumerate(HOLDINGS, 1):
            rows = list(holding.rows_of(person))
            everything[str(holding.title)] = rows
            table = french_csv(_table(holding.columns, rows))
            folder.writestr(f"{number:02}-{holding.model.lower()}.csv", table)
        text = json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        folder.writestr("tout.json", text)
        folder.writestr("LISEZMOI.txt", _("Tout ce qui vous nomme dans Usufruit.\n"))
    return archive.getvalue()


def _table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Iterator[list[object]]:
    yield list(columns)
    for row in rows:
        yield [row[column] for column in columns]


INCIDENT_COLUMNS = (
    "title",
    "data_described",
    "circumstances",
    "happened_on",
    "known_on",
    "person_count",
    "assessment",
    "is_serious",
    "commission_told_on",
    "persons_told_on",
    "measures",
    "closed_on",
)


def incidents_table(organization: Organization) -> str:
    """Return a body's register of incidents as a table for spreadsheets."""
    fields = {field.name: field for field in Incident._meta.concrete_fields}  # noqa: SLF001 - Django's public convention
    titles = [fields[name].verbose_name for name in INCIDENT_COLUMNS]
    rows = incidents_of(organization).values_list(*INCIDENT_COLUMNS)
    return french_csv([titles, *rows])
