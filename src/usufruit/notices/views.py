# SPDX-License-Identifier: EUPL-1.2
"""One's notices, one's choices, the link that stops letters, and the letters that did not leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from usufruit.kernel.clock import now
from usufruit.notices import actions
from usufruit.notices.forms import ChoicesForm
from usufruit.notices.letters import read_stop
from usufruit.notices.models import Family, Rhythm
from usufruit.notices.queries import (
    notice_for,
    notices_of,
    rhythms_of,
    undelivered_for,
    unread_count,
)
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Person

PAGE_SIZE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: MemberRequest) -> HttpResponse:
    """List what one was told, the latest first; sent, mark all of it as read."""
    if request.method == "POST":
        actions.read_all(by=request.user, now=now())
        messages.success(request, _("Tous vos avis sont lus."))
        return redirect("notices")
    page = Paginator(notices_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "unread_count": unread_count(request.user), "zone": _zone(request)}
    return render(request, "notices/notices.html", context)


def _zone(request: MemberRequest) -> str:
    body = request.organization
    return body.time_zone if body else "America/Toronto"


@login_required
@require_POST
def read_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads, whose page looks at who asks."""
    notice = notice_for(request.user, pk)
    actions.read_notices(notices=[notice.pk], by=request.user, now=now())
    return redirect(notice.change.path)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: MemberRequest) -> HttpResponse:
    """Choose the rhythm of each family of news."""
    sent = request.POST if request.method == "POST" else None
    form = ChoicesForm(sent, rhythms=rhythms_of(request.user))
    if sent is not None and form.is_valid():
        actions.choose_rhythms(rhythms=form.cleaned_data, by=request.user, now=now())
        messages.success(request, _("Vos choix sont gardés."))
        return redirect("notice_choices")
    return render(request, "notices/choices.html", {"form": form})


@csrf_exempt  # a mail program presses this button (RFC 8058): the signed link is what it shows
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the letters of a family, without signing in; to look at the page changes nothing."""
    read = read_stop(token)
    if read is None or read[1] not in Family.values:
        raise Http404
    person = get_object_or_404(Person, pk=read[0], is_active=True)
    if request.method == "POST":
        chosen = {read[1]: Rhythm.PRODUCT}
        actions.choose_rhythms(rhythms=chosen, by=person, now=now())
    context = {"family": Family(read[1]).label, "is_done": request.method == "POST"}
    return render(request, "notices/stop.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request: MemberRequest) -> HttpResponse:
    """Show the letters that could not leave, without names; sent, try them again."""
    found = undelivered_for(request.user)
    if request.method == "POST":
        count = actions.try_again(by=request.user, now=now())
        words = ngettext("%(n)s courriel repart.", "%(n)s courriels repartent.", count)
        messages.success(request, words % {"n": count})
        return redirect("undelivered")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"page": page, "zone": _zone(request)}
    return render(request, "notices/undelivered.html", context)
