# SPDX-License-Identifier: EUPL-1.2
"""A week of an asset as one reader may see it: free, taken, kept as buffer, closed, for others.

A stranger never learns who took a slot; the asset's own people and the borrower do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import lines, usable_spans
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.organizations.models import Organization
from usufruit.search.rules import Slot
from usufruit.sharing.queries import is_own_body
from usufruit.timetable.closures import shut_during
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import (
    held_span,
    holds_meeting,
    open_between,
    opening_calendar,
    span_of,
    time_range,
)
from usufruit.ui.charts import BlockKind, TimelineBlock, TimelineRow, WeekTimeline

DAY = timedelta(days=1)
WEEKS_BACK, WEEKS_AHEAD = 8, 104
WORTH_OFFERING = timedelta(minutes=15)


@dataclass(frozen=True)
class Week:
    """Seven local days of an asset, as half-open instants."""

    first_on: date
    span: Span

    @classmethod
    def around(cls, asset: Asset, wanted: date | None, now: datetime) -> Week:
        """Return seven days from a day, kept between eight weeks ago and two years ahead."""
        zone = asset.site.time_zone
        today = local_wall(now, zone).date()
        earliest, latest = today - WEEKS_BACK * 7 * DAY, today + WEEKS_AHEAD * 7 * DAY
        first_on = min(max(wanted or today, earliest), latest)
        return cls(
            first_on,
            Span(
                minute_instant(first_on, 0, zone, "start"),
                minute_instant(first_on + 6 * DAY, 1440, zone, "end"),
            ),
        )


def week_timeline(
    asset: Asset,
    taken_lanes: Multirange[int],
    reader: Organization | None,
    week: Week,
    *,
    part: str,
    wanted: Slot | None,
    address: str,
    now: datetime,
) -> WeekTimeline:
    """Return the week of some lanes of an asset.

    Args:
        part: name of the part looked at; empty for the whole.
        wanted: the slot being considered, whose length free stretches then propose.
        address: the page's own address up to where a slot or a week is added (« …?partie=3& »).
    """
    zone = asset.site.time_zone
    sheet = _Sheet(asset, taken_lanes, reader, week, now)
    blocks = [
        *sheet.uses(),
        *_each(sheet.buffers(), _("Battement"), "buffer", _("préparer et ranger")),
        *_each(sheet.closed(), _("Fermé"), "closed"),
        *sheet.closures(),
        *_each(sheet.reserved(), _("Réservé à d’autres"), "reserved", _("selon les règles")),
        *free_blocks(sheet.free(), zone, wanted, address),
    ]
    shown = merge([*sheet.opening, *sheet.kept()])
    first_hour, last_hour = hours_drawn(intersect(shown, [week.span]), zone)
    return WeekTimeline(
        _("Libre et pris, heure par heure"),
        [TimelineRow(asset.name, blocks)],
        week.first_on,
        zone,
        first_hour=first_hour,
        last_hour=last_hour,
        now=now,
        key="calendrier",
        finding=_finding(sheet),
        previous_href=f"{address}semaine={week.first_on - 7 * DAY}",
        next_href=f"{address}semaine={week.first_on + 7 * DAY}",
    )


class _Sheet:
    """What is open, shared and taken during a week, read once."""

    def __init__(
        self,
        asset: Asset,
        taken_lanes: Multirange[int],
        reader: Organization | None,
        week: Week,
        now: datetime,
    ) -> None:
        self.asset, self.reader, self.week, self.now = asset, reader, week.span, now
        self.is_own = is_own_body(reader, asset)
        last_on = week.first_on + 6 * DAY
        self.shut = list(shut_during([asset.site_id], week.span))
        self.opening = subtract(
            intersect(open_between(opening_calendar(asset), week.first_on, last_on), [week.span]),
            [span_of(one.closure.span) for one in self.shut],
        )
        self.usable = (
            self.opening
            if self.is_own
            else usable_spans(asset, reader, week.span.start, week.span.end)
        )
        around = held_span(asset, week.span)
        meeting = holds_meeting(asset, Span(around.start - DAY, around.end + DAY), now)
        self.holds = [hold for hold in meeting if lanes_meet(hold.lanes, taken_lanes)]
        self.lines = _lines_of(self.holds)
        self.pending = _pending(asset, taken_lanes, reader, week.span)

    def uses(self) -> list[TimelineBlock]:
        """Return what is taken, named as far as the reader may know, and their own requests."""
        taken = [self._use(hold) for hold in self.holds]
        asked = [
            TimelineBlock(
                span_of(line.use_span).start,
                span_of(line.use_span).end,
                _("Votre demande"),
                "pending",
                line.booking.purpose,
                reverse("booking", args=[line.booking.reference]),
            )
            for line in self.pending
        ]
        return [*taken, *asked]

    def _use(self, hold: Hold) -> TimelineBlock:
        use = span_of(hold.use_span)
        label, kind, detail, href = _("Pris"), "busy", "", ""
        if hold.reason == Hold.Reason.DOWNTIME:
            label, kind = _("Hors service"), "repair"
        line = self.lines.get(hold.line_id or 0)
        borrower = line.booking.organization if line else None
        is_mine = self.reader is not None and borrower == self.reader
        if line and (is_mine or self.is_own):
            label = _("À vous") if is_mine else line.booking.organization.name
            kind = "mine" if is_mine else "busy"
            detail = line.booking.purpose
            href = reverse("booking", args=[line.booking.reference])
        elif self.is_own:
            label = str(Hold.Reason(hold.reason).label) if kind == "busy" else label
            detail = hold.note
        return TimelineBlock(use.start, use.end, label, _kind(kind), detail, href)

    def taken(self) -> list[Span]:
        """Return the uses themselves, as disjoint spans."""
        return merge(span_of(hold.use_span) for hold in self.holds)

    def kept(self) -> list[Span]:
        """Return what no new use may meet: holds, widened by the buffers a new use would bring."""
        before = timedelta(minutes=self.asset.buffer_before_min)
        after = timedelta(minutes=self.asset.buffer_after_min)
        spans = [span_of(hold.span) for hold in self.holds]
        return merge(Span(span.start - after, span.end + before) for span in spans)

    def buffers(self) -> list[Span]:
        """Return the time around uses that stays empty, inside the opening hours."""
        return intersect(subtract(self.kept(), self.taken()), self.opening)

    def closed(self) -> list[Span]:
        """Return when the asset is closed and nothing is written."""
        shut = [span_of(one.closure.span) for one in self.shut]
        return subtract([self.week], [*self.opening, *self.taken(), *shut])

    def closures(self) -> list[TimelineBlock]:
        """Return when the site itself is shut, and why."""
        return [
            TimelineBlock(span.start, span.end, _("Fermé"), "closed", one.closure.reason)
            for one in self.shut
            for span in intersect(subtract([span_of(one.closure.span)], self.taken()), [self.week])
        ]

    def reserved(self) -> list[Span]:
        """Return the open hours that no rule shares with the reader."""
        return subtract(self.opening, [*self.usable, *self.kept()])

    def free(self) -> list[Span]:
        """Return what may still be booked, from now on."""
        left = subtract(self.usable, self.kept())
        first = max(_next_quarter(self.now), self.week.start)
        if first >= self.week.end:
            return []
        to_come = intersect(left, [Span(first, self.week.end)])
        return [span for span in to_come if span.end - span.start >= WORTH_OFFERING]


def _kind(name: str) -> BlockKind:
    return name  # type: ignore[return-value]


def _lines_of(holds: list[Hold]) -> dict[int, BookingLine]:
    """Return the lines that holds serve, by number."""
    ids = [hold.line_id for hold in holds if hold.line_id]
    found = BookingLine.objects.filter(pk__in=ids).select_related("booking__organization")
    return {line.pk: line for line in found.order_by("pk")}


def _pending(
    asset: Asset, taken_lanes: Multirange[int], reader: Organization | None, week: Span
) -> Iterable[BookingLine]:
    """Return the reader's own requests still waiting; nobody else's are shown."""
    if reader is None:
        return []
    asked = lines().filter(
        booking__organization=reader,
        state=LineState.REQUESTED,
        use_span__overlap=time_range(week),
        assets__asset=asset,
        assets__lanes__overlap=taken_lanes,
    )
    return asked.order_by("use_span", "id")


def _each(
    spans: Iterable[Span], label: str, kind: BlockKind, detail: str = ""
) -> list[TimelineBlock]:
    return [TimelineBlock(span.start, span.end, label, kind, detail) for span in spans]


def free_blocks(
    spans: Iterable[Span], zone: str, wanted: Slot | None, address: str
) -> list[TimelineBlock]:
    """Return free stretches day by day, each leading to a slot at its beginning."""
    minutes = wanted.minutes if wanted else 120
    blocks = []
    for span in _by_day(spans, zone):
        length = min(timedelta(minutes=minutes), span.end - span.start)
        slot = Slot.of(Span(span.start, span.start + length), zone)
        href = f"{address}{slot.address}#reserver"
        blocks.append(TimelineBlock(span.start, span.end, _("Libre"), "free", "", href))
    return blocks


def _next_quarter(at: datetime) -> datetime:
    """Return the first quarter of an hour from an instant on: nobody books from 10 h 07."""
    quarter = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    return quarter if quarter == at else quarter + timedelta(minutes=15)


def _by_day(spans: Iterable[Span], zone: str) -> list[Span]:
    """Cut stretches at local midnights, so that each day has its own link."""
    cut = []
    for span in spans:
        start = span.start
        while start < span.end:
            midnight = minute_instant(local_wall(start, zone).date(), 1440, zone, "end")
            cut.append(Span(start, min(midnight, span.end)))
            start = midnight
    return cut


def hours_drawn(shown: Iterable[Span], zone: str) -> tuple[int, int]:
    """Return the hours of the day to draw: whole hours around all that is open or taken."""
    first, last = 24, 0
    for span in _by_day(shown, zone):
        start, end = local_wall(span.start, zone), local_wall(span.end, zone)
        first = min(first, start.hour)
        ends_later = end.date() > start.date()
        last = max(last, 24 if ends_later else end.hour + (1 if end.minute else 0))
    return (first, last) if first < last else (8, 18)


def _finding(sheet: _Sheet) -> str:
    """Return the sentence above the week: how many hours are still free."""
    if sheet.now >= sheet.week.end:
        return _("Cette semaine est passée.")
    if not sheet.opening:
        return _("Fermé toute la semaine.")
    if not sheet.usable:
        return _("Aucune heure de cette semaine n’est partagée avec vous.")
    hours = sum(span.duration_s for span in sheet.free()) / 3600
    if hours < 0.25:
        return _("Plus rien de libre cette semaine. Voyez la semaine suivante.")
    text = f"{hours:.0f}" if hours >= 1 else "1"
    return _("Encore %(hours)s\u00a0h libres cette semaine.") % {"hours": text}
