# SPDX-License-Identifier: EUPL-1.2
"""The volunteer needs a gym on a Tuesday evening, and so does somebody else."""

from playwright.sync_api import expect

from tests.journeys.steps import asset, cards, gym_evening, reference_of, search, slot_address
from tests.support.browser import PHONE
from usufruit.demo.building import PASSWORD
from usufruit.demo.journeys import GYM


def ask(visitor, purpose: str) -> str:
    """Ask for the slot chosen on the page of the gym; return the reference."""
    page = visitor.page
    page.get_by_role("link", name="Demander cette plage").click()
    page.get_by_label("Ce que vous ferez").fill(purpose)
    page.get_by_label("Nombre de personnes").fill("24")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Demande envoyée à")).to_be_visible()
    return reference_of(page)


def test_clerk_approves_the_volunteer_and_the_rival_is_told(arrive):
    on = gym_evening()
    volunteer = arrive("benevole", width=PHONE, theme="dark")
    page = volunteer.go("/")
    search(page, "gymnase", on, "19:00", 120)
    assert asset(GYM).name in cards(page)
    volunteer.check()
    page.get_by_role("link", name=asset(GYM).name).click()
    expect(page.locator("#reponse")).to_contain_text("Oui, sur demande")
    volunteer.check()
    asked = ask(volunteer, "Match de l’équipe adulte")
    volunteer.check()

    rival = arrive("jeunes")
    rival.go(slot_address(GYM, on, "19:00", 120))
    lost = ask(rival, "Soirée de basketball")

    clerk = arrive("loisirs")
    page = clerk.go("/demandes/")
    request = page.locator(f"[data-reference='{asked}']")
    expect(request).to_contain_text("Match de l’équipe adulte")
    expect(request).to_contain_text("1 autre demande en concurrence")
    clerk.check()
    request.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("status").first).to_contain_text("Demande acceptée")
    expect(page.locator(f".request[data-reference='{lost}']")).to_have_count(0)
    clerk.check()

    volunteer.page.reload()
    expect(volunteer.page.locator("main .badge").first).to_have_text("Confirmée")
    rival.page.reload()
    expect(rival.page.locator("main")).to_contain_text("accordée à une autre demande")
    rival.check()


def test_clerk_refuses_with_a_reason_inside_the_row(arrive):
    clerk = arrive("loisirs", theme="dark")
    page = clerk.go("/demandes/")
    request = page.locator(".request").first
    reference = request.get_attribute("data-reference")
    request.get_by_role("link", name="Refuser").click()
    request.get_by_role("radio").last.check()
    request.get_by_role("button", name="Refuser la demande").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites la raison en quelques mots")
    clerk.check()
    page.get_by_label("Vos mots au demandeur").fill("Un autre soir vous irait-il?")
    page.get_by_role("button", name="Refuser la demande").click()
    expect(page).to_have_url(f"{clerk.address}/demandes/")
    expect(page.locator(f".request[data-reference='{reference}']")).to_have_count(0)
    clerk.go(f"/reservations/{reference}/")
    expect(page.locator("main")).to_contain_text("Un autre soir vous irait-il?")


def test_slot_is_kept_through_sign_in(arrive):
    on = gym_evening()
    visitor = arrive(width=PHONE)
    page = visitor.go(slot_address(GYM, on, "19:00", 120))
    expect(page.locator("#reponse")).to_contain_text("Offert à ce moment")
    visitor.check()
    page.get_by_role("link", name="Se connecter pour réserver").click()
    visitor.check()
    page.get_by_label("Adresse").fill("benevole@exemple.test")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir ma session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier votre demande")
    expect(page.locator("input[name=le]")).to_have_value(on.isoformat())
    expect(page.locator("input[name=debut]")).to_have_value("19:00")
    expect(page.locator("main")).to_contain_text("de 19 h à 21 h")
    visitor.check()
