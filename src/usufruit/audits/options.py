# SPDX-License-Identifier: EUPL-1.2
"""What an audit is asked: which assets, which period, in which time zone, open when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from usufruit.kernel.tables import DEFAULT_MAX_BYTES
from usufruit.timetable.rules import OpeningRules, WeeklyWindow

DEFAULT_ZONE = "America/Toronto"
DEFAULT_KIND = "place"
SENSES = ("free", "occupied")


@dataclass(frozen=True)
class InventoryAsset:
    """An asset an audit speaks of.

    Attributes:
        external_id: what evidence files call it.
        kind: good, vehicle, place, land, service or expertise.
        category: free text that may name a recognised threshold; empty when unknown.
        capacity: persons; None when unknown.
        opening: when it is open; None lets the audit's own opening apply.
        zone: IANA time zone; empty lets the audit's own apply.
    """

    external_id: str
    name: str
    kind: str = DEFAULT_KIND
    category: str = ""
    capacity: float | None = None
    opening: OpeningRules | None = None
    zone: str = ""


@dataclass(frozen=True)
class Days:
    """Local days from one to another, both included.

    Raises:
        ValueError: with a French sentence, when the last comes before the first.
    """

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise ValueError(
                f"La période finit le {self.last_on}, avant son début du {self.first_on}. "
                "Inversez les dates."
            )

    @property
    def count(self) -> int:
        """Return the number of days."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True)
class AuditOptions:
    """How to audit.

    Attributes:
        zone: civil time of naive dates and of assets without a zone of their own.
        period: days audited; None takes the days the evidence covers.
        compare: days the meters are compared with.
        opening: usual week of assets without hours of their own; None counts every hour.
        holidays: calendar of public holidays, as ``CA-QC``; nothing opens on them. Empty for none.
        sense: what a percentage means when the file does not say: free or occupied.
        presence_hold_s: how long a count stays valid without the next one.
        max_bytes: most a file may weigh once unpacked.
    """

    zone: str = DEFAULT_ZONE
    period: Days | None = None
    compare: Days | None = None
    opening: tuple[WeeklyWindow, ...] | None = None
    holidays: str = ""
    sense: str | None = None
    presence_hold_s: int = 3600
    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True)
class Progress:
    """Where a long audit stands: a French phrase and a share between 0 and 1."""

    phrase: str
    ratio: float


OnProgress = Callable[[Progress], None]


def no_progress(_progress: Progress) -> None:
    """Tell nobody."""
