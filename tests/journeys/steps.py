# SPDX-License-Identifier: EUPL-1.2
"""What several journeys do: know the days of the demonstration, search, answer for PostgreSQL."""

import re
import threading
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from procrastinate.contrib.django import app

from usufruit.demo import journeys
from usufruit.demo.building import ZONE
from usufruit.demo.evidence import GYMS_FILE, PRESENCE_FILE, files
from usufruit.inventory.models import Asset
from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall
from usufruit.timetable.queries import covers


def today() -> date:
    """Return the local day of the territory."""
    return local_wall(now(), ZONE).date()


def asset(number: str) -> Asset:
    """Return an asset of the territory by its inventory number."""
    return Asset.objects.select_related("opening").get(external_id=number)


def gym_evening() -> date:
    """Return the Tuesday evening on which the demonstration keeps a gym free."""
    return journeys.gym_evening(today(), asset(journeys.GYM))


def next_open(weekday: int, minutes: tuple[int, int], number: str) -> date:
    """Return the first such weekday from next week on which an asset is open at those hours."""
    calendar_id = asset(number).opening.calendar_id
    first_on = today() + timedelta(days=7 - today().weekday() + weekday)
    days = (first_on + timedelta(weeks=week) for week in range(3, 12))
    return next(on for on in days if covers(calendar_id, journeys.local_use(on, minutes, ZONE)))


def search(
    page: Page, words: str, on: date, start: str = "08:00", minutes: int = 480, **more: str
) -> None:
    """Fill the search of the page and send it."""
    form = page.get_by_role("search")
    form.get_by_label("Quoi").fill(words)
    form.get_by_label("Date").fill(on.isoformat())
    form.get_by_label("Début").fill(start)
    form.get_by_label("Durée").select_option(str(minutes))
    for label, value in more.items():
        form.get_by_label(label).fill(value)
    form.get_by_role("button", name="Chercher", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/biens/\?.*le={on.isoformat()}"))
    expect(page.locator("#reponses h1")).to_be_visible()


def cards(page: Page) -> list[str]:
    """Return the names on the cards of a page of results, in their order."""
    return page.locator("#reponses [data-map-item] .card__title").all_inner_texts()


def slot_address(number: str, on: date, start: str, minutes: int) -> str:
    """Return the address of an asset with a slot chosen."""
    return f"/biens/{asset(number).pk}/?le={on}&debut={start}&duree={minutes}"


def evidence_file(name: str, folder: Path) -> Path:
    """Write a file of evidence of the demonstration, with one more line that nobody can read.

    That line also makes it another file than the one the demonstration has audited.
    """
    number = {GYMS_FILE: "CX-GYM-01", PRESENCE_FILE: "CX-PIS-01"}[name]
    path = folder / name
    text = files(now=now())[name].decode()
    path.write_text(f"{text}{number},pas une date,30,Essai\n", encoding="utf-8")
    return path


def reference_of(page: Page) -> str:
    """Return the reference a page of a booking shows."""
    return page.locator("main .reference").first.inner_text().strip()


def ready_map(page: Page) -> Locator:
    """Wait until the map of the page has drawn everything, and return it."""
    panel = page.locator("[data-map]")
    panel.scroll_into_view_if_needed()
    expect(page.locator("[data-map][data-ready]")).to_be_visible(timeout=60_000)
    return panel


def work_until_done() -> None:
    """Do the jobs that wait, as the worker does, until none is left.

    In a thread of its own: the browser has its loop in this one.
    """
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as jobs:
                jobs.run_worker(wait=False, install_signal_handlers=False)
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
