# SPDX-License-Identifier: EUPL-1.2
"""Which sites are shut, when and why (T15); the SQL twin is ``timetable/sql/closures.sql``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from usufruit.inventory.models import Asset
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.timetable.models import ClosedSite, Closure
from usufruit.timetable.queries import span_of, time_range


def shut_during(site_ids: Iterable[int], span: Span) -> QuerySet[ClosedSite]:
    """Return what shuts some sites at some moment of a span, the first to begin first."""
    shut = ClosedSite.objects.filter(
        site_id__in=list(site_ids),
        reopened_at__isnull=True,
        closure__span__overlap=time_range(span),
    )
    return shut.select_related("closure").order_by("closure__span", "pk")


def shut_spans(site_ids: Iterable[int], span: Span) -> dict[int, list[Span]]:
    """Return when each of some sites is shut around a span, in one query."""
    found: dict[int, list[Span]] = defaultdict(list)
    for closed in shut_during(site_ids, span):
        found[closed.site_id].append(span_of(closed.closure.span))
    return found


def closure_of(asset: Asset, span: Span) -> Closure | None:
    """Return the closure that shuts the site of an asset during a span, the first to begin."""
    closed = shut_during([asset.site_id], span).first()
    return closed.closure if closed else None


def closures_to_come(site_id: int, now: datetime) -> QuerySet[ClosedSite]:
    """Return the closures of a site under way or to come, the first to begin first."""
    shut = ClosedSite.objects.filter(site=site_id, reopened_at__isnull=True)
    later = shut.filter(closure__span__endswith__gt=now).select_related("closure")
    return later.order_by("closure__span", "pk")


def closures_of(organization: Organization) -> QuerySet[Closure]:
    """Return what a body has shut, the latest published first, with its sites."""
    read = Closure.objects.filter(organization=organization).prefetch_related("sites__site")
    return read.order_by("-published_at", "-pk")
