# SPDX-License-Identifier: EUPL-1.2
"""What every page owes its reader: strict markup and careful typography."""

from bs4 import BeautifulSoup
from django.http import HttpResponse

from usufruit.ui.typography import typography_faults


def read(response: HttpResponse, *, status: int = 200) -> BeautifulSoup:
    """Return a page as a tree, once its answer, its markup and its typography are as they should.

    What is typed by machines (codes, addresses, values of fields) is left out of the typography.
    """
    assert response.status_code == status, response
    page = BeautifulSoup(response.content.decode(), "html.parser")
    identifiers = [one["id"] for one in page.select("[id]")]
    assert len(identifiers) == len(set(identifiers)), sorted(identifiers)
    assert not page.select("[style], style")
    assert not [
        tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)
    ]
    assert len(page.select("h1")) == 1
    assert len(page.select("main .button--primary")) <= 1, "one filled button a page"
    faults = [fault for line in words(page).splitlines() for fault in typography_faults(line)]
    assert not faults, faults
    return page


def words(page: BeautifulSoup) -> str:
    """Return what a reader sees, one piece a line."""
    copy = BeautifulSoup(str(page), "html.parser")
    for one in copy.select("script, style, code, .code, svg, textarea, .visually-hidden"):
        one.decompose()
    return "\n".join(" ".join(part.split(" ")) for part in copy.stripped_strings)
