# SPDX-License-Identifier: EUPL-1.2
"""The nearest assets an asker may book, and why there are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Category, Kind
from usufruit.inventory.rules import distance_km, plane_km, reach_in_plane_km
from usufruit.kernel import named_sql
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.premises.facts import WIDE_DOOR_CM
from usufruit.search.rules import Slot
from usufruit.sharing.models import Audience
from usufruit.sharing.queries import audiences_of, places_withheld
from usufruit.timetable.queries import time_range

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")

PAGE_SIZE = 20
WIDEST_KM = 500.0
FILTERED_REACH = 2000  # of the nearest, how many a filter looks through

VISITOR_AUDIENCES = [Audience.PUBLIC_BODIES, Audience.RECOGNIZED]


@dataclass(frozen=True)
class Question:
    """What, where, when.

    Attributes:
        category_ids: the categories searched; none finds nothing.
        latitude, longitude: degrees, WGS 84.
        radius_km: true kilometres, up to 500.
        use: the use wanted, or None for « whenever ».
        capacity_min: persons it must hold, or None; an asset of unknown capacity is left out.
        instant_only: leave out what waits for an owner's approval.
        features: codes of accessibility facts that must all be so; an unknown one is not.
    """

    category_ids: tuple[int, ...]
    latitude: float
    longitude: float
    radius_km: float
    use: Span | None = None
    capacity_min: int | None = None
    instant_only: bool = False
    features: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Tell whether more is asked than what, where and when."""
        return self.capacity_min is not None or self.instant_only or bool(self.features)

    def unfiltered(self) -> Question:
        """Return the question with only what, where and when."""
        return replace(self, capacity_min=None, instant_only=False, features=())


@dataclass(frozen=True)
class Result:
    """A card: an asset, how far it is and how it is booked.

    Attributes:
        mode: ``instant`` or ``approval``.
        distance_km: great circle, from the place of the question.
    """

    asset_id: int
    is_own: bool
    mode: str
    name: str
    latitude: float
    longitude: float
    capacity: int | None
    lane_count: int
    category_name: str
    icon: str
    site_name: str
    address: str
    manager_name: str
    distance_km: float = 0.0


def nearest(
    question: Question, asker: Organization | None, *, now: datetime, most: int = PAGE_SIZE
) -> list[Result]:
    """Return the nearest assets the asker may book for that use, nearest first.

    A visitor sees what is open to public bodies or recognised organisations, whether or not it is
    taken then: that is told by half-days, on the card.

    Args:
        most: rows at the most.
    """
    if not question.category_ids:
        return []
    spare = 2 + most // 10
    while True:
        found = _in_plane_order(question, asker, now, most + spare)
        within = [result for result in found if result.distance_km <= question.radius_km]
        page = sorted(within, key=lambda result: (result.distance_km, result.asset_id))[:most]
        if len(found) < most + spare or _nothing_nearer(question, page, most, found[-1]):
            return page if asker else _without_places(question, page)
        spare *= 8


def _in_plane_order(
    question: Question, asker: Organization | None, now: datetime, most: int
) -> list[Result]:
    """Return the first results in the order of the index, each with its true distance."""
    looked_at = max(most, FILTERED_REACH) if question.is_filtered else most
    asked = {**_parameters(question, asker, now), "looked_at": looked_at, "most": most}
    rows = named_sql.fetch(SQL["nearest_results"], asked)
    here = question.latitude, question.longitude
    # The columns stand in the order of Result's: pairing names by the row cost a tenth of a search.
    return [Result(*(*row, distance_km(*here, row[4], row[5]))) for row in rows]


def _without_places(question: Question, page: list[Result]) -> list[Result]:
    """Put where its body is each asset whose place a visitor is not told; far ones are left out."""
    withheld = places_withheld([result.asset_id for result in page])
    told = []
    for result in page:
        place = withheld.get(result.asset_id, (result.latitude, result.longitude))
        if place is not None:
            km = distance_km(question.latitude, question.longitude, *place)
            told.append(replace(result, latitude=place[0], longitude=place[1], distance_km=km))
    within = (result for result in told if result.distance_km <= question.radius_km)
    return sorted(within, key=lambda result: (result.distance_km, result.asset_id))


def _parameters(question: Question, asker: Organization | None, now: datetime) -> dict[str, object]:
    """Return what both statements that walk the nearest are asked with."""
    audiences: Sequence[str] = audiences_of(asker) if asker else VISITOR_AUDIENCES
    return {
        "categories": list(question.category_ids),
        "latitude": question.latitude,
        "longitude": question.longitude,
        "radius_km": min(question.radius_km, WIDEST_KM),
        "wanted": time_range(question.use) if question.use else None,
        "audiences": [str(audience) for audience in audiences],
        "own": asker.pk if asker else None,
        "now": now,
        "capacity_min": question.capacity_min,
        "instant_only": question.instant_only,
        "features": list(question.features) or None,
        "door_cm": WIDE_DOOR_CM,
    }


