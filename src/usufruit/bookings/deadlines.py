# SPDX-License-Identifier: EUPL-1.2
"""When an owner must answer, is reminded, is passed over, and when a request lapses.

Pure: no clock, no tables. A working day is neither a Saturday, a Sunday nor a holiday of the owner.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from usufruit.kernel.local_time import local_wall, minute_instant

CLOSING_MIN = 17 * 60
A_DAY = timedelta(days=1)
ROOM_TO_TURN_ROUND = timedelta(hours=2)
DEFAULT_DAYS = 3
MOST_DAYS = 20


class Stage(IntEnum):
    """How far the silence of an owner has come."""

    WAITING = 0
    HALF = 1
    DAY_BEFORE = 2
    GONE_UP = 3
    LAPSED = 4


@dataclass(frozen=True)
class Schedule:
    """The moments of a request: asked < answer_by < lapse_at < the start of the use."""

    asked_at: datetime
    answer_by: datetime
    lapse_at: datetime

    def moments(self) -> dict[Stage, datetime]:
        """Return when each stage comes; no reminder on the eve when half time is later."""
        half_at = self.asked_at + (self.answer_by - self.asked_at) / 2
        moments = {Stage.HALF: half_at}
        if self.answer_by - A_DAY > half_at:
            moments[Stage.DAY_BEFORE] = self.answer_by - A_DAY
        return {**moments, Stage.GONE_UP: self.answer_by, Stage.LAPSED: self.lapse_at}

    def stage_at(self, now: datetime) -> Stage:
        """Return the last stage that has come."""
        come = [stage for stage, at in self.moments().items() if at <= now]
        return max(come, default=Stage.WAITING)

    def next_after(self, stage: Stage) -> datetime | None:
        """Return when something happens after a stage; None once the request has lapsed."""
        return min((at for each, at in self.moments().items() if each > stage), default=None)


def schedule(
    asked_at: datetime,
    use_start: datetime,
    *,
    days: int,
    zone: str,
    holidays: AbstractSet[date] = frozenset(),
) -> Schedule:
    """Return when a request must be answered: the end of the n-th working day after it was sent.

    It lapses at the end of the working day that follows, and early enough for its sender to turn
    round: two hours before the use, or a quarter of what was left when it was sent if that is less.
    Short of time, the owner has three quarters of what remains.

    Args:
        days: working days given to the owner, at least one.
        zone: the civil time of the owner.

    Raises:
        ValueError: when the use does not start after the request.
    """
    if use_start <= asked_at:
        raise ValueError("a request comes before its use")
    latest = use_start - min(ROOM_TO_TURN_ROUND, (use_start - asked_at) / 4)
    answer_by = _end_of_working_day(asked_at, days, zone, holidays)
    lapse_at = _end_of_working_day(asked_at, days + 1, zone, holidays)
    if lapse_at > latest:
        lapse_at = latest
        answer_by = min(answer_by, asked_at + (latest - asked_at) * 3 / 4)
    return Schedule(asked_at, answer_by, lapse_at)


def _end_of_working_day(
    after: datetime, days: int, zone: str, holidays: AbstractSet[date]
) -> datetime:
    """Return 17 h on the n-th working day after the local day of an instant."""
    on = local_wall(after, zone).date()
    while days:
        on += A_DAY
        if on.weekday() < 5 and on not in holidays:
            days -= 1
    return minute_instant(on, CLOSING_MIN, zone, "end")
