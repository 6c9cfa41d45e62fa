# SPDX-License-Identifier: EUPL-1.2
"""A slot as a person types it: a local day, a local hour, and a length on the clock there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from usufruit.kernel.local_time import local_instant, local_wall
from usufruit.kernel.spans import Span

SHORTEST_MIN = 15
LONGEST_MIN = 92 * 1440
FURTHEST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Slot:
    """A wish in civil time, as fields and addresses carry it.

    Attributes:
        on: local day of the start.
        start: local hour of the start.
        minutes: length on the clock of the place, 15 minutes to 92 days; the night an hour is
            doubled or missing, the true length differs by that hour.
    """

    on: date
    start: time
    minutes: int

    @classmethod
    def of(cls, use: Span, zone: str) -> Slot:
        """Return the slot that reads like a span in the civil time of a place."""
        start, end = local_wall(use.start, zone), local_wall(use.end, zone)
        length = end - start if end > start else use.end - use.start
        return cls(start.date(), start.time().replace(second=0, microsecond=0), _minutes(length))

    def use(self, zone: str) -> Span:
        """Return the span of time meant, by the rule for doubled and missing hours (T16).

        Raises:
            ValueError: when it lies wholly inside the hour that spring skips.
        """
        wall = datetime.combine(self.on, self.start)
        return Span(
            local_instant(wall, zone, "start"),
            local_instant(wall + timedelta(minutes=self.minutes), zone, "end"),
        )

    def later(self, days: int) -> Slot:
        """Return the same hours so many days later."""
        return Slot(self.on + timedelta(days=days), self.start, self.minutes)

    @property
    def fields(self) -> dict[str, str]:
        """Return the slot as the fields of a form."""
        return {
            "le": self.on.isoformat(),
            "debut": f"{self.start:%H:%M}",
            "duree": str(self.minutes),
        }

    @property
    def address(self) -> str:
        """Return the slot as the end of an address: ``le=2027-01-12&debut=18:00&duree=120``."""
        return urlencode(self.fields)


def _minutes(length: timedelta) -> int:
    return max(SHORTEST_MIN, min(LONGEST_MIN, int(length.total_seconds() // 60)))
