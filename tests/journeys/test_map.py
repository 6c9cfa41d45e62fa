# SPDX-License-Identifier: EUPL-1.2
"""The map says what the list says, in the same order, on a ground of our own."""

import pytest

from tests.journeys.steps import ready_map
from tests.support.browser import PHONE

SEARCH = "/biens/?quoi=gymnase"

# Colours of a grid of points of the map, read from what the graphics card drew.
DRAWN = """() => new Promise((done) => {
  const { map } = document.querySelector("[data-map]").usufruitMap;
  map.once("render", () => {
    const canvas = map.getCanvas();
    const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
    const { width, height } = canvas;
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const found = new Map();
    for (let at = 0; at < pixels.length; at += 4) {
      const key = `${pixels[at]},${pixels[at + 1]},${pixels[at + 2]},${pixels[at + 3]}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    done([...found.entries()].sort((one, other) => other[1] - one[1]));
  });
  map.triggerRepaint();
})"""
NAMES = """() => document.querySelector("[data-map]").usufruitMap.map
  .queryRenderedFeatures({layers: ["names"]}).map((one) => one.properties.n)"""


def places_in_order(page) -> list[list[str]]:
    """Return the names of the cards, those of one place together, as pins must be."""
    return page.evaluate(
        """() => {
          const groups = new Map();
          for (const one of JSON.parse(document.getElementById("pins").textContent)) {
            const key = `${one.lat.toFixed(5)} ${one.lon.toFixed(5)}`;
            groups.set(key, [...(groups.get(key) ?? []), one.name]);
          }
          return [...groups.values()];
        }"""
    )


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (1280, "dark"), (PHONE, "light")])
def test_list_and_map_say_the_same(arrive, width, theme):
    visitor = arrive(width=width, theme=theme)
    page = visitor.go(SEARCH)
    if width == PHONE:
        page.locator("[data-map-open]").click()
    ready_map(page)
    cards = page.locator("#reponses [data-map-item] .card__title").all_inner_texts()
    groups = places_in_order(page)
    assert sorted(name for group in groups for name in group) == sorted(cards)
    assert [name for name in cards if name in {group[0] for group in groups}] == [
        group[0] for group in groups
    ]
    pins = page.eval_on_selector_all(".pin", "all => all.map((one) => one.ariaLabel)")
    assert len(pins) == len(groups)
    for pin, names in zip(pins, groups, strict=True):
        assert [part.split(",")[0] for part in pin.split("; ")] == names
    visitor.check()
    colours = page.evaluate(DRAWN)
    drawn_on = sum(count for _colour, count in colours[1:])
    assert drawn_on > 1000, "nothing is drawn on the ground"
    assert len(colours) >= 3
    assert page.evaluate(NAMES)


def test_card_lights_its_pin_and_pin_its_card(arrive):
    visitor = arrive()
    page = visitor.go(SEARCH)
    ready_map(page)
    card = page.locator("#reponses [data-map-item]").first
    card.get_by_role("link").focus()
    assert "is-active" in page.locator(".pin").first.get_attribute("class")
    pin = page.locator(".pin").last
    pin.focus()
    assert "is-active" not in page.locator(".pin").first.get_attribute("class")
    lit = page.locator("#reponses [data-map-item].is-active .card__title").all_inner_texts()
    assert lit
    assert lit[0] in pin.get_attribute("aria-label")
    pin.press("Enter")
    found = page.locator(".map-panel__card a").all_inner_texts()
    assert found == lit
    visitor.check()
