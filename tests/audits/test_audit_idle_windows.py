# SPDX-License-Identifier: EUPL-1.2
"""Idle windows: nine clean weeks, no booking ahead, runs worth opening, told in words."""

from datetime import date, datetime, timedelta

import pytest

from usufruit.audits.idle_windows import find_idle_windows, hours_in_words, in_words
from usufruit.audits.measures import HourUse
from usufruit.audits.options import Days, InventoryAsset
from usufruit.timetable.rules import OpeningRules, parse_opening

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001 - a wall clock, as files write it


def _hours(free: dict, weeks: int = 12) -> dict:
    """Return a week of hours used every week, but those free."""
    return {
        (day, hour): HourUse(
            weeks * 3600, weeks * 3600, 0, 0, 0,
            0 if hour in free.get(day, ()) else weeks, weeks if hour in free.get(day, ()) else 0,
        )
        for day in range(7) for hour in range(24)
    }  # fmt: skip


def _agenda(weeks: int, *, hour: int = 8) -> str:
    """Return an agenda booked each Monday for two hours, and a last line that bounds the weeks."""
    rows = ["room,start,end,status"]
    for week in range(weeks):
        start = MONDAY + timedelta(weeks=week, hours=hour)
        rows.append(f"Salle A,{start},{start + timedelta(hours=2)},")
    return "\n".join(rows)


def test_a_run_past_midnight_is_one_window():
    hours = _hours({1: range(22, 24), 2: range(6)})
    (window,) = find_idle_windows(hours, set(), "place")
    assert (window.weekday, window.start_min, window.end_min) == (1, 22 * 60, 30 * 60)
    assert window.words == "mardi de 22\u00a0h à 6\u00a0h le lendemain, 12 semaines sur 12"


def test_sunday_night_runs_into_monday():
    (window,) = find_idle_windows(_hours({6: (23,), 0: (0, 1)}), set(), "place")
    assert (window.weekday, window.start_min, window.end_min) == (6, 23 * 60, 26 * 60)


def test_a_week_never_used_is_seven_days():
    windows = find_idle_windows(_hours({day: range(24) for day in range(7)}), set(), "place")
    assert [(w.weekday, w.start_min, w.end_min) for w in windows] == [
        (d, 0, 1440) for d in range(7)
    ]
    assert in_words(windows) == ["tous les jours toute la journée, 12 semaines sur 12"]


def test_each_kind_has_its_shortest_window():
    free = {2: range(9, 13)}
    assert find_idle_windows(_hours(free), set(), "vehicle")
    assert not find_idle_windows(_hours(free), set(), "good")


def test_an_hour_booked_ahead_is_not_free():
    windows = find_idle_windows(_hours({2: range(9, 13)}), {(2, 10)}, "place")
    assert [(w.start_min, w.end_min) for w in windows] == [(540, 600), (660, 780)]


def test_days_with_the_same_hours_are_told_together():
    windows = find_idle_windows(
        _hours({day: range(18, 22) for day in (0, 1, 2, 4)}), set(), "place"
    )
    assert in_words(windows) == [
        "lundi, mardi, mercredi et vendredi de 18\u00a0h à 22\u00a0h, 12 semaines sur 12"
    ]
    assert hours_in_words(0, 1440) == "toute la journée"


@pytest.mark.parametrize(("weeks", "declared"), [(8, False), (9, True)])
def test_nine_clean_weeks_are_needed(audit, weeks, declared):
    opening = OpeningRules(parse_opening("lu,ma 8:00-22:00"))
    result = audit(
        {"agenda.csv": _agenda(weeks)},
        [InventoryAsset("Salle A", "Salle A", opening=opening)],
        period=Days(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=weeks, days=-1)),
    )
    finding = result.assets[0]
    assert bool(finding.idle_windows) is declared
    if declared:
        assert [window.words for window in finding.idle_windows] == [
            "lundi de 10\u00a0h à 22\u00a0h, 9 semaines sur 9"
        ], "the agenda ends on a Monday: Tuesdays of its last week are not known"
    else:
        assert "encore 1 semaine" in " ".join(finding.reasons)


def test_a_booking_after_the_period_closes_its_window(audit):
    later = "\nSalle A,2026-04-14 18:00,2026-04-14 20:00,"
    opening = OpeningRules(parse_opening("ma 8:00-22:00"))
    result = audit(
        {"agenda.csv": _agenda(14) + later},
        [InventoryAsset("Salle A", "Salle A", opening=opening)],
        period=Days(date(2026, 1, 5), date(2026, 4, 5)),
    )
    hours = [(w.start_min // 60, w.end_min // 60) for w in result.assets[0].idle_windows]
    assert hours == [(8, 18), (20, 22)]


def test_unknown_time_is_never_clean(audit):
    """Counts every other week: the weeks without data neither prove nor forbid."""
    rows = ["bien,horodatage,personnes"]
    for week in range(0, 16, 2):
        rows += [
            f"Gymnase,{MONDAY + timedelta(weeks=week, minutes=minute)},0/30"
            for minute in range(0, 24 * 60, 30)
        ]
    finding = audit(
        {"comptes.csv": "\n".join(rows)}, period=Days(date(2026, 1, 5), date(2026, 4, 26))
    ).assets[0]
    assert not finding.idle_windows
    assert finding.verdict == "insufficient"


def test_use_of_fifteen_minutes_makes_a_week_used(audit):
    def counts(minutes: int) -> str:
        rows = ["bien,horodatage,personnes"]
        for week in range(10):
            day = MONDAY + timedelta(weeks=week)
            rows += [f"G,{day + timedelta(minutes=m)},0/30" for m in range(0, 1440, 60)]
            start = day + timedelta(hours=9, minutes=10)
            rows += [f"G,{start},1/30", f"G,{start + timedelta(minutes=minutes)},0/30"]
        return "\n".join(rows)

    period = Days(date(2026, 1, 5), date(2026, 3, 15))
    short = audit({"c.csv": counts(14)}, period=period).assets[0].idle_windows
    long = audit({"c.csv": counts(15)}, period=period).assets[0].idle_windows
    assert [(w.start_min, w.end_min) for w in short] == [(0, 1440)]
    assert [(w.start_min, w.end_min) for w in long] == [(0, 540), (600, 1440)]
