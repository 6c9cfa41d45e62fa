# SPDX-License-Identifier: EUPL-1.2
"""What is known of a place, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.http import Http404

from usufruit.inventory.models import Asset, Kind, Site
from usufruit.inventory.queries import managed_asset_for, managed_site_for
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.premises.facts import (
    DEFINITIONS,
    SET_UPS,
    Definition,
    Group,
    Reader,
    value_said,
)
from usufruit.premises.models import Fact, Paper, Photo, Secret

Place: TypeAlias = Site | Asset
READERS = list(Reader)


def managed_place_for(person: Person | AnonymousUser, of: str, pk: int) -> Place:
    """Return a site (``lieu``) or an asset (``bien``) the person manages.

    Raises:
        Http404: when it does not exist or they do not manage it.
    """
    return managed_site_for(person, pk) if of == "lieu" else managed_asset_for(person, pk)


def body_of(place: Place) -> Organization:
    """Return the body that answers for a site or an asset."""
    return place.organization if isinstance(place, Site) else place.manager


def of_place(place: Place) -> Q:
    """Return the rows of exactly this site or this asset."""
    return Q(site=place) if isinstance(place, Site) else Q(asset=place)


def own_facts(place: Place) -> dict[str, Any]:
    """Return the values stated of exactly this site or asset, by code."""
    return dict(Fact.objects.filter(of_place(place)).values_list("code", "value"))


def facts_of(asset: Asset) -> dict[str, Any]:
    """Return the values true of an asset, by code: its own, else those of its site."""
    both = Fact.objects.filter(Q(asset=asset) | Q(site=asset.site_id))
    told = both.order_by(F("asset").asc(nulls_first=True)).values_list("code", "value")
    return dict(told)


@dataclass(frozen=True)
class Told:
    """A fact in words.

    Attributes:
        standing: ``yes``, ``no`` or ``said`` when the value is no yes or no.
    """

    definition: Definition
    words: str
    standing: str


def told(values: dict[str, Any], group: Group, reader: Reader) -> list[Told]:
    """Return the facts of a group that a reader may read, in the order of the registry."""
    most = READERS.index(reader)
    return [
        Told(each, value_said(each, values[each.code]), _standing(each, values[each.code]))
        for each in DEFINITIONS
        if each.group == group and each.code in values and READERS.index(each.reader) <= most
    ]


def _standing(definition: Definition, value: object) -> str:
    if definition.kind != "yes_no":
        return "said"
    return "yes" if value else "no"


def unknown(values: dict[str, Any], group: Group) -> list[Definition]:
    """Return the facts of a group that nobody stated."""
    return [each for each in DEFINITIONS if each.group == group and each.code not in values]


def is_entered(asset: Asset) -> bool:
    """Tell whether people go into an asset: a place or a land, whose accessibility matters."""
    return asset.category.kind in {Kind.PLACE, Kind.LAND}


def set_ups_of(values: dict[str, Any]) -> list[tuple[Definition, int]]:
    """Return the set-ups of a place and how many persons each holds."""
    return [(each, values[each.code]) for each in SET_UPS if values.get(each.code)]


def secret_of(place: Place) -> Secret | None:
    """Return the secret of exactly this site or asset."""
    return Secret.objects.filter(of_place(place)).first()


def secret_of_asset(asset: Asset) -> Secret | None:
    """Return what opens an asset: its own secret, else that of its site."""
    both = Secret.objects.filter(Q(asset=asset) | Q(site=asset.site_id))
    return both.order_by(F("asset").asc(nulls_last=True)).first()


def photos_of(place: Place) -> QuerySet[Photo]:
    """Return the photos of exactly this site or asset that are not put aside."""
    return Photo.objects.filter(of_place(place), removed_at__isnull=True).order_by("rank", "id")


def put_aside_of(
    place: Place, kind: type[Photo] | type[Paper] = Photo
) -> QuerySet[Photo] | QuerySet[Paper]:
    """Return what was put aside of a site or an asset and may come back, the latest first."""
    aside = kind._default_manager.filter(of_place(place), removed_at__isnull=False)  # noqa: SLF001 - Django's public convention
    return aside.order_by("-removed_at", "-id")


def photos_to_show(asset: Asset) -> list[Photo]:
    """Return the photos of an asset's page: its own, then those of its site."""
    both = Photo.objects.filter(Q(asset=asset) | Q(site=asset.site_id), removed_at__isnull=True)
    return list(both.order_by(F("asset").asc(nulls_last=True), "rank", "id"))


