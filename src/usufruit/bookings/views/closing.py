# SPDX-License-Identifier: EUPL-1.2
"""Storm day: choose sites, answer every booking inside, publish once, open again."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from usufruit.bookings import closing_actions, closing_page
from usufruit.bookings.closing_forms import ClosureForm
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.timetable.closures import closures_of
from usufruit.timetable.models import Closure

CLOSURES_SHOWN = 10


@login_required
@require_safe
def choose_sites(request: MemberRequest) -> HttpResponse:
    """Ask which sites shut, from when to when and why; list the last closures."""
    body = closing_page.closing_body_for(request.user, request.organization)
    context = {
        "body": body,
        "form": ClosureForm(None, body=body, now=now()),
        "closures": closures_of(body)[:CLOSURES_SHOWN],
    }
    return render(request, "bookings/close_sites.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_bookings(request: MemberRequest) -> HttpResponse:
    """Show every booking inside; once each has its answer, publish the closure."""
    body = closing_page.closing_body_for(request.user, request.organization)
    sent = request.POST if request.method == "POST" else request.GET
    form = ClosureForm(sent, body=body, now=now())
    if not form.is_valid():
        context = {"body": body, "form": form, "closures": closures_of(body)[:CLOSURES_SHOWN]}
        return render(request, "bookings/close_sites.html", context)
    refusal: Refusal | None = None
    if "publier" in request.POST:
        try:
            closure = _publish(request, form)
        except Refusal as said:
            refusal = said
        else:
            if closure is not None:
                messages.success(request, _("Fermeture publiée. Personne ne peut plus y réserver."))
                return redirect("closure", closure.pk)
    return _answers(request, form, refusal)


def _publish(request: MemberRequest, form: ClosureForm) -> Closure | None:
    """Publish with the answers sent; None while a booking to move has nowhere to go."""
    told = closing_page.inside(form, request.POST, form.now)
    fates = closing_page.fates(request.user, request.organization, told, request.POST)
    if fates is None or form.span is None or request.organization is None:
        return None
    return closing_actions.close_sites(
        organization=request.organization,
        sites=list(form.cleaned_data["lieux"]),
        span=form.span,
        reason=form.cleaned_data["raison"],
        fates=fates,
        by=request.user,
        now=form.now,
    )


def _answers(request: MemberRequest, form: ClosureForm, refusal: Refusal | None) -> HttpResponse:
    """Show the bookings inside as they stand now, with the answers already given."""
    sent = request.POST if request.method == "POST" else request.GET
    changed: Sequence[int] = getattr(refusal, "lines", ())
    told = closing_page.inside(form, sent, form.now, changed)
    context = {
        "form": form,
        "span": form.span,
        "zone": form.zone,
        "sites": form.cleaned_data["lieux"],
        "told": told[: closing_page.MOST_INSIDE],
        "is_cut": len(told) > closing_page.MOST_INSIDE,
        "lacks_place": any(one.answer == closing_page.MOVE and not one.goes_to for one in told),
        "refusal": refusal,
        "nearest": [],
    }
    status = 409 if refusal else 200
    return render(request, "bookings/answer_bookings.html", context, status=status)


@login_required
@require_safe
def closure(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a closure: its sites, who was displaced, and how to open again."""
    shown = closing_page.closure_for(request.user, pk)
    return render(request, "bookings/closure.html", closing_page.closed(shown, now()))


@login_required
@require_POST
def reopen_closure(request: MemberRequest, pk: int) -> HttpResponse:
    """Open again the sites ticked."""
    shown = closing_page.closure_for(request.user, pk)
    ticked = [one for one in request.POST.getlist("lieux")[:500] if one.isdecimal()]
    sites = [
        one.site for one in shown.sites.select_related("site") if str(one.site_id) in set(ticked)
    ]
    count = closing_actions.reopen(closure=shown, sites=sites, by=request.user, now=now())
    words = ngettext("%(n)s lieu rouvert.", "%(n)s lieux rouverts.", count) % {"n": count}
    messages.success(request, words)
    return redirect("closure", pk)


@login_required
@require_POST
def restore_booking(request: MemberRequest, reference: str) -> HttpResponse:
    """Bring back a displaced booking."""
    line = closing_page.displaced_line_for(request.user, reference)
    back_to = line.displaced_by_id
    closing_actions.restore_line(line=line, by=request.user, now=now())
    messages.success(request, _("Réservation rétablie. Prévenez l’emprunteur."))
    return redirect("closure", back_to)
