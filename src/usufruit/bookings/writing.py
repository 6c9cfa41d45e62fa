# SPDX-License-Identifier: EUPL-1.2
"""How a booking and its lines are written: opened under a key, held, decided, told in the journal.

The verbs that ask, answer and move share these steps; each is a part of the verb that calls it.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import Booking, BookingLine, LineAsset, LineState
from usufruit.bookings.rules import REFERENCE_LETTERS, UNDO, RefusalReason, reference_of
from usufruit.bookings.silence import close_deadline
from usufruit.bookings.telling import NO_WAIT, tell_of
from usufruit.bookings.terms import alternatives, lanes_as_read
from usufruit.bookings.words import one_use_said
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import (
    DECIDING_ROLES,
    DESK_ROLES,
    REQUESTING_ROLES,
    has_role,
    replaces,
)
from usufruit.timetable.actions import WantedHold, take
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import span_of, time_range

REFERENCES_DRAWN = 5


def open_booking(
    organization: Organization,
    by: Person,
    purpose: str,
    people_count: int | None,
    key: UUID,
    now: datetime,
    **more: Any,  # noqa: ANN401 - the other columns of Booking
) -> tuple[Booking, bool]:
    """Return the booking of a key and whether it is new; a twin in flight is waited for (T4).

    A reference drawn twice is drawn again.
    """
    for attempt in range(1, REFERENCES_DRAWN + 1):
        try:
            with transaction.atomic():
                booking = Booking.objects.create(
                    reference=reference_of(secrets.randbelow(len(REFERENCE_LETTERS) ** 6)),
                    organization=organization,
                    requester=by,
                    purpose=purpose,
                    people_count=people_count,
                    idempotency_key=key,
                    created_at=now,
                    **more,
                )
        except IntegrityError:
            sent = Booking.objects.filter(requester=by, idempotency_key=key).first()
            if sent is not None:
                return sent, False
            if attempt == REFERENCES_DRAWN:
                raise
        else:
            return booking, True
    raise AssertionError("the loop returns or raises")


def line_sent_before(
    booking: Booking,
    organization: Organization,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    *,
    is_same: bool,
) -> BookingLine:
    """Return the line a key already sent; another wish under the same key is refused."""
    line = booking.lines.filter(
        booking__organization=organization,
        assets__asset=asset,
        assets__lanes=lanes,
        use_span=time_range(use),
    ).first()
    if line is None or not is_same:
        raise Refusal(
            "key_reused",
            "Cette demande a déjà servi pour une autre plage ou un autre usage. "
            "Recommencez depuis la page du bien.",
        )
    return line


def check_requester(by: Person, organization: Organization) -> None:
    """Refuse a person whose role does not let them ask for a body.

    Raises:
        Refusal: ``not_a_requester``.
    """
    if not has_role(by, organization, REQUESTING_ROLES):
        raise Refusal(
            "not_a_requester",
            f"Votre rôle ne permet pas de réserver au nom de «\u00a0{organization}\u00a0». "
            "Demandez le rôle de demandeur à l’administrateur de votre organisme.",
            rule="Rôles de l’organisme",
        )


def check_may_change(by: Person, booking: Booking) -> None:
    """Refuse a person who neither asks for the borrower nor sits at the desk that booked for it.

    Raises:
        Refusal: ``not_a_requester``.
    """
    if booking.desk is None or not has_role(by, booking.desk, DESK_ROLES):
        check_requester(by, booking.organization)


def check_decider(by: Person, line: BookingLine) -> None:
    """Refuse a person whose role does not let them answer for the body that decides.

    Raises:
        Refusal: ``not_a_decider``.
    """
    if not has_role(by, line.decider, DECIDING_ROLES):
        raise Refusal(
            "not_a_decider",
            f"Votre rôle ne permet pas de répondre au nom de «\u00a0{line.decider}\u00a0».",
            rule="Rôles de l’organisme",
        )


def hold_line(line: BookingLine, wished: list[LineAsset], now: datetime) -> None:
    """Take all the assets of a line, or refuse with what would have been free."""
    with lanes_as_read():
        taken = take(wanted_holds(line, wished), now=now)
    if len(taken) < len(wished):
        raise slot_taken(line, wished, now)


def wanted_holds(line: BookingLine, wished: list[LineAsset]) -> list[WantedHold]:
    """Return the rectangles a confirmed line takes, one for each of its assets."""
    return [
        WantedHold(
            asset=wish.asset,
            lanes=wish.lanes,
            span=span_of(wish.held_span),
            use=span_of(line.use_span),
            reason=Hold.Reason.BOOKING,
            line_id=line.pk,
            note=line.booking.reference,
        )
        for wish in wished
    ]


def slot_taken(line: BookingLine, wished: list[LineAsset], now: datetime) -> Refusal:
    """Return the refusal of a line whose time is gone, with what would have been free."""
    first = wished[0]
    return Refusal(
        "slot_taken",
        "Cette plage vient d’être prise.",
        rule=one_use_said(first.asset),
        nearest=alternatives(
            first.asset, first.lanes, line.booking.organization, span_of(line.use_span), now
        ),
    )


def decide(
    line: BookingLine,
    state: LineState,
    by: Person | None,
    now: datetime,
    reason: RefusalReason | None = None,
    explanation: str = "",
    **detail: str,
) -> None:
    """Give a line its new state, write it in the journal, and let it be told after ten minutes.

    Args:
        by: who decides; None for the clock, whose news leaves at once, as that of a closed site.
    """
    line.state, line.decided_by, line.decided_at = state, by, now
    line.refusal_code = reason.code if reason else ""
    line.refusal_reason = explanation
    line.save(
        update_fields=[
            "state",
            "decided_by",
            "decided_at",
            "displaced_by",
            "refusal_code",
            "refusal_reason",
        ]
    )
    gives_up = state in {LineState.WITHDRAWN, LineState.CANCELLED}
    body = line.booking.organization if gives_up else line.decider
    absent = None if gives_up or by is None else replaces(by, line.decider, DECIDING_ROLES)
    if absent is not None:
        detail["replaces"] = str(absent)
    journal(f"{state}_line", line, by, body, now, code=line.refusal_code, **detail)
    is_urgent = by is None or state == LineState.DISPLACED
    tell_of(str(state), line, by, now, wait=NO_WAIT if is_urgent else UNDO)
    close_deadline(line)


def journal(
    verb_name: str,
    line: BookingLine,
    by: Person | None,
    organization: Organization,
    now: datetime,
    **detail: str,
) -> None:
    """Write one line of the journal about a booking's line, in the name of a body."""
    JournalLine.record(
        verb_name,
        line,
        at=now,
        person_id=by.pk if by else None,
        organization_id=organization.pk,
        detail=detail,
    )
