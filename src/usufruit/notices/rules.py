# SPDX-License-Identifier: EUPL-1.2
"""What is true of a notice whatever the database: when it leaves, when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from usufruit.kernel.local_time import local_wall, minute_instant

# A server away for a week-end loses nothing; what still fails after these waits needs a person.
WAITS_MIN = (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60)
DIGEST_MIN = 6 * 60  # at 6 h, in the civil time of the person's body


@dataclass(frozen=True)
class Link:
    """Words to follow and the path, from the root of the site, they lead to."""

    label: str
    path: str


@dataclass(frozen=True)
class Letter:
    """What an e-mail says, before it is laid out; HTML and text say all of it.

    Attributes:
        thread: what the letters of one matter have in common, such as a reference; empty for none.
        quote: somebody's own words, shown apart.
        calendar: a calendar file, and ``method`` what it asks of an agenda (iTIP).
    """

    subject: str
    paragraphs: tuple[str, ...]
    action: Link
    facts: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    links: tuple[Link, ...] = ()
    thread: str = ""
    calendar: bytes = b""
    method: str = ""


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when a letter that failed so many times is tried again; None when it is given up."""
    if attempts > len(WAITS_MIN):
        return None
    return now + timedelta(minutes=WAITS_MIN[attempts - 1])


def next_digest(now: datetime, zone: str) -> datetime:
    """Return the next 6 h of a zone's mornings, strictly after now."""
    on = local_wall(now, zone).date()
    moment = minute_instant(on, DIGEST_MIN, zone, "start")
    if moment <= now:
        moment = minute_instant(on + timedelta(days=1), DIGEST_MIN, zone, "start")
    return moment
