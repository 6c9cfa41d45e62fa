# SPDX-License-Identifier: EUPL-1.2
"""A first visitor without a browser: is the site there, and does its search answer?"""

import http.client
import socket
import urllib.request
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

from usufruit.config.loopback import LOOPBACK

HEALTH = "/sante/"
_HEALTH_LIMIT_S = 5


class VisitError(RuntimeError):
    """A page did not answer as it must; the message says which in French."""


def address_of(host: str, port: int) -> str:
    """Return the address at which this machine reaches a server that listens on ``host``."""
    seen = LOOPBACK if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound
    return f"http://{f'[{seen}]' if ':' in seen else seen}:{port}/"


def answers(place: str) -> bool:
    """Tell whether the web server answers at an address or on a socket, whatever the answer."""
    try:
        health(place)
    except OSError:
        return False
    return True


def health(place: str) -> tuple[int, str]:
    """Return the status and the words of the page of health, asked on the machine itself.

    ``place`` is an address, or the path of a Unix socket.

    Raises:
        OSError: when nobody answers there.
    """
    line = _line_to(place)
    try:
        line.request("GET", HEALTH, headers={"Host": "localhost"})
        answer = line.getresponse()
        return answer.status, answer.read(100_000).decode("utf-8", "replace")
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        line.close()


def _line_to(place: str) -> http.client.HTTPConnection:
    if not place.startswith("/"):
        parts = urlsplit(place)
        return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_HEALTH_LIMIT_S)
    line = http.client.HTTPConnection("localhost", timeout=_HEALTH_LIMIT_S)
    try:
        line.sock = socket.socket(socket.AF_UNIX)
        line.sock.settimeout(_HEALTH_LIMIT_S)
        line.sock.connect(place)
    except OSError:
        line.close()
        raise
    return line


def visit(address: str) -> list[str]:
    """Load the home page, send its search form as it stands, and return the addresses loaded.

    Raises:
        VisitError: when a page fails or the home page offers no search.
    """
    form = _SearchForm()
    form.feed(_page(address))
    if form.action is None:
        raise VisitError("La page d’accueil n’offre pas de recherche.")
    search = urljoin(address, f"{form.action}?{urlencode(form.fields)}")
    _page(search)
    return [address, search]


def _page(address: str) -> str:
    """Return a page, or refuse in French."""
    try:
        return fetch(address, limit_s=30)
    except OSError as error:
        raise VisitError(f"{address} ne répond pas comme il faut\u00a0: {error}") from error


def fetch(address: str, *, limit_s: float) -> str:
    """Return the body of an answer; no proxy stands between this machine and itself.

    Raises:
        OSError: when nobody answers in time, or answers with a failure.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=limit_s) as response:
        return str(response.read().decode("utf-8"))


class _SearchForm(HTMLParser):
    """Read the first form of role « search »: where it leads, and what it sends untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the form, or note what a field of it holds."""
        known = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None and known.get("role") == "search":
            self.action = known.get("action", "")
            self._inside = True
        elif self._inside and tag == "input" and known.get("name"):
            self.fields.append((known["name"], known.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._inside = False
