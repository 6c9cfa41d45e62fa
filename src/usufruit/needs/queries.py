# SPDX-License-Identifier: EUPL-1.2
"""Whose needs may be read, and which of them a body's own assets could answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet
from django.http import Http404

from usufruit.inventory.models import Asset
from usufruit.inventory.rules import distance_km
from usufruit.kernel import named_sql
from usufruit.kernel.spans import Span
from usufruit.needs.models import Need
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import NAMING_ROLES, has_role
from usufruit.timetable.queries import span_of

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")

MOST_NEAR = 200


@dataclass(frozen=True)
class NearNeed:
    """A neighbour's need and the asset of one's own that stands nearest to it.

    Attributes:
        distance_km: great circle, from the place of the need to the asset.
    """

    need: Need
    asset: Asset
    distance_km: float
    span: Span | None


def needs_of(body: Organization | None, person: Person) -> QuerySet[Need]:
    """Return the needs of a body for one of its people, the open ones first, newest first.

    An analyst, whose role reads totals only, is given none.
    """
    told = Need.objects.select_related("category", "organization")
    if body is None or not has_role(person, body, NAMING_ROLES):
        return told.none()
    return told.filter(organization=body).order_by("-reported_at", "-id")


def need_for(person: Person, pk: int) -> Need:
    """Return a need of a body the person acts for.

    Raises:
        Http404: when it does not exist or is another body's; which of the two stays unsaid.
    """
    bodies = Organization.objects.of_person(person)
    need = Need.objects.select_related("organization").filter(organization__in=bodies, pk=pk)
    found = need.first()
    if found is None or not has_role(person, found.organization, NAMING_ROLES):
        raise Http404
    return found


def needs_near(body: Organization, now: datetime) -> list[NearNeed]:
    """Return the open needs of other bodies that assets of this one could answer, nearest first.

    Three queries, whatever the number; of the newest 200.
    """
    rows = named_sql.fetch(
        SQL["needs_within_reach"], {"body": body.pk, "now": now, "most": MOST_NEAR}
    )
    needs = Need.objects.select_related("category", "organization").in_bulk(
        [need_id for need_id, *_asset in rows]
    )
    assets = Asset.objects.in_bulk([asset_id for _need_id, asset_id, *_place in rows])
    found = []
    for need_id, asset_id, latitude, longitude in rows:
        need = needs[need_id]
        away = distance_km(need.latitude, need.longitude, latitude, longitude)
        if away <= need.radius_km:
            found.append(NearNeed(need, assets[asset_id], away, span_wanted(need)))
    return sorted(found, key=lambda each: (each.distance_km, -each.need.pk))


def span_wanted(need: Need) -> Span | None:
    """Return when a need is wanted, or None for « whenever »."""
    return span_of(need.use_span) if need.use_span else None
