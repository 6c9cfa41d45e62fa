# SPDX-License-Identifier: EUPL-1.2
"""What a body could share, whether it is published, and on which terms."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from usufruit.agendas.queries import waiting_count
from usufruit.inventory import actions as inventory
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import managed_asset_for, managing_body_for
from usufruit.kernel.clock import now
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Role
from usufruit.organizations.queries import has_role
from usufruit.sharing import actions
from usufruit.sharing.forms import PortfolioForm, RuleForm, StateForm, VisibilityForm
from usufruit.sharing.models import Audience, Mode, SharingRule
from usufruit.sharing.portfolio import portfolio, portfolio_csv, rows_of
from usufruit.sharing.queries import reaches_told, readiness, rules_with_windows
from usufruit.sharing.words import rule_in_words, told_in_rows

ASSETS_PER_PAGE = 50
PREVIEWED = 20


@login_required
@require_safe
def managed_assets(request: MemberRequest) -> HttpResponse:
    """List the assets of the body one acts for."""
    body = managing_body_for(request.user, request.organization)
    form = PortfolioForm(request.GET, body=body)
    found = portfolio(body, form.wanted(), now())
    page = Paginator(found, ASSETS_PER_PAGE).get_page(request.GET.get("page"))
    filters = [name for name in form.fields if request.GET.get(name)]
    context = {
        "body": body,
        "form": form,
        "page": page,
        "rows": list(rows_of(page, body)),
        "agendas_waiting": waiting_count(body, now()),
        "is_filtered": bool(filters),
        "filter_count": len(filters),
    }
    return render(request, "sharing/managed_assets.html", context)


@login_required
@require_safe
def export_assets(request: MemberRequest) -> HttpResponse:
    """Give the same list as a table for spreadsheets."""
    body = managing_body_for(request.user, request.organization)
    found = portfolio(body, PortfolioForm(request.GET, body=body).wanted(), now())
    table = portfolio_csv(rows_of(found, body))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="biens-{body.slug}.csv"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: MemberRequest) -> HttpResponse:
    """Say who sees what of the body's assets, and see as they do."""
    body = managing_body_for(request.user, request.organization)
    told = reaches_told(body)
    sent = request.POST if request.method == "POST" else None
    form = VisibilityForm(sent, initial={each.value: reach for each, reach in told.items()})
    if form.is_bound and form.is_valid():
        actions.set_visibility(body=body, told=form.told(), by=request.user, now=now())
        messages.success(request, _("C’est enregistré. Les pages suivent dès maintenant."))
        return redirect("publication")
    shown = Asset.objects.filter(manager=body).published().order_by("sort_key", "pk")
    context = {"body": body, "form": form, "told": told_in_rows(told)}
    context["assets"] = shown[:PREVIEWED]
    context["is_admin"] = has_role(request.user, body, [Role.BODY_ADMIN])
    return render(request, "sharing/publication.html", context)


@login_required
def set_asset_state(request: MemberRequest, pk: int) -> HttpResponse:
    """Publish, withdraw or return to draft, once what it changes has been read."""
    asset = managed_asset_for(request.user, pk)
    form = StateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state = Asset.State(form.cleaned_data["state"])
        inventory.set_asset_state(asset=asset, state=state, by=request.user, now=now())
        messages.success(request, _done(state))
        return redirect("set_asset_state", pk=pk)
    context = {"asset": asset, "readiness": readiness(asset, now())}
    return render(request, "sharing/asset_state.html", context)


def _done(state: Asset.State) -> str:
    return {
        Asset.State.PUBLISHED: _("Le bien est publié."),
        Asset.State.WITHDRAWN: _("Le bien est retiré."),
        Asset.State.DRAFT: _("Le bien est redevenu un brouillon."),
    }[state]


@login_required
def sharing_rules(request: MemberRequest, pk: int) -> HttpResponse:
    """Say who may book an asset and when; open it to others."""
    asset = managed_asset_for(request.user, pk)
    initial = {"audience": Audience.PUBLIC_BODIES, "mode": Mode.APPROVAL, "when": "always"}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.open_to(
            asset=asset,
            audience=Audience(form.cleaned_data["audience"]),
            mode=Mode(form.cleaned_data["mode"]),
            windows=form.windows(),
            by=request.user,
            now=now(),
        )
        messages.success(request, _("La règle est ajoutée."))
        return redirect("sharing_rules", pk=pk)
    rules = [(rule, rule_in_words(rule)) for rule in rules_with_windows(asset)]
    context = {"asset": asset, "form": form, "rules": rules, "readiness": readiness(asset, now())}
    return render(request, "sharing/rules.html", context)


@login_required
@require_POST
def close_rule(request: MemberRequest, pk: int, rule_id: int) -> HttpResponse:
    """Withdraw a rule; bookings already confirmed under it stand."""
    asset = managed_asset_for(request.user, pk)
    rule = get_object_or_404(SharingRule.objects.filter(asset=asset), pk=rule_id)
    actions.close_rule(rule=rule, by=request.user, now=now())
    messages.success(request, _("La règle est fermée. Les réservations confirmées tiennent."))
    return redirect("sharing_rules", pk=pk)
