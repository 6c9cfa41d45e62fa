# SPDX-License-Identifier: EUPL-1.2
"""Mails about accounts, in words and in HTML: the second is made of the first, so they agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from usufruit.organizations.invitations import token_of
from usufruit.organizations.models import Invitation, Organization, Person

_ADDRESS_ALONE = re.compile(r"https?://\S+")


def html_of(subject: str, text: str) -> str:
    """Return the HTML of a mail: its paragraphs, and its addresses as links."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    parts = [
        {"lines": part.splitlines(), "href": part if _ADDRESS_ALONE.fullmatch(part) else ""}
        for part in paragraphs
    ]
    return render_to_string("organizations/mails/mail.html", {"subject": subject, "parts": parts})


def send_invitations(request: HttpRequest, invitations: Iterable[Invitation]) -> None:
    """Send each invitation with its link, over one connection."""
    connection = get_connection()
    mails = [_invitation_mail(request, invitation) for invitation in invitations]
    connection.send_messages(mails)


def _invitation_mail(request: HttpRequest, invitation: Invitation) -> EmailMultiAlternatives:
    path = reverse("accept_invitation", args=[token_of(invitation)])
    context = {
        "organization": invitation.organization,
        "address": request.build_absolute_uri(path),
        "expires_at": invitation.expires_at,
    }
    return _mail(request, "invitation", invitation.person, context)


def send_factor_lifted(request: HttpRequest, person: Person, organization: Organization) -> None:
    """Tell a person that an administrator lifted their second factor; silence when mail is down."""
    if person.email:
        address = request.build_absolute_uri(reverse("mfa_index"))
        context = {"organization": organization, "address": address}
        _mail(request, "factor_lifted", person, context).send(fail_silently=True)


def _mail(
    request: HttpRequest, name: str, person: Person, context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """Return the mail of a template, in text and HTML."""
    told = {"current_site": get_current_site(request), **context}
    subject = " ".join(
        render_to_string(f"organizations/mails/{name}_subject.txt", told).split(" \n")
    ).strip()
    subject = f"Usufruit – {subject}"
    text = render_to_string(f"organizations/mails/{name}.txt", told).strip() + "\n"
    mail = EmailMultiAlternatives(subject, text, to=[person.email or ""])
    mail.attach_alternative(html_of(subject, text), "text/html")
    return mail
