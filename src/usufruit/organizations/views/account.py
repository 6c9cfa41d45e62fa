# SPDX-License-Identifier: EUPL-1.2
"""One's account, and the body one acts for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.actions import choose_body
from usufruit.organizations.forms import ActingForForm
from usufruit.organizations.queries import roles_by_body


@login_required
@require_safe
def account(request: MemberRequest) -> HttpResponse:
    """Show who one is here: name, bodies and roles, password, language and theme."""
    return render(
        request, "organizations/account.html", {"roles_by_body": roles_by_body(request.user)}
    )


@login_required
@require_safe
def second_factor_owed(request: MemberRequest) -> HttpResponse:
    """Say why a second factor is needed, and keep where the person was going."""
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        request.session["after_second_factor"] = target
    return render(request, "organizations/second_factor_owed.html")


@login_required
@require_safe
def after_second_factor(request: MemberRequest) -> HttpResponse:
    """Return to where a person was going before a second factor was asked for."""
    return redirect(request.session.pop("after_second_factor", "account"))


@login_required
@require_POST
def act_for(request: MemberRequest) -> HttpResponse:
    """Remember in the session which body the person acts for, and return to where they were."""
    form = ActingForForm(request.POST, person=request.user)
    if form.is_valid():
        chosen = form.cleaned_data["organization"]
        request.session["organization_id"] = chosen.pk
        choose_body(person=request.user, organization=chosen)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    return redirect(target)
