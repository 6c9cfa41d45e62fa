# SPDX-License-Identifier: EUPL-1.2
"""The check before booking, the page of a booking, and refusals with their nearest yeses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from usufruit.bookings import on_the_spot
from usufruit.bookings.desk_forms import ChannelForm
from usufruit.bookings.exchanges import ask_precision, give_precision
from usufruit.bookings.forms import BookingForm, ChoiceForm, MessageForm, MoveForm
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.proposals import proposal_of
from usufruit.bookings.queries import history_of
from usufruit.bookings.rows import Row, row_of
from usufruit.bookings.rules import UNDO
from usufruit.bookings.terms import alternatives, answer
from usufruit.bookings.undoing import undoable
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import part_for
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import (
    DECIDING_ROLES,
    DESK_ROLES,
    REQUESTING_ROLES,
    answering_now,
    has_role,
)
from usufruit.search.rules import Slot

SLOT_FIELDS = ("le", "debut", "duree", "partie")


def slot_sent(sent: QueryDict) -> str:
    """Return the slot fields of a request as the end of an address, whatever they hold."""
    return urlencode({name: sent[name] for name in SLOT_FIELDS if sent.get(name)})


def typed_before(sent: QueryDict, organization: Organization | None) -> dict[str, Any]:
    """Return what a link to another slot kept of the form, and the body acted for."""
    kept = {
        "purpose": sent.get("but", "")[:300],
        "people_count": sent.get("personnes", "")[:6],
        "organization": sent.get("pour", "")[:12] or (organization.pk if organization else None),
    }
    return {name: value for name, value in kept.items() if value}


def check(
    asset: Asset, choice: ChoiceForm, form: BookingForm, refusal: Refusal | None, now: datetime
) -> dict[str, Any]:
    """Return the check page: the slot in words, what it will give, the form."""
    part, lanes = part_for(asset, choice.part_id)
    body = _body_of(form)
    outlook = answer(asset, lanes, body, choice.use, now) if choice.use and body else None
    said = refusal or (outlook.refusal if outlook else None)
    typed = {
        "but": form["purpose"].value() or "",
        "personnes": form["people_count"].value() or "",
        "pour": body.pk if body else "",
        **({"partie": choice.part_id} if choice.part_id else {}),
    }
    return {
        **refused(said, choice.zone, typed),
        "asset": asset,
        "part": part,
        "use": choice.use,
        "zone": choice.zone,
        "slot": choice.slot,
        "part_id": choice.part_id,
        "form": form,
        "body": body,
        "mode": outlook.mode if outlook else None,
    }


def _body_of(form: BookingForm) -> Organization | None:
    """Return the body the form books for, among those of the person."""
    chosen = str(form["organization"].value() or "")
    bodies = list(form.fields["organization"].queryset)  # type: ignore[attr-defined]
    return next((body for body in bodies if str(body.pk) == chosen), bodies[0] if bodies else None)


def refused(
    refusal: Refusal | None, zone: str, typed: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a refusal and its alternatives as links that keep what was typed."""
    kept = {name: value for name, value in (typed or {}).items() if value != ""}
    nearest = [
        {
            "label": each.label,
            "href": f"?{urlencode({**Slot.of(each.span, zone).fields, **kept})}",
        }
        for each in (refusal.nearest if refusal else ())
        if each.span is not None
    ]
    return {"refusal": refusal, "nearest": nearest}


def detail(line: BookingLine, person: Person | AnonymousUser, now: datetime) -> dict[str, Any]:
    """Return the page of a booking and what this person may still do with it."""
    row = row_of(line, now)
    at_desk = has_role(person, line.booking.desk, DESK_ROLES)
    borrows = at_desk or has_role(person, line.booking.organization, REQUESTING_ROLES)
    decides = has_role(person, line.decider, DECIDING_ROLES)
    is_to_come = row.use.start > now
    is_held = line.state == LineState.CONFIRMED
    is_asked = line.state == LineState.REQUESTED
    return {
        "row": row,
        "answers_now": answering_now(line.booking.requester, line.booking.organization, now),
        "history": history_of(line),
        "at_desk": at_desk,
        "knows_caller": at_desk or decides,
        **on_the_spot.of_line(line, person, now),
        "may_change": borrows and is_held and is_to_come,
        "may_withdraw": borrows and is_asked,
        "may_decide": decides and is_asked and is_to_come,
        "is_asked": is_asked and is_to_come,
        "is_unanswered": line.state == LineState.LAPSED or (is_asked and not is_to_come),
        "is_held": is_held and row.use.end > now,
        "is_displaced": line.state == LineState.DISPLACED,
        "proposals": _proposals(row, now) if line.state == LineState.DISPLACED else [],
        "is_refused": line.state == LineState.REFUSED,
        "proposal": proposal_of(line, now) if borrows else None,
        "exchange": list(line.messages.select_related("author").order_by("sent_at", "pk")),
        "may_write": is_asked and is_to_come and (decides or borrows),
        "message_form": MessageForm(),
        "decides": decides,
        "may_undo": isinstance(person, Person) and line.pk in undoable([line], person, now),
        "told_at": line.decided_at + UNDO if line.decided_at else None,
        "again": Slot.of(row.use, row.zone).address if is_to_come else "",
    }


def _proposals(row: Row, now: datetime) -> list[dict[str, str]]:
    """Return the nearest times of the same asset, as links that keep what the booking was for."""
    booking, (wish,) = row.line.booking, row.line.assets.all()
    kept = {
        "but": booking.purpose,
        "personnes": booking.people_count or "",
        "pour": booking.organization_id,
    }
    asked = alternatives(row.asset, wish.lanes, booking.organization, row.use, now)
    address = reverse("book", args=[row.asset.pk])
    return [
        {
            "label": each.label,
            "href": f"{address}?{urlencode({**Slot.of(each.span, row.zone).fields, **kept})}",
        }
        for each in asked
        if each.span is not None
    ]


def channel_form(line: BookingLine, person: Person | AnonymousUser) -> ChannelForm | None:
    """Return the question of how the wish came, for a desk that acts for its caller."""
    return ChannelForm() if has_role(person, line.booking.desk, DESK_ROLES) else None


def giving_up(
    line: BookingLine, person: Person | AnonymousUser, now: datetime, *, is_request: bool
) -> dict[str, Any]:
    """Return the page that says what giving up a booking or a request loses."""
    return {
        "row": row_of(line, now),
        "is_request": is_request,
        "channel_form": channel_form(line, person),
    }


def speak(line: BookingLine, text: str, by: Person, now: datetime) -> Organization:
    """Write to the other side of a request, and return the body that is told."""
    if has_role(by, line.decider, DECIDING_ROLES):
        ask_precision(line=line, text=text, by=by, now=now)
        return line.booking.organization
    give_precision(line=line, text=text, by=by, now=now)
    return line.decider


def move_form(row: Row, request: MemberRequest, now: datetime) -> MoveForm:
    """Return the form of another time: as sent, as a link proposed it, or as it stands."""
    if request.method == "POST":
        return MoveForm(request.POST, zone=row.zone, now=now)
    present = Slot.of(row.use, row.zone).fields
    proposed = {name: request.GET[name] for name in present if request.GET.get(name)}
    return MoveForm(None, zone=row.zone, now=now, initial={**present, **proposed})
