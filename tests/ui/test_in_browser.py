# SPDX-License-Identifier: EUPL-1.2
"""The gallery in a real browser, under the strictest policy it must bear."""

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from usufruit.ui import charts

CHROMIUM = Path("/usr/bin/chromium")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
)
SIZES = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))

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
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("Le paquet « chromium » manque.")
    arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


def opened(chromium: Browser, address: str, size: tuple[int, str]) -> tuple[Page, list[str]]:
    """Open the gallery; the list fills with errors and with requests that leave the server."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": 900}, color_scheme=size[1], reduced_motion="reduce"
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:")) else faults.append(request.url)
        ),
    )
    page.goto(address)
    return page, faults


@pytest.mark.parametrize("size", SIZES)
def test_page_is_accessible_fits_and_stays_home(chromium, address, size) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, faults = opened(chromium, address, size)
    page.locator("#carte").scroll_into_view_if_needed()
    if size[0] < 900:
        page.locator("[data-map-open]").click()
    page.wait_for_selector("[data-map][data-ready]", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert faults == []
    page.context.close()


def test_pins_follow_the_list_and_light_its_cards(chromium, address) -> None:
    page, faults = opened(chromium, address, SIZES[0])
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
    assert faults == []
    page.context.close()


def test_heat_map_is_walked_with_the_arrows(chromium, address) -> None:
    page, faults = opened(chromium, address, SIZES[0])
    plot = page.locator("[data-heat=gymnase] [data-heat-plot]")
    plot.focus()
    live = page.locator("[data-heat=gymnase] [data-heat-live]")
    assert live.inner_text() == "lundi 8\u00a0h\u00a0: 33\u00a0%, 13 semaines sur 13"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert live.inner_text().startswith("mardi 21\u00a0h\u00a0: 23\u00a0%")
    assert faults == []
    page.context.close()


def test_page_is_whole_without_a_script(chromium, address) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".js-only").first.is_hidden()
    assert page.locator(".map-panel__note").is_visible()
    page.locator("[data-heat=gymnase] summary").click()
    assert page.locator("[data-heat=gymnase] table").is_visible()
    context.close()
