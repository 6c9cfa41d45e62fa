# SPDX-License-Identifier: EUPL-1.2
"""Recurring idle windows: hours of the week free with confidence, in runs worth opening.

An hour of the week is free when P(θ ≤ 0.20) ≥ 0.95: nine clean weeks out of nine at the least, and
no booking known in the thirteen weeks ahead. The whole period is one stratum; a stratum per season
would call ``find_idle_windows`` once for each, with the hours of that season alone.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from usufruit.audits import rules
from usufruit.audits.measures import Hour, HourUse
from usufruit.ui import typography

DAY_MIN = 1440
HOUR_MIN = 60
WEEK_HOURS = 168
MIN_HOURS_OF_KIND = {"vehicle": 4, "good": 8}
MIN_HOURS = 1


@dataclass(frozen=True, order=True)
class IdleWindow:
    """A run of hours of the week that nobody uses.

    Attributes:
        weekday: 0 Monday … 6 Sunday, the day it begins.
        start_min: minute of that local day.
        end_min: past 1440 when it passes midnight.
        confidence: the least P(θ ≤ 0.20) over its hours.
        clean_weeks: the fewest weeks without use over its hours.
        observed_weeks: the weeks observed at that same hour.
    """

    weekday: int
    start_min: int
    end_min: int
    confidence: float
    clean_weeks: int
    observed_weeks: int

    @property
    def words(self) -> str:
        """Return the window in words: « mardi de 18 h à 22 h, 12 semaines sur 12 »."""
        return f"{typography.WEEKDAYS[self.weekday]} {self.hours}, {self.weeks}"

    @property
    def hours(self) -> str:
        """Return its hours in words."""
        return hours_in_words(self.start_min, self.end_min)

    @property
    def weeks(self) -> str:
        """Return its weeks in words."""
        return f"{self.clean_weeks} semaines sur {self.observed_weeks}"


def hours_in_words(start_min: int, end_min: int) -> str:
    """Return « de 18 h à 22 h », « toute la journée », « de 22 h à 6 h le lendemain »."""
    if (start_min, end_min) == (0, DAY_MIN):
        return "toute la journée"
    start = typography.clock_of_minute(start_min)
    end = "minuit" if end_min == DAY_MIN else typography.clock_of_minute(end_min)
    return f"de {start} à {end}" + (" le lendemain" if end_min > DAY_MIN else "")


def find_idle_windows(
    hours: Mapping[Hour, HourUse], booked_ahead: Set[Hour], kind: str
) -> list[IdleWindow]:
    """Return the idle windows of an asset, in order of the week.

    A run that passes midnight stays whole up to 24 hours; a longer one is cut at midnight. Runs
    shorter than the kind is worth opening for are left out: an hour for a place, half a day (4 h)
    for a vehicle, a working day (8 h) for a good.
    """
    free = {
        hour
        for hour, use in hours.items()
        if hour not in booked_ahead
        and use.observed_weeks
        and rules.is_free(use.used_weeks, use.observed_weeks)
    }
    shortest = MIN_HOURS_OF_KIND.get(kind, MIN_HOURS)
    windows = [_window(run, hours) for run in _runs(free) if len(run) >= shortest]
    return sorted(windows)


def _runs(free: Set[Hour]) -> list[list[Hour]]:
    """Return the maximal runs of free hours around the circle of the week."""
    places = sorted(weekday * 24 + hour for weekday, hour in free)
    if len(places) == WEEK_HOURS:
        runs = [places]
    else:
        runs = [
            [place for _, place in run]
            for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0])
        ]
        if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == WEEK_HOURS - 1:
            runs[0] = runs.pop() + runs[0]
    hours = [[divmod(place, 24) for place in run] for run in runs]
    return [piece for run in hours for piece in _cut_at_midnight(run)]


def _cut_at_midnight(run: list[Hour]) -> list[list[Hour]]:
    if len(run) <= 24:
        return [run]
    return [list(day) for _, day in groupby(run, lambda hour: hour[0])]


def _window(run: list[Hour], hours: Mapping[Hour, HourUse]) -> IdleWindow:
    weekday, first = run[0]
    uses = [hours[hour] for hour in run]
    weakest = min(uses, key=lambda use: (_confidence(use), use.clean_weeks))
    return IdleWindow(
        weekday,
        first * HOUR_MIN,
        (first + len(run)) * HOUR_MIN,
        _confidence(weakest),
        weakest.clean_weeks,
        weakest.observed_weeks,
    )


def _confidence(use: HourUse) -> float:
    return rules.probability_rate_below(rules.FREE_RATE, use.used_weeks, use.observed_weeks)


def in_words(windows: list[IdleWindow]) -> list[str]:
    """Return the windows in words, days with the same hours told together."""
    told = []
    for (start_min, end_min), group in _by_hours(windows):
        days = _days_in_words([window.weekday for window in group])
        least = min(group, key=lambda window: (window.confidence, window.clean_weeks))
        told.append(f"{days} {hours_in_words(start_min, end_min)}, {_weeks(group, least)}")
    return told


def _weeks(group: list[IdleWindow], least: IdleWindow) -> str:
    """Return « 12 semaines sur 13 », « toutes les semaines connues (12 ou plus) »."""
    if len({window.weeks for window in group}) == 1:
        return least.weeks
    if all(window.clean_weeks == window.observed_weeks for window in group):
        # « Au moins 12 semaines sur 12 » would tell a reader nothing.
        fewest = min(window.observed_weeks for window in group)
        return f"toutes les semaines connues ({fewest} ou plus)"
    return f"au moins {least.weeks}"


def _by_hours(windows: list[IdleWindow]) -> list[tuple[tuple[int, int], list[IdleWindow]]]:
    def key(window: IdleWindow) -> tuple[int, int]:
        return window.start_min, window.end_min

    groups = [(hours, list(group)) for hours, group in groupby(sorted(windows, key=key), key)]
    return sorted(groups, key=lambda group: (group[1][0].weekday, group[0]))


def _days_in_words(weekdays: list[int]) -> str:
    """Return « mardi », « mardi et jeudi », « du lundi au vendredi », « tous les jours »."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return "tous les jours"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"du {typography.WEEKDAYS[days[0]]} au {typography.WEEKDAYS[days[-1]]}"
    return typography.joined([typography.WEEKDAYS[day] for day in days])


def weeks_before_first_window(hours: Mapping[Hour, HourUse]) -> int | None:
    """Return the clean weeks the most promising hour still needs; None without an observed one."""
    seen = [use for use in hours.values() if use.observed_weeks]
    if not seen:
        return None
    return min(rules.weeks_still_needed(use.used_weeks, use.observed_weeks) for use in seen)
