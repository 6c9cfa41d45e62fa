# SPDX-License-Identifier: EUPL-1.2
"""Search and book with the keyboard alone: one sees where one is, and nothing holds one back."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.steps import asset, reference_of
from tests.support.browser import Visitor
from usufruit.demo.journeys import PLOUGH

MOST_PRESSES = 400

# Whether what has the focus shows it, by an outline of its own or of the card it covers. The parts
# of a date belong to the browser, which outlines its calendar button itself. What leaves the page,
# as the button of a map that opens by itself, leaves its place to the next stop.
SHOWS_FOCUS = """async (one) => {
  if (one === document.body || ["date", "time"].includes(one.type)) return true;
  const outlines = [null, "::after"].map((part) => getComputedStyle(one, part));
  const isSeen = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!outlines.some(isSeen)) return false;
  for (let frame = 0; frame < 30; frame += 1) {
    if (one !== document.activeElement) return true;
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.bottom > 0 && box.top < innerHeight) return true;
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""
# One question a stop: whether the target is reached, and what hides the focus, if it is hidden.
STOP = f"""async (target) => {{
  const one = document.activeElement;
  const shows = await ({SHOWS_FOCUS})(one);
  return [one === target, shows ? "" : one.outerHTML.slice(0, 160)];
}}"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; each stop on the way is seen."""
    expect(target).to_be_visible()
    for _ in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        is_reached, hidden = target.evaluate(STOP)
        assert not hidden
        if is_reached:
            return
    raise AssertionError(f"never reached: {target}")


def skip_to_content(page: Page) -> None:
    """Take the first stop of the page, which leads past the navigation."""
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()


def test_search_and_book_without_a_mouse(arrive):
    visitor = arrive("contremaitre", theme="dark")
    page = visitor.go("/")
    skip_to_content(page)
    what = page.get_by_label("Quoi")
    tab_to(page, what)
    page.keyboard.type("charrue")
    page.keyboard.press("Enter")
    card = page.locator(f"#bien-{asset(PLOUGH).pk} .card__title a")
    expect(card).to_be_visible()
    skip_to_content(page)
    tab_to(page, card)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(asset(PLOUGH).name)
    skip_to_content(page)
    if not page.locator("#reponse").count():
        tab_to(page, page.locator("#reserver ul a").first)
        page.keyboard.press("Enter")
        expect(page.locator("#reponse")).to_contain_text("Oui, c’est libre")
    tab_to(page, page.get_by_role("link", name="Réserver cette plage"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier votre réservation")
    tab_to(page, page.get_by_label("Ce que vous ferez"))
    page.keyboard.type("Dégager la cour de la caserne")
    tab_to(page, page.get_by_role("button", name="Confirmer la réservation"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("La plage est à vous")).to_be_visible()
    assert reference_of(page)


def test_nothing_holds_the_focus(arrive):
    visitor = arrive("loisirs")
    for path in ("/biens/?quoi=gymnase", f"/biens/{asset(PLOUGH).pk}/", "/demandes/"):
        walk_through(visitor, path)


def walk_through(visitor: Visitor, path: str) -> None:
    """Walk a page from end to end with Tab: the last stop of the page is reached."""
    page = visitor.go(path)
    last = page.locator("footer button:visible, footer a:visible, .tab-bar a:visible").last
    tab_to(page, last)


def test_menu_opens_and_closes_with_the_keyboard(arrive):
    visitor = arrive("loisirs")
    page = visitor.go("/")
    summary = page.locator(".site-header [data-menu] summary")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()
    visitor.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Mon compte")).to_be_hidden()
    expect(summary).to_be_focused()
