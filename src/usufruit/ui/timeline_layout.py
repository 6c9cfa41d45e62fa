# SPDX-License-Identifier: EUPL-1.2
"""Where the blocks of a week stand: cut by local day, clipped to the hours drawn, side by side.

A day is cut in quarters of an hour, four tracks an hour, at most 96. A block says its first and
last track by two classes (« s33 e49 ») of ``places.css``: a strict page has no inline style.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from usufruit.ui import charts, typography

TRACKS_PER_HOUR = 4
LEVELS = 6
KIND_ICONS = {
    "free": "circle-check",
    "open": "clock",
    "idle": "leaf",
    "busy": "lock",
    "mine": "user-check",
    "pending": "circle-half-2",
    "buffer": "hourglass-high",
    "closed": "circle-minus",
    "reserved": "key",
    "repair": "tool",
}
# The kinds that a buffer prepares or clears away after.
KEEP_BUFFERS = {"busy", "mine", "repair"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a block inside one local day: minutes of the day, tracks 1 to 97, level from 1."""

    block: charts.TimelineBlock
    start_min: int
    end_min: int
    first_track: int
    last_track: int
    level: int

    @property
    def places(self) -> str:
        """Return the classes that put the block in its day."""
        return f"s{self.first_track} e{self.last_track} l{self.level}"

    @property
    def times(self) -> str:
        """Return « de 8 h à 12 h », in the civil time of the place."""
        if (self.start_min, self.end_min) == (0, 1440):
            return _("toute la journée")
        start = typography.clock_of_minute(self.start_min)
        return _("de %(start)s à %(end)s") % {
            "start": start,
            "end": typography.clock_of_minute(self.end_min),
        }


def kind_name(kind: str) -> str:
    """Return the French name of a kind of block, as printed in the legend."""
    names = {
        "free": _("libre"),
        "open": _("ouvert"),
        "idle": _("plage libre repérée"),
        "busy": _("pris"),
        "mine": _("à vous"),
        "pending": _("en attente"),
        "buffer": _("battement"),
        "closed": _("fermé"),
        "reserved": _("réservé à d’autres"),
        "repair": _("hors service"),
    }
    return names[kind]


def _minutes(moment: datetime, day: date, zone: str) -> int:
    """Return the wall-clock minute of an instant within a day, 0 or 1440 when outside of it."""
    local = moment.astimezone(typography.zone_of(zone))
    if local.date() < day:
        return 0
    return local.hour * 60 + local.minute if local.date() == day else 1440


