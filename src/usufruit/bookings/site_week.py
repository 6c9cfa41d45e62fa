# SPDX-License-Identifier: EUPL-1.2
"""The sheet a caretaker pins to the wall: a building, a week, day by day and room by room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import lines
from usufruit.bookings.rows import row_of
from usufruit.inventory.models import Asset, Site
from usufruit.inventory.queries import part_name
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Person, Role
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.premises.facts import BY_CODE, value_said
from usufruit.premises.models import Fact
from usufruit.premises.queries import facts_of_assets
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import time_range
from usufruit.ui import typography

SHEET_ROLES = (*MANAGING_ROLES, Role.DESK_CLERK)
HEADING = ("opener", "entrance", "caretaker", "after_hours")


def site_to_keep(person: Person | AnonymousUser, pk: int) -> Site:
    """Return a site whose sheet a person prints: its managers and its desk clerks.

    Raises:
        Http404: when it does not exist or is none of theirs; which of the two stays unsaid.
    """
    site = Site.objects.select_related("organization").filter(pk=pk).first()
    if site is None or not has_role(person, site.organization, SHEET_ROLES):
        raise Http404
    return site


@dataclass(frozen=True)
class Stay:
    """One use of a room on one day.

    Attributes:
        hours: local hours; a night that began before or goes on says so.
        who, why: the body and its purpose, or the owner's own use.
        contact: a function and its telephone.
        reference: of the booking; empty for the owner's own use.
    """

    asset: Asset
    part: str
    use: Span
    hours: str
    who: str
    why: str
    contact: str = ""
    people_count: int | None = None
    set_up: str = ""
    reference: str = ""
    opener: str = ""


@dataclass(frozen=True)
class Room:
    """An asset and its uses of one day, in order of time."""

    asset: Asset
    stays: list[Stay]


@dataclass(frozen=True)
class Day:
    """A day of the sheet.

    Attributes:
        opens, closes: when the first use begins and the last one ends, in words.
    """

    on: date
    rooms: list[Room]
    opens: str = ""
    closes: str = ""


def monday_of(text: str, today: date) -> date:
    """Return the Monday of a day as typed, else of today."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        wanted = today
    if not 2000 <= wanted.year <= 2200:
        wanted = today
    return wanted - timedelta(days=wanted.weekday())


def sheet(site: Site, asked: str, now: datetime) -> dict[str, Any]:
    """Return the whole sheet of a week, in as many queries whatever its length."""
    zone = site.time_zone
    monday = monday_of(asked, local_wall(now, zone).date())
    week = _days(monday, 7, zone)
    kept = Asset.objects.filter(site=site).filter(
        Q(manager=site.organization) | Q(custodian=site.organization)
    )
    facts = facts_of_assets(site, kept)
    stays = [*_booked(kept, week, facts), *_own(kept, week, facts)]
    days = [_day(monday + timedelta(days=n), stays, zone) for n in range(7)]
    site_facts = dict(Fact.objects.filter(site=site, code__in=HEADING).values_list("code", "value"))
    return {
        "site": site,
        "days": days,
        "is_empty": not stays,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "heading": [
            (BY_CODE[code].name, value_said(BY_CODE[code], site_facts[code]))
            for code in HEADING
            if code in site_facts
        ],
    }


def _days(first: date, count: int, zone: str) -> Span:
    last = first + timedelta(days=count)
    return Span(minute_instant(first, 0, zone, "start"), minute_instant(last, 0, zone, "end"))


def _booked(kept: QuerySet[Asset], week: Span, facts: dict[int, dict[str, Any]]) -> list[Stay]:
    within = BookingLine.objects.filter(
        assets__asset__in=kept, state=LineState.CONFIRMED, use_span__overlap=time_range(week)
    )
    found = []
    for line in lines().filter(pk__in=within.values("pk")).order_by("use_span", "id"):
        row, booking = row_of(line, week.start), line.booking
        chosen = BY_CODE.get(booking.set_up)
        found.append(
            Stay(
                asset=row.asset,
                part=row.part,
                use=row.use,
                hours="",
                who=booking.organization.name,
                why=booking.purpose,
                contact=booking.organization.contact,
                people_count=booking.people_count,
                set_up=str(chosen.name) if chosen else "",
                reference=booking.reference,
                opener=_opener(facts.get(row.asset.pk, {})),
            )
        )
    return found


def _own(kept: QuerySet[Asset], week: Span, facts: dict[int, dict[str, Any]]) -> list[Stay]:
    """Return what the owner itself does there: meetings, repairs."""
    holds = (
        Hold.objects.filter(asset__in=kept, use_span__overlap=time_range(week), line_id=None)
        .exclude(reason=Hold.Reason.BOOKING)
        .select_related("asset__manager")
        .prefetch_related("asset__parts")
    )
    return [
        Stay(
            asset=hold.asset,
            part=part_name(hold.asset, hold.lanes),
            use=hold.use,
            hours="",
            who=hold.asset.manager.name,
            why=hold.note or str(hold.get_reason_display()),
            opener=_opener(facts.get(hold.asset_id, {})),
        )
        for hold in holds.order_by("use_span", F("id").asc())
    ]


def _opener(values: dict[str, Any]) -> str:
    return value_said(BY_CODE["opener"], values["opener"]) if "opener" in values else ""


def _day(on: date, stays: list[Stay], zone: str) -> Day:
    """Return the uses that touch a day, each with its hours of that day."""
    whole = _days(on, 1, zone)
    here = [each for each in stays if each.use.start < whole.end and whole.start < each.use.end]
    if not here:
        return Day(on, [])
    by_asset: dict[int, list[Stay]] = {}
    for each in sorted(here, key=lambda one: (one.asset.sort_key, one.asset.pk, one.use.start)):
        told = Stay(**{**vars(each), "hours": _hours(each.use, whole, zone)})
        by_asset.setdefault(each.asset.pk, []).append(told)
    first, last = min(one.use.start for one in here), max(one.use.end for one in here)
    return Day(
        on,
        [Room(uses[0].asset, uses) for uses in by_asset.values()],
        opens=_clock(max(first, whole.start), zone),
        closes=_("minuit") if last >= whole.end else _clock(last, zone),
    )


def _hours(use: Span, day: Span, zone: str) -> str:
    first = _("depuis la veille") if use.start < day.start else _clock(use.start, zone)
    last = _("au lendemain") if use.end > day.end else _clock(use.end, zone)
    return f"{first} – {last}"


def _clock(moment: datetime, zone: str) -> str:
    return typography.clock(local_wall(moment, zone))
