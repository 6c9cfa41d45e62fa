# SPDX-License-Identifier: EUPL-1.2
"""A storm day on paper: the sites, every booking inside and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, QueryDict

from usufruit.bookings.asset_page import asset_to_show
from usufruit.bookings.closing_actions import Fate
from usufruit.bookings.closing_forms import ClosureForm
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import lines, nearest_free
from usufruit.bookings.rows import Row, row_of, rows
from usufruit.inventory.models import Asset, Site
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import CLOSING_ROLES, has_role
from usufruit.search.queries import Question, nearest
from usufruit.search.rules import Slot
from usufruit.timetable.models import Closure
from usufruit.timetable.queries import span_of, time_range

KEEP, FREE, MOVE = "garder", "liberer", "deplacer"
MOST_INSIDE = 200
MOST_MOVED = 20
OTHERS_KM = 25.0
MOST_OTHERS = 2


@dataclass(frozen=True)
class Proposal:
    """Where a booking could go: another time of its asset, or another asset at its time."""

    asset: Asset
    use: Span
    zone: str

    @property
    def value(self) -> str:
        """Return the proposal as a form sends it back."""
        return f"{self.asset.pk}/{self.use.start.isoformat()}/{self.use.end.isoformat()}"


@dataclass(frozen=True)
class Inside:
    """A booking inside a closure, and the answer chosen for it.

    Attributes:
        is_under_way: it has begun: it is kept, and somebody calls.
        proposals: only for one that is to move.
        is_changed: it came or changed while the page was read.
    """

    row: Row
    answer: str
    is_under_way: bool
    goes_to: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    is_changed: bool = False

    @property
    def seen(self) -> str:
        """Return the use shown, as the form sends it back."""
        return f"{self.row.use.start.isoformat()}/{self.row.use.end.isoformat()}"


def closing_body_for(person: Person, organization: Organization | None) -> Organization:
    """Return the body a person acts for, when they may shut its sites.

    Raises:
        Http404: when they act for none, or hold no such role in it.
    """
    if organization is None or not has_role(person, organization, CLOSING_ROLES):
        raise Http404
    return organization


def closure_for(person: Person, pk: int) -> Closure:
    """Return a closure of a body whose sites a person may shut.

    Raises:
        Http404: when there is none, or it is another's.
    """
    closure = Closure.objects.filter(pk=pk).select_related("organization").first()
    if closure is None or not has_role(person, closure.organization, CLOSING_ROLES):
        raise Http404
    return closure


def displaced_line_for(person: Person, reference: str) -> BookingLine:
    """Return a line displaced by a closure of a body whose sites a person may shut.

    Raises:
        Http404: when there is none, or it is another's.
    """
    line = lines().filter(booking__reference=reference, displaced_by__isnull=False).first()
    if line is None or line.displaced_by is None:
        raise Http404
    closure_for(person, line.displaced_by.pk)
    return line


def lines_inside(sites: Sequence[Site], span: Span) -> list[BookingLine]:
    """Return the confirmed bookings that use one of some sites during a span, soonest first."""
    inside = lines().filter(
        state=LineState.CONFIRMED,
        use_span__overlap=time_range(span),
        assets__asset__site__in=list(sites),
    )
    return list(inside.order_by("use_span", "id")[: MOST_INSIDE + 1])


def inside(
    form: ClosureForm, sent: QueryDict, now: datetime, changed: Sequence[int] = ()
) -> list[Inside]:
    """Return every booking inside with its answer: as sent, else freed, or kept once begun."""
    sites, span = list(form.cleaned_data["lieux"]), form.span
    if span is None:
        return []
    found, moved = [], 0
    for row in rows(lines_inside(sites, span), now):
        pk = row.line.pk
        is_under_way = row.use.start <= now
        answer = sent.get(f"sort-{pk}", "") or sent.get("tout", "")
        if is_under_way or answer not in {KEEP, FREE, MOVE}:
            answer = KEEP if is_under_way else FREE
        proposals: list[Proposal] = []
        if answer == MOVE and moved < MOST_MOVED:
            moved += 1
            proposals = _proposals(row, sites, span, now)
        goes_to = sent.get(f"ou-{pk}", "")
        found.append(Inside(row, answer, is_under_way, goes_to, proposals, pk in changed))
    return found


def _proposals(row: Row, sites: Sequence[Site], span: Span, now: datetime) -> list[Proposal]:
    """Return the same asset once open again, then the nearest others free at the same time."""
    borrower = row.line.booking.organization
    (wish,) = row.line.assets.all()
    later = Slot.of(row.use, row.zone)
    days = max(1, -(-(span.end - row.use.start) // timedelta(days=1)))
    after = nearest_free(row.asset, wish.lanes, borrower, later.later(days).use(row.zone), now)
    same = [Proposal(row.asset, use, row.zone) for use in after if not use.overlaps(span)]
    question = Question(
        category_ids=(row.asset.category_id,),
        latitude=row.asset.latitude,
        longitude=row.asset.longitude,
        radius_km=OTHERS_KM,
        use=row.use,
        instant_only=True,
    )
    ids = [one.asset_id for one in nearest(question, borrower, now=now)]
    others = Asset.objects.filter(pk__in=ids).exclude(site__in=sites).exclude(pk=row.asset.pk)
    read = {one.pk: one for one in others.select_related("site", "manager")}
    free = [read[pk] for pk in ids if pk in read][:MOST_OTHERS]
    return [*same, *(Proposal(one, row.use, one.site.time_zone) for one in free)]


def fates(
    person: Person, reader: Organization | None, told: Sequence[Inside], sent: QueryDict
) -> dict[int, Fate] | None:
    """Return what becomes of each booking as the form says; None while one has nowhere to go."""
    chosen: dict[int, Fate] = {}
    for one in told:
        pk = one.row.line.pk
        seen = _span(sent.get(f"vu-{pk}", ""))
        if seen is None:
            continue  # not on the page that was sent: the verb asks about it
        if one.answer != MOVE:
            chosen[pk] = Fate(seen, is_kept=one.answer == KEEP)
            continue
        number, _slash, rest = one.goes_to.partition("/")
        use = _span(rest)
        if use is None or not number.isdecimal() or len(number) > 18:
            return None
        chosen[pk] = Fate(seen, asset=asset_to_show(person, reader, int(number)), use=use)
    return chosen


def _span(text: str) -> Span | None:
    start, _slash, end = text.partition("/")
    try:
        span = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    except (ValueError, TypeError):
        return None
    return span if span.start.tzinfo and span.end.tzinfo else None


def closed(closure: Closure, now: datetime) -> dict[str, Any]:
    """Return the page of a closure: its sites, who was displaced, what may still be undone."""
    displaced = lines().filter(displaced_by=closure).order_by("use_span", "id")
    sites = list(closure.sites.select_related("site").order_by("site__sort_key", "pk"))
    span = span_of(closure.span)
    return {
        "closure": closure,
        "span": span,
        "zone": closure.organization.time_zone,
        "sites": sites,
        "is_over": span.end <= now,
        "still_shut": [one for one in sites if one.reopened_at is None] if span.end > now else [],
        "displaced": [(row_of(line, now), _may_return(line, sites, now)) for line in displaced],
    }


def _may_return(line: BookingLine, sites: Sequence[Any], now: datetime) -> bool:
    """Tell whether a displaced booking is to come and its site open again."""
    open_again = {one.site_id for one in sites if one.reopened_at is not None}
    (wish,) = line.assets.all()
    return span_of(line.use_span).start > now and wish.asset.site_id in open_again
