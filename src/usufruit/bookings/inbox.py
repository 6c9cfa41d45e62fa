# SPDX-License-Identifier: EUPL-1.2
"""The owner's inbox: each request beside those that want the same lanes at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import inbox_of
from usufruit.bookings.rows import Row, rows
from usufruit.kernel.fields import lanes_meet
from usufruit.organizations.models import Organization
from usufruit.timetable.queries import span_of

MOST_RIVALS = 3


@dataclass(frozen=True)
class Rival:
    """A request that loses if the one beside it is accepted.

    Attributes:
        is_first: whether it was sent before the one beside it.
    """

    row: Row
    is_first: bool


@dataclass(frozen=True)
class Request:
    """A request to decide.

    Attributes:
        rivals: three at most, the first sent first.
        others_count: rivals besides these.
    """

    row: Row
    rivals: tuple[Rival, ...]
    others_count: int


def requests_of(organization: Organization, now: datetime, *, most: int) -> list[Request]:
    """Return what a body may still decide, each with its rivals; no query more than the list.

    Args:
        most: how many; the last of so many only tells that more wait, and is nobody's named rival.
    """
    found = rows(inbox_of(organization, now)[:most], now)
    return [_request(row, found[: most - 1]) for row in found]


def _request(row: Row, shown: Iterable[Row]) -> Request:
    count: int = row.line.rival_count  # type: ignore[attr-defined]
    if not count:
        return Request(row, (), 0)
    sent = row.line.booking.created_at
    found = [other for other in shown if other.line != row.line and _meet(row.line, other.line)]
    found.sort(key=lambda other: (other.line.booking.created_at, other.line.pk))
    told = found[:MOST_RIVALS]
    rivals = tuple(Rival(other, other.line.booking.created_at < sent) for other in told)
    return Request(row, rivals, max(0, count - len(rivals)))


def _meet(line: BookingLine, other: BookingLine) -> bool:
    """Tell whether two lines want one same lane at one same moment, buffers included."""
    return any(
        mine.asset_id == theirs.asset_id
        and lanes_meet(mine.lanes, theirs.lanes)
        and span_of(mine.held_span).overlaps(span_of(theirs.held_span))
        for mine in line.assets.all()
        for theirs in other.assets.all()
    )
