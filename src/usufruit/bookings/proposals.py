# SPDX-License-Identifier: EUPL-1.2
"""What an owner proposed with a refusal, as a link that leaves one button to press."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from usufruit.bookings.models import BookingLine, LineState, Proposal
from usufruit.search.rules import Slot
from usufruit.timetable.queries import span_of
from usufruit.ui import typography


def proposal_of(line: BookingLine, now: datetime) -> tuple[str, str] | None:
    """Return the words and the path of what is proposed; None when nothing is, or it is past.

    The path is that of the check before booking, with all that was typed for the request.
    """
    if line.state != LineState.REFUSED:
        return None
    found = Proposal.objects.filter(line=line).select_related("asset__site").first()
    if found is None or span_of(found.use_span).start <= now:
        return None
    zone, use = found.asset.site.time_zone, span_of(found.use_span)
    booking = line.booking
    typed = {
        **Slot.of(use, zone).fields,
        "but": booking.purpose[:300],
        "personnes": booking.people_count or "",
        "pour": booking.organization_id,
        "partie": _part(line, found) or "",
    }
    query = urlencode({name: value for name, value in typed.items() if value != ""})
    label = f"{found.asset.name}, {typography.span(use, zone)}"
    return label, f"{reverse('book', args=[found.asset_id])}?{query}"


def _part(line: BookingLine, found: Proposal) -> int | None:
    """Return the part first asked for, when the same asset is proposed at another time."""
    wish = line.assets.order_by("asset_id")[0]
    if wish.asset_id != found.asset_id:
        return None
    parts = found.asset.parts.order_by("pk")
    return next((part.pk for part in parts if part.lanes == wish.lanes), None)