def first_photos(asset_ids: Iterable[int]) -> dict[int, Photo]:
    """Return the first photo of each asset that has one of its own, in one query."""
    shown = Photo.objects.filter(asset__in=list(asset_ids), removed_at__isnull=True)
    first = shown.order_by("asset_id", "rank", "id").distinct("asset_id")
    return {photo.asset_id: photo for photo in first if photo.asset_id}


def _seen(person: Person | AnonymousUser, prefix: str = "") -> Q:
    """Return which assets have a page this person may read."""
    seen = Q(**{f"{prefix}state__in": [Asset.State.PUBLISHED, Asset.State.WITHDRAWN]})
    if isinstance(person, Person):
        bodies = Organization.objects.of_person(person)
        seen |= Q(**{f"{prefix}owner__in": bodies}) | Q(**{f"{prefix}manager__in": bodies})
    return seen


def photo_for(person: Person | AnonymousUser, pk: int) -> Photo:
    """Return a photo of a page the person may read, or one, put aside or not, they manage.

    Raises:
        Http404: when there is none, or it is not for them; which of the two stays unsaid.
    """
    photo = Photo.objects.select_related("asset__manager", "site__organization").filter(pk=pk)
    found = photo.first()
    if found is None:
        raise Http404
    if found.removed_at is None and _is_seen(person, found):
        return found
    if not has_role(person, found.body, MANAGING_ROLES):
        raise Http404
    return found


def _is_seen(person: Person | AnonymousUser, photo: Photo) -> bool:
    of = Q(pk=photo.asset_id) if photo.asset_id else Q(site=photo.site_id)
    return Asset.objects.filter(_seen(person), of).exists()


def managed_photo_for(person: Person | AnonymousUser, pk: int) -> Photo:
    """Return a photo the person manages, put aside or not.

    Raises:
        Http404: when there is none, or it is none of theirs.
    """
    photo = photo_for(person, pk)
    if not has_role(person, photo.body, MANAGING_ROLES):
        raise Http404
    return photo


def papers_for(asset: Asset, reader: Reader) -> QuerySet[Paper]:
    """Return the papers of an asset that a reader may download."""
    allowed = READERS[: READERS.index(reader) + 1]
    return Paper.objects.filter(asset=asset, removed_at__isnull=True, reader__in=allowed)


def paper_shown(person: Person | AnonymousUser, pk: int) -> Paper:
    """Return a paper of an asset whose page the person may read; its reader is yet to be checked.

    Raises:
        Http404: when there is none, or its asset is not for them.
    """
    papers = Paper.objects.select_related("asset__manager").filter(_seen(person, "asset__"), pk=pk)
    paper = papers.first()
    if paper is None:
        raise Http404
    return paper


def managed_paper_for(person: Person | AnonymousUser, pk: int) -> Paper:
    """Return a paper the person manages, put aside or not.

    Raises:
        Http404: when there is none, or it is none of theirs.
    """
    paper = paper_shown(person, pk)
    if not has_role(person, paper.asset.manager, MANAGING_ROLES):
        raise Http404
    return paper


def facts_of_assets(site: Site, assets: QuerySet[Asset]) -> dict[int, dict[str, Any]]:
    """Return the values true of each asset of a site, by its number, in two queries."""
    stated = own_facts(site)
    found = {pk: dict(stated) for pk in assets.values_list("pk", flat=True)}
    own = Fact.objects.filter(asset__in=assets).values_list("asset_id", "code", "value")
    for pk, code, value in own:
        found[pk or 0][code] = value
    return found
