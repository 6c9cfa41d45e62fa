# SPDX-License-Identifier: EUPL-1.2
"""An asset's hours and holds, laid out for the owner's pages: facts and drawings, no choice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usufruit.inventory.models import Asset
from usufruit.inventory.queries import part_name
from usufruit.kernel.local_time import MINUTES_PER_DAY, local_wall, minute_instant
from usufruit.kernel.spans import Span
from usufruit.timetable.models import Calendar, CalendarException, Hold, PublicHoliday
from usufruit.timetable.queries import (
    holds_meeting,
    open_between,
    opening_calendar,
    opening_rules,
    span_of,
)
from usufruit.timetable.rules import Minutes, WeeklyWindow
from usufruit.timetable.shared_days import proposals
from usufruit.timetable.words import hours_in_words, week_in_words
from usufruit.ui.charts import TimelineBlock, TimelineRow, WeekTimeline

NEW_WEEK = tuple(WeeklyWindow(day, Minutes(8 * 60, 17 * 60)) for day in range(5))


def usual_windows(calendar: Calendar | None) -> tuple[WeeklyWindow, ...]:
    """Return the usual week of a calendar, or a first proposal when there is none."""
    return opening_rules(calendar, ()).windows if calendar else NEW_WEEK


def opening_page(asset: Asset, now: datetime) -> dict[str, Any]:
    """Return what the page of opening hours shows; ``calendar`` is None before the first."""
    calendar = opening_calendar(asset)
    if calendar is None:
        return {"calendar": None, "initial": {"name": asset.name}, "region": "CA-QC"}
    rules = opening_rules(calendar, ())
    names = {season.days.lower: season for season in calendar.seasons.all() if season.days}
    others = Asset.objects.filter(opening__calendar=calendar).exclude(pk=asset.pk)
    today = local_wall(now, calendar.time_zone).date()
    return {
        "calendar": calendar,
        "initial": {"name": calendar.name},
        "region": calendar.holiday_region,
        "is_editable": calendar.organization_id == asset.manager_id,
        "week_words": week_in_words(rules.windows) if rules.windows else "",
        "followers": list(others.order_by("sort_key", "pk")[:12]),
        "follower_count": others.count(),
        "seasons": [
            (names[season.first_on], season, week_in_words(season.windows))
            for season in rules.seasons
            if season.last_on >= today
        ],
        "exceptions": _exceptions(calendar, today),
        "followed": [(one, _exceptions(one.included, today)) for one in calendar.inclusions.all()],
        "holidays": _next_holidays(calendar, today),
        "week": _week_open(calendar, today, now),
    }


def shared_page(calendar: Calendar, proposed: str, now: datetime) -> dict[str, Any]:
    """Return what the page of shared days shows.

    Args:
        proposed: key of the proposal that fills the form beforehand; empty for none.
    """
    today = local_wall(now, calendar.time_zone).date()
    found = proposals(today)
    chosen = next((one for one in found if one.key == proposed), None)
    followers = Calendar.objects.filter(inclusions__included=calendar)
    return {
        "exceptions": _exceptions(calendar, today),
        "proposals": found,
        "followers": followers.select_related("organization").order_by(
            "organization__sort_key", "name", "pk"
        ),
        "initial": {
            "first_on": chosen.first_on,
            "last_on": chosen.last_on,
            "reason": chosen.label,
        }
        if chosen
        else {},
    }


def _exceptions(calendar: Calendar, today: date) -> list[tuple[CalendarException, date, date, str]]:
    """Return the exceptions to come: row, first and last day, hours in words."""
    found = []
    for row in calendar.exceptions.all():
        last_on = row.days.upper - timedelta(days=1)
        if last_on >= today:
            hours = hours_in_words(_minutes(row))
            found.append((row, row.days.lower, last_on, hours))
    return found


def _minutes(row: CalendarException) -> list[Minutes]:
    if row.start_min is None or row.end_min is None:
        return []
    return [Minutes(row.start_min, row.end_min)]


def _next_holidays(calendar: Calendar, today: date) -> list[PublicHoliday]:
    if not calendar.holiday_region:
        return []
    coming = PublicHoliday.objects.filter(region=calendar.holiday_region, on__gte=today)
    return list(coming.order_by("on")[:3])


def _week_open(calendar: Calendar, today: date, now: datetime) -> WeekTimeline:
    """Draw the seven days from this one, as borrowers see them."""
    last = today + timedelta(days=6)
    spans = open_between(calendar, today, last)
    blocks = [TimelineBlock(span.start, span.end, _("Ouvert"), "open") for span in spans]
    hours = sum(span.duration_s for span in spans) // 3600
    return WeekTimeline(
        _("Les sept prochains jours, tels que les emprunteurs les voient"),
        [TimelineRow(calendar.name, blocks)],
        today,
        calendar.time_zone,
        now=now,
        key="semaine",
        finding=_("Ouvert %(hours)s\u00a0heures dans les sept prochains jours.") % {"hours": hours}
        if hours
        else _("Fermé les sept prochains jours."),
    )


def named_parts(asset: Asset, holds: Iterable[Hold]) -> list[tuple[Hold, str]]:
    """Return each hold with the name of the part it takes; empty for the whole asset."""
    prefetch_related_objects([asset], "parts")
    return [(hold, part_name(asset, hold.lanes)) for hold in holds]


def week_of_holds(asset: Asset, now: datetime) -> WeekTimeline:
    """Draw what takes time on an asset from today, by name: its manager may know."""
    zone = asset.site.time_zone
    today = local_wall(now, zone).date()
    span = Span(
        minute_instant(today, 0, zone, "start"),
        minute_instant(today, 7 * MINUTES_PER_DAY, zone, "end"),
    )
    prefetch_related_objects([asset], "parts")
    blocks = [_block(asset, hold) for hold in holds_meeting(asset, span, now)]
    finding = ngettext(
        "Une plage prise dans les sept prochains jours.",
        "%(count)s plages prises dans les sept prochains jours.",
        len(blocks),
    ) % {"count": len(blocks)}
    if not blocks:
        finding = _("Rien ne prend ce bien dans les sept prochains jours.")
    title = _("Les sept prochains jours")
    row = TimelineRow(asset.name, blocks)
    return WeekTimeline(title, [row], today, zone, now=now, key="semaine", finding=finding)


def _block(asset: Asset, hold: Hold) -> TimelineBlock:
    kinds = {Hold.Reason.OWN_USE: "mine", Hold.Reason.DOWNTIME: "repair"}
    held = span_of(hold.span)
    return TimelineBlock(
        held.start,
        held.end,
        hold.note or hold.get_reason_display(),
        kinds.get(Hold.Reason(hold.reason), "busy"),  # type: ignore[arg-type]
        detail=part_name(asset, hold.lanes),
    )
