# SPDX-License-Identifier: EUPL-1.2
"""Where, in words: our own sites, bodies and territories are the only gazetteer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Avg, Q, QuerySet

from usufruit.inventory.models import Site
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Organization, Territory

SUGGESTIONS = 80


@dataclass(frozen=True)
class Place:
    """A point to search from: degrees (WGS 84) and the civil time of that place."""

    name: str
    latitude: float
    longitude: float
    time_zone: str


def default_place(organization: Organization | None) -> Place | None:
    """Return where an asker stands: their body, else the middle of the territory, or None."""
    if organization is not None:
        own = _of_body(organization) or _first_site(organization)
        if own:
            return own
    for territory in Territory.objects.filter(parent__isnull=True).order_by("sort_key", "pk")[:5]:
        middle = _middle_of(territory)
        if middle:
            return middle
    body = _located().order_by("sort_key", "pk").first()
    return _of_body(body) if body else None


def place_at(latitude: float, longitude: float, name: str) -> Place:
    """Return a point given by its coordinates."""
    return Place(name, latitude, longitude, settings.TIME_ZONE)


def place_named(words: str, organization: Organization | None) -> Place | None:
    """Return the place a name means: exactly first, then in part; bodies, sites, territories."""
    key = sort_key(words).strip()
    if not key:
        return None
    for lookup in ("sort_key", "sort_key__startswith", "sort_key__contains"):
        for find in _FINDERS:
            found = find({lookup: key}, organization)
            if found:
                return found
    return None


def place_names(organization: Organization | None) -> list[str]:
    """Return names to suggest: the asker's own sites first, then bodies."""
    own = Site.objects.filter(organization=organization).order_by("sort_key", "pk")
    sites = list(own.values_list("name", flat=True)[:SUGGESTIONS]) if organization else []
    bodies = list(_located().order_by("sort_key", "pk").values_list("name", flat=True))
    return list(dict.fromkeys([*sites, *bodies[:SUGGESTIONS]]))


def _located() -> QuerySet[Organization]:
    return Organization.objects.filter(latitude__isnull=False)


def _of_body(body: Organization) -> Place | None:
    if body.latitude is None or body.longitude is None:
        return None
    return Place(body.name, body.latitude, body.longitude, body.time_zone)


def _of_site(site: Site) -> Place:
    return Place(site.name, site.latitude, site.longitude, site.time_zone)


def _first_site(organization: Organization) -> Place | None:
    site = Site.objects.filter(organization=organization).order_by("sort_key", "pk").first()
    return _of_site(site) if site else None


def _body(match: dict[str, str], organization: Organization | None) -> Place | None:
    body = _located().filter(**match).order_by("sort_key", "pk").first()
    return _of_body(body) if body else None


def _site(match: dict[str, str], organization: Organization | None) -> Place | None:
    found = list(Site.objects.filter(**match).order_by("sort_key", "pk")[:50])
    own = organization.pk if organization else None
    found.sort(key=lambda site: site.organization_id != own)
    return _of_site(found[0]) if found else None


def _territory(match: dict[str, str], organization: Organization | None) -> Place | None:
    territory = Territory.objects.filter(**match).order_by("sort_key", "pk").first()
    return _middle_of(territory) if territory else None


def _middle_of(territory: Territory) -> Place | None:
    """Return the middle of the bodies of a territory, two floors of its tree down."""
    inside = _located().filter(
        Q(territory=territory)
        | Q(territory__parent=territory)
        | Q(territory__parent__parent=territory)
    )
    middle = inside.aggregate(Avg("latitude"), Avg("longitude"))
    if middle["latitude__avg"] is None:
        return None
    return place_at(middle["latitude__avg"], middle["longitude__avg"], territory.name)


_FINDERS: tuple[Callable[[dict[str, str], Organization | None], Place | None], ...] = (
    _body,
    _site,
    _territory,
)
