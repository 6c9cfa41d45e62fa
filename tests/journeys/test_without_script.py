# SPDX-License-Identifier: EUPL-1.2
"""Everything works as plain forms, for those whose browser runs no script."""

from playwright.sync_api import expect

from tests.journeys.steps import (
    asset,
    cards,
    evidence_file,
    gym_evening,
    reference_of,
    search,
    slot_address,
    today,
    work_until_done,
)
from tests.support.browser import PHONE
from usufruit.bookings.models import BookingLine
from usufruit.demo.evidence import PRESENCE_FILE
from usufruit.demo.journeys import GYM, PLOUGH, plough_day


def test_search_and_book(arrive):
    visitor = arrive("contremaitre", width=PHONE, java_script_enabled=False)
    page = visitor.go("/")
    search(page, "charrue", plough_day(today()))
    visitor.fits()
    assert cards(page)[0] == asset(PLOUGH).name
    expect(page.locator(".map-panel__note")).to_be_visible()
    page.get_by_role("link", name=cards(page)[0]).click()
    expect(page.locator("#reponse")).to_contain_text("Oui, c’est libre")
    visitor.fits()
    page.get_by_role("link", name="Réserver cette plage").click()
    page.get_by_label("Ce que vous ferez").fill("Deux fois plutôt qu’une")
    page.get_by_role("button", name="Confirmer la réservation").dblclick()
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    assert BookingLine.objects.filter(booking__purpose="Deux fois plutôt qu’une").count() == 1
    page.get_by_role("link", name="Déplacer").click()
    page.get_by_label("Début").fill("08:30")
    page.get_by_role("button", name="Déplacer la réservation").click()
    expect(page.locator("main")).to_contain_text("de 8 h 30")


def test_ask_and_answer(arrive):
    volunteer = arrive("benevole", java_script_enabled=False)
    page = volunteer.go(slot_address(GYM, gym_evening(), "19:00", 120))
    page.get_by_role("link", name="Demander cette plage").click()
    page.get_by_label("Ce que vous ferez").fill("Match de l’équipe adulte")
    page.get_by_role("button", name="Envoyer la demande").click()
    reference = reference_of(page)

    clerk = arrive("loisirs", width=PHONE, java_script_enabled=False)
    page = clerk.go("/demandes/")
    clerk.fits()
    other = page.locator(".request").last
    refused = other.get_attribute("data-reference")
    assert refused != reference
    other.get_by_role("link", name="Refuser").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Refuser la demande")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Refuser la demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demandes à décider")
    request = page.locator(f".request[data-reference='{reference}']")
    request.get_by_role("button", name="Accepter").click()
    expect(page.locator("main")).to_contain_text("Demande acceptée")

    page = volunteer.page
    page.reload()
    expect(page.locator("main .badge").first).to_have_text("Confirmée")
    page.get_by_role("link", name="Annuler la réservation").click()
    page.get_by_role("button", name="Annuler la réservation").click()
    expect(page.locator("main .badge").first).to_have_text("Annulée")


def test_send_evidence_and_open_what_sleeps(arrive, tmp_path):
    administrator = arrive("admin", java_script_enabled=False)
    page = administrator.go("/audits/nouveau/")
    page.get_by_label("Fichiers de preuves").set_input_files(evidence_file(PRESENCE_FILE, tmp_path))
    page.get_by_role("button", name="Lancer l’audit").click()
    expect(page.get_by_role("heading", name="L’audit attend son tour")).to_be_visible()
    work_until_done()
    expect(page.locator(".page-head .badge")).to_have_text("Terminé")
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("button", name="Ouvrir cette plage").click()
    expect(page.locator("[id^=plage-]").first).to_contain_text("Ouverte à ce public")
