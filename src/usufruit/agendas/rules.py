# SPDX-License-Identifier: EUPL-1.2
"""What an agenda takes, what makes it doubtful and when it is read again, whatever the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from usufruit.kernel.spans import Span, intersect, merge, subtract

READ_EVERY = timedelta(minutes=30)
SLOWEST = timedelta(hours=24)
TOLD_AFTER = 3  # failures in a row before the manager is asked to look
BEHIND, AHEAD = timedelta(days=1), timedelta(days=548)  # eighteen months
FEW = 4


@dataclass(frozen=True, order=True)
class Piece:
    """Time to hold: ``span`` is what is taken, buffers included, ``use`` what the events say."""

    span: Span
    use: Span


def pieces(
    events: Iterable[Span], standing: Iterable[Span], before: timedelta, after: timedelta
) -> list[Piece]:
    """Return what is to be held: the union of the events, where nothing else stands.

    One piece per maximal interval; the asset's buffers join the events they lie between (T11).
    """
    said = merge(events)
    wanted = [Span(event.start - before, event.end + after) for event in said]
    return [Piece(span, _use_in(span, said)) for span in subtract(wanted, standing)]


def _use_in(span: Span, said: list[Span]) -> Span:
    """Return the events inside a piece, from the first to the last; a buffer alone is its own."""
    inside = intersect([span], said)
    return Span(inside[0].start, inside[-1].end) if inside else span


def is_doubtful(known_count: int, read_count: int, accepted_count: int | None) -> bool:
    """Tell whether an agenda lost too much at once: all of it, or most of a few and more.

    Args:
        known_count: events still to come that were known.
        accepted_count: how few its manager has accepted; None when nobody was asked.
    """
    if accepted_count is not None and read_count >= accepted_count:
        return False
    if read_count == 0:
        return known_count > 0
    return known_count >= FEW and read_count * 2 < known_count


def next_wait(failure_count: int, chance: float) -> timedelta:
    """Return how long to wait before the next reading: longer after each failure, never in step.

    Args:
        chance: in [0, 1), drawn by the caller.
    """
    base = min(READ_EVERY * 2 ** min(failure_count, 10), SLOWEST)
    return base * (0.75 + 0.5 * chance)


def window_at(now: datetime) -> Span:
    """Return the part of an agenda that is looked at."""
    return Span(now - BEHIND, now + AHEAD)
