# SPDX-License-Identifier: EUPL-1.2
"""The clock of an audit: local hours of a zone, opening hours and holidays as whole UTC seconds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from usufruit.audits.options import AuditOptions, Days, InventoryAsset
from usufruit.kernel.local_time import local_instant
from usufruit.timetable.rules import ALWAYS_OPEN, OpeningRules, open_spans

DAYS_A_WEEK = 7


class UnknownCalendar(ValueError):  # noqa: N818 - it is told to a person, in French
    """Say that a calendar of holidays does not exist."""


@dataclass(frozen=True, slots=True)
class LocalHour:
    """One hour of a local day; left out in spring's gap, two hours long in autumn's double hour."""

    start_s: int
    end_s: int
    week_no: int
    weekday: int
    hour: int


def local_hours(days: Days, zone: str) -> Iterator[LocalHour]:
    """Give the hours of local days, in order; together they cover them without a gap."""
    on = days.first_on
    start_s = _hour_start_s(on, 0, zone)
    while on <= days.last_on:
        for hour in range(24):
            end_s = _hour_start_s(on, hour + 1, zone)
            if end_s > start_s:
                yield LocalHour(start_s, end_s, week_no(on), on.weekday(), hour)
            start_s = end_s
        on += timedelta(days=1)


def week_no(on: date) -> int:
    """Return the number of a week that begins on Monday, counted from year 1."""
    return (on.toordinal() - 1) // DAYS_A_WEEK


def _hour_start_s(on: date, hour: int, zone: str) -> int:
    wall = datetime(on.year, on.month, on.day) + timedelta(hours=hour)  # noqa: DTZ001 - wall clock
    return int(local_instant(wall, zone, "start").timestamp())


def local_day(epoch_s: int, zone: str) -> date:
    """Return the local day of an instant."""
    return datetime.fromtimestamp(epoch_s, UTC).astimezone(ZoneInfo(zone)).date()


def day_bounds_s(days: Days, zone: str) -> tuple[int, int]:
    """Return the first second of the first day and the first second after the last."""
    return _hour_start_s(days.first_on, 0, zone), _hour_start_s(days.last_on, 24, zone)


def public_holidays(calendar: str, days: Days) -> frozenset[date]:
    """Return the public holidays of a calendar such as ``CA-QC`` or ``FR`` around a period.

    Raises:
        UnknownCalendar: with a French sentence.
    """
    if not calendar:
        return frozenset()
    country, _, part = calendar.upper().partition("-")
    years = range(days.first_on.year, days.last_on.year + 2)
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=years)
    except (NotImplementedError, KeyError) as error:
        raise UnknownCalendar(
            f"Le calendrier de jours fériés «\u00a0{calendar}\u00a0» est inconnu. Écrivez par "
            "exemple CA-QC ou FR."
        ) from error
    return frozenset(found)


def opening_rules(
    asset: InventoryAsset, options: AuditOptions, off: frozenset[date]
) -> OpeningRules:
    """Return when an asset is open: its own hours, else those of the audit, else always."""
    if asset.opening is not None:
        rules = asset.opening
    elif options.opening is not None:
        rules = OpeningRules(options.opening)
    else:
        rules = ALWAYS_OPEN
    return replace(rules, holidays=rules.holidays | off) if off else rules


def has_hours(asset: InventoryAsset, options: AuditOptions) -> bool:
    """Tell whether opening hours are known for an asset."""
    return asset.opening is not None or options.opening is not None


def opening_s(rules: OpeningRules, days: Days, zone: str) -> list[tuple[int, int]]:
    """Return the open stretches of a period in whole UTC seconds, disjoint and in order."""
    spans = open_spans(rules, days.first_on, days.last_on, zone)
    return [(int(span.start.timestamp()), int(span.end.timestamp())) for span in spans]
