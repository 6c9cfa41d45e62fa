# SPDX-License-Identifier: EUPL-1.2
"""The pages about personal data: for everybody, for oneself, for whoever answers for a body."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest, PageRequest
from usufruit.privacy import actions, queries
from usufruit.privacy.forms import ErasureForm, IncidentForm
from usufruit.privacy.register import REGISTER, RETENTIONS

READINGS_PER_PAGE = 30


@require_safe
def policy(request: PageRequest) -> HttpResponse:
    """Say what is kept of persons, why, how long, and what they may ask."""
    runs = queries.last_runs()
    limits = [(limit, runs.get(limit.code)) for limit in RETENTIONS]
    return render(
        request,
        "privacy/policy.html",
        {"register": REGISTER, "limits": limits, "operator": settings.OPERATOR},
    )


@require_safe
def accessibility(request: PageRequest) -> HttpResponse:
    """State how far the pages can be used by everybody, and whom to tell when they cannot."""
    return render(request, "privacy/accessibility.html", {"operator": settings.OPERATOR})


@require_safe
def terms(request: PageRequest) -> HttpResponse:
    """Say what using the platform commits to."""
    return render(request, "privacy/terms.html", {"operator": settings.OPERATOR})


@login_required
@require_safe
def my_data(request: MemberRequest) -> HttpResponse:
    """Show what is kept of oneself, who read it, and how to take or erase it."""
    readings = Paginator(queries.readings_of(request.user), READINGS_PER_PAGE)
    page = readings.get_page(request.GET.get("page"))
    context = {"page": page, "readings": queries.in_words(list(page.object_list))}
    return render(request, "privacy/my_data.html", context)


@login_required
@require_safe
def my_copy(request: MemberRequest) -> HttpResponse:
    """Hand over all that names oneself."""
    response = HttpResponse(queries.copy_of(request.user), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="mes-renseignements.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase_me(request: MemberRequest) -> HttpResponse:
    """Erase one's account, after a page that says what is lost and what stays."""
    form = ErasureForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.erase_account(person=request.user, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            messages.success(
                request, _("Vos renseignements sont effacés et votre compte est clos.")
            )
            return redirect("home")
    context = {"form": form, "departure": queries.departure_of(request.user, now())}
    return render(request, "privacy/erase_me.html", context)


# The register of incidents


@login_required
@require_safe
def incidents(request: MemberRequest) -> HttpResponse:
    """List the incidents of the body one administers."""
    body = queries.registering_body_for(request.user, request.organization)
    page = Paginator(queries.incidents_of(body), 30).get_page(request.GET.get("page"))
    return render(request, "privacy/incidents.html", {"body": body, "page": page})


@login_required
@require_safe
def incidents_csv(request: MemberRequest) -> HttpResponse:
    """Give the register as a table."""
    body = queries.registering_body_for(request.user, request.organization)
    table = queries.incidents_table(body)
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="incidents-{body.slug}.csv"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_incident(request: MemberRequest) -> HttpResponse:
    """Enter an incident."""
    body = queries.registering_body_for(request.user, request.organization)
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.record_incident(
            organization=body, fields=form.cleaned_data, by=request.user, now=now()
        )
        messages.success(request, _("L’incident est inscrit au registre."))
        return redirect("incidents")
    return render(request, "privacy/incident.html", {"form": form, "body": body})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: MemberRequest, pk: int) -> HttpResponse:
    """Read an incident, complete or correct it."""
    found = queries.incident_for(request.user, pk)
    form = IncidentForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.correct_incident(
            incident=found, fields=form.cleaned_data, by=request.user, now=now()
        )
        messages.success(request, _("Le registre est à jour."))
        return redirect("incidents")
    context = {"form": form, "body": found.organization, "incident": found}
    return render(request, "privacy/incident.html", context)
