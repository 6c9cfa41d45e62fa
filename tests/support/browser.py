# SPDX-License-Identifier: EUPL-1.2
"""A visitor with a real browser, who reports what no page may do.

A fault is an error of a script, a request that leaves the server, an answer of 500 or more, or a
part of a page that is missing. axe, the width and the typography are looked at on demand.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from usufruit.ui.typography import typography_faults

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A processor draws pages faster by itself than by playing a graphics card; maps need the play.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu-compositing",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--lang=fr-CA",
)
PHONE, DESK = 390, 1280
PATIENCE_MS = 20_000

SEEN = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll(
    "script, style, code, .code, svg, textarea, .visually-hidden, [translate=no]"
  ).forEach((one) => one.remove());
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  const lines = [];
  while (walker.nextNode()) lines.push(walker.currentNode.data.replace(/[\\n\\t ]+/g, " ").trim());
  return lines.filter(Boolean);
}"""

# Two frames show a theme just changed; no colour is then halfway to another.
STILL = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
  resolve(document.getAnimations().every((one) => one.playState !== "running")))))"""

# What axe is asked: everything but what it calls best practice only of a kind.
AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"]}


def chromium_path() -> str:
    """Return the browser of the tests, chosen by ``CHROMIUM`` or found on the path.

    Raises:
        FileNotFoundError: when there is none.
    """
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise FileNotFoundError("Le paquet « chromium » manque.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the browser; while it is open this thread counts as asynchronous to Django."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@cache
def axe_script() -> str:
    """Return axe, as its package carries it."""
    package = Path(axe_playwright_python.__file__).parent
    return next(package.rglob("axe.min.js")).read_text(encoding="utf-8")


@dataclass
class Visitor:
    """Somebody with a browser of their own: one context, one page, and what went wrong there."""

    context: BrowserContext
    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def without_map(self) -> "Visitor":
        """Do without the drawing of maps, which costs most of a page; their words come instead."""
        network = self.context.new_cdp_session(self.page)  # a route would do without the cache
        network.send("Network.enable")
        network.send("Network.setBlockedURLs", {"urls": ["*/maplibre-gl.mjs*"]})
        return self

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open a page of the site, whose answer must be as said."""
        response = self.page.goto(f"{self.address}{path}")
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        return self.page

    def check(self) -> None:
        """Look at the page as it stands: axe, the width, the typography, one heading."""
        title = f"{self.page.url}"
        self.page.wait_for_function(STILL)
        assert self.page.locator("h1:visible").count() == 1, f"one h1: {title}"
        self.fits()
        lines = self.page.evaluate(SEEN)
        faults = [fault for line in lines for fault in typography_faults(line)]
        assert not faults, f"{title}: {faults}"
        violations = self.axe()
        assert not violations, f"{title}: {violations}"

    def axe(self) -> list[tuple[str, list[str]]]:
        """Return what axe finds wrong: rules, each with the elements that break it."""
        found = self.page.evaluate("(options) => axe.run(document, options)", AXE_OPTIONS)
        return [
            (one["id"], [node["html"][:300] for node in one["nodes"][:5]])
            for one in found["violations"]
        ]

    def fits(self) -> None:
        """Make sure that nobody has to scroll sideways to read the page."""
        wide = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide[0] <= wide[1], f"{self.page.url} is {wide[0]} wide on {wide[1]}"

    def close(self) -> None:
        """Leave; everything the browser of this visitor held is gone."""
        self.context.close()


def arrive(
    browser: Browser,
    address: str,
    *,
    width: int = DESK,
    height: int = 0,
    theme: str = "light",
    cookies: list[dict[str, Any]] | None = None,
    **options: Any,
) -> Visitor:
    """Return a new visitor, whose clock and language are Québec's."""
    context = browser.new_context(
        viewport={"width": width, "height": height or (844 if width < 600 else 900)},
        has_touch=width < 600,
        color_scheme=theme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="fr-CA",
        timezone_id="America/Toronto",
        accept_downloads=True,
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(axe_script())
    if cookies:
        context.add_cookies(cookies)  # type: ignore[arg-type]
    visitor = Visitor(context, context.new_page(), address)
    watch(visitor)
    return visitor


def watch(visitor: Visitor) -> None:
    """Write down everything that no page may do."""
    faults, home = visitor.faults, f"{visitor.address}/"

    def asked(request: Request) -> None:
        if not request.url.startswith((home, "data:", "blob:" + home, "about:")):
            faults.append(f"left the server: {request.url}")

    def answered(response: Response) -> None:
        is_missing = response.status == 404 and not response.request.is_navigation_request()
        if response.status >= 500 or is_missing:
            faults.append(f"{response.status}: {response.url}")

    def said(kind: str, text: str) -> None:
        # The browser repeats each answer that is not a success; ours are looked at above.
        if kind == "error" and not re.match(r"Failed to load resource|Response Status Error", text):
            faults.append(text)

    context = visitor.context
    context.on("request", asked)
    context.on("response", answered)
    context.on("console", lambda line: said(line.type, line.text))
    context.on("weberror", lambda error: faults.append(str(error.error)))
