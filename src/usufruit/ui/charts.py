# SPDX-License-Identifier: EUPL-1.2
"""What a chart is told: plain values, knowing no domain, and the facts computed from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Literal

from django.utils.translation import gettext as _

from usufruit.ui import typography

HEAT_BOUNDS = (0, 15, 30, 45, 60, 80, 100)
REPORT_STYLES = (
    "tokens.css",
    "base.css",
    "layout.css",
    "components.css",
    "charts.css",
    "print.css",
)
STYLES = Path(__file__).parent / "static" / "ui"

CellState = Literal["known", "closed", "no_data"]
BlockKind = Literal[
    "free", "open", "busy", "mine", "pending", "buffer", "closed", "reserved", "repair", "idle"
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from, printed under it; empty parts are left out.

    ``coverage_ratio`` is in [0, 1]; ``count`` is the number of observations named by ``unit``;
    ``href`` leads to how it is computed, ``csv_href`` to the rows.
    """

    period: str = ""
    count: int | None = None
    unit: str = ""
    coverage_ratio: float | None = None
    method: str = ""
    href: str = ""
    csv_href: str = ""

    @property
    def parts(self) -> list[str]:
        """Return the printed parts, in order."""
        found = [self.period] if self.period else []
        if self.count is not None:
            found.append(f"{typography.number(self.count)} {self.unit}".strip())
        if self.coverage_ratio is not None:
            figure = typography.percent(self.coverage_ratio)
            found.append(_("données couvertes à %(figure)s") % {"figure": figure})
        if self.method:
            found.append(_("méthode %(version)s") % {"version": self.method})
        return found


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One hour of the typical week: ``weekday`` 0 = Monday, ``hour`` 0 to 23 of local time.

    ``ratio`` is in [0, 1] when the state is « known », else None. ``weeks`` is how many weeks
    were known for this hour; ``is_idle`` outlines it.
    """

    weekday: int
    hour: int
    ratio: float | None = None
    state: CellState = "known"
    weeks: int = 0
    is_idle: bool = False

    @property
    def percent(self) -> int | None:
        """Return the whole percentage printed in the cell, or None when nothing is known."""
        if self.state != "known" or self.ratio is None:
            return None
        return int(self.ratio * 100 + 0.5)

    @property
    def level(self) -> int | None:
        """Return the colour class 0 to 6 of the printed percentage; 0 only for a measured zero."""
        if self.percent is None:
            return None
        return next((at for at, top in enumerate(HEAT_BOUNDS) if self.percent <= top), 6)

    @property
    def words(self) -> str:
        """Return what the cell says, alone: « 42 % », « fermé », « sans donnée »."""
        if self.percent is None:
            return _("fermé") if self.state == "closed" else _("sans donnée")
        return f"{self.percent}{typography.NBSP}%"


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A typical week, 7 days × 24 hours; hours missing from ``cells`` count as no data.

    ``measure`` names the ratio (« taux d’utilisation »); ``weeks_total`` is the number of weeks
    looked at; ``finding`` replaces the computed sentence; ``idle_windows`` are listed in words.
    ``key`` makes the identifiers of the page unique.
    """

    title: str
    cells: Sequence[HeatCell]
    key: str = "heat"
    measure: str = ""
    weeks_total: int = 0
    finding: str = ""
    idle_windows: Sequence[str] = ()
    source: Source = field(default_factory=Source)
    full_day: bool = False
    toggle_href: str = ""

    def grid(self) -> dict[tuple[int, int], HeatCell]:
        """Return all 168 cells by (weekday, hour)."""
        given = {(cell.weekday, cell.hour): cell for cell in self.cells}
        return {
            (weekday, hour): given.get((weekday, hour), HeatCell(weekday, hour, state="no_data"))
            for weekday in range(7)
            for hour in range(24)
        }

    def hours(self) -> range:
        """Return the hours to draw: from the first open to the last, or the whole day."""
        open_hours = [hour for (_d, hour), cell in self.grid().items() if cell.state != "closed"]
        if self.full_day or not open_hours:
            return range(24)
        return range(min(open_hours), max(open_hours) + 1)

    def idle_runs(self) -> list[tuple[int, int, int]]:
        """Return the outlined runs as (weekday, first hour, hour after the last)."""
        idle = sorted((c.weekday, c.hour) for c in self.cells if c.is_idle)
        runs = []
        for _key, run in groupby(enumerate(idle), lambda pair: (pair[1][0], pair[1][1] - pair[0])):
            hours = [spot for _at, spot in run]
            runs.append((hours[0][0], hours[0][1], hours[-1][1] + 1))
        return runs

    def sentence(self) -> str:
        """Return the finding: the one given, else the busiest and the quietest known hours."""
        if self.finding:
            return self.finding
        known = [cell for cell in self.grid().values() if cell.percent is not None]
        if not known:
            return _("Aucune heure connue : rien ne peut être dit de cette semaine.")
        high = max(known, key=lambda cell: (cell.percent or 0, -cell.weekday, -cell.hour))
        zeros = sum(cell.percent == 0 for cell in known)
        names = {"when": _hour_name(high), "figure": high.words}
        text = _("Le plus utilisé : %(when)s (%(figure)s).") % names
        if zeros > 1:
            counts = {"zeros": zeros, "known": len(known)}
            never = _("%(zeros)s\u00a0heures sur %(known)s n’ont jamais servi.")
            return f"{text} {never % counts}"
        low = min(known, key=lambda cell: (cell.percent or 0, cell.weekday, cell.hour))
        names = {"when": _hour_name(low), "figure": low.words}
        return f"{text} " + _("Le moins utilisé : %(when)s (%(figure)s).") % names


