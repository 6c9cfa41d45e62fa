# SPDX-License-Identifier: EUPL-1.2
"""The administrator sends evidence, learns when the gym sleeps, opens that evening to others."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.steps import (
    asset,
    cards,
    evidence_file,
    next_open,
    search,
    slot_address,
    work_until_done,
)
from tests.support.browser import PHONE, Visitor
from usufruit.audits.models import Audit, Finding
from usufruit.demo.evidence import GYMS_FILE
from usufruit.demo.journeys import IDLE_GYM


def test_evidence_becomes_an_open_evening_that_the_volunteer_books(arrive, tmp_path):
    administrator = arrive("admin")
    send(administrator, evidence_file(GYMS_FILE, tmp_path))
    administrator.check()
    work_until_done()
    read_findings(administrator)
    window = open_evening(administrator)
    book_inside(arrive("benevole", width=PHONE), window)


def send(administrator: Visitor, evidence: Path) -> None:
    """Go from the list of audits to the progress of a new one."""
    page = administrator.go("/audits/")
    administrator.check()
    page.get_by_role("link", name="Auditer des preuves").click()
    administrator.check()
    page.get_by_label("Fichiers de preuves").set_input_files(evidence)
    page.get_by_role("button", name="Lancer l’audit").click()
    expect(page.get_by_role("heading", name="L’audit attend son tour")).to_be_visible()


def read_findings(administrator: Visitor) -> None:
    """Wait for the page to tell its end, take the report, open the gym's finding."""
    page = administrator.page
    expect(page.locator(".page-head .badge")).to_have_text("Terminé")
    administrator.check()
    expect(page.get_by_text("1 ligne n’a pas servi")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger le rapport").click()
    assert asset(IDLE_GYM).name in waiting.value.path().read_text(encoding="utf-8")
    page.get_by_role("table").get_by_role("link", name=asset(IDLE_GYM).name).click()
    expect(page.locator("[data-heat-plot]")).to_be_visible()
    administrator.check()


def open_evening(administrator: Visitor) -> dict:
    """Open the first idle weekday evening to recognised organisations; return its window."""
    page = administrator.page
    number, window = evening_of(Audit.objects.latest("pk"))
    page.locator(f"#plage-{number}").get_by_role("radio").check()
    page.get_by_label("À qui").select_option("recognized")
    page.get_by_label("Comment").select_option("instant")
    page.get_by_role("button", name="Ouvrir cette plage").click()
    expect(page.locator(f"#plage-{number} .badge")).to_contain_text("Ouverte à ce public")
    administrator.check()
    return window


def book_inside(volunteer: Visitor, window: dict) -> None:
    """Search at the hours of a window, and book the gym there at once."""
    start, minutes = window["start_min"], min(120, window["end_min"] - window["start_min"])
    on = next_open(window["weekday"], (start, start + minutes), IDLE_GYM)
    page = volunteer.go("/")
    search(page, "gymnase", on, f"{start // 60:02d}:{start % 60:02d}", minutes)
    assert asset(IDLE_GYM).name in cards(page)
    page.get_by_role("link", name=asset(IDLE_GYM).name).click()
    page.get_by_role("link", name="Réserver cette plage").click()
    page.get_by_label("Ce que vous ferez").fill("Entraînement de plus")
    page.get_by_role("button", name="Confirmer la réservation").click()
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    volunteer.check()


def evening_of(audit: Audit) -> tuple[int, dict]:
    """Return the first weekday evening an audit found idle in the gym, and its number."""
    finding = Finding.objects.get(audit=audit, asset=asset(IDLE_GYM))
    windows = enumerate(finding.content["idle_windows"])
    return next(
        (number, window)
        for number, window in windows
        if window["weekday"] < 5 and window["end_min"] > 18 * 60
    )


def test_a_file_that_cannot_be_read_says_so_and_may_be_sent_again(arrive, tmp_path):
    picture = tmp_path / "photo.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    administrator = arrive("admin", width=PHONE, theme="dark")
    page = administrator.go("/audits/nouveau/")
    administrator.check()
    page.get_by_label("Fichiers de preuves").set_input_files(picture)
    page.get_by_role("button", name="Lancer l’audit").click()
    expect(page.get_by_role("heading", name="L’audit attend son tour")).to_be_visible()
    work_until_done()
    expect(page.locator(".alert--err")).to_contain_text("photo.csv")
    administrator.check()


def test_window_is_refused_to_the_volunteer_before_it_is_open(arrive):
    _number, window = evening_of(Audit.objects.latest("pk"))
    start = window["start_min"]
    on = next_open(window["weekday"], (start, start + 60), IDLE_GYM)
    volunteer = arrive("benevole")
    page = volunteer.go(slot_address(IDLE_GYM, on, f"{start // 60:02d}:{start % 60:02d}", 60))
    expect(page.locator("#reponse.alert--warn")).to_be_visible()
    volunteer.check()
