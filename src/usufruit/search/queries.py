# SPDX-License-Identifier: EUPL-1.2
"""The nearest assets an asker may book, and why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from usufruit.inventory.rules import distance_km
from usufruit.kernel import named_sql
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.sharing.models import Audience
from usufruit.sharing.queries import audiences_of
from usufruit.timetable.queries import time_range

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")

PAGE_SIZE = 20
WIDEST_KM = 500.0

VISITOR_AUDIENCES = [Audience.PUBLIC_BODIES, Audience.RECOGNIZED]


@dataclass(frozen=True)
class Question:
    """What, where, when.

    Attributes:
        category_ids: the categories searched; none finds nothing.
        latitude, longitude: degrees, WGS 84.
        radius_km: true kilometres, up to 500.
        use: the use wanted, or None for « whenever ».
    """

    category_ids: tuple[int, ...]
    latitude: float
    longitude: float
    radius_km: float
    use: Span | None = None


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

    A visitor sees what is open to public bodies or recognised organisations.

    Args:
        most: rows at the most.
    """
    if not question.category_ids:
        return []
    audiences: Sequence[str] = audiences_of(asker) if asker else VISITOR_AUDIENCES
    found = named_sql.fetch_as(
        Result,
        SQL["nearest_results"],
        {
            "categories": list(question.category_ids),
            "latitude": question.latitude,
            "longitude": question.longitude,
            "radius_km": min(question.radius_km, WIDEST_KM),
            "wanted": time_range(question.use) if question.use else None,
            "audiences": [str(audience) for audience in audiences],
            "own": asker.pk if asker else None,
            "now": now,
            "most": most,
        },
    )
    measured = [
        replace(
            result,
            distance_km=distance_km(
                question.latitude, question.longitude, result.latitude, result.longitude
            ),
        )
        for result in found
    ]
    within = [result for result in measured if result.distance_km <= question.radius_km]
    return sorted(within, key=lambda result: (result.distance_km, result.asset_id))


@dataclass(frozen=True)
class NearMiss:
    """What would have been found had one thing been otherwise.

    Attributes:
        whenever_count: assets within the radius, whatever the time.
        wider_count: assets free at that time within four times the radius.
        next_use: the same hours of the nearest day that has something, or None within two weeks.
    """

    whenever_count: int
    wider_count: int
    wider_km: float
    next_use: Span | None


def near_miss(question: Question, asker: Organization | None, *, now: datetime) -> NearMiss:
    """Say which part of a question that found nothing left nothing."""
    wider_km = min(4 * question.radius_km, WIDEST_KM)
    return NearMiss(
        whenever_count=len(nearest(replace(question, use=None), asker, now=now)),
        wider_count=len(nearest(replace(question, radius_km=wider_km), asker, now=now)),
        wider_km=wider_km,
        next_use=_next_day_with_something(question, asker, now=now),
    )


def _next_day_with_something(
    question: Question, asker: Organization | None, *, now: datetime
) -> Span | None:
    if question.use is None:
        return None
    for days in range(1, 15):
        later = timedelta(days=days)
        use = Span(question.use.start + later, question.use.end + later)
        if nearest(replace(question, use=use), asker, now=now, most=1):
            return use
    return None
