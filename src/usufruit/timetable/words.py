# SPDX-License-Identifier: EUPL-1.2
"""Opening hours as people say them, and as an owner types them, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from usufruit.kernel.local_time import MINUTES_PER_DAY
from usufruit.timetable.rules import (
    DayPart,
    HalfDay,
    Minutes,
    WeeklyWindow,
    merge_windows,
    parse_opening,
)
from usufruit.ui import typography

DAY = Minutes(0, MINUTES_PER_DAY)
EVERY_DAY = tuple(range(7))


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday, 0 Monday … 6 Sunday, in the reader's language."""
    is_english = typography.is_english(get_language() or "fr")
    return (typography.WEEKDAYS_EN if is_english else typography.WEEKDAYS)[weekday]


def half_day_in_words(half_day: HalfDay) -> str:
    """Say a half-day in few words: « jeudi 3 décembre, matin »."""
    names = {
        DayPart.MORNING: _("matin"),
        DayPart.AFTERNOON: _("après-midi"),
        DayPart.EVENING: _("soir"),
    }
    language = get_language() or "fr"
    return _("%(day)s, %(part)s") % {
        "day": typography.day(half_day.on, has_year=False, language=language),
        "part": names[half_day.part],
    }


def week_in_words(windows: Iterable[WeeklyWindow]) -> str:
    """Say a week: « du lundi au vendredi, de 8 h à 22 h; le samedi, de 9 h à 17 h »."""
    by_day: dict[int, list[Minutes]] = {}
    for window in merge_windows(windows):
        by_day.setdefault(window.weekday, []).append(window.minutes)
    days_of: dict[tuple[Minutes, ...], list[int]] = {}
    for weekday, minutes in sorted(by_day.items()):
        days_of.setdefault(tuple(minutes), []).append(weekday)
    if not days_of:
        return _("fermé toute la semaine")
    return "; ".join(
        _("%(days)s, %(hours)s") % {"days": _days(days), "hours": hours_in_words(minutes)}
        for minutes, days in days_of.items()
    )


def hours_in_words(minutes: Iterable[Minutes]) -> str:
    """Say the hours of a day: « de 8 h à 12 h et de 13 h à 22 h », « fermé »."""
    runs = [_run(run) for run in minutes]
    return typography.joined(runs, _("et")) if runs else _("fermé")


def _run(run: Minutes) -> str:
    if run == DAY:
        return _("jour et nuit")
    language = get_language() or "fr"
    return _("de %(start)s à %(end)s") % {
        "start": typography.clock_of_minute(run.start_min, language),
        "end": typography.clock_of_minute(run.end_min, language),
    }


def _days(days: list[int]) -> str:
    if tuple(days) == EVERY_DAY:
        return _("tous les jours")
    said = []
    for _offset, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        names = [weekday_name(weekday) for _at, weekday in run]
        if len(names) > 2:
            said.append(_("du %(first)s au %(last)s") % {"first": names[0], "last": names[-1]})
        else:
            said += [_("le %(day)s") % {"day": name} for name in names]
    return typography.joined(said, _("et"))


def typed_day(minutes: Iterable[Minutes]) -> str:
    """Return the hours of a day as one types them: ``8:00-12:00, 13:00-22:00``; empty is closed."""
    return ", ".join(f"{_typed(run.start_min)}-{_typed(run.end_min)}" for run in minutes)


def _typed(minute: int) -> str:
    hour, rest = divmod(minute if minute <= MINUTES_PER_DAY else minute - MINUTES_PER_DAY, 60)
    return f"{hour}:{rest:02d}"


def read_day(text: str) -> tuple[Minutes, ...]:
    """Read the hours of a day: « 8:00-12:00, 13:00-22:00 », « 8 h à 12 h et 13 h à 22 h ».

    Nothing, « fermé » and « - » are a closed day.

    Raises:
        ValueError: with a French sentence, when a part cannot be read.
    """
    plain = " ".join(text.lower().replace("–", "-").replace(";", ",").split())
    if plain in {"", "-", "fermé", "ferme", "closed"}:
        return ()
    plain = plain.replace("de ", "").replace(" et ", ",").replace(" à ", "-")
    runs = (part for part in plain.split(",") if part.strip())
    windows = parse_opening(f"lu {','.join(runs)}")
    return tuple(window.minutes for window in merge_windows(windows) if window.weekday == 0)
