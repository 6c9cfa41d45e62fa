# SPDX-License-Identifier: EUPL-1.2
"""Saying that one is away, or that somebody leaves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.refusals import Refusal
from usufruit.organizations import absences as actions
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.member_forms import AbsenceForm, DepartureForm
from usufruit.organizations.members import absences_to_come
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import absence_for, administered_body_for, member_for


@login_required
def own_absence(request: MemberRequest) -> HttpResponse:
    """Say that one is away from the body one acts for, and who stands in."""
    if request.organization is None:
        raise Http404
    return _absence(request, request.organization, request.user, "own_absence")


@login_required
def absence(request: MemberRequest, pk: int) -> HttpResponse:
    """Say so for a person of the body one administers."""
    person = member_for(request.user, request.organization, pk)
    body = administered_body_for(request.user, request.organization)
    return _absence(request, body, person, "members")


def _absence(request: MemberRequest, body: Organization, person: Person, back: str) -> HttpResponse:
    form = AbsenceForm(request.POST or None, organization=body, person=person)
    if request.method == "POST" and form.is_valid():
        words = {"person": person, "organization": body, **form.cleaned_data}
        try:
            actions.record_absence(by=request.user, now=now(), **words)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("L’absence est inscrite."))
            return redirect(back)
    known = absences_to_come(body, now()).filter(person=person)
    context = {"body": body, "person": person, "form": form, "absences": known, "back": back}
    return render(request, "organizations/absence.html", context)


@login_required
@require_POST
def end_absence(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an absence back, or end it."""
    found = absence_for(request.user, request.organization, pk)
    actions.end_absence(absence=found, by=request.user, now=now())
    messages.success(request, _("L’absence est levée."))
    return redirect("own_absence" if found.person_id == request.user.pk else "members")


@login_required
def departure(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what ends, then record that a person leaves the body."""
    person = member_for(request.user, request.organization, pk)
    body = administered_body_for(request.user, request.organization)
    at = now()
    today = local_wall(at, body.time_zone).date()
    form = DepartureForm(request.POST or None, organization=body, person=person, today=today)
    if request.method == "POST" and form.is_valid():
        words = {"person": person, "organization": body, **form.cleaned_data}
        try:
            actions.record_departure(by=request.user, now=at, **words)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Le départ est inscrit."))
            return redirect("members")
    context = {"body": body, "person": person, "form": form}
    return render(request, "organizations/departure.html", context)
