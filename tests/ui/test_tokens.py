# SPDX-License-Identifier: EUPL-1.2
"""The promises of the palette, recomputed from tokens.css."""

from itertools import combinations, pairwise

import pytest

from tests.ui import colour

LIGHT, BY_DEVICE, BY_CHOICE = colour.blocks()
THEMES = {"light": LIGHT, "dark": LIGHT | BY_CHOICE}
SIGHTS = ("", *colour.SIGHTS)

# name, on, light at least, dark at least: the figures measured when the palette was chosen.
RATIOS = (
    ("text", "surface", 15.98, 14.25),
    ("text", "surface-2", 14.30, 12.18),
    ("text", "bg", 7.0, 7.0),
    ("text-2", "surface", 8.00, 8.05),
    ("text-2", "surface-2", 7.16, 6.88),
    ("border-strong", "surface", 3.92, 4.25),
    ("on-brand", "brand", 7.51, 10.23),
    ("on-brand", "brand-hover", 10.14, 12.81),
    ("text", "brand-soft", 13.77, 10.66),
    ("link", "surface", 8.02, 9.03),
    ("focus", "surface", 6.24, 9.53),
    ("accent", "surface", 4.12, 8.68),
    ("ok", "ok-soft", 4.95, 10.34),
    ("warn", "warn-soft", 10.55, 7.48),
    ("err", "err-soft", 5.06, 4.81),
    ("info", "info-soft", 10.37, 5.13),
    ("hatch", "surface", 3.48, 4.36),
    ("map-label", "map-land", 12.14, 13.22),
    ("map-label", "map-water", 9.46, 11.53),
    ("err", "surface", 4.5, 4.5),
    ("brand", "bg", 4.5, 4.5),
    ("link", "bg", 4.5, 4.5),
    ("link", "surface-2", 4.5, 4.5),
    ("err", "bg", 4.5, 4.5),
    ("text-2", "bg", 4.5, 4.5),
    ("surface", "text-2", 4.5, 4.5),
)


def test_both_ways_to_dark_are_the_same() -> None:
    assert BY_DEVICE == BY_CHOICE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("name", "on", "light", "dark"), RATIOS)
def test_contrast(theme: str, name: str, on: str, light: float, dark: float) -> None:
    tokens = THEMES[theme]
    # The recorded figures are rounded to the hundredth.
    wanted = (light if theme == "light" else dark) - 0.006
    assert colour.contrast(tokens[name], tokens[on]) >= wanted


@pytest.mark.parametrize("theme", THEMES)
def test_status_colours_stay_apart_in_every_sight(theme: str) -> None:
    tokens = THEMES[theme]
    statuses = [tokens[name] for name in ("ok", "warn", "err", "info")]
    nearest = min(
        colour.distance(one, other, sight)
        for one, other in combinations(statuses, 2)
        for sight in SIGHTS
    )
    assert nearest >= 0.10


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_heat_steps_are_even(theme: str, sight: str) -> None:
    ramp = [THEMES[theme][f"heat-{level}"] for level in range(7)]
    steps = [colour.distance(one, other, sight) for one, other in pairwise(ramp)]
    mean = sum(steps) / len(steps)
    assert all(abs(step - mean) <= 0.15 * mean for step in steps), steps


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_in_heat_cells_are_read(theme: str) -> None:
    tokens = THEMES[theme]
    for level in range(7):
        ink = tokens[f"on-heat-{level}"]
        ink = tokens[ink.removeprefix("var(--").removesuffix(")")] if "var" in ink else ink
        assert colour.contrast(ink, tokens[f"heat-{level}"]) >= 4.5, level


@pytest.mark.parametrize("theme", THEMES)
def test_series_are_told_apart_and_seen(theme: str) -> None:
    tokens = THEMES[theme]
    series = [tokens[f"series-{at}"] for at in range(1, 6)]
    assert all(colour.contrast(one, tokens["surface"]) >= 3 for one in series)
    assert (
        min(
            colour.distance(one, other, sight)
            for one, other in combinations(series, 2)
            for sight in SIGHTS
        )
        >= 0.12
    )
