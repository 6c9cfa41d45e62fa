# SPDX-License-Identifier: EUPL-1.2
"""A person at the site, as far as HTTP sees one: signs in once, then sends the booking form."""

import http.client
import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from django.urls import reverse

REQUEST_LIMIT_S = 30
_REFERENCE = re.compile(r"/([0-9A-Z]{3}-[0-9A-Z]{3})/$")


@dataclass(frozen=True)
class Wish:
    """A slot of an asset; its key makes a second sending harmless."""

    asset: int
    body: int
    on: date
    at: str
    length_min: int
    key: UUID = field(default_factory=uuid4)


class Browser:
    """Requests of one session; safe for several threads, since each opens its own connection."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._host, self._port = place.hostname or "", place.port or 80
        self._cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Open a session.

        Raises:
            PermissionError: when the site does not let the person in.
        """
        page = reverse("account_login")
        self._send("GET", page)
        self._send("POST", page, {"login": email, "password": password})
        if "sessionid" not in self._cookies:
            raise PermissionError(f"{email} cannot sign in")

    def book(self, wish: Wish) -> tuple[int | None, str]:
        """Send the booking form; return the status, None without answer, and the reference given.

        The reference is empty unless the site acknowledged the booking.
        """
        fields = {
            "le": wish.on.isoformat(),
            "debut": wish.at,
            "duree": wish.length_min,
            "purpose": "Mesurer une panne",
            "organization": wish.body,
            "key": wish.key,
        }
        try:
            status, target = self._send("POST", reverse("book", args=[wish.asset]), fields)
        except (OSError, http.client.HTTPException):
            return None, ""
        found = _REFERENCE.search(target) if status in {302, 303} else None
        return status, found[1] if found else ""

    def _send(self, method: str, path: str, fields: dict | None = None) -> tuple[int, str]:
        """Send a request on a connection of its own; return its status and where it leads."""
        headers = {"Cookie": "; ".join(f"{name}={v}" for name, v in self._cookies.items())}
        body = None
        if fields is not None:
            token = self._cookies.get("csrftoken", "")
            body = urlencode({**fields, "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection(self._host, self._port, timeout=REQUEST_LIMIT_S)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            return answer.status, answer.headers.get("Location", "")
        finally:
            line.close()
