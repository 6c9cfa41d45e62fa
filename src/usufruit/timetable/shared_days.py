# SPDX-License-Identifier: EUPL-1.2
"""Days typed once for a territory: who offers them, who follows them, what they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person, Role, Territory
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.timetable.models import Calendar, CalendarInclusion
from usufruit.timetable.opening_actions import keeping_bookings

SHARING_ROLES = (*MANAGING_ROLES, Role.COORDINATOR)


@dataclass(frozen=True)
class Proposal:
    """Days that come back each year, to confirm: what fixes them is an agreement or a decision."""

    key: str
    label: str
    first_on: date
    last_on: date


def proposals(today: date) -> list[Proposal]:
    """Return the next spring break and construction holiday of Québec, soonest first.

    The spring break is the week of the first Monday of March; the construction holiday, the two
    weeks that begin on the last two Sundays of July, as collective agreements have fixed them.
    """
    found = []
    for year in (today.year, today.year + 1):
        monday = _first(date(year, 3, 1), 0)
        found.append(Proposal("relache", _("Relâche"), monday, monday + timedelta(days=4)))
        sunday = _first(date(year, 7, 18), 6)
        name = _("Vacances de la construction")
        found.append(Proposal("construction", name, sunday, sunday + timedelta(days=13)))
    return sorted((one for one in found if one.last_on >= today), key=lambda one: one.first_on)[:2]


def _first(on: date, weekday: int) -> date:
    """Return the first such weekday from a day on."""
    return on + timedelta(days=(weekday - on.weekday()) % 7)


def sharing_body_for(person: Person, organization: Organization | None) -> Organization:
    """Return the body a person acts for, when they may type days for its territory.

    Raises:
        Http404: when they act for none, or hold no such role in it.
    """
    if organization is None or not has_role(person, organization, SHARING_ROLES):
        raise Http404
    return organization


def shared_calendar_for(person: Person, organization: Organization | None, pk: int) -> Calendar:
    """Return shared days of the body a person acts for.

    Raises:
        Http404: when they are not its own, or not theirs to change.
    """
    body = sharing_body_for(person, organization)
    found = Calendar.objects.filter(pk=pk, organization=body, is_shared=True)
    calendar = found.select_related("organization").first()
    if calendar is None:
        raise Http404
    return calendar


def shared_by(organization: Organization) -> QuerySet[Calendar]:
    """Return the shared days of a body, each with how many calendars follow them."""
    mine = Calendar.objects.filter(organization=organization, is_shared=True)
    return mine.annotate(follower_count=Count("followed_by")).order_by("name", "pk")


def offered_to(organization: Organization) -> QuerySet[Calendar]:
    """Return the shared days a body may follow: its own and those of the bodies above it."""
    shared = Calendar.objects.filter(is_shared=True).select_related("organization")
    around = shared.filter(organization__territory__in=_territories_above(organization))
    mine = shared.filter(organization=organization)
    return (around | mine).order_by("organization__sort_key", "name", "pk")


def _territories_above(organization: Organization) -> list[int]:
    """Return the territory of a body and those that contain it."""
    parents = dict(Territory.objects.order_by("pk").values_list("pk", "parent_id"))
    found: list[int] = []
    at = organization.territory_id
    while at is not None and at not in found:
        found.append(at)
        at = parents[at]
    return found


def days_to_follow(calendar: Calendar | None) -> QuerySet[Calendar]:
    """Return the shared days a calendar does not follow yet; none for no calendar."""
    if calendar is None:
        return Calendar.objects.none()
    return offered_to(calendar.organization).exclude(followed_by__calendar=calendar)


@verb
def share_days(*, organization: Organization, name: str, by: Person, now: datetime) -> Calendar:
    """Begin a list of days that the bodies of the territory may follow."""
    calendar = Calendar.objects.create(
        organization=organization, name=name, time_zone=organization.time_zone, is_shared=True
    )
    _journal("share_days", calendar, by, now)
    return calendar


@verb
def start_following(
    *, calendar: Calendar, shared: Calendar, accepts_outside: bool, by: Person, now: datetime
) -> None:
    """Let a calendar close, or open otherwise, on shared days, now and as they change.

    Raises:
        Refusal: ``days_not_offered`` when they are not offered to this body.
        BookingsOutside: unless accepted, when bookings fall outside.
    """
    if not offered_to(calendar.organization).filter(pk=shared.pk).exists():
        raise Refusal("days_not_offered", "Ces jours communs ne sont pas offerts à cet organisme.")
    with keeping_bookings(calendar, accepts_outside=accepts_outside, now=now):
        CalendarInclusion.objects.get_or_create(calendar=calendar, included=shared)
    _journal("follow_days", calendar, by, now, shared=shared.pk)


@verb
def stop_following(
    *, inclusion: CalendarInclusion, accepts_outside: bool, by: Person, now: datetime
) -> None:
    """Let a calendar follow shared days no more.

    Raises:
        BookingsOutside: unless accepted, when bookings were inside hours that only those days gave.
    """
    with keeping_bookings(inclusion.calendar, accepts_outside=accepts_outside, now=now):
        inclusion.delete()
    _journal("leave_days", inclusion.calendar, by, now, shared=inclusion.included_id)


def _journal(name: str, calendar: Calendar, by: Person, now: datetime, /, **detail: object) -> None:
    JournalLine.record(
        name,
        calendar,
        at=now,
        person_id=by.pk,
        organization_id=calendar.organization_id,
        detail=detail,
    )
