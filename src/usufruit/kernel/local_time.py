# SPDX-License-Identifier: EUPL-1.2
"""Local civil time to instants, and back: the Python twin of the SQL function ``local_instant``.

Rule T16: a *start* in the doubled hour of autumn is its first occurrence, an *end* its second;
an hour that does not exist in spring becomes the first instant after the gap.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Edge = Literal["start", "end"]

MINUTES_PER_DAY = 1440


@lru_cache(maxsize=65536)
def local_instant(wall: datetime, zone: str, edge: Edge) -> datetime:
    """Return the UTC instant of a naive wall-clock time in a zone.

    Args:
        wall: naive local civil time.
        zone: IANA name, such as ``America/Toronto``.
        edge: which side of a span this is; it decides within the doubled hour.

    Raises:
        ValueError: when ``wall`` is aware, or ``edge`` is neither start nor end.
        zoneinfo.ZoneInfoNotFoundError: when the zone is unknown.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time carries no zone")
    if edge not in {"start", "end"}:
        raise ValueError(f"an edge is a start or an end, not {edge!r}")
    tz = ZoneInfo(zone)
    first = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    if first > second:  # Python orders the two readings backwards only inside a gap
        return _end_of_gap(second, first, tz)
    return first if edge == "start" else second


def _end_of_gap(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """Return the instant of the transition that lies in (before, after]."""
    offset = before.astimezone(tz).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(tz).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def minute_instant(on: date, minute: int, zone: str, edge: Edge) -> datetime:
    """Return the instant of a minute of a local day; 1440 and more reach into the next day."""
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall-clock time has no zone
    return local_instant(wall, zone, edge)


def local_wall(at: datetime, zone: str) -> datetime:
    """Return the naive wall-clock time of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