def place_day(
    blocks: list[charts.TimelineBlock], day: date, timeline: charts.WeekTimeline
) -> list[Placed]:
    """Return the parts of the blocks that fall in a day and in the hours drawn, in time order."""
    low, high = timeline.first_hour * 60, timeline.last_hour * 60
    size = 60 // TRACKS_PER_HOUR
    level_ends: list[int] = []
    placed = []
    for block in sorted(blocks, key=lambda one: (one.start, one.end, one.kind)):
        start = _minutes(block.start, day, timeline.zone)
        end = _minutes(block.end, day, timeline.zone)
        shown_start, shown_end = max(start, low), min(end, high)
        if shown_start >= shown_end:
            continue
        first = (shown_start - low) // size + 1
        last = -((low - shown_end) // size) + 1
        level = next((at for at, stop in enumerate(level_ends) if stop <= first), len(level_ends))
        level_ends[level : level + 1] = [last]
        placed.append(Placed(block, start, end, first, last, min(level + 1, LEVELS)))
    return placed


def agenda_day(placed: list[Placed]) -> list[dict[str, Any]]:
    """Return the rows of a day read as a list; a buffer that touches a use is told beside it.

    Returns:
        rows in time order: ``block``, its own ``times``, ``buffer`` in words or "".
    """
    uses = [one for one in placed if one.block.kind in KEEP_BUFFERS]
    buffers = [one for one in placed if one.block.kind == "buffer"]
    starts, ends = {one.start_min for one in uses}, {one.end_min for one in uses}
    told = [one for one in buffers if one.end_min in starts or one.start_min in ends]
    return [
        {
            "block": one.block,
            "times": one.times,
            "buffer": _buffer_words(one, buffers) if one in uses else "",
        }
        for one in placed
        if one not in told
    ]


def _buffer_words(use: Placed, buffers: list[Placed]) -> str:
    """Return on which sides of a use a buffer stands, or ""."""
    is_before = any(one.end_min == use.start_min for one in buffers)
    is_after = any(one.start_min == use.end_min for one in buffers)
    if is_before and is_after:
        return _("battement avant et après")
    if is_before:
        return _("battement avant")
    return _("puis battement") if is_after else ""


def layout(timeline: charts.WeekTimeline) -> dict[str, Any]:
    """Return all the template needs: rows of days, the hour axis, the agenda, the legend."""
    days = timeline.days()
    is_single = len(timeline.rows) == 1
    lines = [
        {
            "row": row,
            "days": [
                {
                    "day": day,
                    "name": typography.day(day, has_year=False),
                    "placed": (placed := place_day(list(row.blocks), day, timeline)),
                    "agenda": agenda_day(placed),
                    "now": _now_track(timeline, day),
                }
                for day in days
            ],
        }
        for row in timeline.rows
    ]
    used = {block.kind for row in timeline.rows for block in row.blocks}
    legend = [{"kind": kind, "name": kind_name(kind)} for kind in KIND_ICONS if kind in used]
    return {
        "lines": lines,
        "is_single": is_single,
        "head": [_day_head(day, timeline) for day in days],
        "tracks": (timeline.last_hour - timeline.first_hour) * TRACKS_PER_HOUR,
        "ticks": _ticks(timeline),
        "legend": legend,
    }


def _day_head(day: date, timeline: charts.WeekTimeline) -> dict[str, Any]:
    zone = typography.zone_of(timeline.zone)
    is_today = timeline.now is not None and timeline.now.astimezone(zone).date() == day
    name = typography.WEEKDAYS[day.weekday()]
    month = typography.MONTHS[day.month - 1]
    number = "1er" if day.day == 1 else str(day.day)
    return {"weekday": name, "date": f"{number}{typography.NBSP}{month}", "is_today": is_today}


def _ticks(timeline: charts.WeekTimeline) -> list[dict[str, str]]:
    """Return the labelled hours, every two hours."""
    ticks = []
    for hour in range(timeline.first_hour, timeline.last_hour, 2):
        first = (hour - timeline.first_hour) * TRACKS_PER_HOUR + 1
        last = min(first + 2 * TRACKS_PER_HOUR, (timeline.last_hour - timeline.first_hour) * 4 + 1)
        ticks.append({"name": f"{hour}{typography.NBSP}h", "places": f"s{first} e{last}"})
    return ticks


def _now_track(timeline: charts.WeekTimeline, day: date) -> str:
    """Return the class of the line of the present instant, or "" on another day."""
    if timeline.now is None:
        return ""
    local = timeline.now.astimezone(typography.zone_of(timeline.zone))
    if local.date() != day or not timeline.first_hour <= local.hour < timeline.last_hour:
        return ""
    minute = local.hour * 60 + local.minute - timeline.first_hour * 60
    return f"s{minute // (60 // TRACKS_PER_HOUR) + 1}"


def places_css() -> str:
    """Return the text of ``places.css``: tracks, first and last tracks, levels."""
    lines = [
        "/* SPDX-License-Identifier: EUPL-1.2 */",
        "/* Made by usufruit.ui.timeline_layout.places_css(); a test keeps it so. */",
        "@layer charts {",
    ]
    for hours in range(1, 25):
        tracks = hours * TRACKS_PER_HOUR
        lines.append(
            f".tracks-{tracks} {{ --hours: {hours};"
            f" grid-template-columns: repeat({tracks}, minmax(0, 1fr)); }}"
        )
    lines += [f".s{at} {{ grid-column-start: {at}; }}" for at in range(1, 97)]
    lines += [f".e{at} {{ grid-column-end: {at}; }}" for at in range(2, 98)]
    lines += [f".l{at} {{ grid-row: {at}; }}" for at in range(1, LEVELS + 1)]
    return "\n".join([*lines, "}", ""])
