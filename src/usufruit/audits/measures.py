# SPDX-License-Identifier: EUPL-1.2
"""What the engine measured of one asset: seconds, millionths of kWh, thousandths of persons."""

from dataclasses import dataclass, field, fields

Hour = tuple[int, int]
"""Weekday (0 Monday) and local hour (0 to 23)."""


@dataclass(frozen=True, slots=True)
class LedgerWeek:
    """The hours ledger of one week; every second of the calendar is in one state only.

    calendar = closed + blocked + available; available = the nine states below it.

    Attributes:
        closed_s: outside opening hours.
        blocked_s: open, but a closure was declared.
        used_s: somebody counted, no agenda at hand.
        booked_used_s: booked, and somebody counted.
        booked_unused_s: booked, and nobody counted (no-show).
        unbooked_used_s: somebody counted without a booking.
        idle_s: nobody counted: a measured zero.
        booked_s: booked, presence unknown.
        unbooked_s: not booked, presence unknown.
        metered_s: only a meter speaks.
        unknown_s: no data.
    """

    week_no: int
    calendar_s: int
    closed_s: int
    blocked_s: int
    used_s: int
    booked_used_s: int
    booked_unused_s: int
    unbooked_used_s: int
    idle_s: int
    booked_s: int
    unbooked_s: int
    metered_s: int
    unknown_s: int
    persons_milli_s: int
    capacity_milli_s: int
    used_capacity_milli_s: int

    @property
    def available_s(self) -> int:
        """Return the open time that no closure takes."""
        return self.calendar_s - self.closed_s - self.blocked_s

    @property
    def known_s(self) -> int:
        """Return the available time about which something is known."""
        return self.available_s - self.unknown_s

    @property
    def counted_s(self) -> int:
        """Return the available time during which persons were counted."""
        return self.seen_s + self.idle_s + self.booked_unused_s

    @property
    def seen_s(self) -> int:
        """Return the time during which somebody was counted."""
        return self.used_s + self.booked_used_s + self.unbooked_used_s

    @property
    def taken_s(self) -> int:
        """Return the time used or, for want of a count, booked."""
        return self.seen_s + self.booked_s

    @property
    def sleeping_s(self) -> int:
        """Return the time nobody was counted or, for want of a count, nothing was booked."""
        return self.idle_s + self.booked_unused_s + self.unbooked_s


STATES = (
    "closed", "blocked", "used", "booked_used", "booked_unused", "unbooked_used", "idle", "booked",
    "unbooked", "metered", "unknown",
)  # fmt: skip


def add_weeks(weeks: list[LedgerWeek]) -> LedgerWeek:
    """Return the ledger of the whole period; its ``week_no`` is 0."""
    names = [one.name for one in fields(LedgerWeek) if one.name != "week_no"]
    return LedgerWeek(0, *(sum(getattr(week, name) for week in weeks) for name in names))


@dataclass(frozen=True, slots=True)
class HourUse:
    """One hour of the week over the period; weeks as ``list_hours_of_week`` defines them."""

    open_s: int
    known_s: int
    used_s: int
    persons_milli_s: int
    capacity_milli_s: int
    used_weeks: int
    clean_weeks: int

    @property
    def observed_weeks(self) -> int:
        """Return the weeks whose state at this hour is known."""
        return self.used_weeks + self.clean_weeks


@dataclass(frozen=True, slots=True)
class MeterWeek:
    """Energy (millionths of kWh) and known seconds of a week; span 0 the period, 1 the compared."""

    span_no: int
    week_no: int
    energy_micro: int
    known_s: int
    night_micro: int
    night_s: int
    day_micro: int
    day_s: int


@dataclass(slots=True)
class Booked:
    """Intervals of an asset as written, whatever the opening hours.

    Attributes:
        bookings: firm bookings and held options.
        noted_uses: uses noted after the fact.
        union_s: time covered at least once in the period; ``sum_s`` counts overlaps twice.
        duplicates: lines that repeat another exactly, in the whole evidence.
        firm_pairs: pairs of firm bookings that share time; ``held_pairs`` when one is an option,
            ``closure_pairs`` when one is a closure, ``duplicate_pairs`` when they are the same.
    """

    bookings: int = 0
    closures: int = 0
    noted_uses: int = 0
    held: int = 0
    km_milli: int | None = None
    union_s: int = 0
    sum_s: int = 0
    duplicates: int = 0
    duplicate_pairs: int = 0
    closure_pairs: int = 0
    held_pairs: int = 0
    firm_pairs: int = 0


@dataclass(frozen=True, slots=True)
class CapacitySeen:
    """A capacity the evidence gives, with the first and last instants it appears at."""

    capacity_milli: int
    first_s: int
    last_s: int
    counts: int


@dataclass(slots=True)
class AssetMeasures:
    """All the engine says of one asset."""

    weeks: list[LedgerWeek] = field(default_factory=list)
    hours: dict[Hour, HourUse] = field(default_factory=dict)
    booked: Booked | None = None
    booked_ahead: set[Hour] = field(default_factory=set)
    meter_weeks: list[MeterWeek] = field(default_factory=list)
    meter_hours: dict[Hour, tuple[int, int]] = field(default_factory=dict)
    zero_readings: dict[int, tuple[int, int]] = field(default_factory=dict)
    capacities: list[CapacitySeen] = field(default_factory=list)

    @property
    def ledger(self) -> LedgerWeek:
        """Return the hours ledger of the period."""
        return add_weeks(self.weeks)

    @property
    def evidence(self) -> str:
        """Return the best evidence: measured, reserved, declared, indirect or none."""
        if self.capacities:
            return "measured"
        if self.booked is not None and self.booked.noted_uses:
            return "declared"
        if self.booked is not None:
            return "reserved"
        return "indirect" if self.zero_readings else "none"
