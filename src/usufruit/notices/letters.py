# SPDX-License-Identifier: EUPL-1.2
"""A letter laid out as an e-mail: text and HTML that say the same, a thread, a calendar file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usufruit.notices.models import Audience, Family, Notice, Rhythm
from usufruit.notices.rules import Letter, Link

# What a room above gives for its objects; None when the person may no longer see this one.
Writer = Callable[[Notice, datetime], Letter | None]

SALT = "notices.stop"
CALENDAR_NAME = "reservation.ics"


def message(notice: Notice, letter: Letter) -> EmailMultiAlternatives:
    """Return the e-mail of a letter to the person of a notice.

    The number of the notice makes its identity: sent twice, it is read once.
    """
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"
    stop = stop_path(notice) if notice.change.family != Family.ACCOUNT else ""
    headers = {
        "Message-ID": f"<avis-{notice.pk}@{host}>",
        "Date": formatdate(notice.made_at.timestamp()),
        "Auto-Submitted": "auto-generated",
    }
    if letter.thread:
        root = f"<{letter.thread}@{host}>"
        headers |= {"In-Reply-To": root, "References": root}
    if stop:
        headers["List-Unsubscribe"] = f"<{address(stop)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    context = _context(notice, letter, stop)
    email = EmailMultiAlternatives(
        subject=" ".join(f"Usufruit – {letter.subject}".splitlines()),
        body=render_to_string("notices/letter.txt", context),
        to=[str(notice.person.email)],
        headers=headers,
    )
    email.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
    if letter.calendar:
        asked = letter.calendar.decode()
        email.attach_alternative(asked, f"text/calendar; method={letter.method}")
        email.attach(CALENDAR_NAME, letter.calendar, "application/ics")
    return email


def _context(notice: Notice, letter: Letter, stop: str) -> dict[str, Any]:
    return {
        "letter": letter,
        "action": {"label": letter.action.label, "href": address(letter.action.path)},
        "links": [{"label": link.label, "href": address(link.path)} for link in letter.links],
        "why": _why(notice),
        "choices_href": address(reverse("notice_choices")),
        "stop_href": address(stop) if stop else "",
        "home_href": address("/"),
    }


def address(path: str) -> str:
    """Return the full address of a path of this site."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def _why(notice: Notice) -> str:
    """Say why this person was written to."""
    if notice.rhythm == Rhythm.DIGEST:
        return _("Vous recevez ce résumé parce que vous l’avez choisi, une fois par jour.")
    change = notice.change
    body = {"body": change.organization.name}
    if change.audience == Audience.DECIDERS:
        words = _(
            "Vous recevez ce courriel parce que vous répondez aux demandes faites à "
            "«\u00a0%(body)s\u00a0»."
        )
    elif change.audience == Audience.ADMINISTRATORS or change.person_id != notice.person_id:
        words = _("Vous recevez ce courriel parce que vous administrez «\u00a0%(body)s\u00a0».")
    else:
        words = _(
            "Vous recevez ce courriel parce que cette demande est la vôtre, au nom de "
            "«\u00a0%(body)s\u00a0»."
        )
    return words % body


def digest(notices: list[Notice]) -> Letter:
    """Return one letter for all the news of a day."""
    count = len(notices)
    return Letter(
        subject=ngettext("%(n)s avis à lire", "%(n)s avis à lire", count) % {"n": count},
        paragraphs=(_("Voici ce qui s’est passé depuis votre dernier résumé."),),
        links=tuple(Link(notice.change.title, notice.change.path) for notice in notices),
        action=Link(_("Voir tous mes avis"), reverse("notices")),
    )


# The link that stops letters without signing in


def stop_path(notice: Notice) -> str:
    """Return the path that stops the letters of this family for this person, and nothing else."""
    token = signing.dumps([notice.person_id, notice.change.family], salt=SALT)
    return reverse("stop_letters", args=[token])


def read_stop(token: str) -> tuple[int, str] | None:
    """Return the person and the family of a link; None when we did not write it."""
    try:
        person_id, family = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(person_id), str(family)
