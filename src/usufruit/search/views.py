# SPDX-License-Identifier: EUPL-1.2
"""The question and its answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what, when and where."""
    return render(request, "search/home.html")


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return render(request, "search/home.html")
