# SPDX-License-Identifier: EUPL-1.2
"""When each card of a page of results is free: one look at the sheet for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.types.multirange import Multirange

from usufruit.inventory.models import Asset
from usufruit.inventory.queries import all_lanes
from usufruit.kernel import named_sql
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.organizations.models import Organization
from usufruit.search.queries import SQL, VISITOR_AUDIENCES
from usufruit.sharing.models import SharingRule
from usufruit.sharing.queries import audiences_of, is_own_body, withholding
from usufruit.sharing.rules import Information
from usufruit.timetable.closures import shut_spans
from usufruit.timetable.models import AssetCalendar, Calendar
from usufruit.timetable.queries import (
    half_days_shown,
    known_to_public,
    open_between,
    span_of,
    time_range,
    with_rules,
)
from usufruit.timetable.rules import HalfDayState, half_day_state
from usufruit.timetable.words import half_day_in_words

LOOK_AHEAD = timedelta(days=8)
WORTH_SHOWING = timedelta(minutes=30)
EDGE = timedelta(hours=24)  # a buffer lasts at most a day
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class FreeTime:
    """A stretch during which an asset, or the part named, is free.

    Attributes:
        part: empty for the whole asset.
        half_days: what the public is told instead of the hours; None for whoever sees them.
        is_withheld: whether the asset's body tells the public nothing of it.
    """

    span: Span
    zone: str
    part: str = ""
    half_days: str | None = None
    is_withheld: bool = False


def free_times(
    asset_ids: Sequence[int], asker: Organization | None, use: Span | None, now: datetime
) -> dict[int, FreeTime]:
    """Return for each asset the free stretch around the use wanted, else the first one to come.

    A stretch is cut at the midnights around, since a card speaks of one day; an asset without one
    within eight days is left out. Six queries, whatever the number of assets.
    """
    shown = Asset.objects.filter(pk__in=asset_ids).select_related("site")
    assets = list(shown.prefetch_related("parts").order_by("pk"))
    fitting = _first_fitting if asker else _first_half_day
    period = _period(use, now)
    sheet = _Sheet(assets, asker, period, now)
    found = {}
    silent = withholding([asset.manager_id for asset in assets], Information.FREE_BUSY, asker)
    for asset in assets:
        if asset.manager_id in silent:
            found[asset.pk] = FreeTime(period, asset.site.time_zone, is_withheld=True)
            continue
        free = fitting(sheet, asset, use)
        if free:
            found[asset.pk] = free
    return found


def free_around(
    asset_ids: Sequence[int], asker: Organization | None, use: Span, now: datetime
) -> dict[int, list[Span]]:
    """Return for each asset, taken whole, when it is free from the eve of a use to the day after.

    Seven queries, whatever the number of assets.
    """
    assets = list(Asset.objects.filter(pk__in=asset_ids).select_related("site").order_by("pk"))
    sheet = _Sheet(assets, asker, _period(use, now), now)
    return {one.pk: sheet.free(one, all_lanes(one), sheet.usable(one)) for one in assets}


def _period(use: Span | None, now: datetime) -> Span:
    """Return what to look at, from the next quarter of an hour at the earliest."""
    if use is None:
        first = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0) + QUARTER
        return Span(first, first + LOOK_AHEAD)
    return Span(max(now, use.start - EDGE), use.end + EDGE)


class _Sheet:
    """What is open, shared and taken of some assets during a period, read once."""

    def __init__(
        self, assets: list[Asset], asker: Organization | None, period: Span, now: datetime
    ) -> None:
        self.asker, self.period = asker, period
        ids = [asset.pk for asset in assets]
        follows = AssetCalendar.objects.filter(asset__in=ids).order_by("asset")
        self.opening_ids = dict(follows.values_list("asset_id", "calendar_id"))
        rules = SharingRule.objects.filter(asset__in=ids).order_by("asset_id", "id")
        self.rules: dict[int, list[SharingRule]] = defaultdict(list)
        for rule in rules:
            self.rules[rule.asset_id].append(rule)
        windows = {rule.windows_id for rule in rules if rule.windows_id is not None}
        calendars = {*self.opening_ids.values(), *windows}
        read = with_rules(Calendar.objects.filter(pk__in=calendars).order_by("pk"))
        self.calendars = {calendar.pk: calendar for calendar in read}
        self.open: dict[int, list[Span]] = {}
        self.shut = shut_spans({asset.site_id for asset in assets}, period)
        self.holds: dict[int, list[tuple[Multirange[int], Span]]] = defaultdict(list)
        around = Span(period.start - 2 * EDGE, period.end + 2 * EDGE)
        self.now = now
        if asker is None:
            self.holds = known_to_public(ids, around, now)
            return
        bounds = {"asset_ids": ids, "span": time_range(around), "now": now}
        for asset_id, taken, span in named_sql.fetch(SQL["holds_of_assets"], bounds):
            self.holds[asset_id].append((taken, span_of(span)))

    def opening(self, calendar_id: int | None) -> list[Span]:
        """Return when a calendar is open during the period; each is worked out once."""
        if calendar_id is None:
            return []
        if calendar_id not in self.open:
            calendar = self.calendars[calendar_id]
            first = local_wall(self.period.start, calendar.time_zone).date()
            last = local_wall(self.period.end, calendar.time_zone).date()
            self.open[calendar_id] = open_between(calendar, first, last)
        return self.open[calendar_id]

    def usable(self, asset: Asset) -> list[Span]:
        """Return when the asker may use an asset, holds left aside; its own body at any hour."""
        opening = intersect(self.opening(self.opening_ids.get(asset.pk)), [self.period])
        if is_own_body(self.asker, asset):
            return opening or [self.period]
        mine = audiences_of(self.asker, asset) if self.asker else VISITOR_AUDIENCES
        rules = [rule for rule in self.rules[asset.pk] if rule.audience in mine]
        if any(rule.windows_id is None for rule in rules):
            return opening
        shared = merge(span for rule in rules for span in self.opening(rule.windows_id))
        return intersect(opening, shared)

    def free(self, asset: Asset, lanes: Multirange[int], usable: list[Span]) -> list[Span]:
        """Return when a use of the lanes may stand, its own buffers and closures counted."""
        usable = subtract(usable, self.shut.get(asset.site_id, []))
        before = timedelta(minutes=asset.buffer_before_min)
        after = timedelta(minutes=asset.buffer_after_min)
        taken = [
            Span(span.start - after, span.end + before)
            for held, span in self.holds[asset.pk]
            if lanes_meet(held, lanes)
        ]
        return subtract(usable, taken)


def _first_fitting(sheet: _Sheet, asset: Asset, use: Span | None) -> FreeTime | None:
    """Return the stretch of the whole asset, else of its first free part."""
    zone = asset.site.time_zone
    usable = sheet.usable(asset)
    if use and is_own_body(sheet.asker, asset) and not any(s.contains(use) for s in usable):
        usable = [sheet.period]  # its own people, outside opening hours
    choices = [("", all_lanes(asset)), *((part.name, part.lanes) for part in asset.parts.all())]
    for name, lanes in choices:
        for span in sheet.free(asset, lanes, usable):
            shown = _within_days(span, use, zone)
            if shown.contains(use) if use else shown.end - shown.start >= WORTH_SHOWING:
                return FreeTime(shown, zone, name)
    return None


def _first_half_day(sheet: _Sheet, asset: Asset, use: Span | None) -> FreeTime | None:
    """Return the half-days a use touches when the public knows them free, else the first to come.

    Of the whole asset alone: which part is free would tell how it is used.
    """
    zone, usable = asset.site.time_zone, sheet.usable(asset)
    opening = sheet.opening(sheet.opening_ids.get(asset.pk))
    taken = [span for _lanes, span in sheet.holds[asset.pk]]
    first, last = (local_wall(at, zone).date() for at in (sheet.period.start, sheet.period.end))
    to_come = half_days_shown(first, last, zone, sheet.now)
    touched = [each for each in to_come if use is None or each.span.overlaps(use)]
    states = [(each, half_day_state(each, opening, usable, taken)) for each in touched]
    free = [each for each, state in states if state == HalfDayState.FREE]
    if not free or (use and any(state == HalfDayState.TAKEN for _each, state in states)):
        return None
    return FreeTime(free[0].span, zone, half_days=half_day_in_words(free[0]))


def _within_days(span: Span, use: Span | None, zone: str) -> Span:
    """Cut a stretch at the midnights around the use, or at the end of its own first day."""
    kept = [use] if use and span.contains(use) else [Span(span.start, span.start + QUARTER)]
    first = local_wall(kept[0].start, zone).date()
    last = local_wall(kept[0].end - timedelta(microseconds=1), zone).date()
    days = Span(minute_instant(first, 0, zone, "start"), minute_instant(last, 1440, zone, "end"))
    return Span(max(span.start, days.start), min(span.end, days.end))
