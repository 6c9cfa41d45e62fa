# SPDX-License-Identifier: EUPL-1.2
"""Before refusing, ask: what the owner and the asker write to each other about a request."""

from __future__ import annotations

from datetime import datetime

from usufruit.bookings.models import BookingLine, LineState, Message
from usufruit.bookings.rules import MOST_LETTERS
from usufruit.bookings.silence import extend_deadline
from usufruit.bookings.telling import tell_of
from usufruit.bookings.writing import check_decider, check_requester, journal
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Person

MOST_MESSAGES = 20


@verb
def ask_precision(*, line: BookingLine, text: str, by: Person, now: datetime) -> Message:
    """Ask the sender of a request for a precision; the first question gives more time to answer.

    Raises:
        Refusal: ``not_a_decider``, ``already_decided``, ``too_many_messages``.
    """
    line = _waiting(line)
    check_decider(by, line)
    message = _write(line, text, by, now, is_owners=True)
    extend_deadline(line, now)
    journal("ask_precision", line, by, line.decider, now)
    tell_of("question", line, by, now, message=str(message.pk))
    return message


@verb
def give_precision(*, line: BookingLine, text: str, by: Person, now: datetime) -> Message:
    """Answer the owner's question, or add what was forgotten.

    Raises:
        Refusal: ``not_a_requester``, ``already_decided``, ``too_many_messages``.
    """
    line = _waiting(line)
    check_requester(by, line.booking.organization)
    message = _write(line, text, by, now, is_owners=False)
    journal("give_precision", line, by, line.booking.organization, now)
    tell_of("reply", line, by, now, message=str(message.pk))
    return message


@verb
def erase_message(*, message: Message, by: Person, now: datetime) -> None:
    """Take one's words back; that something was written stays.

    Raises:
        Refusal: ``not_your_message``.
    """
    if message.author_id != by.pk:
        raise Refusal("not_your_message", "Vous effacez seulement vos propres messages.")
    Message.objects.filter(pk=message.pk).update(text="", erased_at=now)
    line = message.line
    body = line.decider if message.is_owners else line.booking.organization
    journal("erase_message", line, by, body, now)


@verb
def erase_words_of(*, person: Person, now: datetime) -> int:
    """Empty all that a person wrote, with their account; return how many messages."""
    written = Message.objects.filter(author=person, erased_at=None)
    return written.update(text="", erased_at=now)


def _waiting(line: BookingLine) -> BookingLine:
    """Lock a request that still waits for its answer."""
    locked = BookingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.state != LineState.REQUESTED:
        raise Refusal(
            "already_decided",
            f"Cette demande a déjà une réponse\u00a0: {locked.get_state_display().lower()}.",
        )
    return locked


def _write(line: BookingLine, text: str, by: Person, now: datetime, *, is_owners: bool) -> Message:
    if line.messages.count() >= MOST_MESSAGES:
        raise Refusal(
            "too_many_messages",
            f"Une demande compte au plus {MOST_MESSAGES}\u00a0messages. Appelez-vous.",
        )
    words = text.strip()[:MOST_LETTERS]
    return Message.objects.create(
        line=line, author=by, is_owners=is_owners, text=words, sent_at=now
    )
