# SPDX-License-Identifier: EUPL-1.2
"""The foreman's plough is being repaired: he borrows the neighbour's, from his phone."""

from playwright.sync_api import expect

from tests.journeys.steps import asset, cards, reference_of, search, slot_address, today
from tests.support.browser import PHONE
from usufruit.bookings.models import BookingLine
from usufruit.demo.journeys import PLOUGH, plough_day

RELIEF = "Relève du camion nᵒ 12, à l’atelier"


def test_foreman_books_the_nearest_free_plough(arrive, tmp_path):
    foreman = arrive("contremaitre", width=PHONE)
    page = foreman.go("/")
    foreman.check()
    search(page, "charrue", plough_day(today()))
    assert cards(page)[0] == asset(PLOUGH).name
    foreman.check()
    page.get_by_role("link", name=asset(PLOUGH).name).click()
    expect(page.locator("#reponse")).to_contain_text("Oui, c’est libre")
    foreman.check()
    page.get_by_role("link", name="Réserver cette plage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier votre réservation")
    foreman.check()
    page.get_by_label("Ce que vous ferez").fill("Déneiger le rang du Moulin")
    page.get_by_role("button", name="Confirmer la réservation").click()
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    expect(page.locator("main .badge").first).to_have_text("Confirmée")
    foreman.check()
    reference = reference_of(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Ajouter à mon agenda").click()
    waiting.value.save_as(tmp_path / "reservation.ics")
    lines = (tmp_path / "reservation.ics").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert any(reference in line for line in lines)
    assert f"{plough_day(today()):%Y%m%d}" in next(one for one in lines if "DTSTART" in one)
    foreman.go("/reservations/")
    expect(page.locator(f"#a-venir [data-reference='{reference}']")).to_be_visible()
    foreman.check()


def test_the_other_foreman_loses_the_race_and_books_the_nearest_yes(arrive):
    slot = (PLOUGH, plough_day(today()), "08:00", 480)
    first, second = arrive("contremaitre", width=PHONE, theme="dark"), arrive("voirie-valmenaud")
    for foreman in (first, second):
        page = foreman.go(slot_address(*slot))
        page.get_by_role("link", name="Réserver cette plage").click()
        page.get_by_label("Ce que vous ferez").fill(RELIEF)
    first.page.get_by_role("button", name="Confirmer la réservation").click()
    expect(first.page.get_by_text("La plage est à vous")).to_be_visible()
    page = second.page
    page.get_by_role("button", name="Confirmer la réservation").click()
    refusal = page.locator("#reponse")
    expect(refusal).to_contain_text("Ce qui serait possible")
    second.check()
    refusal.get_by_role("link").first.click()
    expect(page.locator("#reponse")).to_have_count(0)
    expect(page.get_by_label("Ce que vous ferez")).to_have_value(RELIEF)
    page.get_by_role("button", name="Confirmer la réservation").click()
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    second.check()
    told = BookingLine.objects.filter(booking__purpose=RELIEF)
    assert [line.state for line in told] == ["confirmed", "confirmed"]


def test_a_second_press_and_the_way_back_book_once(arrive):
    foreman = arrive("contremaitre", width=PHONE)
    page = foreman.go(slot_address(PLOUGH, plough_day(today()), "08:00", 480))
    page.get_by_role("link", name="Réserver cette plage").click()
    page.get_by_label("Ce que vous ferez").fill("Une seule fois")
    page.get_by_role("button", name="Confirmer la réservation").dblclick()
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    booked, reference = page.url, reference_of(page)
    page.go_back()
    button = page.get_by_role("button", name="Confirmer la réservation")
    expect(button).to_be_enabled()
    page.get_by_label("Ce que vous ferez").fill("Une seule fois")
    button.click()
    expect(page).to_have_url(booked)
    assert reference_of(page) == reference
    assert BookingLine.objects.filter(booking__purpose="Une seule fois").count() == 1
