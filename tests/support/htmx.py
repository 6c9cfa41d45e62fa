# SPDX-License-Identifier: EUPL-1.2
"""Do to a parsed page what htmx does in the browser, to compare it with a fresh load.

One assertion then proves that a partial update never drifts from the full page::

    page = parse(client.get(address))
    answer = client.post(action, data, headers={"HX-Request": "true"})
    assert_same(apply(page, answer, source="#filters"), parse(client.get(address)))
"""

import difflib
import re
from collections.abc import Callable

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse

_SPACES = re.compile(r"\s+")
# Different at each load, and meaning nothing to the reader.
_VOLATILE = {"input[name=csrfmiddlewaretoken]": "value", "[nonce]": "nonce"}


def parse(response: HttpResponse | str) -> BeautifulSoup:
    """Return a page, or a fragment, as a tree."""
    text = response if isinstance(response, str) else response.content.decode()
    return BeautifulSoup(text, "html.parser")


def apply(page: BeautifulSoup, response: HttpResponse, *, source: str) -> BeautifulSoup:
    """Return the page after the answer to the request of the element ``source``, a CSS selector.

    Follows ``hx-target``, ``hx-swap`` and ``hx-select``, inherited as htmx does, the headers
    ``HX-Retarget`` and ``HX-Reswap``, and the parts that name their own place (``hx-swap-oob``).

    Raises:
        AssertionError: when an element to be changed is not on the page.
    """
    changed = parse(str(page))
    element = _one(changed, source)
    answer = parse(response)
    if title := answer.find("title", recursive=False):
        _one(changed, "head > title").replace_with(title.extract())
    for part in answer.select("[hx-swap-oob]"):
        _swap_out_of_band(changed, part.extract())
    selected = _inherited(element, "hx-select")
    fragment = "".join(map(str, answer.select(selected))) if selected else str(answer)
    swap = response.headers.get("HX-Reswap") or _inherited(element, "hx-swap") or "innerHTML"
    target = response.headers.get("HX-Retarget") or _inherited(element, "hx-target") or "this"
    _swap(_target(changed, element, target), swap.split()[0], fragment)
    return changed


def assert_same(updated: BeautifulSoup, fresh: BeautifulSoup, *, within: str = "body") -> None:
    """Compare two pages as a reader would: white space and one-time tokens do not count."""
    mine, theirs = (_lines(_one(page, within)) for page in (updated, fresh))
    difference = difflib.unified_diff(mine, theirs, "after htmx", "fresh load", lineterm="")
    assert mine == theirs, "\n".join(difference)


def _target(page: BeautifulSoup, element: Tag, words: str) -> Tag:
    """Return the element that ``hx-target`` means."""
    if words == "this":
        return element
    if words.startswith("closest "):
        wanted = words.removeprefix("closest ")
        found = [parent for parent in (element, *element.parents) if parent in page.select(wanted)]
        assert found, f"nothing around the source matches {wanted!r}"
        return found[0]
    if words.startswith("find "):
        return _one(element, words.removeprefix("find "))
    return _one(page, words)


def _swap_out_of_band(page: BeautifulSoup, part: Tag) -> None:
    """Put a part of the answer in the place it names itself."""
    words = str(part["hx-swap-oob"])
    del part["hx-swap-oob"]
    swap, _, selector = words.partition(":")
    place = _one(page, selector or f"#{part['id']}")
    if swap in {"true", "outerHTML"}:
        _swap(place, "outerHTML", str(part))
    else:
        _swap(place, swap, part.decode_contents())


def _swap(place: Tag, swap: str, fragment: str) -> None:
    """Change one element as the swap says."""
    assert swap in _SWAPS, f"no browser knows the swap {swap!r}"
    _SWAPS[swap](place, parse(fragment))


def _replace_inside(place: Tag, new: Tag) -> None:
    place.clear()
    place.extend(list(new.contents))


def _replace(place: Tag, new: Tag) -> None:
    place.replace_with(*list(new.contents))


_SWAPS: dict[str, Callable[[Tag, Tag], object]] = {
    "innerHTML": _replace_inside,
    "outerHTML": _replace,
    "beforebegin": lambda place, new: place.insert_before(*list(new.contents)),
    "afterbegin": lambda place, new: [
        place.insert(at, node) for at, node in enumerate(list(new.contents))
    ],
    "beforeend": lambda place, new: place.extend(list(new.contents)),
    "afterend": lambda place, new: place.insert_after(*list(new.contents)),
    "delete": lambda place, _new: place.decompose(),
    "none": lambda _place, _new: None,
}


def _inherited(element: Tag, name: str) -> str | None:
    """Return an attribute of the element or of the nearest one around it."""
    for each in (element, *element.parents):
        if each.get(name):
            return str(each[name])
    return None


def _one(page: Tag, selector: str) -> Tag:
    """Return the only element that matches."""
    found = page.select(selector)
    assert len(found) == 1, f"{len(found)} elements match {selector!r}, not one"
    return found[0]


def _lines(part: Tag) -> list[str]:
    """Return the tree one tag or text a line, without what a reader cannot see."""
    copy = parse(str(part))
    for selector, attribute in _VOLATILE.items():
        for element in copy.select(selector):
            del element[attribute]
    for text in copy.find_all(string=True):
        text.replace_with(_SPACES.sub(" ", text))
    return [line for line in map(str.strip, parse(str(copy)).prettify().splitlines()) if line]
