# SPDX-License-Identifier: EUPL-1.2
"""What a desk may look up: its own options, the callers it has served, their bookings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.http import Http404

from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import lines
from usufruit.bookings.rules import digits_of, reference_read
from usufruit.kernel.local_time import minute_instant
from usufruit.kernel.models import FrenchSortKey
from usufruit.kernel.spans import Span
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import DESK_ROLES, has_role
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import time_range

MOST_FOUND = 20
FEWEST_DIGITS = 4
FEWEST_LETTERS = 2


def desk_for(person: Person | AnonymousUser, organization: Organization | None) -> Organization:
    """Return the body a person acts for, when they sit at its desk.

    Raises:
        Http404: when they act for none, or hold no role at its desk.
    """
    if organization is None or not has_role(person, organization, DESK_ROLES):
        raise Http404
    return organization


def option_for(person: Person, pk: int) -> Hold:
    """Return an option of a person, run out or not.

    Raises:
        Http404: when it is gone, or another's; which of the two stays unsaid.
    """
    mine = Hold.objects.filter(pk=pk, held_by=person, reason=Hold.Reason.OPTION)
    option = mine.select_related("asset__site", "asset__manager").first()
    if option is None:
        raise Http404
    return option


def option_alive_of(person: Person, number: str, now: datetime) -> Hold | None:
    """Return the option an address names while it is theirs and runs; None once it is gone."""
    if not number.isdecimal() or len(number) > 18:
        return None
    return options_alive(person, now).filter(pk=int(number)).first()


def options_alive(person: Person, now: datetime) -> QuerySet[Hold]:
    """Return the options a person still has, the first to end first."""
    alive = Hold.objects.options_of(person, now).select_related("asset__site")
    return alive.prefetch_related("asset__parts").order_by("expires_at", "id")


def callers_of(desk: Organization) -> QuerySet[Any]:
    """Return the persons a desk has served; another desk's stay unknown to it."""
    written = Func(
        F("phone"),
        Value(r"\D"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
    served = Person.objects.filter(called_bookings__desk=desk, erased_at__isnull=True)
    return served.annotate(digits=written, name_key=FrenchSortKey("full_name")).distinct()


def caller_served(desk: Organization, name: str, phone: str) -> Person | None:
    """Return the person of that name and number a desk has served before, if any."""
    same = callers_of(desk).filter(name_key=sort_key(name), digits=digits_of(phone))
    found: Person | None = same.order_by("pk").first()
    return found


def bookings_found(desk: Organization, words: str) -> list[BookingLine]:
    """Return the bookings a caller may speak of, the latest use first.

    By reference, those of the desk's body in any part; by telephone, name or day (2027-01-12),
    those this desk has entered, and those of its own assets on that day.
    """
    asked = _asked(desk, words.strip())
    if asked is None:
        return []
    found = lines().select_related("booking__caller").filter(asked)
    return list(found.order_by("-use_span", "-id")[:MOST_FOUND])


def _asked(desk: Organization, words: str) -> Q | None:
    concerned = Q(booking__desk=desk) | Q(decider=desk) | Q(booking__organization=desk)
    on = _day(words)
    if on is not None:
        zone = desk.time_zone
        day = Span(minute_instant(on, 0, zone, "start"), minute_instant(on, 1440, zone, "end"))
        return concerned & Q(use_span__overlap=time_range(day))
    asked = Q()
    reference, digits = reference_read(words), digits_of(words)
    if reference:
        asked |= concerned & Q(booking__reference=reference)
    if len(digits) >= FEWEST_DIGITS:
        callers = callers_of(desk).filter(digits__contains=digits)
        asked |= Q(booking__desk=desk, booking__caller__in=callers.values("pk"))
    elif len(words) >= FEWEST_LETTERS:
        callers = callers_of(desk).filter(name_key__contains=sort_key(words))
        asked |= Q(booking__desk=desk, booking__caller__in=callers.values("pk"))
    return asked or None


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
