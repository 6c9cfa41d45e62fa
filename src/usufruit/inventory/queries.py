# SPDX-License-Identifier: EUPL-1.2
"""What there is, for those who may see it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from psycopg.types.multirange import Multirange

from usufruit.inventory import categories
from usufruit.inventory.models import Asset, AssetFinance, Category, Kind, Site
from usufruit.kernel.fields import lanes
from usufruit.kernel.text import search_words
from usufruit.organizations.models import Membership, Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role


def visible_assets(person: Person | AnonymousUser) -> QuerySet[Asset]:
    """Return the published assets, and the drafts of the bodies the person acts for."""
    seen = Q(state=Asset.State.PUBLISHED)
    if isinstance(person, Person):
        bodies = Organization.objects.of_person(person)
        seen |= Q(owner__in=bodies) | Q(manager__in=bodies)
    return Asset.objects.filter(seen).select_related(
        "owner__nature", "manager__nature", "custodian", "category", "site"
    )


def asset_for(person: Person | AnonymousUser, pk: int) -> Asset:
    """Return an asset the person may see.

    Raises:
        Http404: when it does not exist or is not for them; which of the two stays unsaid.
    """
    asset = visible_assets(person).filter(pk=pk).first()
    if asset is None:
        raise Http404
    return asset


def managed_asset_for(person: Person | AnonymousUser, pk: int) -> Asset:
    """Return an asset the person manages for its manager.

    Raises:
        Http404: when it does not exist or they do not manage it.
    """
    asset = asset_for(person, pk)
    if not has_role(person, asset.manager, MANAGING_ROLES):
        raise Http404
    return asset


def finance_of(asset: Asset) -> AssetFinance | None:
    """Return what the finance register says of an asset, for the page of its managers."""
    return AssetFinance.objects.filter(asset=asset).first()


def managing_body_for(
    person: Person | AnonymousUser, organization: Organization | None
) -> Organization:
    """Return the body a person acts for, when they manage its assets.

    Raises:
        Http404: when they act for none, or hold no managing role in it.
    """
    if organization is None or not has_role(person, organization, MANAGING_ROLES):
        raise Http404
    return organization


def sites_of(organization: Organization) -> QuerySet[Site]:
    """Return the sites of a body, in French order."""
    return Site.objects.filter(organization=organization).order_by("sort_key", "pk")


def managed_site_for(person: Person | AnonymousUser, pk: int) -> Site:
    """Return a site of a body whose assets the person manages.

    Raises:
        Http404: when it does not exist or is none of theirs; which of the two stays unsaid.
    """
    site = Site.objects.select_related("organization").filter(pk=pk).first()
    if site is None or not has_role(person, site.organization, MANAGING_ROLES):
        raise Http404
    return site


def leaf_categories(words: str = "") -> list[Category]:
    """Return the categories an asset may have, those without children, in the order of kinds."""
    parents = set(Category.objects.values_list("parent_id", flat=True))
    kinds = list(Kind)
    leaves = [one for one in categories_matching(words) if one.pk not in parents]
    return sorted(leaves, key=lambda one: (kinds.index(Kind(one.kind)), one.sort_key))


def categories_by_kind(words: str) -> list[tuple[str, list[Category]]]:
    """Return the leaves that answer a question, under the name of each kind."""
    leaves = leaf_categories(words)
    groups = [(kind, [one for one in leaves if one.kind == kind]) for kind in Kind]
    return [(str(kind.label), found) for kind, found in groups if found]


def bodies_managed_by(person: Person) -> QuerySet[Organization]:
    """Return the bodies whose assets a person manages, in French order."""
    managed = Membership.objects.held_by(person).filter(role__in=MANAGING_ROLES)
    return Organization.objects.filter(pk__in=managed.values("organization")).order_by(
        "sort_key", "pk"
    )


def all_lanes(asset: Asset) -> Multirange[int]:
    """Return the lanes of the whole asset."""
    return lanes((0, asset.lane_count))


def part_for(asset: Asset, part_id: int | None) -> tuple[str, Multirange[int]]:
    """Return the name and the lanes of a part, or of the whole asset when no part is named.

    Raises:
        Http404: when the part is not one of this asset's.
    """
    if part_id is None:
        return "", all_lanes(asset)
    part = asset.parts.filter(pk=part_id).first()
    if part is None:
        raise Http404
    return part.name, part.lanes


def part_name(asset: Asset, taken: Multirange[int]) -> str:
    """Return the name of the part that has exactly these lanes; empty for the whole."""
    return next((part.name for part in asset.parts.all() if part.lanes == taken), "")


def categories_matching(words: str) -> list[Category]:
    """Return the categories whose name, synonyms or ancestors hold every word of a question.

    Words match by their beginning, without accents or plurals; the tree has some hundred rows and
    is read whole.
    """
    wanted = search_words(words)
    tree = {category.pk: category for category in Category.objects.all()}
    return [
        category
        for category in tree.values()
        if all(any(have.startswith(want) for have in _words_of(category, tree)) for want in wanted)
    ]


def _words_of(category: Category | None, tree: dict[int, Category]) -> set[str]:
    """Return the words of a category and of its ancestors."""
    found: set[str] = set()
    while category is not None:
        found.update(search_words(" ".join([category.name, *category.synonyms])))
        category = tree.get(category.parent_id) if category.parent_id else None
    return found


_ILLUSTRATIONS = categories.illustrations()


def illustration_of(category: Category) -> str:
    """Return the static path of the drawing of a category: its own, else its nearest ancestor's.

    The tree of the start costs no query; an operator's own category asks for its ancestors.
    """
    nearest: Category | None = category
    while nearest is not None and nearest.code not in _ILLUSTRATIONS:
        nearest = nearest.parent
    drawing = (
        _ILLUSTRATIONS[nearest.code] if nearest else categories.KIND_ILLUSTRATIONS[category.kind]
    )
    return f"inventory/illustrations/{drawing}.svg"
