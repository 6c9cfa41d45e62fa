# SPDX-License-Identifier: EUPL-1.2
"""What a person reads of a page."""

from bs4 import BeautifulSoup


def visible_text(html: str | bytes) -> str:
    """Return the words of a page, code samples and markup left out."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup(["script", "style", "code", "template", "svg"]):
        hidden.decompose()
    return " ".join(soup.get_text(" ").replace("\n", " ").split(" "))
