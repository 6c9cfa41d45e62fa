# SPDX-License-Identifier: EUPL-1.2
"""Entering and correcting assets and sites."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from usufruit.inventory.queries import managed_asset_for, managing_body_for


@login_required
def add_asset(request: HttpRequest) -> HttpResponse:
    """Enter an asset."""
    body = managing_body_for(request.user, request.organization)
    return render(request, "inventory/asset.html", {"body": body})


@login_required
def edit_asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an asset."""
    asset = managed_asset_for(request.user, pk)
    return render(request, "inventory/asset.html", {"body": asset.manager, "asset": asset})


@login_required
def add_site(request: HttpRequest) -> HttpResponse:
    """Enter a site."""
    body = managing_body_for(request.user, request.organization)
    return render(request, "inventory/site.html", {"body": body})
