# SPDX-License-Identifier: EUPL-1.2
"""The one door to the sheet: nothing outside this file writes a Hold (T2)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import holidays as public_holidays
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Q
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lane_bounds
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.models import (
    AssetCalendar,
    Calendar,
    CalendarException,
    Hold,
    OpeningHours,
    PublicHoliday,
    Season,
)
from usufruit.timetable.queries import SQL, held_span, time_range
from usufruit.timetable.rules import DatedException, WeeklyWindow, merge_windows
from usufruit.timetable.rules import Season as SeasonRules

logger = logging.getLogger(__name__)

HOLIDAY_YEARS = 5  # after this one
MONTHS_SPELLED = 13  # this month and a year


@dataclass(frozen=True)
class WantedHold:
    """A rectangle one would like to take.

    Attributes:
        span: what is taken, buffers included.
        use: the use itself, inside ``span``.
    """

    asset: Asset
    lanes: Multirange[int]
    span: Span
    use: Span
    reason: Hold.Reason
    line_id: int | None = None
    agenda_id: int | None = None
    expires_at: datetime | None = None
    held_by_id: int | None = None
    note: str = ""

    @property
    def place_in_order(self) -> tuple[int, datetime, int]:
        """Return the place in the order of locks: asset, start, lowest lane (T4)."""
        return self.asset.pk, self.span.start, lane_bounds(self.lanes)[0][0]


def take(wanted: Sequence[WantedHold], *, now: datetime) -> list[tuple[int, int, int | None]]:
    """Take what is free of the rectangles wanted, in one INSERT; the caller's transaction.

    Returns:
        (hold id, asset id, line id) of each one taken; fewer than wanted when others stand there.

    Raises:
        TransactionManagementError: outside a transaction, where nothing could be taken back.
        IntegrityError: for a malformed rectangle, by the name of the constraint it breaks.
    """
    transaction.get_connection().validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("holds are taken inside a verb")
    rows = [
        _row(rank, hold, now)
        for rank, hold in enumerate(sorted(wanted, key=lambda w: w.place_in_order))
    ]
    bounds = Span(min(w.span.start for w in wanted), max(w.span.end for w in wanted))
    overdue: dict[str, Any] = {
        "asset_ids": sorted({w.asset.pk for w in wanted}),
        "span": time_range(bounds),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["drop_expired_options"], overdue)
        cursor.execute(SQL["take_holds"], {"holds": json.dumps(rows)})
        return list(cursor.fetchall())


def _row(rank: int, wanted: WantedHold, now: datetime) -> dict[str, object]:
    return {
        "rank": rank,
        "asset_id": wanted.asset.pk,
        "lane_count": wanted.asset.lane_count,
        "lanes": "{" + ",".join(f"[{a},{b})" for a, b in lane_bounds(wanted.lanes)) + "}",
        "span": f"[{wanted.span.start.isoformat()},{wanted.span.end.isoformat()})",
        "use_span": f"[{wanted.use.start.isoformat()},{wanted.use.end.isoformat()})",
        "reason": str(wanted.reason),
        "expires_at": wanted.expires_at.isoformat() if wanted.expires_at else None,
        "held_by_id": wanted.held_by_id,
        "line_id": wanted.line_id,
        "agenda_id": wanted.agenda_id,
        "note": wanted.note,
        "taken_at": now.isoformat(),
    }


def stay_at_sites(assets: Iterable[Asset]) -> None:
    """Wait for closures being published where assets stand, and hold off the next ones (T4).

    Asked before hours and closures are read, in the caller's transaction.
    """
    site_ids = sorted({asset.site_id for asset in assets})
    with connection.cursor() as cursor:
        cursor.execute(SQL["stay_at_sites"], {"site_ids": site_ids})


def confirm_option(option_id: int, *, by: Person, wanted: WantedHold, now: datetime) -> bool:
    """Make a person's option the hold of the line that wants this very slot (T8).

    Returns:
        False when its time has run out, or when it keeps another slot.
    """
    confirmed: dict[str, Any] = {
        "hold_id": option_id,
        "held_by_id": by.pk,
        "asset_id": wanted.asset.pk,
        "lanes": wanted.lanes,
        "use": time_range(wanted.use),
        "line_id": wanted.line_id,
        "note": wanted.note,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SQL["confirm_option"], confirmed)
        return cursor.fetchone() is not None


def give_up_option(option_id: int, *, by: Person) -> bool:
    """Give back an option before its end; False when it was gone already."""
    mine = Hold.objects.filter(pk=option_id, held_by=by, reason=Hold.Reason.OPTION)
    return mine.delete()[0] > 0


def release(line_ids: Iterable[int]) -> int:
    """Give back all the time lines hold (T3); history keeps it. Return how many were released."""
    return Hold.objects.filter(line_id__in=list(line_ids)).delete()[0]


def release_of_agenda(agenda_id: int, *, but: Iterable[int] = (), now: datetime) -> None:
    """Give back the time to come that an agenda holds, but some holds; what is past stays."""
    mine = Hold.objects.filter(agenda_id=agenda_id, span__endswith__gt=now)
    mine.exclude(pk__in=list(but)).delete()


def move(line_id: int, wanted: Sequence[WantedHold], *, now: datetime) -> bool:
    """Replace a line's rectangles, or leave them all as they stand (T9).

    Returns:
        False when the new place is not free: nothing has changed.
    """
    savepoint = transaction.savepoint()
    release([line_id])
    if len(take(wanted, now=now)) == len(wanted):
        transaction.savepoint_commit(savepoint)
        return True
    transaction.savepoint_rollback(savepoint)
    return False


@verb
def block_time(
    *,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    reason: Hold.Reason,
    note: str,
    by: Person,
    now: datetime,
) -> int:
    """Take time for the owner's own use or for a repair, opening hours or not.

    Raises:
        Refusal: ``slot_taken`` when something already stands there.
    """
    wanted = WantedHold(
        asset=asset, lanes=lanes, span=held_span(asset, use), use=use, reason=reason, note=note
    )
    taken = take([wanted], now=now)
    if not taken:
        raise Refusal("slot_taken", "Cette plage est déjà prise.", rule="Une plage, un seul usage")
    JournalLine.record(
        "block_time",
        asset,
        at=now,
        person_id=by.pk,
        organization_id=asset.manager_id,
        detail={"hold": taken[0][0], "reason": str(reason)},
    )
    return taken[0][0]


@verb
def unblock_time(*, hold: Hold, by: Person, now: datetime) -> None:
    """Give back time the owner had taken; a booking's time is given back by its booking."""
    if hold.reason == Hold.Reason.BOOKING:
        raise Refusal("held_by_booking", "Cette plage appartient à une réservation.")
    if hold.reason == Hold.Reason.EXTERNAL:
        raise Refusal("held_by_agenda", "Cette plage vient d’un agenda\u00a0: changez-la là-bas.")
    JournalLine.record(
        "unblock_time",
        hold.asset,
        at=now,
        person_id=by.pk,
        organization_id=hold.asset.manager_id,
        detail={"hold": hold.pk},
    )
    hold.delete()


