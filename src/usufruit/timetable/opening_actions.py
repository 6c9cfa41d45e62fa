# SPDX-License-Identifier: EUPL-1.2
"""What an owner does with opening calendars; bookings that end up outside are named first (T15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _
from psycopg.errors import Diagnostic

from usufruit.inventory.models import Asset, Site
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.actions import (
    HOLIDAY_YEARS,
    add_exception,
    add_season,
    give_opening,
    load_holidays,
    open_calendar,
)
from usufruit.timetable.models import (
    AssetCalendar,
    Calendar,
    CalendarException,
    CalendarInclusion,
    ClosedSite,
    Closure,
    Hold,
    OpeningHours,
    Season,
)
from usufruit.timetable.queries import (
    bookings_leaving,
    holds_leaving,
    opening_rules,
    read_again,
    time_range,
    with_followers,
)
from usufruit.timetable.rules import DatedException, WeeklyWindow, merge_windows
from usufruit.timetable.rules import Season as SeasonRules


@dataclass(eq=False)
class BookingsOutside(Refusal):
    """New hours would leave bookings outside; said again with the list accepted, they stand.

    Attributes:
        holds: the bookings' holds, soonest first.
    """

    holds: list[Hold] = field(default_factory=list)


@verb
def open_asset(
    *,
    asset: Asset,
    name: str,
    windows: Iterable[WeeklyWindow],
    holiday_region: str,
    by: Person,
    now: datetime,
) -> Calendar:
    """Give an asset a calendar of its own, with its usual week."""
    calendar = open_calendar(
        organization=asset.manager,
        name=name,
        windows=windows,
        by=by,
        now=now,
        time_zone=asset.site.time_zone,
        holiday_region=holiday_region,
    )
    give_opening(asset=asset, calendar=calendar)
    return calendar


@verb
def follow_calendar(
    *, asset: Asset, calendar: Calendar, accepts_outside: bool, by: Person, now: datetime
) -> None:
    """Let an asset follow a calendar that others may follow too.

    Raises:
        BookingsOutside: unless accepted, when bookings of the asset fall outside of it.
    """
    followed = AssetCalendar.objects.filter(asset=asset).select_related("calendar").first()
    if followed is not None and not accepts_outside:
        before = opening_rules(read_again(followed.calendar))
        after = opening_rules(read_again(calendar))
        _refuse_outside(bookings_leaving(calendar, before, after, now, asset=asset))
    give_opening(asset=asset, calendar=calendar)
    _journal("follow_calendar", calendar, by, now, asset=asset.pk)


@verb
def give_own_calendar(*, asset: Asset, name: str, by: Person, now: datetime) -> Calendar:
    """Copy the calendar an asset follows, so that its hours change without the others'."""
    shared = asset.opening.calendar
    own = Calendar.objects.create(
        organization=asset.manager,
        name=name,
        time_zone=shared.time_zone,
        holiday_region=shared.holiday_region,
    )
    for season in shared.seasons.order_by("pk"):
        copied = Season.objects.create(calendar=own, name=season.name, days=season.days)
        OpeningHours.objects.bulk_create(
            OpeningHours(
                season=copied, weekday=run.weekday, start_min=run.start_min, end_min=run.end_min
            )
            for run in season.hours.order_by("pk")
        )
    CalendarInclusion.objects.bulk_create(
        CalendarInclusion(calendar=own, included_id=one.included_id)
        for one in shared.inclusions.order_by("pk")
    )
    for exception in shared.exceptions.order_by("pk"):
        exception.pk, exception.calendar = None, own
        exception._state.adding = True  # noqa: SLF001 - Django's way to copy a row
        exception.save()
    give_opening(asset=asset, calendar=own)
    _journal("give_own_calendar", own, by, now, asset=asset.pk, copied=shared.pk)
    return own


@verb
def change_week(
    *,
    calendar: Calendar,
    name: str,
    windows: Iterable[WeeklyWindow],
    holiday_region: str,
    accepts_outside: bool,
    by: Person,
    now: datetime,
) -> None:
    """Replace the usual week, the name and the public holidays of a calendar.

    Raises:
        BookingsOutside: unless accepted, when bookings fall outside the new hours.
    """
    with keeping_bookings(calendar, accepts_outside=accepts_outside, now=now):
        calendar.name, calendar.holiday_region = name, holiday_region
        calendar.save(update_fields=["name", "holiday_region"])
        usual, _is_new = Season.objects.get_or_create(calendar=calendar, days=None)
        usual.hours.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(
                season=usual,
                weekday=window.weekday,
                start_min=window.minutes.start_min,
                end_min=window.minutes.end_min,
            )
            for window in merge_windows(windows)
        )
        if holiday_region:
            load_holidays(
                region=holiday_region, first_year=now.year - 3, last_year=now.year + HOLIDAY_YEARS
            )
    _journal("change_week", calendar, by, now)