def feature_counts(
    question: Question, asker: Organization | None, *, now: datetime
) -> dict[str, int]:
    """Count, of what answers the question, how many have each feature besides those asked.

    Only the nearest ``FILTERED_REACH`` are looked through, as by the filter itself.
    """
    if not question.category_ids:
        return {}
    asked = {**_parameters(question, asker, now), "looked_at": FILTERED_REACH}
    here = question.latitude, question.longitude
    return Counter(
        code
        for latitude, longitude, codes in named_sql.fetch(SQL["features_near"], asked)
        if distance_km(*here, latitude, longitude) <= question.radius_km
        for code in codes
    )


def _nothing_nearer(question: Question, page: list[Result], most: int, last: Result) -> bool:
    """Tell whether what was not read is farther, in true kilometres, than the whole page.

    The index orders by the plane, where a kilometre poleward is longer than one toward the equator.
    """
    if len(page) < most:
        return False
    here = question.latitude, question.longitude
    farthest = page[-1].distance_km if page else 0.0
    return reach_in_plane_km(question.latitude, farthest) <= plane_km(
        *here, last.latitude, last.longitude
    )


@dataclass(frozen=True)
class NearMiss:
    """What would have been found had one thing been otherwise.

    Attributes:
        unfiltered_count: assets found without capacity, immediate booking nor accessibility
            asked; 0 when none was.
        whenever_count: assets within the radius, whatever the time.
        wider_count: assets free at that time within four times the radius.
        next_days: in how many days the same hours have something, or None within two weeks.
    """

    unfiltered_count: int
    whenever_count: int
    wider_count: int
    wider_km: float
    next_days: int | None


def near_miss(
    question: Question, asker: Organization | None, *, now: datetime, zone: str
) -> NearMiss:
    """Say which part of a question that found nothing left nothing.

    Args:
        zone: civil time in which « the same hours of another day » is meant.
    """
    wider_km = min(4 * question.radius_km, WIDEST_KM)

    def count(otherwise: Question) -> int:
        return len(nearest(otherwise, asker, now=now))

    return NearMiss(
        unfiltered_count=count(question.unfiltered()) if question.is_filtered else 0,
        whenever_count=count(replace(question, use=None)) if question.use else 0,
        wider_count=count(replace(question, radius_km=wider_km)),
        wider_km=wider_km,
        next_days=_days_until_something(question, asker, now=now, zone=zone),
    )


def _days_until_something(
    question: Question, asker: Organization | None, *, now: datetime, zone: str
) -> int | None:
    if question.use is None:
        return None
    slot = Slot.of(question.use, zone)
    for days in range(1, 15):
        try:
            use = slot.later(days).use(zone)
        except ValueError:  # inside the hour that spring skips
            continue
        if nearest(replace(question, use=use), asker, now=now, most=1):
            return days
    return None


KINDS = {  # the drawing of a kind, and its name in the plural
    Kind.GOOD: ("package", _("Matériel")),
    Kind.VEHICLE: ("truck", _("Véhicules")),
    Kind.PLACE: ("building-community", _("Lieux")),
    Kind.LAND: ("tree", _("Terrains")),
    Kind.SERVICE: ("tools", _("Services")),
    Kind.EXPERTISE: ("bulb", _("Expertises")),
}


@dataclass(frozen=True)
class Offer:
    """A kind of asset and what there is of it.

    Attributes:
        top: names and counts of its fullest categories, the fullest first.
    """

    kind: Kind
    count: int
    top: tuple[tuple[Category, int], ...]

    @property
    def icon(self) -> str:
        """Return the name of the drawing of this kind."""
        return KINDS[self.kind][0]

    @property
    def name(self) -> str:
        """Return the name of this kind in the plural."""
        return str(KINDS[self.kind][1])


def offers() -> list[Offer]:
    """Return the kinds that have published assets, in the usual order, with their categories."""
    counts = dict(named_sql.fetch(SQL["counts_by_category"], {}))
    categories = {each.pk: each for each in Category.objects.filter(pk__in=list(counts))}
    found = []
    for kind in Kind:
        inside = [(categories[pk], n) for pk, n in counts.items() if categories[pk].kind == kind]
        if inside:
            found.append(Offer(kind, sum(n for _category, n in inside), tuple(inside[:3])))
    return found


@dataclass(frozen=True)
class NetworkCounts:
    """How much there is to share, counted now."""

    asset_count: int
    body_count: int
    site_count: int


def network_counts() -> NetworkCounts:
    """Count the published assets, the bodies that share them and the places where they stand."""
    return named_sql.fetch_as(NetworkCounts, SQL["network_counts"], {})[0]


def category_words() -> list[str]:
    """Return the words that find something: the names of the categories, then their synonyms."""
    tree = Category.objects.order_by("sort_key", "pk")
    names = [category.name for category in tree]
    synonyms = [word.capitalize() for category in tree for word in category.synonyms]
    return list(dict.fromkeys([*names, *synonyms]))