@verb
def open_calendar(
    *,
    organization: Organization,
    name: str,
    windows: Iterable[WeeklyWindow],
    by: Person | None,
    now: datetime,
    time_zone: str = "America/Toronto",
    holiday_region: str = "",
) -> Calendar:
    """Store a calendar and its usual week, with the public holidays it closes on."""
    calendar = Calendar.objects.create(
        organization=organization, name=name, time_zone=time_zone, holiday_region=holiday_region
    )
    _add_season(calendar, None, windows)
    if holiday_region:
        load_holidays(
            region=holiday_region, first_year=now.year - 3, last_year=now.year + HOLIDAY_YEARS
        )
    JournalLine.record(
        "open_calendar",
        calendar,
        at=now,
        person_id=by.pk if by else None,
        organization_id=organization.pk,
    )
    return calendar


def _add_season(
    calendar: Calendar, days: Range[date] | None, windows: Iterable[WeeklyWindow], name: str = ""
) -> None:
    season = Season.objects.create(calendar=calendar, days=days, name=name)
    OpeningHours.objects.bulk_create(
        OpeningHours(
            season=season,
            weekday=window.weekday,
            start_min=window.minutes.start_min,
            end_min=window.minutes.end_min,
        )
        for window in merge_windows(windows)
    )


@verb
def add_season(*, calendar: Calendar, name: str, season: SeasonRules) -> None:
    """Replace the usual week on a run of days."""
    after_last = date.fromordinal(season.last_on.toordinal() + 1)
    _add_season(calendar, Range(season.first_on, after_last), season.windows, name)


