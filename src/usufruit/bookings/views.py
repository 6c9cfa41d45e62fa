# SPDX-License-Identifier: EUPL-1.2
"""The pages of booking."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from usufruit.bookings.queries import line_for, lines_of_borrower
from usufruit.inventory.queries import asset_for


@require_safe
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an asset."""
    return render(request, "bookings/asset.html", {"asset": asset_for(request.user, pk)})


@login_required
def my_bookings(request: HttpRequest) -> HttpResponse:
    """List what a body asked for."""
    body = request.organization
    found = lines_of_borrower(body) if body else []
    return render(request, "bookings/my_bookings.html", {"lines": found})


@login_required
def booking(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a booking."""
    return render(
        request, "bookings/my_bookings.html", {"lines": [line_for(request.user, reference)]}
    )


def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the asset."""
    return asset(request, pk)


awaiting = inbox = my_bookings
booking_ics = withdraw_booking = cancel_booking = move_booking = booking
approve_request = refuse_request = booking
