# SPDX-License-Identifier: EUPL-1.2
"""The typical week of an asset: 168 hours, each known, closed or without data."""

from collections.abc import Callable

from usufruit.audits.idle_windows import IdleWindow
from usufruit.audits.measures import AssetMeasures, Hour, HourUse
from usufruit.ui.charts import HeatCell
from usufruit.ui.typography import NBSP, number

WEEK: tuple[Hour, ...] = tuple((weekday, hour) for weekday in range(7) for hour in range(24))
HOUR_MIN = 60
KW_OF = 1_000_000 / 3600
MIN_SECONDS_SHOWN = 900


def heat_of(measures: AssetMeasures, windows: list[IdleWindow]) -> tuple[tuple[HeatCell, ...], str]:
    """Return the cells of the heat map and the French name of what they measure."""
    idle = _idle_hours(windows)
    if measures.evidence == "indirect":
        return _load_heat(measures)
    if measures.evidence == "measured" and any(seen.capacity_milli for seen in measures.capacities):
        cells = [_cell(hour, measures.hours.get(hour), idle, _places_ratio) for hour in WEEK]
        return tuple(cells), "part des places occupées"
    cells = [_cell(hour, measures.hours.get(hour), idle, _time_ratio) for hour in WEEK]
    word = "réservé" if measures.evidence == "reserved" else "utilisé"
    return tuple(cells), f"part du temps {word}"


def _idle_hours(windows: list[IdleWindow]) -> set[Hour]:
    found = set()
    for window in windows:
        for minute in range(window.start_min, window.end_min, HOUR_MIN):
            days, hour = divmod(minute // HOUR_MIN, 24)
            found.add(((window.weekday + days) % 7, hour))
    return found


def _cell(
    hour: Hour, use: HourUse | None, idle: set[Hour], ratio_of: Callable[[HourUse], float | None]
) -> HeatCell:
    weekday, at = hour
    if use is None or not use.open_s:
        return HeatCell(weekday, at, state="closed" if use is not None else "no_data")
    ratio = ratio_of(use) if use.known_s >= MIN_SECONDS_SHOWN else None
    if ratio is None:
        return HeatCell(weekday, at, state="no_data")
    return HeatCell(weekday, at, min(ratio, 1.0), weeks=use.observed_weeks, is_idle=hour in idle)


def _places_ratio(use: HourUse) -> float | None:
    return use.persons_milli_s / use.capacity_milli_s if use.capacity_milli_s else None


def _time_ratio(use: HourUse) -> float | None:
    return use.used_s / use.known_s if use.known_s else None


def _load_heat(measures: AssetMeasures) -> tuple[tuple[HeatCell, ...], str]:
    """Return mean loads as shares of the heaviest hour of the week, open or not."""
    loads = {
        hour: energy / known for hour, (energy, known) in measures.meter_hours.items() if known
    }
    top = max(loads.values(), default=0.0)
    if not top:
        return tuple(HeatCell(*hour, state="no_data") for hour in WEEK), "charge"
    cells = [
        HeatCell(*hour, loads[hour] / top) if hour in loads else HeatCell(*hour, state="no_data")
        for hour in WEEK
    ]
    heaviest = f"{number(top / KW_OF, 1)}{NBSP}kW"
    return tuple(cells), f"charge moyenne, en part de l’heure la plus forte ({heaviest})"
