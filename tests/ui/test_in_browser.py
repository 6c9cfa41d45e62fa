# SPDX-License-Identifier: EUPL-1.2
"""The gallery in a real browser, under the strictest policy it must bear."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, Route, expect

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
    """Serve the pages given by path, and the static files of the room."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}
    pages: dict[str, str] = {}

    def do_GET(self) -> None:
        if self.path in self.pages:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(self.pages[self.path].encode())
            return
        self.path = self.path.removeprefix("/static/ui").split("?")[0]
        super().do_GET()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(gallery: str, short_page: str) -> Iterator[str]:
    class Here(Handler):
        pages = {"/": gallery, "/court": short_page}

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
    """Open a page: ``arrive("/court", width=390, theme="dark")``; nobody leaves faults."""
    visitors: list[browser.Visitor] = []

    def come(path: str = "/", **options: object) -> browser.Visitor:
        visitors.append(browser.arrive(chromium, address, **options))
        visitors[-1].go(path)
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


# A part of a page that cannot come

PART = """(trigger) => {
  const form = document.createElement("form");
  form.innerHTML = `<input id="typed" aria-label="Essai"><button>Demander</button>
    <p id="place">Avant</p>`;
  form.querySelector("#typed").value = "trois lignes";
  for (const [name, value] of Object.entries({get: "/part", target: "#place", trigger})) {
    form.setAttribute(`hx-${name}`, value);
  }
  window.answered = 0;
  form.addEventListener("htmx:afterRequest", () => { window.answered += 1; });
  document.querySelector("#contenu .page").append(form);
  htmx.process(form);
}"""
OUR_ERROR = '<title>Oups</title><main id="contenu" tabindex="-1"><h1>De notre côté</h1></main>'
Answer = tuple[int, str] | str
PROXY: Answer = (502, "<html><body>502 Bad Gateway</body></html>")
GOOD: Answer = (200, "Après")
SILENT: Answer = "nothing, ever"


@pytest.fixture
def part(arrive) -> Iterator[Callable[..., Page]]:
    """Add to a page a form that asks for a part: ``part(PROXY, GOOD, trigger="load")``.

    Each request has its answer, the last one serves ever after; a word is a failure of the network.
    """
    visitors: list[browser.Visitor] = []
    held: list[Route] = []

    def come(*answers: Answer, trigger: str = "submit") -> Page:
        visitor = arrive("/court")
        visitors.append(visitor)
        waiting = list(answers)

        def answer(route: Route) -> None:
            told = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(told, tuple):
                route.fulfill(status=told[0], body=told[1], content_type="text/html; charset=utf-8")
            elif told == SILENT:
                held.append(route)
            else:
                route.abort(told)

        visitor.page.route("**/part", answer)
        visitor.page.evaluate(PART, trigger)
        return visitor.page

    yield come
    for route in held:
        route.abort()
    for visitor in visitors:  # these tests break it on purpose
        visitor.faults[:] = [one for one in visitor.faults if not re.match(r"50\d: |htmx:", one)]


def ask(page: Page) -> None:
    page.get_by_role("button", name="Demander").click()


def stands(page: Page) -> None:
    """Make sure that the page is still there, with what was typed."""
    expect(page.locator("main#contenu h1")).to_contain_text("Cette page n’existe pas")
    expect(page.locator("#typed")).to_have_value("trois lignes")


def test_an_answer_that_is_no_page_of_ours_is_told_and_wipes_nothing(part) -> None:
    page = part(PROXY, GOOD)
    ask(page)
    expect(page.get_by_role("alert")).to_contain_text("Le service ne peut pas répondre")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    stands(page)
    ask(page)
    expect(page.locator("#place")).to_have_text("Après")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("answer", ["connectionreset", SILENT])
def test_a_network_that_is_silent_is_told(part, answer) -> None:
    page = part(answer)
    page.evaluate("htmx.config.timeout = 100")
    ask(page)
    expect(page.get_by_role("alert")).to_have_text(
        "Le réseau ne répond pas. Ce que vous avez écrit est encore là."
    )
    stands(page)


def test_our_page_of_an_error_is_shown_to_whom_asked(part) -> None:
    page = part((500, OUR_ERROR))
    ask(page)
    expect(page.locator("main#contenu h1")).to_have_text("De notre côté")


def test_a_whole_page_is_gone_to_rather_than_put_inside_another(part) -> None:
    page = part((200, f"<!doctype html>{OUR_ERROR}"))
    ask(page)
    page.wait_for_url("**/part")
    expect(page.locator("h1")).to_have_text("De notre côté")


@pytest.mark.parametrize(
    ("trigger", "answer"),
    [
        ("load", PROXY),
        ("load", (200, OUR_ERROR)),
        ("load", "failed"),
        ("revealed", (500, OUR_ERROR)),
    ],
)
def test_a_part_that_asks_by_itself_leaves_the_page_when_it_fails(part, trigger, answer) -> None:
    page = part(answer, trigger=trigger)
    page.locator("#typed").scroll_into_view_if_needed()
    page.wait_for_function("() => answered > 0")
    stands(page)
    assert page.get_by_role("alert").count() == 0
    expect(page.locator("#place")).to_have_text("Avant")


def test_a_part_that_asks_again_recovers(part) -> None:
    page = part((500, OUR_ERROR), PROXY, "failed", GOOD, trigger="every 50ms")
    expect(page.locator("#place")).to_have_text("Après")
    stands(page)


# Days in words


def test_a_day_is_said_in_words_once_it_is_one(arrive) -> None:
    page = arrive().page
    field = page.locator("input[type=date]").first
    words = page.locator(f"#{field.get_attribute('id')}_day")
    for typed, said in (
        ("2026-11-01", "dimanche 1er novembre 2026"),
        ("2026-11-11", "mercredi 11 novembre 2026"),
        ("0202-11-01", ""),
        ("0002-11-01", ""),
        ("", ""),
    ):
        field.fill(typed)
        assert words.text_content() == said
    assert f"{field.get_attribute('id')}_day" in field.get_attribute("aria-describedby").split()
    assert words.evaluate("one => one.tagName") == "P", "nothing is announced at each key"
