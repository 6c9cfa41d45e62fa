# SPDX-License-Identifier: EUPL-1.2
"""What a clerk may answer at once: free at home, free elsewhere, else the nearest hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from usufruit.bookings.rules import nearest_starts
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import categories_matching
from usufruit.kernel.spans import Span
from usufruit.kernel.text import search_words
from usufruit.organizations.models import Organization
from usufruit.search.free_time import FreeTime, free_around, free_times
from usufruit.search.queries import Question, nearest
from usufruit.search.rules import Slot

MOST_OWN = 12
MOST_OTHERS = 8
MOST_READ = 500
OTHERS_KM = 50.0


@dataclass(frozen=True)
class Proposal:
    """A slot a clerk may keep, as the fields of a button.

    Attributes:
        use: None when it is the slot asked for.
    """

    fields: Mapping[str, str]
    use: Span | None = None


@dataclass(frozen=True)
class DeskResult:
    """An asset and what may be said of it on the telephone.

    Attributes:
        free: the free stretch around the use, or None.
        proposals: the slot asked for, else the nearest ones around that day.
        asks: whether its owner answers each request.
    """

    asset: Asset
    zone: str
    free: FreeTime | None
    proposals: list[Proposal]
    asks: bool = False


@dataclass(frozen=True)
class Found:
    """What is free, at home then elsewhere.

    Attributes:
        is_cut: whether more of the body's own assets answer than are shown.
    """

    own: list[DeskResult] = field(default_factory=list)
    others: list[DeskResult] = field(default_factory=list)
    is_cut: bool = False


def found(body: Organization, words: str, use: Span, now: datetime, *, has_others: bool) -> Found:
    """Return the answers to a call; no query more for more assets."""
    own = _own_assets(body, words)
    shown = own[:MOST_OWN]
    ids = [asset.pk for asset in shown]
    free, around = free_times(ids, body, use, now), free_around(ids, body, use, now)
    results = [_own_result(one, use, free.get(one.pk), around[one.pk], now) for one in shown]
    results.sort(key=lambda result: result.free is None)
    others = _others(body, words, use, now) if has_others else []
    return Found(results, others, len(own) > MOST_OWN)


def _own_assets(body: Organization, words: str) -> list[Asset]:
    """Return a body's assets whose name, place or category hold every word, in French order."""
    offered = Asset.objects.of_organization(body).exclude(state=Asset.State.WITHDRAWN)
    read = offered.select_related("site", "category", "manager", "owner").prefetch_related("parts")
    wanted = search_words(words)
    kinds = {word: {one.pk for one in categories_matching(word)} for word in wanted}
    return [
        asset
        for asset in read.order_by("sort_key", "pk")[:MOST_READ]
        if all(asset.category_id in kinds[word] or _is_named(asset, word) for word in wanted)
    ]


def _is_named(asset: Asset, word: str) -> bool:
    names = search_words(f"{asset.name} {asset.site.name} {asset.external_id}")
    return any(name.startswith(word) for name in names)


def _own_result(
    asset: Asset, use: Span, free: FreeTime | None, around: list[Span], now: datetime
) -> DeskResult:
    zone = asset.site.time_zone
    if free is not None:
        return DeskResult(asset, zone, free, [Proposal(slot_fields(asset, use, free.part))])
    near = [Proposal(slot_fields(asset, one), one) for one in nearest_starts(around, use, now)]
    return DeskResult(asset, zone, None, near)


def slot_fields(asset: Asset, use: Span, part: str = "") -> dict[str, str]:
    """Return a slot of an asset, or of the part named, as the fields of a form."""
    fields = Slot.of(use, asset.site.time_zone).fields
    part_id = next((one.pk for one in asset.parts.all() if one.name == part), None)
    return {**fields, "partie": str(part_id)} if part_id else fields


def _others(body: Organization, words: str, use: Span, now: datetime) -> list[DeskResult]:
    """Return what other bodies would lend this one then, nearest first."""
    if body.latitude is None or body.longitude is None:
        return []
    question = Question(
        category_ids=tuple(category.pk for category in categories_matching(words)),
        latitude=body.latitude,
        longitude=body.longitude,
        radius_km=OTHERS_KM,
        use=use,
    )
    near = [one for one in nearest(question, body, now=now) if not one.is_own][:MOST_OTHERS]
    ids = [one.asset_id for one in near]
    free = free_times(ids, body, use, now)
    read = Asset.objects.select_related("site", "manager", "category").prefetch_related("parts")
    assets = read.in_bulk(ids)
    results = []
    for one in near:
        asset, stretch = assets[one.asset_id], free.get(one.asset_id)
        proposal = Proposal(slot_fields(asset, use, stretch.part if stretch else ""))
        zone, asks = asset.site.time_zone, one.mode == "approval"
        results.append(DeskResult(asset, zone, stretch, [proposal], asks))
    return results
