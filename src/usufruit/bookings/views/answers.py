# SPDX-License-Identifier: EUPL-1.2
"""Thinking again, asking before answering, and how a body answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from usufruit.bookings import answering, booking_page, exchanges, undoing
from usufruit.bookings.forms import AnswerDaysForm, MessageForm, WordingForm
from usufruit.bookings.queries import line_for, message_for, wording_for
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.bookings.silence import answer_days_of
from usufruit.kernel.clock import now
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization, Role
from usufruit.organizations.queries import has_role


@login_required
@require_POST
def undo_decision(request: MemberRequest, reference: str) -> HttpResponse:
    """Undo what one just decided, while nobody was told."""
    line = line_for(request.user, reference)
    undoing.undo_decision(line=line, by=request.user, now=now())
    messages.success(request, _("C’est défait. Personne n’a été averti."))
    return redirect("booking", reference)


@login_required
@require_POST
def send_decision(request: MemberRequest, reference: str) -> HttpResponse:
    """Announce what one just decided, without waiting for ten minutes."""
    line = line_for(request.user, reference)
    undoing.send_decision(line=line, by=request.user, now=now())
    messages.success(request, _("La décision est annoncée."))
    return redirect("booking", reference)


@login_required
@require_POST
def send_message(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask who sent a request for a precision, or give it."""
    line, at = line_for(request.user, reference), now()
    form = MessageForm(request.POST)
    if form.is_valid():
        told = booking_page.speak(line, form.cleaned_data["text"], request.user, at)
        words = _("Message envoyé à «\u00a0%(name)s\u00a0», averti par courriel.")
        messages.success(request, words % {"name": told})
        return redirect(f"{reverse('booking', args=[reference])}#echanges")
    context = {**booking_page.detail(line, request.user, at), "message_form": form}
    return render(request, "bookings/booking.html", context)


@login_required
@require_POST
def erase_message(request: MemberRequest, reference: str, pk: int) -> HttpResponse:
    """Take back one's own words."""
    message = message_for(request.user, reference, pk)
    exchanges.erase_message(message=message, by=request.user, now=now())
    messages.success(request, _("Votre message est effacé."))
    return redirect(f"{reverse('booking', args=[reference])}#echanges")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answering_rules(request: MemberRequest) -> HttpResponse:
    """Choose how a body answers: its delay, and its own words for refusing."""
    body = body_to_administer(request)
    sent = request.POST if request.method == "POST" else None
    form = AnswerDaysForm(sent, initial={"days": answer_days_of(body)})
    if sent is not None and form.is_valid():
        answering.choose_answer_days(
            organization=body, days=form.cleaned_data["days"], by=request.user, now=now()
        )
        messages.success(request, _("Délai gardé. Il vaut pour les demandes à venir."))
        return redirect("answering_rules")
    context = {"body": body, "form": form, "wording_form": WordingForm()}
    return render(request, "bookings/answering.html", _with_wordings(context, body))


def body_to_administer(request: MemberRequest) -> Organization:
    """Return the body one acts for, to who administers it.

    Raises:
        Http404: to anybody else.
    """
    body = request.organization
    if body is None or not has_role(request.user, body, (Role.BODY_ADMIN,)):
        raise Http404
    return body


def _with_wordings(context: dict[str, Any], body: Organization) -> dict[str, Any]:
    labels = {reason.code: reason.label for reason in REFUSAL_REASONS}
    wordings = [(each, labels[each.code]) for each in answering.wordings_of(body)]
    return {**context, "wordings": wordings, "listed_labels": list(labels.values())}


@login_required
@require_POST
def add_wording(request: MemberRequest) -> HttpResponse:
    """Add a body's own words for a reason."""
    body, form = body_to_administer(request), WordingForm(request.POST)
    if form.is_valid():
        answering.add_wording(organization=body, by=request.user, now=now(), **form.cleaned_data)
        messages.success(request, _("Raison ajoutée à votre liste."))
        return redirect("answering_rules")
    days = AnswerDaysForm(None, initial={"days": answer_days_of(body)})
    context = {"body": body, "form": days, "wording_form": form}
    return render(request, "bookings/answering.html", _with_wordings(context, body))


@login_required
@require_POST
def retire_wording(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer a wording no more."""
    wording = wording_for(body_to_administer(request), pk)
    answering.retire_wording(wording=wording, by=request.user, now=now())
    messages.success(request, _("Raison retirée de votre liste."))
    return redirect("answering_rules")
