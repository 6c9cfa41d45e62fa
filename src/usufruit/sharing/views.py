# SPDX-License-Identifier: EUPL-1.2
"""What a body could share, and on which terms."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from usufruit.inventory.models import Asset
from usufruit.inventory.queries import managed_asset_for, managing_body_for


@login_required
def managed_assets(request: HttpRequest) -> HttpResponse:
    """List the assets of the body."""
    body = managing_body_for(request.user, request.organization)
    assets = Asset.objects.of_organization(body)
    return render(request, "sharing/managed_assets.html", {"body": body, "assets": assets})


@login_required
def set_asset_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish or withdraw."""
    return render(request, "sharing/asset_state.html", {"asset": managed_asset_for(request.user, pk)})


@login_required
def sharing_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rules."""
    return render(request, "sharing/rules.html", {"asset": managed_asset_for(request.user, pk)})


@login_required
def close_rule(request: HttpRequest, pk: int, rule_id: int) -> HttpResponse:
    """Close a rule."""
    managed_asset_for(request.user, pk)
    return redirect("sharing_rules", pk=pk)
