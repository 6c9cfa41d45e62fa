# SPDX-License-Identifier: EUPL-1.2
"""What is taken, what is open, what is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models import BigIntegerField, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from usufruit.inventory.models import Asset
from usufruit.kernel import named_sql
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.spans import Span, subtract
from usufruit.timetable.models import (
    Calendar,
    CalendarException,
    CalendarInclusion,
    Hold,
    OpeningHours,
    PublicHoliday,
    Season,
)
from usufruit.timetable.rules import (
    DatedException,
    HalfDay,
    Minutes,
    OpeningRules,
    WeeklyWindow,
    half_days_to_come,
    is_open_throughout,
    open_spans,
)
from usufruit.timetable.rules import Season as SeasonRules

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")


def time_range(span: Span) -> Range[datetime]:
    """Return the database's half-open range of a span."""
    return Range(span.start, span.end, "[)")


def span_of(value: Range[datetime]) -> Span:
    """Return the span of a stored range.

    Raises:
        ValueError: when the range is unbounded; ``hold_span_half_open`` stores none.
    """
    if value.lower is None or value.upper is None:
        raise ValueError("a stored span has both ends")
    return Span(value.lower, value.upper)


def held_span(asset: Asset, use: Span) -> Span:
    """Return what a use takes: the asset's buffers before and after included (T11)."""
    return Span(
        use.start - timedelta(minutes=asset.buffer_before_min),
        use.end + timedelta(minutes=asset.buffer_after_min),
    )


def holds_meeting(asset: Asset, span: Span, now: datetime) -> QuerySet[Hold]:
    """Return the holds alive that meet a span of an asset, in order of time."""
    # GiST compares like with like only: a number sent as an integer would miss the index column.
    asset_id = Cast(Value(asset.pk), BigIntegerField())
    return (
        Hold.objects.alive(now)
        .filter(asset_id=asset_id, span__overlap=time_range(span))
        .order_by("span", "id")
    )


def known_to_public(
    asset_ids: Sequence[int], span: Span, now: datetime
) -> dict[int, list[tuple[Multirange[int], Span]]]:
    """Return what the public may know to be taken of assets: a day late, by the setting.

    What was booked or given back since then does not show; one query for all the assets.
    """
    known: dict[int, list[tuple[Multirange[int], Span]]] = defaultdict(list)
    bounds = {
        "asset_ids": list(asset_ids),
        "span": time_range(span),
        "known_at": now - timedelta(hours=settings.PUBLIC_DELAY_H),
    }
    for asset_id, lanes, taken in named_sql.fetch(SQL["known_to_public"], bounds):
        known[asset_id].append((lanes, span_of(taken)))
    return known


def half_days_shown(first_on: date, last_on: date, zone: str, now: datetime) -> list[HalfDay]:
    """Return the half-days between two local days of which the public hears, by the setting."""
    last_shown = local_wall(now, zone).date() + timedelta(days=settings.PUBLIC_DAYS)
    return half_days_to_come(first_on, min(last_on, last_shown), zone, now)


def is_taken(asset: Asset, lanes: Multirange[int], span: Span, now: datetime) -> bool:
    """Tell whether any of the lanes is taken at some moment of the span."""
    return any(lanes_meet(hold.lanes, lanes) for hold in holds_meeting(asset, span, now))


def covers(calendar_id: int | None, span: Span) -> bool:
    """Tell whether a calendar is open throughout a span; no calendar is no limit."""
    parameters = {"calendar_id": calendar_id, "span": time_range(span)}
    return bool(named_sql.fetch(SQL["calendar_covers"], parameters)[0][0])


def opening_calendar(asset: Asset) -> Calendar | None:
    """Return the opening calendar of an asset, with all its rules read; None never opens."""
    return with_rules(Calendar.objects.filter(assets__asset=asset)).first()


def with_rules(calendars: QuerySet[Calendar]) -> QuerySet[Calendar]:
    """Read seasons, hours and exceptions along with the calendars, in four queries in all.

    Those that follow shared days take one more.
    """
    hours = OpeningHours.objects.order_by("weekday", "start_min")
    seasons = Season.objects.order_by("days").prefetch_related(Prefetch("hours", hours))
    followed = CalendarInclusion.objects.order_by("pk").select_related("included__organization")
    return calendars.prefetch_related(
        Prefetch("seasons", seasons),
        "exceptions",
        Prefetch("inclusions", followed),
        "inclusions__included__exceptions",
    )


def opening_rules(calendar: Calendar, holidays: Iterable[date] | None = None) -> OpeningRules:
    """Return the pure rules of a calendar read by ``with_rules``."""
    if holidays is None:
        holidays = holidays_of(calendar.holiday_region)
    usual: tuple[WeeklyWindow, ...] = ()
    dated: list[SeasonRules] = []
    for season in calendar.seasons.all():
        windows = tuple(
            WeeklyWindow(hours.weekday, Minutes(hours.start_min, hours.end_min))
            for hours in season.hours.all()
        )
        if season.days is None:
            usual = windows
        else:
            last_on = season.days.upper - timedelta(days=1)
            dated.append(SeasonRules(season.days.lower, last_on, windows))
    speaking = [calendar, *(one.included for one in calendar.inclusions.all())]
    exceptions = tuple(
        dated_exception(row) for source in speaking for row in source.exceptions.all()
    )
    return OpeningRules(usual, tuple(dated), exceptions, frozenset(holidays))


