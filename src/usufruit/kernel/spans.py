# SPDX-License-Identifier: EUPL-1.2
"""Half-open spans [start, end) of any ordered type, and the few things done with sets of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open span of aware time; spans that touch do not overlap.

    Raises:
        ValueError: when the end does not come after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts: {self.start} … {self.end}")

    @property
    def duration_s(self) -> int:
        """Return the length in whole seconds."""
        return int((self.end - self.start).total_seconds())

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both spans share an instant."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Tell whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the union of the spans as the fewest disjoint spans, in order; touching ones join."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """Return the instants that lie in both sets, as disjoint spans in order."""
    a, b = merge(left), merge(right)
    common: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            common.append(Span(start, end))
        if a[i].end <= b[j].end:
            i += 1
        else:
            j += 1
    return common


def subtract(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """Return the instants of the first set that are not in the second, as disjoint spans."""
    remaining: list[Span] = []
    holes = merge(right)
    for span in merge(left):
        start = span.start
        for hole in holes:
            if hole.end <= start or hole.start >= span.end:
                continue
            if hole.start > start:
                remaining.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            remaining.append(Span(start, span.end))
    return remaining
