# SPDX-License-Identifier: EUPL-1.2
"""Opening hours and blocked time, as the owner sees them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from usufruit.inventory.queries import managed_asset_for


@login_required
def opening_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Show when an asset is open."""
    return render(request, "timetable/opening_hours.html", {"asset": managed_asset_for(request.user, pk)})


@login_required
def block_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what takes time."""
    return render(request, "timetable/block_time.html", {"asset": managed_asset_for(request.user, pk)})


@login_required
def unblock_time(request: HttpRequest, pk: int, hold_id: int) -> HttpResponse:
    """Give back time."""
    managed_asset_for(request.user, pk)
    return redirect("block_time", pk=pk)