@verb
def add_exception(*, calendar: Calendar, exception: DatedException) -> CalendarException:
    """Close, or open otherwise, on given days.

    Raises:
        ValueError: for more than one window a day, which the database has no place for.
    """
    if len(exception.minutes) > 1:
        raise ValueError("an exception has at most one window a day")
    after_last = date.fromordinal(exception.last_on.toordinal() + 1)
    minutes = exception.minutes[0] if exception.minutes else None
    return CalendarException.objects.create(
        calendar=calendar,
        days=Range(exception.first_on, after_last),
        start_min=minutes.start_min if minutes else None,
        end_min=minutes.end_min if minutes else None,
        reason=exception.reason,
    )


@verb
def give_opening(*, asset: Asset, calendar: Calendar) -> None:
    """Let an asset follow an opening calendar."""
    AssetCalendar.objects.update_or_create(asset=asset, defaults={"calendar": calendar})


def spell_out_calendars(
    *, now: datetime, is_afresh: bool = False, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Write the months that lack of each calendar, from this one to a year ahead.

    Each calendar in its own transaction: its owner waits for no other, one that cannot be read
    stops none of the others, and what is done stays done. Holidays of the years to come are copied
    first.

    Args:
        is_afresh: write all of them again: the rules of a time zone may have changed.
        should_stop: asked before each calendar.

    Raises:
        DatabaseError: that of the last calendar that could not be read, once all were tried.
    """
    regions = Calendar.objects.exclude(holiday_region="").values_list("holiday_region", flat=True)
    for region in regions.distinct().order_by("holiday_region"):
        with suppress(Refusal):  # a region the package has dropped keeps the days copied before
            load_holidays(region=region, first_year=now.year, last_year=now.year + HOLIDAY_YEARS)
    first_on = now.astimezone(UTC).date().replace(day=1)
    coming = Q(open_months__begins_at__gte=datetime.combine(first_on, time.min, UTC))
    calendars = Calendar.objects.annotate(spelled=Count("open_months", filter=coming))
    if not is_afresh:
        calendars = calendars.filter(spelled__lt=MONTHS_SPELLED)
    failed: DatabaseError | None = None
    for calendar_id in calendars.order_by("pk").values_list("pk", flat=True):
        if should_stop():
            return
        try:
            _spell_out(calendar_id, first_on)
        except DatabaseError as error:
            failed = error
            logger.exception("calendar %s cannot be spelled out", calendar_id)
    if failed is not None:
        raise failed


def _spell_out(calendar_id: int, first_on: date) -> None:
    parameters: dict[str, Any] = {
        "calendar_id": calendar_id,
        "first_on": first_on,
        "months": MONTHS_SPELLED,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL["spell_out"], parameters)


@verb
def load_holidays(*, region: str, first_year: int, last_year: int) -> None:
    """Copy a region's public holidays into the database, where SQL can read them.

    Args:
        region: country and subdivision, such as ``CA-QC``.

    Raises:
        Refusal: ``unknown_region`` when the package does not know the region.
    """
    country, _, subdivision = region.partition("-")
    try:
        days = public_holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=range(first_year, last_year + 1),
            language="fr",
        )
    except NotImplementedError as error:
        raise Refusal(
            "unknown_region", f"Aucun jour férié connu pour «\u00a0{region}\u00a0»."
        ) from error
    PublicHoliday.objects.bulk_create(
        [PublicHoliday(region=region, on=on, name=name) for on, name in days.items()],
        ignore_conflicts=True,
    )
