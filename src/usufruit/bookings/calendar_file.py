# SPDX-License-Identifier: EUPL-1.2
"""A booking as a calendar file, one event in UTC (RFC 5545): every reader understands that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.queries import Event
from usufruit.bookings.rows import Row

STATUS = {LineState.CONFIRMED: "CONFIRMED", LineState.REQUESTED: "TENTATIVE"}
LINE_OCTETS = 75


@dataclass(frozen=True)
class Invitation:
    """What makes of an event a message from an agenda to another (iTIP, RFC 5546).

    Attributes:
        method: REQUEST, or CANCEL when the event is no more.
        organizer, attendee: addresses of who sends it and of who receives it.
    """

    method: str
    organizer: str
    attendee: str


def calendar_file(
    row: Row, history: list[Event], *, href: str, invitation: Invitation | None = None
) -> bytes:
    """Return the file of one booking; each change raises its sequence, so that readers update.

    Args:
        href: full address of the booking's page.
        invitation: None for a file somebody takes from the page.
    """
    line = row.line
    name = f"{row.asset.name} – {row.part}" if row.part else row.asset.name
    place = ", ".join(part for part in (row.asset.site.name, row.asset.site.address) if part)
    changed_at = history[-1].at if history else line.booking.created_at
    properties = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Usufruit//Reservations//FR"),
        ("CALSCALE", "GREGORIAN"),
        *([("METHOD", invitation.method)] if invitation else []),
        ("BEGIN", "VEVENT"),
        ("UID", f"{row.reference}@usufruit"),
        ("DTSTAMP", _stamp(changed_at)),
        ("SEQUENCE", str(max(0, len(history) - 1))),
        ("DTSTART", _stamp(row.use.start)),
        ("DTEND", _stamp(row.use.end)),
        ("SUMMARY", _text(name)),
        ("LOCATION", _text(place)),
        ("DESCRIPTION", _text(_description(line, row))),
        ("URL", href),
        ("STATUS", STATUS.get(LineState(line.state), "CANCELLED")),
        *_people(invitation),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return b"".join(_folded(f"{key}:{value}") for key, value in properties)


def _people(invitation: Invitation | None) -> list[tuple[str, str]]:
    if invitation is None:
        return []
    organizer = parseaddr(invitation.organizer)[1]
    return [
        ("ORGANIZER", f"mailto:{organizer}"),
        ("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE", f"mailto:{invitation.attendee}"),
    ]


def _description(line: BookingLine, row: Row) -> str:
    words = [line.booking.purpose, f"Référence\u00a0: {row.reference}"]
    return "\n".join([*words, f"Prêté par\u00a0: {line.decider.name}"])


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Escape a TEXT value: backslash, semicolon, comma, line feed (RFC 5545, 3.3.11)."""
    text = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """Fold a content line at 75 octets without cutting a character (RFC 5545, 3.1)."""
    parts: list[bytes] = []
    part = b""
    for char in line:
        octets = char.encode()
        room = LINE_OCTETS - (1 if parts else 0)
        if len(part) + len(octets) > room:
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
