# SPDX-License-Identifier: EUPL-1.2
"""What is true of a request whatever the database: its length, its moment, its reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.search.rules import FURTHEST_DAYS, LONGEST_MIN, SHORTEST_MIN

# What a search lets one ask, a booking lets one take.
SHORTEST = timedelta(minutes=SHORTEST_MIN)
LONGEST = timedelta(minutes=LONGEST_MIN)
HORIZON = timedelta(days=FURTHEST_DAYS)

# How long what was decided or given up may be undone; nobody is told before.
UNDO = timedelta(minutes=10)

MOST_LETTERS = 1000  # of a message

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference_of(number: int) -> str:
    """Return the six-character reference of a random number; no 0, 1, I, L, O, U to misread.

    Args:
        number: uniform in [0, 30**6).
    """
    letters = []
    for _ in range(6):
        number, digit = divmod(number, len(REFERENCE_LETTERS))
        letters.append(REFERENCE_LETTERS[digit])
    return "".join(letters[:3]) + "-" + "".join(letters[3:])


def reference_read(text: str) -> str:
    """Return the reference a person dictates or types, spaces and hyphen or not; empty if none."""
    letters = re.sub(r"[\s\-–]", "", text.upper())
    if len(letters) != 6 or not set(letters) <= set(REFERENCE_LETTERS):
        return ""
    return f"{letters[:3]}-{letters[3:]}"


def spelled_aloud(reference: str) -> str:
    """Return a reference as it is read on the telephone: « 7, K, 2, tiret, M, 9, Q »."""
    return ", ".join("tiret" if letter == "-" else letter for letter in reference)


def digits_of(phone: str) -> str:
    """Return the digits of a telephone number, however it is written."""
    return re.sub(r"\D", "", phone)


def check_moment(use: Span, now: datetime) -> None:
    """Refuse a use that is over, too short, too long or too far away.

    Raises:
        Refusal: ``starts_in_past``, ``too_short``, ``too_long``, ``too_far_ahead``.
    """
    length = use.end - use.start
    if use.start < now:
        raise Refusal(
            "starts_in_past", "Cette plage est déjà commencée. Choisissez une heure à venir."
        )
    if length < SHORTEST:
        raise Refusal("too_short", "Une réservation dure au moins 15\u00a0minutes.")
    if length > LONGEST:
        raise Refusal("too_long", "Une réservation dure au plus trois mois.")
    if use.start > now + HORIZON:
        raise Refusal("too_far_ahead", "Une réservation se prend au plus deux ans d’avance.")


@dataclass(frozen=True)
class RefusalReason:
    """A reason an owner may give, with its stable code."""

    code: str
    label: str


REFUSAL_REASONS = (
    RefusalReason("needed_by_owner", "Nous en avons besoin à ce moment-là"),
    RefusalReason("not_fit_for_use", "Le bien ne convient pas à cet usage"),
    RefusalReason("missing_paper", "Il manque une pièce"),
    RefusalReason("too_late_notice", "La demande arrive trop tard pour préparer le bien"),
    RefusalReason("other", "Autre raison"),
)

GIVEN_TO_ANOTHER = RefusalReason("given_to_another", "La plage a été accordée à une autre demande")


def nearest_starts(free: list[Span], wanted: Span, now: datetime, *, most: int = 2) -> list[Span]:
    """Return the spans of the wanted length that start nearest to the wanted start, best first.

    Args:
        free: spans during which the asset could be used.
        most: how many, each from another free span, none twice.
    """
    length = wanted.end - wanted.start
    candidates = set()
    for span in free:
        first, last = max(span.start, now), span.end - length
        if first <= last:
            start = min(max(wanted.start, first), last)
            candidates.add(Span(start, start + length))
    return sorted(candidates, key=lambda s: (abs(s.start - wanted.start), s.start))[:most]
