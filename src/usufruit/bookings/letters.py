# SPDX-License-Identifier: EUPL-1.2
"""The letters about a booking, as it stands when they leave."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from usufruit.bookings.calendar_file import Invitation, calendar_file
from usufruit.bookings.kinds import KINDS
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.proposals import proposal_of
from usufruit.bookings.queries import history_of, line_for
from usufruit.bookings.rows import Row, row_of
from usufruit.bookings.terms import alternatives
from usufruit.notices.letters import address
from usufruit.notices.models import Notice
from usufruit.notices.rules import Letter, Link
from usufruit.search.rules import Slot
from usufruit.ui import typography

LIVE = {LineState.REQUESTED, LineState.CONFIRMED}


def write(notice: Notice, now: datetime) -> Letter | None:
    """Return the letter of a notice; None when its reader may no longer see the booking."""
    detail = notice.change.detail
    try:
        line = line_for(notice.person, detail["reference"])
    except Http404:
        return None
    kind, row = KINDS[notice.change.event], row_of(line, now)
    words = {
        "asset": row.asset.name,
        "body": line.booking.organization.name,
        "owner": line.decider.name,
        "when": typography.span(row.use, row.zone),
        "until": detail.get("until", ""),
    }
    paragraphs = [str(each) % words for each in kind.words]
    proposed = proposal_of(line, now)
    links = _nearest(row, now) if kind.has_nearest else ()
    if proposed is not None:
        paragraphs.append(_("Le propriétaire vous propose autre chose\u00a0:"))
        links = (Link(*proposed),)
    elif links:
        paragraphs.append(_("Ce qui serait possible\u00a0:"))
    if row.asset.conditions and kind.has_calendar and line.state == LineState.CONFIRMED:
        paragraphs += [_("À savoir avant d’emprunter\u00a0:"), *row.asset.conditions.splitlines()]
    path = reverse("booking", args=[row.reference])
    method = "REQUEST" if line.state in LIVE else "CANCEL"
    return Letter(
        subject=notice.change.title,
        paragraphs=tuple(paragraphs),
        facts=_facts(row, detail),
        quote=_quote(line, notice),
        links=links,
        action=Link(str(kind.action), path),
        thread=f"reservation-{row.reference}",
        calendar=_calendar(row, notice, path, method) if kind.has_calendar else b"",
        method=method,
    )


def _facts(row: Row, detail: dict[str, str]) -> tuple[tuple[str, str], ...]:
    line, site = row.line, row.asset.site
    place = ", ".join(part for part in (site.name, site.address) if part)
    name = f"{row.asset.name} · {row.part}" if row.part else row.asset.name
    told = [
        (_("Bien"), name),
        (_("Quand"), typography.span(row.use, row.zone, has_year=True)),
        (_("Avant"), detail.get("before", "")),
        (_("Où"), place),
        (_("Au nom de"), line.booking.organization.name),
        (_("Prêté par"), line.decider.name),
        (_("Pour"), line.booking.purpose),
        (_("Réponse attendue d’ici"), detail.get("until", "")),
        (_("Référence"), row.reference),
    ]
    return tuple((label, value) for label, value in told if value)


def _quote(line: BookingLine, notice: Notice) -> str:
    """Return the words somebody wrote: the reason of a refusal, a question, its answer."""
    change = notice.change
    if change.event in {"question", "reply"}:
        message = line.messages.filter(pk=change.detail["message"]).first()
        return message.text if message else ""
    return line.refusal_reason if change.event == "refused" else ""


def _nearest(row: Row, now: datetime) -> tuple[Link, ...]:
    wish = row.line.assets.all()[0]
    body = row.line.booking.organization
    found = alternatives(wish.asset, wish.lanes, body, row.use, now)
    page = reverse("asset", args=[row.asset.pk])
    return tuple(
        Link(each.label, f"{page}?{Slot.of(each.span, row.zone).address}#reserver")
        for each in found
        if each.span is not None
    )


def _calendar(row: Row, notice: Notice, path: str, method: str) -> bytes:
    invitation = Invitation(method, settings.DEFAULT_FROM_EMAIL, str(notice.person.email))
    return calendar_file(row, history_of(row.line), href=address(path), invitation=invitation)
