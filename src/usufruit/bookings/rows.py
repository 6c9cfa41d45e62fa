# SPDX-License-Identifier: EUPL-1.2
"""A line as a page shows it: what, when in the civil time of the place, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usufruit.bookings.deadlines import Stage
from usufruit.bookings.models import BookingLine, Deadline, LineState
from usufruit.bookings.silence import until
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.spans import Span
from usufruit.timetable.queries import span_of

TONES = {
    LineState.REQUESTED: "warn",
    LineState.CONFIRMED: "ok",
    LineState.REFUSED: "err",
    LineState.WITHDRAWN: "neutral",
    LineState.CANCELLED: "neutral",
    LineState.DISPLACED: "err",
    LineState.LAPSED: "neutral",
}


@dataclass(frozen=True)
class Row:
    """One line, ready to print.

    Attributes:
        part: the part taken; empty for the whole asset.
        tone, state: the badge of where it stands now.
        age: how long ago it was asked, in words.
        until: until when an answer is expected, in words; empty once it is given.
    """

    line: BookingLine
    asset: Asset
    part: str
    use: Span
    zone: str
    tone: str
    state: str
    age: str
    until: str

    @property
    def reference(self) -> str:
        """Return the reference people quote."""
        return self.line.booking.reference


def rows(lines: Iterable[BookingLine], now: datetime) -> list[Row]:
    """Return the rows of lines read by ``queries.lines``; no further query."""
    return [row_of(line, now) for line in lines]


def row_of(line: BookingLine, now: datetime) -> Row:
    """Return the row of one line."""
    wish = line.assets.all()[0]
    asset, use = wish.asset, span_of(line.use_span)
    part = next((part.name for part in asset.parts.all() if part.lanes == wish.lanes), "")
    if part and wish.lanes == all_lanes(asset):
        part = ""
    tone, state = _standing(line, use, now)
    age = age_in_words(now - line.booking.created_at)
    zone = asset.site.time_zone
    return Row(line, asset, part, use, zone, tone, state, age, _until(line, zone, now))


def _until(line: BookingLine, zone: str, now: datetime) -> str:
    """Write until when an answer counts: that of the owner, then that of its administrators."""
    deadline: Deadline | None = getattr(line, "deadline", None)
    if line.state != LineState.REQUESTED or deadline is None or deadline.lapse_at <= now:
        return ""
    stage = Stage.GONE_UP if deadline.answer_by <= now else Stage.WAITING
    return until(deadline, stage, zone)


def _standing(line: BookingLine, use: Span, now: datetime) -> tuple[str, str]:
    """Return the badge: the state, or what time made of it."""
    state = LineState(line.state)
    if state == LineState.CONFIRMED and use.end <= now:
        return "neutral", _("Terminée")
    if state == LineState.CONFIRMED and use.start <= now:
        return "ok", _("En cours")
    if state == LineState.REQUESTED and use.start <= now:
        return "neutral", _("Restée sans réponse")
    return TONES[state], str(state.label)


def age_in_words(age: timedelta) -> str:
    """Write how long ago something happened: « il y a 3 jours »."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return _("à l’instant")
    if minutes < 60:
        return ngettext("il y a %(n)s\u00a0minute", "il y a %(n)s\u00a0minutes", minutes) % {
            "n": minutes
        }
    hours = minutes // 60
    if hours < 24:
        return ngettext("il y a %(n)s\u00a0heure", "il y a %(n)s\u00a0heures", hours) % {"n": hours}
    days = hours // 24
    return ngettext("il y a %(n)s\u00a0jour", "il y a %(n)s\u00a0jours", days) % {"n": days}