def dated_exception(row: CalendarException) -> DatedException:
    """Return the pure rule of a stored exception."""
    if row.start_min is None or row.end_min is None:
        minutes: tuple[Minutes, ...] = ()
    else:
        minutes = (Minutes(row.start_min, row.end_min),)
    last_on = row.days.upper - timedelta(days=1)
    return DatedException(row.days.lower, last_on, minutes, row.reason)


def holidays_of(region: str) -> frozenset[date]:
    """Return the public holidays stored for a region; an empty region has none."""
    if not region:
        return frozenset()
    return frozenset(PublicHoliday.objects.filter(region=region).values_list("on", flat=True))


def open_between(calendar: Calendar | None, first_on: date, last_on: date) -> list[Span]:
    """Return when a calendar is open between two local days, both included."""
    if calendar is None:
        return []
    return open_spans(opening_rules(calendar), first_on, last_on, calendar.time_zone)


def free_of_holds(
    asset: Asset, lanes: Multirange[int], spans: list[Span], now: datetime
) -> list[Span]:
    """Return the parts of the spans during which none of the lanes is taken."""
    if not spans:
        return []
    bounds = Span(spans[0].start, spans[-1].end)
    taken = [
        span_of(hold.span)
        for hold in holds_meeting(asset, bounds, now)
        if lanes_meet(hold.lanes, lanes)
    ]
    return subtract(spans, taken)


def read_again(calendar: Calendar) -> Calendar:
    """Return a calendar as the database has it now, with all its rules."""
    return with_rules(Calendar.objects.filter(pk=calendar.pk)).get()


def calendars_to_follow(asset: Asset) -> QuerySet[Calendar]:
    """Return the calendars its body's other assets follow, in the same civil time."""
    return (
        Calendar.objects.filter(
            organization=asset.manager, time_zone=asset.site.time_zone, assets__isnull=False
        )
        .exclude(assets__asset=asset)
        .distinct()
        .order_by("name", "pk")
    )


def editable_calendar(asset: Asset) -> Calendar:
    """Return the calendar an asset follows, when it is its manager's to change.

    Raises:
        Http404: when it follows none, or another body's.
    """
    calendar = opening_calendar(asset)
    if calendar is None or calendar.organization_id != asset.manager_id:
        raise Http404
    return calendar


def standing_in(asset: Asset, lanes: Multirange[int], use: Span, now: datetime) -> list[Hold]:
    """Return what stands on some of the lanes where a use, buffers included, would lie."""
    meeting = holds_meeting(asset, held_span(asset, use), now)
    return [hold for hold in meeting if lanes_meet(hold.lanes, lanes)]


def coming_holds(asset: Asset, now: datetime) -> QuerySet[Hold]:
    """Return what takes time on an asset from now on, what is under way included."""
    return (
        Hold.objects.alive(now).filter(asset=asset, span__endswith__gt=now).order_by("span", "id")
    )


MOST_LEAVING = 500


def bookings_leaving(
    calendar: Calendar,
    before: OpeningRules,
    after: OpeningRules,
    now: datetime,
    *,
    asset: Asset | None = None,
) -> list[Hold]:
    """Return the first bookings to come that were inside a calendar's hours and no longer would be.

    Args:
        asset: the one concerned, or None for all that follow the calendar.
    """
    booked = Hold.objects.alive(now).filter(reason=Hold.Reason.BOOKING, use_span__endswith__gt=now)
    mine = booked.filter(asset=asset) if asset else booked.filter(asset__opening__calendar=calendar)
    zone = calendar.time_zone
    leaving = (
        hold
        for hold in mine.select_related("asset__site", "asset__manager")
        .order_by("use_span", "id")
        .iterator()
        if is_open_throughout(before, span_of(hold.use_span), zone)
        and not is_open_throughout(after, span_of(hold.use_span), zone)
    )
    return list(islice(leaving, MOST_LEAVING))


def with_followers(calendar: Calendar) -> list[Calendar]:
    """Return a calendar and those that follow its days, with all their rules, as they are now."""
    concerned = Q(pk=calendar.pk) | Q(inclusions__included=calendar)
    return list(with_rules(Calendar.objects.filter(concerned).distinct().order_by("pk")))


def holds_leaving(
    calendar: Calendar, before: Mapping[Calendar, OpeningRules], now: datetime
) -> list[Hold]:
    """Return the first bookings to come that a change of a calendar leaves outside, soonest first.

    Args:
        before: the rules of each calendar concerned before the change.
    """
    leaving: list[Hold] = []
    for one in with_followers(calendar):
        if one in before and before[one] != (after := opening_rules(one)):
            leaving += bookings_leaving(one, before[one], after, now)
    return sorted(leaving, key=lambda hold: (hold.use.start, hold.pk))[:MOST_LEAVING]
