# SPDX-License-Identifier: EUPL-1.2
"""The sheet of paper (holds) and the hours during which it may be written on (calendars)."""

from usufruit.timetable.models.holds import (
    Hold,
    HoldQuerySet,
)
from usufruit.timetable.models.opening import (
    AssetCalendar,
    Calendar,
    CalendarException,
    CalendarInclusion,
    ClosedSite,
    Closure,
    OpeningHours,
    OpenMonth,
    PublicHoliday,
    Season,
)

__all__ = [
    "AssetCalendar",
    "Calendar",
    "CalendarException",
    "CalendarInclusion",
    "ClosedSite",
    "Closure",
    "Hold",
    "HoldQuerySet",
    "OpenMonth",
    "OpeningHours",
    "PublicHoliday",
    "Season",
]
