# SPDX-License-Identifier: EUPL-1.2
"""The days on which the demonstration promises something to find, whatever today is."""

from __future__ import annotations

from datetime import date, timedelta

from usufruit.inventory.models import Asset
from usufruit.kernel.local_time import minute_instant
from usufruit.kernel.spans import Span
from usufruit.timetable.queries import covers

# The neighbour's plough kept free on the plough day, and the gym kept free on the gym evening.
PLOUGH = "SE-CN-02"
GYM = "GH-GYM-01"
IDLE_GYM = "CX-GYM-01"

PLOUGH_HOURS = (8 * 60, 16 * 60)
GYM_HOURS = (19 * 60, 21 * 60)

_TUESDAY, _THURSDAY = 1, 3
_WEEKS_TRIED = 9


def plough_day(today: date) -> date:
    """Return the Thursday of next week."""
    return _next_week(today, _THURSDAY)


def gym_evening(today: date, gym: Asset) -> date:
    """Return the first Tuesday from next week on whose evening a gym is open."""
    first_on = _next_week(today, _TUESDAY)
    for week in range(_WEEKS_TRIED):
        on = first_on + timedelta(weeks=week)
        if covers(gym.opening.calendar_id, local_use(on, GYM_HOURS, gym.site.time_zone)):
            return on
    raise LookupError("a gym is open one Tuesday evening in nine")


def local_use(on: date, minutes: tuple[int, int], zone: str) -> Span:
    """Return a use from a minute of a local day to another."""
    return Span(
        minute_instant(on, minutes[0], zone, "start"), minute_instant(on, minutes[1], zone, "end")
    )


def _next_week(today: date, weekday: int) -> date:
    return today + timedelta(days=7 - today.weekday() + weekday)
