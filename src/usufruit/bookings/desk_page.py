# SPDX-License-Identifier: EUPL-1.2
"""The desk on one screen: what is free, what is kept, whom to find again, the form of a booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from psycopg.types.multirange import Multirange

from usufruit.bookings.booking_page import refused
from usufruit.bookings.desk_forms import DeskBookingForm, DeskSearchForm
from usufruit.bookings.desk_queries import bookings_found, callers_of, options_alive
from usufruit.bookings.desk_search import Found, found, slot_fields
from usufruit.bookings.forms import ChoiceForm
from usufruit.bookings.models import BookingLine
from usufruit.bookings.rows import Row, rows
from usufruit.bookings.rules import digits_of
from usufruit.bookings.terms import check_asset, desk_terms
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import part_for, part_name
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.text import sort_key
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization, Person
from usufruit.search.queries import category_words
from usufruit.sharing.queries import is_own_body
from usufruit.timetable.models import Hold

MOST_CALLERS = 5
MOST_BODIES = 500
KEPT = ("caller_name", "caller_phone", "body", "purpose", "people_count", "channel")


@dataclass(frozen=True)
class Option:
    """A slot kept for the clerk, with what is left of its time."""

    hold: Hold
    part: str
    zone: str
    seconds_left: int
    query: str


def desk(
    person: Person, body: Organization, sent: QueryDict, words: str, now: datetime
) -> dict[str, Any]:
    """Return the screen: the search, its answers, the options of the clerk, the bookings found."""
    form = DeskSearchForm(sent.dict(), zone=body.time_zone, now=now)
    use = form.use if form.is_valid() else None
    answers = Found()
    if use is not None:
        given = form.cleaned_data
        answers = found(body, given["quoi"], use, now, has_others=given["ailleurs"])
    return {
        "body": body,
        "form": form,
        "use": use,
        "zone": body.time_zone,
        "found": answers,
        "options": [option_shown(hold, now) for hold in options_alive(person, now)],
        "words": category_words(),
        "chercher": words,
        "bookings": _with_callers(bookings_found(body, words) if words else [], body, now),
    }


def _with_callers(
    lines: Iterable[BookingLine], body: Organization, now: datetime
) -> list[tuple[Row, str]]:
    """Return rows, each with the caller when this very desk served them."""
    return [
        (row, str(row.line.booking.caller or "") if row.line.booking.desk_id == body.pk else "")
        for row in rows(lines, now)
    ]


def option_shown(hold: Hold, now: datetime) -> Option:
    """Return an option as a page shows it, its clock included."""
    asset, part = hold.asset, part_name(hold.asset, hold.lanes)
    left = int((hold.expires_at - now).total_seconds()) if hold.expires_at else 0
    query = urlencode({**slot_fields(asset, hold.use, part), "option": hold.pk})
    return Option(hold, part, asset.site.time_zone, max(0, left), query)


def booking(
    asset: Asset,
    choice: ChoiceForm,
    form: DeskBookingForm,
    body: Organization,
    option: Hold | None,
    refusal: Refusal | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the page on which a clerk writes for whom and why, the slot above it."""
    part, lanes = part_for(asset, choice.part_id)
    said = refusal or _outlook(asset, lanes, body, form, choice.use, now)
    return {
        **refused(said, choice.zone, {"partie": choice.part_id} if choice.part_id else {}),
        "asset": asset,
        "part": part,
        "use": choice.use,
        "zone": choice.zone,
        "slot": choice.slot,
        "part_id": choice.part_id,
        "form": form,
        "body": body,
        "is_own": is_own_body(body, asset),
        "option": option_shown(option, now) if option else None,
        "callers": _callers_named(body, form),
        "bodies": Organization.objects.order_by("sort_key", "pk")[:MOST_BODIES],
    }


def _outlook(
    asset: Asset,
    lanes: Multirange[int],
    body: Organization,
    form: DeskBookingForm,
    use: Span | None,
    now: datetime,
) -> Refusal | None:
    """Return the rule that would say no to a resident, before anything is written down."""
    if use is None or form.is_bound:
        return None
    try:
        check_asset(asset, body, None)
        desk_terms(asset, lanes, body, body, use, now)
    except Refusal as refusal:
        return refusal
    return None


def _callers_named(body: Organization, form: DeskBookingForm) -> list[Person]:
    """Return the persons this desk has served whose name or number holds what is looked up."""
    if form.is_bound:
        return []
    name = sort_key(str(form["caller_name"].value() or "").strip())
    digits = digits_of(str(form["caller_phone"].value() or ""))
    asked = Q()
    if len(name) >= 2:
        asked |= Q(name_key__contains=name)
    if len(digits) >= 4:
        asked |= Q(digits__contains=digits)
    if not asked:
        return []
    return list(callers_of(body).filter(asked).order_by("name_key", "pk")[:MOST_CALLERS])


def form_of(request: MemberRequest, body: Organization) -> DeskBookingForm:
    """Return the form sent to be booked; while a caller is looked up, the form as it stands."""
    sent = request.POST
    if request.method != "POST":
        return DeskBookingForm(None)
    if "chercher" not in sent and "servie" not in sent:
        return DeskBookingForm(sent)
    kept = {name: sent.get(name, "")[:300] for name in KEPT if sent.get(name)}
    number = sent.get("servie", "")
    if number.isdecimal() and len(number) < 18:
        known = callers_of(body).filter(pk=int(number)).first()
        if known is not None:
            kept |= {"caller_name": known.full_name, "caller_phone": known.phone}
    return DeskBookingForm(None, initial=kept)
