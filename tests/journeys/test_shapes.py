# SPDX-License-Identifier: EUPL-1.2
"""Narrow screens, large letters, paper, and the pages of bad days."""

import pytest
from django.core.exceptions import PermissionDenied
from playwright.sync_api import expect

from tests.journeys.places import PLACES
from tests.journeys.steps import asset
from tests.support.browser import DESK, PHONE, Visitor
from usufruit.demo.journeys import IDLE_GYM
from usufruit.search import views

MAIN = (
    *("accueil", "accueil-contremaitre", "biens", "biens-quand", "bien", "bien-libre", "reserver"),
    *("reservations", "reservation", "demandes", "mes-biens", "bien-partage", "bien-horaires"),
    *("audits", "audit", "constat", "audit-nouveau", "connexion"),
)
LETTERS_PX = 16  # of a browser nobody has set
FIXED = """() => [...document.querySelectorAll("body *")]
  .filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position)
    && one.getClientRects().length > 0 && one.getBoundingClientRect().height > 0)
  .map((one) => one.className)"""


def test_nobody_scrolls_both_ways(arrive):
    """WCAG 1.4.10 at 320 px (also 400 % of 1280), and 1.4.4 with letters twice as large."""
    visitors = {}
    faults = []
    for place in (place for place in PLACES if place.name in MAIN):
        if place.account not in visitors:
            visitors[place.account] = arrive(place.account).without_map()
        visitor = visitors[place.account]
        look(visitor, 320, LETTERS_PX)
        visitor.go(place.address())
        faults += misfits(visitor, f"{place.name}, 320 px")
        look(visitor, DESK, 2 * LETTERS_PX)
        faults += misfits(visitor, f"{place.name}, 200 %")
    assert not faults, "\n".join(faults)


def look(visitor: Visitor, width: int, letters_px: int) -> None:
    """Look at pages of a width, with the size of letters that one sets in the browser."""
    visitor.page.set_viewport_size({"width": width, "height": 900})
    settings = visitor.context.new_cdp_session(visitor.page)
    settings.send("Page.enable")
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": letters_px}})
    settings.detach()
    rem = visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert rem == f"{letters_px}px"


def misfits(visitor: Visitor, name: str) -> list[str]:
    """Return what does not fit, named, or nothing."""
    try:
        visitor.fits()
    except AssertionError as fault:
        return [f"{name}: {fault}"]
    return []


def fail(*_: object, **_named: object) -> None:
    raise ZeroDivisionError("a bad day")


def forbid(*_: object, **_named: object) -> None:
    raise PermissionDenied


@pytest.mark.parametrize(("status", "broken"), [(500, fail), (403, forbid)], ids=["500", "403"])
@pytest.mark.parametrize(("width", "theme"), [(PHONE, "light"), (1280, "dark")])
def test_bad_day_has_the_look_of_the_house(arrive, site, monkeypatch, status, broken, width, theme):
    monkeypatch.setattr(views, "answers", broken)
    visitor = arrive("contremaitre", width=width, theme=theme)
    page = visitor.go("/biens/?quoi=gymnase", status=status)
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Public Sans')
    visitor.check()
    visitor.faults[:] = [fault for fault in visitor.faults if not fault.startswith("500: ")]
    site.errors.clear()


def test_bad_day_shows_where_only_a_part_of_the_page_was_asked(arrive, site, monkeypatch):
    visitor = arrive("contremaitre")
    page = visitor.go("/biens/?quoi=gymnase")
    monkeypatch.setattr(views, "answers", fail)
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Une erreur est survenue de notre côté"
    )
    visitor.check()
    visitor.faults[:] = [fault for fault in visitor.faults if not fault.startswith("500: ")]
    site.errors.clear()


def test_form_of_another_site_is_refused_in_the_same_look(arrive):
    visitor = arrive(width=PHONE)
    page = visitor.go("/compte/connexion/")
    visitor.context.clear_cookies()
    page.get_by_label("Adresse").fill("admin@exemple.test")
    page.get_by_label("Mot de passe").fill("peu importe")
    page.get_by_role("button", name="Ouvrir ma session").click()
    expect(page.locator(".error-page")).to_be_visible()
    visitor.check()


def test_asset_prints_without_what_only_a_screen_needs(arrive):
    visitor = arrive("admin")
    page = visitor.go(f"/biens/{asset(IDLE_GYM).pk}/")
    page.emulate_media(media="print")
    assert page.evaluate(FIXED) == []
    expect(page.locator(".tab-bar")).to_be_hidden()
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.pdf(format="Letter").startswith(b"%PDF-")