@verb
def plan_season(
    *,
    calendar: Calendar,
    name: str,
    season: SeasonRules,
    accepts_outside: bool,
    by: Person,
    now: datetime,
) -> None:
    """Give a run of days hours of their own.

    Raises:
        Refusal: ``season_overlaps`` when another season covers some of these days.
        BookingsOutside: unless accepted, when bookings fall outside the new hours.
    """
    with keeping_bookings(calendar, accepts_outside=accepts_outside, now=now):
        try:
            add_season(calendar=calendar, name=name, season=season)
        except IntegrityError as error:
            raise _overlap(error, "season_no_overlap", "season_overlaps") from error
    _journal("plan_season", calendar, by, now, first=str(season.first_on))


@verb
def remove_season(*, season: Season, accepts_outside: bool, by: Person, now: datetime) -> None:
    """Let the usual week hold again on the days of a season.

    Raises:
        BookingsOutside: unless accepted, when bookings fall outside the usual week.
    """
    with keeping_bookings(season.calendar, accepts_outside=accepts_outside, now=now):
        season.delete()
    _journal("remove_season", season.calendar, by, now, name=season.name)


@verb
def plan_exception(
    *,
    calendar: Calendar,
    exception: DatedException,
    accepts_outside: bool,
    by: Person,
    now: datetime,
) -> None:
    """Close, or open otherwise, on given days.

    Raises:
        Refusal: ``exception_overlaps`` when another one covers some of these days.
        BookingsOutside: unless accepted, when bookings fall on the closed hours.
    """
    with keeping_bookings(calendar, accepts_outside=accepts_outside, now=now):
        try:
            add_exception(calendar=calendar, exception=exception)
        except IntegrityError as error:
            raise _overlap(error, "exception_no_overlap", "exception_overlaps") from error
    _journal("plan_exception", calendar, by, now, first=str(exception.first_on))


@verb
def remove_exception(
    *, exception: CalendarException, accepts_outside: bool, by: Person, now: datetime
) -> None:
    """Let the weekly hours hold again on the days of an exception.

    Raises:
        BookingsOutside: unless accepted, when bookings were inside exceptional hours.
    """
    with keeping_bookings(exception.calendar, accepts_outside=accepts_outside, now=now):
        exception.delete()
    _journal("remove_exception", exception.calendar, by, now, reason=exception.reason)


@verb
def shut_sites(
    *,
    organization: Organization,
    sites: Iterable[Site],
    span: Span,
    reason: str,
    by: Person,
    now: datetime,
) -> Closure:
    """Shut sites for a run of time; whoever publishes it has seen to the bookings inside (T15)."""
    closure = Closure.objects.create(
        organization=organization, span=time_range(span), reason=reason, published_at=now
    )
    shut = [ClosedSite(closure=closure, site=site) for site in sites]
    ClosedSite.objects.bulk_create(shut)
    _journal_closure("shut_sites", closure, by, now, sites=[one.site_id for one in shut])
    return closure


@verb
def reopen_sites(*, closure: Closure, sites: Iterable[Site], by: Person, now: datetime) -> int:
    """Open sites again before a closure ends; return how many were still shut."""
    still = closure.sites.filter(site__in=[site.pk for site in sites], reopened_at__isnull=True)
    ids = list(still.order_by("pk").values_list("site_id", flat=True))
    still.update(reopened_at=now)
    _journal_closure("reopen_sites", closure, by, now, sites=ids)
    return len(ids)


def _journal_closure(
    name: str, closure: Closure, by: Person, now: datetime, /, **detail: object
) -> None:
    JournalLine.record(
        name,
        closure,
        at=now,
        person_id=by.pk,
        organization_id=closure.organization_id,
        detail=detail,
    )


@contextmanager
def keeping_bookings(calendar: Calendar, *, accepts_outside: bool, now: datetime) -> Iterator[None]:
    """Refuse a change, which the verb's transaction then undoes, for the bookings it leaves out.

    Those of the calendars that follow it count too, whosever they are.
    """
    before = {one: opening_rules(one) for one in with_followers(calendar)}
    yield
    if not accepts_outside:
        _refuse_outside(holds_leaving(calendar, before, now))


def _refuse_outside(holds: list[Hold]) -> None:
    if holds:
        raise BookingsOutside(
            "bookings_outside",
            _("Des réservations confirmées tombent en dehors des nouvelles heures."),
            rule=_("Une réservation confirmée tient"),
            holds=holds,
        )


def _overlap(error: IntegrityError, constraint: str, code: str) -> Exception:
    """Return the refusal of a broken exclusion, or the error itself when it is another."""
    diagnostic: Diagnostic | None = getattr(error.__cause__, "diag", None)
    if diagnostic is None or diagnostic.constraint_name != constraint:
        return error
    model = Season if code == "season_overlaps" else CalendarException
    named = next(one for one in model._meta.constraints if one.name == constraint)  # noqa: SLF001 - public by convention
    return Refusal(code, str(named.violation_error_message))


def _journal(name: str, calendar: Calendar, by: Person, now: datetime, /, **detail: object) -> None:
    JournalLine.record(
        name,
        calendar,
        at=now,
        person_id=by.pk,
        organization_id=calendar.organization_id,
        detail=detail,
    )
