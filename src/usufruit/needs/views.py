# SPDX-License-Identifier: EUPL-1.2
"""Telling a need, following one's own, and seeing those that one's assets could answer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from usufruit.inventory.queries import managing_body_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.needs import actions
from usufruit.needs.forms import NeedForm
from usufruit.needs.queries import need_for, needs_near, needs_of, span_wanted
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.queries import REQUESTING_ROLES, has_role
from usufruit.search.places import place_names
from usufruit.ui.fragments import page_or_fragment

PAGE_SIZE = 20
SHOWN_ELSEWHERE = 3


@login_required
@require_safe
def my_needs(request: MemberRequest) -> HttpResponse:
    """List what the body one acts for lacks or lacked."""
    body = request.organization
    page = Paginator(needs_of(body, request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "body": body,
        "page": page,
        "rows": [(need, span_wanted(need)) for need in page],
        "now": now(),
        "may_report": has_role(request.user, body, REQUESTING_ROLES),
    }
    return render(request, "needs/my_needs.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_need(request: MemberRequest) -> HttpResponse:
    """Tell a need, its fields filled by the search that found nothing."""
    body = request.organization
    zone = body.time_zone if body else settings.TIME_ZONE
    sent = request.POST if request.method == "POST" else None
    form = NeedForm(sent, sent=request.GET.dict(), organization=body, now=now(), zone=zone)
    refusal = None
    if body and form.is_bound and form.is_valid():
        try:
            return _report(request, form)
        except Refusal as said:
            refusal = said
    context = {"form": form, "body": body, "refusal": refusal, "places": place_names(body)}
    return render(request, "needs/report.html", context, status=409 if refusal else 200)


def _report(request: MemberRequest, form: NeedForm) -> HttpResponse:
    given = form.cleaned_data
    actions.report_need(
        organization=request.organization,  # type: ignore[arg-type]  # the caller looked
        category=given["categorie"],
        words=given["quoi"],
        use=form.use,
        place=form.place,  # type: ignore[arg-type]  # a valid form found it
        radius_km=given["rayon"],
        purpose=given["purpose"],
        by=request.user,
        now=form.now,
    )
    messages.success(request, _("Votre besoin est signalé. Vos voisins qui ont ce bien le voient."))
    return redirect("my_needs")


@login_required
@require_POST
def meet_need(request: MemberRequest, pk: int) -> HttpResponse:
    """Say that a need was met."""
    actions.meet_need(need=need_for(request.user, pk), by=request.user, now=now())
    messages.success(request, _("Le besoin est comblé. Vos voisins ne le voient plus."))
    return redirect("my_needs")


@login_required
@require_POST
def withdraw_need(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a need back; « Rouvrir » undoes it."""
    actions.withdraw_need(need=need_for(request.user, pk), by=request.user, now=now())
    messages.success(request, _("Le besoin est retiré. Vos voisins ne le voient plus."))
    return redirect("my_needs")


@login_required
@require_POST
def reopen_need(request: MemberRequest, pk: int) -> HttpResponse:
    """Open again a need met or withdrawn by mistake."""
    actions.reopen_need(need=need_for(request.user, pk), by=request.user, now=now())
    messages.success(request, _("Le besoin est rouvert. Vos voisins le voient de nouveau."))
    return redirect("my_needs")


@login_required
@require_safe
def nearby_needs(request: MemberRequest) -> HttpResponse:
    """Show a manager what neighbours lack; to htmx, the nearest few for another page."""
    body = managing_body_for(request.user, request.organization)
    found = needs_near(body, now())
    context = {"body": body, "needs": found, "first": found[:SHOWN_ELSEWHERE]}
    return page_or_fragment(request, "needs/nearby.html", "needs/_nearby_first.html", context)
