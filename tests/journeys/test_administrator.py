# SPDX-License-Identifier: EUPL-1.2
"""The administrator sends evidence, learns when the gym sleeps, opens that evening to others."""

from playwright.sync_api import expect

from tests.journeys.steps import asset, cards, next_open, search, slot_address, work_until_done
from tests.support.browser import PHONE
from usufruit.audits.models import Audit, Finding
from usufruit.demo.evidence import GYMS_FILE, files
from usufruit.demo.journeys import IDLE_GYM
from usufruit.kernel.clock import now

IDLE_NAME = "Gymnase double de l’école des Cageux"
UNREADABLE = "CX-GYM-01,pas une date,2026-01-01 10:00,Essai\n"


def test_evidence_becomes_an_open_evening_that_the_volunteer_books(arrive, tmp_path):
    evidence = tmp_path / GYMS_FILE
    evidence.write_text(files(now=now())[GYMS_FILE].decode() + UNREADABLE, encoding="utf-8")
    administrator = arrive("admin")
    page = administrator.go("/audits/")
    administrator.check()
    page.get_by_role("link", name="Auditer des preuves").click()
    administrator.check()
    page.get_by_label("Fichiers de preuves").set_input_files(evidence)
    page.get_by_role("button", name="Lancer l’audit").click()
    expect(page.get_by_role("heading", name="L’audit attend son tour")).to_be_visible()
    administrator.check()
    work_until_done()
    expect(page.locator(".page-head .badge")).to_have_text("Terminé")
    administrator.check()
    expect(page.get_by_text("1 ligne n’a pas servi")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="rapport.html").click()
    assert IDLE_NAME in waiting.value.path().read_text(encoding="utf-8")

    page.get_by_role("table").get_by_role("link", name=IDLE_NAME).click()
    expect(page.locator("[data-heat-plot]")).to_be_visible()
    administrator.check()
    number, window = evening_of(Audit.objects.latest("pk"))
    article = page.locator(f"#plage-{number}")
    article.get_by_label("À qui").select_option("recognized")
    article.get_by_label("Comment").select_option("instant")
    article.get_by_role("button", name="Ouvrir cette plage").click()
    expect(page.locator(f"#plage-{number} .badge")).to_contain_text("Ouverte à ce public")
    administrator.check()

    start, minutes = window["start_min"], min(120, window["end_min"] - window["start_min"])
    on = next_open(window["weekday"], (start, start + minutes), IDLE_GYM)
    hour = f"{start // 60:02d}:{start % 60:02d}"
    volunteer = arrive("benevole", width=PHONE)
    page = volunteer.go("/")
    search(page, "gymnase", on, hour, minutes)
    assert IDLE_NAME in cards(page)
    page.get_by_role("link", name=IDLE_NAME).click()
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
