# SPDX-License-Identifier: EUPL-1.2
"""The gallery in a real browser, under the strictest policy it must bear."""

import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.support import browser
from tests.support.browser import DESK, PHONE
from usufruit.ui import charts

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
)

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not (charts.STYLES / "vendor/stamp").exists(), reason="make installs them first"
    ),
]


class Handler(SimpleHTTPRequestHandler):
    """Serve one page at « / » and the static files of the room."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}
    page = b""

    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(self.page)
            return
        self.path = self.path.removeprefix("/static/ui").split("?")[0]
        super().do_GET()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(gallery: str) -> Iterator[str]:
    class Here(Handler):
        page = gallery.encode()

        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(charts.STYLES))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Here)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as opened:
        yield opened


@pytest.fixture
def arrive(chromium, address) -> Iterator[Callable[..., browser.Visitor]]:
    """Open the gallery: ``arrive(width=390, theme="dark")``; nobody leaves faults."""
    visitors: list[browser.Visitor] = []

    def come(**options: object) -> browser.Visitor:
        visitors.append(browser.arrive(chromium, address, **options))
        visitors[-1].go("/")
        return visitors[-1]

    yield come
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.close()
    assert faults == []


@pytest.mark.parametrize(("width", "theme"), [(DESK, "light"), (PHONE, "dark")])
def test_page_is_accessible_fits_and_stays_home(arrive, width, theme) -> None:
    visitor = arrive(width=width, theme=theme)
    page = visitor.page
    page.locator("#carte").scroll_into_view_if_needed()
    if width == PHONE:
        page.locator("[data-map-open]").click()
    page.wait_for_selector("[data-map][data-ready]", timeout=60_000)
    visitor.fits()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert visitor.axe() == []


def test_pins_follow_the_list_and_light_its_cards(arrive) -> None:
    page = arrive().page
    page.locator("#carte").scroll_into_view_if_needed()
    page.wait_for_selector("[data-map][data-ready]", timeout=60_000)
    cards = page.locator("[data-map-item] .card__title").all_inner_texts()
    pins = page.eval_on_selector_all(".pin", "all => all.map((one) => one.ariaLabel)")
    assert [pin.split(",")[0] for pin in pins] == cards
    page.locator("[data-map-item='2'] a").focus()
    assert "is-active" in page.locator(".pin").nth(1).get_attribute("class")
    page.locator(".pin").nth(2).focus()
    assert "is-active" in page.locator("[data-map-item='3']").get_attribute("class")
    page.locator(".pin").nth(2).click()
    assert page.locator(".map-panel__card a").inner_text() == cards[2]
    drawn = page.evaluate(
        "document.querySelector('[data-map]').usufruitMap.map"
        ".queryRenderedFeatures({layers: ['names']}).map((one) => one.properties.n)"
    )
    assert "Trois-Rivières" in drawn


def test_heat_map_is_walked_with_the_arrows(arrive) -> None:
    page = arrive().page
    plot = page.locator("[data-heat=gymnase] [data-heat-plot]")
    plot.focus()
    live = page.locator("[data-heat=gymnase] [data-heat-live]")
    assert live.inner_text() == "lundi 8\u00a0h\u00a0: 33\u00a0%, 13 semaines sur 13"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert live.inner_text().startswith("mardi 21\u00a0h\u00a0: 23\u00a0%")


def test_page_is_whole_without_a_script(arrive) -> None:
    page = arrive(java_script_enabled=False).page
    assert page.locator(".js-only").first.is_hidden()
    assert page.locator(".map-panel__note").is_visible()
    page.locator("[data-heat=gymnase] summary").click()
    assert page.locator("[data-heat=gymnase] table").is_visible()
