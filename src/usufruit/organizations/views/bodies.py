# SPDX-License-Identifier: EUPL-1.2
"""A body as anybody sees it, and as those who see to it settle it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.refusals import Refusal
from usufruit.organizations import bodies as actions
from usufruit.organizations.acting import MemberRequest, PageRequest
from usufruit.organizations.member_forms import BodyForm, StewardsForm
from usufruit.organizations.models import Organization
from usufruit.organizations.queries import (
    administered_body_for,
    administers,
    bodies_matching,
    bodies_to_confirm,
    body_shown,
    body_to_see_to_for,
    sees_territory,
    stewards_are_old,
)

PAGE_SIZE = 30


@require_safe
def bodies(request: PageRequest) -> HttpResponse:
    """List the bodies; who sees to the territory also finds those to be confirmed."""
    words = request.GET.get("q", "")[:100]
    found = bodies_matching(words)
    sees = sees_territory(request.user)
    to_confirm = bodies_to_confirm(now().date())
    if sees and "a-confirmer" in request.GET:
        found = found.filter(pk__in=to_confirm.values("pk"))
    context = {
        "words": words,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "to_confirm_count": to_confirm.count() if sees else 0,
    }
    return render(request, "organizations/bodies.html", context)


@require_safe
def body(request: PageRequest, slug: str) -> HttpResponse:
    """Show a body: its nature, its territory, whom to reach; never the name of a person."""
    return render(request, "organizations/body.html", {"body": body_shown(slug)})


@login_required
@require_safe
def own_body(request: MemberRequest) -> HttpResponse:
    """Settle one's body; a steward who does not administer it reads and confirms."""
    found = body_to_see_to_for(request.user, request.organization)
    return _own_body(request, found, BodyForm(None, organization=found))


def _own_body(
    request: MemberRequest,
    found: Organization,
    form: BodyForm,
    stewards: StewardsForm | None = None,
) -> HttpResponse:
    context = {
        "body": found,
        "form": form,
        "stewards": stewards or StewardsForm(None, organization=found),
        "is_admin": administers(request.user, found),
        "is_old": stewards_are_old(found, local_wall(now(), found.time_zone).date()),
    }
    return render(request, "organizations/own_body.html", context)


@login_required
@require_POST
def settle_body(request: MemberRequest) -> HttpResponse:
    """Save how the body is reached and what it asks of its sensitive roles."""
    found = administered_body_for(request.user, request.organization)
    form = BodyForm(request.POST, organization=found)
    if not form.is_valid():
        return _own_body(request, found, form)
    actions.settle_body(organization=found, by=request.user, now=now(), **form.cleaned_data)
    messages.success(request, _("Les réglages de l’organisme sont enregistrés."))
    return redirect("own_body")


@login_required
@require_POST
def name_stewards(request: MemberRequest) -> HttpResponse:
    """Name the steward and the deputy."""
    found = administered_body_for(request.user, request.organization)
    form = StewardsForm(request.POST, organization=found)
    if form.is_valid():
        try:
            actions.name_stewards(
                organization=found, by=request.user, now=now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("deputy", refusal.message)
        else:
            messages.success(request, _("Le responsable et le suppléant sont nommés."))
            return redirect("own_body")
    return _own_body(request, found, BodyForm(None, organization=found), form)


@login_required
@require_POST
def confirm_stewards(request: MemberRequest) -> HttpResponse:
    """Write that the steward and the deputy are still the right ones."""
    found = body_to_see_to_for(request.user, request.organization)
    actions.confirm_stewards(organization=found, by=request.user, now=now())
    messages.success(request, _("Merci\u00a0: les responsables sont confirmés pour un an."))
    return redirect("own_body")
