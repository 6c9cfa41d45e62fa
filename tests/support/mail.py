# SPDX-License-Identifier: EUPL-1.2
"""A real mail server on this machine, and what every e-mail owes its reader."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import icalendar
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from usufruit.config import loopback
from usufruit.ui.typography import typography_faults

ADDRESS = re.compile(r"https?://\S+")


@dataclass
class Sink:
    """Keep the messages a server receives; ``answer`` refuses them while it is set."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    answer: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(parsed)
        return "250 OK"

    def mailer(self) -> BaseEmailBackend:
        return get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=loopback.LOOPBACK, port=self.port
        )


@contextmanager
def sink() -> Iterator[Sink]:
    kept = Sink(loopback.free_port())
    server = Controller(kept, hostname=loopback.LOOPBACK, port=kept.port)
    server.start()
    try:
        yield kept
    finally:
        server.stop()


@dataclass(frozen=True)
class Read:
    """An e-mail as read: its words in both forms, its links, its calendar."""

    subject: str
    text: str
    html: BeautifulSoup
    calendar: icalendar.Calendar | None


def read(message: EmailMessage) -> Read:
    """Return what an e-mail says, once both forms say the same in careful French."""
    text = message.get_body(("plain",)).get_content()
    html = BeautifulSoup(message.get_body(("html",)).get_content(), "html.parser")
    assert not html.select("script, table, img, link, form")
    links = {link["href"] for link in html.select("a[href]")}
    assert links == set(ADDRESS.findall(text))
    shown = " ".join(html.get_text(" ").split(" "))
    for words in (str(message["Subject"]), ADDRESS.sub("", text), shown):
        faults = [fault for line in words.splitlines() for fault in typography_faults(line)]
        assert not faults, faults
    for one in html.select("main p, main h1, main dt, main dd, main li, main blockquote"):
        for line in one.get_text("\n").splitlines():
            assert line.strip() in text, line
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Choisir mes avis" in text
    return Read(str(message["Subject"]).strip(), text, html, _calendar(message))


def _calendar(message: EmailMessage) -> icalendar.Calendar | None:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    files = [part for part in message.walk() if part.get_content_type() == "application/ics"]
    assert len(parts) == len(files) <= 1
    if not parts:
        return None
    read_ = icalendar.Calendar.from_ical(parts[0].get_content())
    assert read_.errors == []
    assert [event.errors for event in read_.events] == [[]]
    assert read_["METHOD"] == parts[0].get_param("method")
    assert files[0].get_content().replace(b"\r\n", b"\n").strip() == (
        parts[0].get_content().encode().replace(b"\r\n", b"\n").strip()
    )
    return read_
