# SPDX-License-Identifier: EUPL-1.2
"""Whose bookings, waiting for whom, and what else would have been free."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import BookingLine, LineAsset, LineState
from usufruit.bookings.rules import nearest_starts
from usufruit.inventory.models import Asset
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.spans import Span, intersect, merge
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import DECIDING_ROLES, has_role
from usufruit.sharing.queries import is_own_body, rules_for
from usufruit.timetable.models import Calendar
from usufruit.timetable.queries import (
    free_of_holds,
    held_span,
    open_between,
    opening_calendar,
    with_rules,
)


def lines() -> QuerySet[BookingLine]:
    """Return lines with all that a row shows, in two queries whatever their number."""
    assets = LineAsset.objects.select_related("asset__site", "asset__category").order_by("asset_id")
    return BookingLine.objects.select_related(
        "booking__organization", "booking__requester", "decider", "decided_by"
    ).prefetch_related(Prefetch("assets", assets), "assets__asset__parts")


def lines_of_borrower(organization: Organization) -> QuerySet[BookingLine]:
    """Return what a body asked for, the latest use first."""
    return lines().filter(booking__organization=organization).order_by("-use_span", "-id")


def inbox_of(organization: Organization) -> QuerySet[BookingLine]:
    """Return what a body must decide, the earliest use first; ``has_rival`` marks contests."""
    rivals = LineAsset.objects.filter(
        asset__lines__line=OuterRef("pk"),
        line__state=LineState.REQUESTED,
        line__use_span__overlap=OuterRef("use_span"),
    ).exclude(line=OuterRef("pk"))
    return (
        lines()
        .filter(decider=organization, state=LineState.REQUESTED)
        .annotate(has_rival=Exists(rivals))
        .order_by("use_span", "id")
    )


def decided_by(organization: Organization) -> QuerySet[BookingLine]:
    """Return what a body has answered or lent, the latest use first."""
    return (
        lines()
        .filter(decider=organization)
        .exclude(state=LineState.REQUESTED)
        .order_by("-use_span", "-id")
    )


def line_for(person: Person | AnonymousUser, reference: str) -> BookingLine:
    """Return a line by its booking's reference, for its borrower's people or its decider's.

    Raises:
        Http404: when there is none, or it is none of theirs; which of the two stays unsaid.
    """
    line = lines().filter(booking__reference=reference).order_by("pk").first()
    if line is None or not isinstance(person, Person):
        raise Http404
    concerned = {line.booking.organization_id, line.decider_id}
    if not Organization.objects.of_person(person).filter(pk__in=concerned).exists():
        raise Http404
    return line


def line_to_decide_for(person: Person | AnonymousUser, reference: str) -> BookingLine:
    """Return a line the person may decide.

    Raises:
        Http404: when it is none of theirs to decide.
    """
    line = line_for(person, reference)
    if not has_role(person, line.decider, DECIDING_ROLES):
        raise Http404
    return line


def usable_spans(
    asset: Asset, organization: Organization | None, first: datetime, last: datetime
) -> list[Span]:
    """Return when a body could use an asset between two instants, holds left aside.

    Its own people may whenever; others within opening hours and a window of a rule of theirs.
    """
    if is_own_body(organization, asset):
        return [Span(first, last)]
    zone = asset.site.time_zone
    days = local_wall(first, zone).date(), local_wall(last, zone).date()
    opening = open_between(opening_calendar(asset), *days)
    rules = rules_for(asset, organization)
    if any(rule.windows_id is None for rule in rules):
        shared = opening
    else:
        calendars = with_rules(Calendar.objects.filter(pk__in=[rule.windows_id for rule in rules]))
        shared = merge(span for calendar in calendars for span in open_between(calendar, *days))
    return intersect(intersect(opening, shared), [Span(first, last)])


def nearest_free(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    wanted: Span,
    now: datetime,
) -> list[Span]:
    """Return the two free uses of the same length nearest to the one wanted, within two weeks."""
    around = timedelta(days=14)
    first, last = max(now, wanted.start - around), wanted.end + around
    if first >= last:
        return []
    usable = usable_spans(asset, organization, first, last)
    held = held_span(asset, wanted)
    before, after = wanted.start - held.start, held.end - wanted.end
    widened = [Span(span.start - before, span.end + after) for span in usable]
    free = []
    for span in widened:  # one by one: buffers of neighbouring windows may overlap each other
        free += free_of_holds(asset, lanes, [span], now)
    fitting = [
        Span(span.start + before, span.end - after)
        for span in free
        if span.end - after > span.start + before
    ]
    return nearest_starts(fitting, wanted, now)
