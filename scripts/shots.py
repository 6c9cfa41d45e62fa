# SPDX-License-Identifier: EUPL-1.2
"""Take a picture of every page, on a phone and on a desk, by day and by night, in ``shots/``.

Run as ``make shots`` or ``python scripts/shots.py [NAME…]``. A territory of its own is raised for
the occasion, and forgotten. ``--picture FILE`` makes the picture of the README instead.
"""

# ruff: noqa: PLC0415 - Django must be set up before its models are imported

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.browser import Visitor

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

SIZES = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
WHOLE = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight) {
    scrollTo(0, top);
    await new Promise((done) => setTimeout(done, 60));
  }
  scrollTo(0, 0);
}"""
# What stays at the edge of the window would hide the middle of a long picture.
UNSTUCK = """() => document.querySelectorAll("body *").forEach((one) => {
  if (getComputedStyle(one).position === "sticky") one.style.position = "static";
})"""


@contextmanager
def surroundings() -> Iterator[Path]:
    """Give a folder of one's own, a server of PostgreSQL and Django set up on both."""
    from usufruit.config import loopback
    from usufruit.config.embedded import Cluster

    loopback.wake()
    with tempfile.TemporaryDirectory(prefix="usufruit-images-") as name:
        folder = Path(name)
        (folder / "static").mkdir()
        storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
        os.environ.update(USUFRUIT_VAR=name, USUFRUIT_STATIC_STORAGE=storage)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        cluster = Cluster(folder / "postgres", throwaway=True)
        if not os.environ.get("DATABASE_URL"):
            os.environ["DATABASE_URL"] = cluster.start().dsn()
        try:
            import django

            django.setup()
            yield folder
        finally:
            cluster.stop()


def main() -> int:
    """Take the pictures asked for; return 0, or 1 when a page did not answer as it must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="as tests/journeys/places.py names them")
    parser.add_argument("--out", type=Path, default=ROOT / "shots")
    parser.add_argument("--picture", type=Path, help="the picture of the README, as a PNG")
    chosen = parser.parse_args()
    with surroundings() as folder:
        from tests.support import browser, territory

        raised = territory.raise_once(folder)
        failures: list[str] = []

        def note(failure: str) -> None:
            failures.append(failure)
            print(failure, file=sys.stderr)

        try:
            with (
                territory.standing_in(raised),
                territory.served(note) as address,
                browser.chromium() as chromium,
            ):
                if chosen.picture:
                    take_picture(chromium, address, chosen.picture)
                else:
                    take_all(chromium, address, chosen.out, set(chosen.names))
        finally:
            territory.drop(raised)
    return 1 if failures else 0


def take_all(chromium: Browser, address: str, out: Path, names: set[str]) -> None:
    """Take the four pictures of each page."""
    from tests.journeys.places import PLACES

    out.mkdir(exist_ok=True)
    places = [place for place in PLACES if not names or place.name in names]
    for width, theme in SIZES:
        visitors: dict[str, Visitor] = {}
        for place in places:
            if place.account not in visitors:
                visitors[place.account] = come(chromium, address, place.account, width, theme)
            page = visitors[place.account].go(place.address(), status=place.status)
            settle(page)
            path = out / f"{place.name}-{width}-{theme}.png"
            page.evaluate(UNSTUCK)
            page.screenshot(path=path, full_page=True)
            print(path.name, file=sys.stderr)
        for visitor in visitors.values():
            visitor.close()


def take_picture(chromium: Browser, address: str, path: Path) -> None:
    """Take the picture of the README: the results of a search, list and map side by side."""
    from tests.journeys.places import PLACES

    place = next(place for place in PLACES if place.name == "biens-quand")
    visitor = come(chromium, address, place.account, 1280, "light")
    page = visitor.go(place.address())
    settle(page)
    page.screenshot(path=path)
    visitor.close()


def come(chromium: Browser, address: str, account: str, width: int, theme: str) -> Visitor:
    """Return a visitor, signed in when an account is named."""
    from tests.journeys.conftest import session_of
    from tests.support.browser import arrive

    cookies = [session_of(account, address)] if account else None
    return arrive(chromium, address, width=width, theme=theme, cookies=cookies)


def settle(page: Page) -> None:
    """Scroll through the page so that all of it comes, and wait for its map."""
    page.evaluate(WHOLE)
    page.wait_for_load_state("networkidle")
    if page.locator("[data-map].is-open").count():
        page.locator("[data-map][data-ready]").first.wait_for(timeout=60_000)


if __name__ == "__main__":
    sys.exit(main())
