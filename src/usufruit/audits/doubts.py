# SPDX-License-Identifier: EUPL-1.2
"""What makes one doubt the evidence, told and never silently mended."""

from collections.abc import Mapping, Sequence
from statistics import median

from usufruit.audits.measures import CapacitySeen

MIN_WEEKS_BEFORE = 4
MIN_WEEKS_AFTER = 4
THINNED = 0.6
THINNING = 0.75
WEEK_S = 604_800
STABLE_SHARE = 0.9


def exported_at_s(weeks: Sequence[tuple[int, int]]) -> int | None:
    """Return the instant from which an agenda holds only what was booked ahead; None without sign.

    The sign: from some week on, for four weeks or more, every week holds at most six tenths of the
    median of the weeks before; the instant then goes back over the weeks just before that already
    hold less than three quarters of it. ``weeks`` are (first second, bookings that begin), empty
    weeks left out.
    """
    if not weeks:
        return None
    counts = dict(weeks)
    starts = list(range(min(counts), max(counts) + 1, WEEK_S))
    series = [counts.get(start, 0) for start in starts]
    for cut in range(MIN_WEEKS_BEFORE, len(series) - MIN_WEEKS_AFTER + 1):
        usual = median(series[:cut])
        if max(series[cut:]) <= THINNED * usual:
            thinning = cut
            while series[thinning - 1] < THINNING * usual:
                thinning -= 1
            return starts[thinning]
    return None


def swapped_capacities(capacities: Mapping[int, Sequence[CapacitySeen]]) -> list[int]:
    """Return the assets whose capacities look exchanged among them at some moment.

    The sign: several assets change capacity once, and the capacities they begin with are, as a set,
    those they end with.
    """
    changed = {asset: seen for asset, seen in capacities.items() if len(seen) == 2}
    before = sorted(seen[0].capacity_milli for seen in changed.values())
    after = sorted(seen[1].capacity_milli for seen in changed.values())
    return sorted(changed) if len(changed) > 1 and before == after else []