def _hour_name(cell: HeatCell) -> str:
    return f"{typography.WEEKDAYS[cell.weekday]} {cell.hour}{typography.NBSP}h"


def heat_cells(
    ratios: Sequence[Sequence[float | None]], closed: Sequence[Sequence[bool]] | None = None
) -> list[HeatCell]:
    """Return cells from two 7 × 24 tables; None means no data, unless closed says otherwise."""
    found = []
    for weekday, row in enumerate(ratios):
        for hour, ratio in enumerate(row):
            is_closed = bool(closed and closed[weekday][hour])
            state: CellState = "closed" if is_closed else "no_data" if ratio is None else "known"
            found.append(HeatCell(weekday, hour, None if is_closed else ratio, state))
    return found


@dataclass(frozen=True, slots=True)
class TimelineBlock:
    """A stretch of time on a row, aware and half-open; ``label`` is what all readers may know.

    ``detail`` is added on focus and in the agenda; ``href`` makes the block a link.
    """

    start: datetime
    end: datetime
    label: str
    kind: BlockKind = "busy"
    detail: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing whose time is shown; blocks may overlap, they then stand one above the other."""

    label: str
    blocks: Sequence[TimelineBlock]
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WeekTimeline:
    """Days from ``first_on`` in the civil time of ``zone``.

    One row is drawn as days × hours; several rows as things × days. ``first_hour`` and
    ``last_hour`` bound the day drawn (0 to 24); ``now`` draws the line of the present instant.
    ``previous_href`` and ``next_href`` lead to the weeks around.
    """

    title: str
    rows: Sequence[TimelineRow]
    first_on: date
    zone: str
    day_count: int = 7
    first_hour: int = 0
    last_hour: int = 24
    now: datetime | None = None
    key: str = "week"
    finding: str = ""
    previous_href: str = ""
    next_href: str = ""
    source: Source = field(default_factory=Source)

    def days(self) -> list[date]:
        """Return the days drawn, in order."""
        return [self.first_on + timedelta(days=at) for at in range(self.day_count)]

    def sentence(self) -> str:
        """Return the finding: the one given, else how many stretches are taken and by row."""
        if self.finding:
            return self.finding
        free = sum(block.kind in {"free", "idle"} for row in self.rows for block in row.blocks)
        taken = sum(
            block.kind in {"busy", "mine", "pending"} for row in self.rows for block in row.blocks
        )
        if not taken and not free:
            return _("Rien n’est inscrit dans ces jours.")
        if not free:
            return _("%(taken)s plages prises dans ces jours.") % {"taken": taken}
        numbers = {"free": free, "taken": taken}
        return _("%(free)s plages libres et %(taken)s prises dans ces jours.") % numbers


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """A class [low, high) of values and how many fall in it; the last bin closes at high."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by class of value, zero-based, at most 20 classes.

    ``unit`` follows the bounds (« % », « h »); ``counted`` names what is counted (« biens »);
    ``threshold`` marks a value with ``threshold_label``; ``middle`` is the median of the values.
    """

    title: str
    bins: Sequence[HistogramBin]
    key: str = "histogram"
    unit: str = ""
    counted: str = ""
    middle: float | None = None
    threshold: float | None = None
    threshold_label: str = ""
    finding: str = ""
    source: Source = field(default_factory=Source)

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        if not 1 <= len(self.bins) <= 20:
            raise ValueError("a histogram has 1 to 20 bins")

    @property
    def total(self) -> int:
        """Return how many things are counted."""
        return sum(one.count for one in self.bins)

    def sentence(self) -> str:
        """Return the finding: the one given, else the median in words."""
        if self.finding:
            return self.finding
        if self.middle is None or not self.total:
            return _("Rien à compter pour cette période.")
        value = f"{typography.number(self.middle)}{typography.NBSP}{self.unit}".strip()
        return _("La moitié des %(total)s %(counted)s sont sous %(value)s.") % {
            "total": typography.number(self.total),
            "counted": self.counted,
            "value": value,
        }


def histogram_of(
    title: str, values: Sequence[float], *, low: float, high: float, bin_count: int = 10
) -> Histogram:
    """Return the histogram of values between two bounds; values outside fall in the end bins."""
    width = (high - low) / bin_count
    counts = [0] * bin_count
    for value in values:
        counts[max(0, min(bin_count - 1, int((value - low) / width)))] += 1
    bins = [
        HistogramBin(low + at * width, low + (at + 1) * width, count)
        for at, count in enumerate(counts)
    ]
    return Histogram(title, bins, middle=median(values) if values else None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and what makes it credible.

    ``value`` is already written (« 15 % »), or "" when it cannot be known; ``interval`` and
    ``comparison`` are words; under 60 % of coverage the figure is greyed and says why.
    ``spark`` is a short series, None for a gap; ``href`` leads to the proof.
    """

    label: str
    value: str
    comparison: str = ""
    interval: str = ""
    coverage_ratio: float | None = None
    reason: str = ""
    spark: Sequence[float | None] = ()
    href: str = ""
    icon: str = ""

    @property
    def is_weak(self) -> bool:
        """Tell whether too little is known for the figure to be relied upon."""
        return not self.value or (self.coverage_ratio is not None and self.coverage_ratio < 0.6)


def report_css() -> str:
    """Return the style sheets a self-contained report needs, in order, without any address."""
    texts = []
    for name in REPORT_STYLES:
        text = (STYLES / name).read_text("utf-8")
        head, *fonts = text.split("@font-face {")
        texts.append(head + "".join(font.split("}", 1)[1] for font in fonts))
    return "\n".join(texts)
