# SPDX-License-Identifier: EUPL-1.2
"""Write what happened to a booking, in the transaction that made it, for the worker to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from usufruit.bookings.kinds import EVENTS, KINDS
from usufruit.bookings.models import BookingLine
from usufruit.notices.actions import tell
from usufruit.notices.models import Audience, Change
from usufruit.notices.queries import changes_of
from usufruit.organizations.models import Person
from usufruit.timetable.queries import span_of
from usufruit.ui import typography

OBJECT = BookingLine._meta.label_lower  # noqa: SLF001 - Django's public convention
NO_WAIT = timedelta(0)


def tell_of(
    event: str,
    line: BookingLine,
    by: Person | None,
    now: datetime,
    *,
    wait: timedelta = NO_WAIT,
    **detail: str,
) -> None:
    """Tell both sides of an event, once ``wait`` is over.

    Args:
        by: who did it, spared the news given to their colleagues; None for the clock.
        detail: what the letters add, without a person's data; ``until`` when an answer is due.
    """
    booking = line.booking
    asset = line.assets.select_related("asset__site").order_by("asset_id")[0].asset
    words = {
        "asset": asset.name,
        "when": typography.span(span_of(line.use_span), asset.site.time_zone),
        "body": booking.organization.name,
        "owner": line.decider.name,
        "until": "",
        **detail,
    }
    is_own = booking.organization_id == line.decider_id  # who lends to themselves needs no news
    tell(
        Change(
            event=name,
            family=KINDS[name].family,
            audience=KINDS[name].audience,
            organization=line.decider if KINDS[name].is_owners else booking.organization,
            person=booking.requester if KINDS[name].audience == Audience.PERSON else None,
            made_by_id=by.pk if by else None,
            object_type=OBJECT,
            object_id=str(line.pk),
            title=str(KINDS[name].title) % words,
            path=reverse("booking", args=[booking.reference]),
            detail={"reference": booking.reference, **detail},
            made_at=now,
            due_at=now + wait,
        )
        for name in EVENTS[event]
        if not (KINDS[name].is_owners and is_own)
    )


def told_of_decisions(lines: list[BookingLine]) -> list[Change]:
    """Return what their last decisions tell, told already or not yet, the first written first."""
    decided = {
        (str(line.pk), line.decided_at, event) for line in lines for event in EVENTS[line.state]
    }
    first = min(line.decided_at for line in lines if line.decided_at is not None)
    found = changes_of(OBJECT, [str(line.pk) for line in lines], first)
    return [each for each in found if (each.object_id, each.made_at, each.event) in decided]
