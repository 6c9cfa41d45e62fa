# SPDX-License-Identifier: EUPL-1.2
"""The question and its answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from usufruit.kernel.clock import now
from usufruit.organizations.acting import PageRequest
from usufruit.search.answers import answers, offered_features
from usufruit.search.forms import SearchForm
from usufruit.search.map_points import map_of
from usufruit.search.places import place_names
from usufruit.search.queries import category_words, feature_counts, network_counts, offers
from usufruit.search.welcome import FEW, invitation, welcome
from usufruit.sharing.queries import preview_for
from usufruit.ui.fragments import page_or_fragment, wants_fragment


@require_safe
def home(request: PageRequest) -> HttpResponse:
    """Ask what, when and where, and say what there is."""
    form, counts = _form(request, {}), network_counts()
    is_sparse = counts.asset_count <= FEW
    context = {
        "form": form,
        "words": category_words(),
        "places": place_names(request.organization),
        "offers": offers(),
        "counts": counts,
        "welcome": welcome(form, request.organization, form.now) if is_sparse else None,
    }
    return render(request, "search/home.html", context)


@require_safe
@gzip_page
def map_points(request: PageRequest) -> HttpResponse:
    """Give the map what a search finds beyond the list: compact, bounded, as GeoJSON."""
    form = _form(request, request.GET.dict())
    found = map_of(form, request.organization, form.now)
    return JsonResponse(
        found, content_type="application/geo+json", json_dumps_params={"separators": (",", ":")}
    )


@require_safe
def invite(request: PageRequest) -> HttpResponse:
    """Give a letter that invites a neighbouring body: to copy, to print, to send."""
    count = network_counts().asset_count
    letter = invitation(request.organization, count, request.build_absolute_uri(reverse("home")))
    return render(request, "search/invite.html", {"letter": letter})


@require_safe
def results(request: PageRequest) -> HttpResponse:
    """Answer a search: the whole page, or to htmx the form and the list."""
    form = _form(request, _sent(request))
    preview = preview_for(request.user, request.organization, request.GET.get("apercu", ""))
    context: dict[str, Any] = {
        "form": form,
        "answers": answers(form, request.organization, form.now, preview=preview),
        "features": offered_features(form, None),
        "preview": preview,
    }
    if wants_fragment(request):
        context["is_update"] = True
    else:
        context["words"] = category_words()
        context["places"] = place_names(request.organization)
    return page_or_fragment(request, "search/results.html", "search/_answers.html", context)


@require_safe
def features(request: PageRequest) -> HttpResponse:
    """Offer the accessibility filters, each with how many it would leave."""
    if not wants_fragment(request):
        return redirect(f"{reverse('results')}?{request.GET.urlencode()}")
    form = _form(request, _sent(request))
    question = form.question()
    counts = feature_counts(question, request.organization, now=form.now) if question else {}
    return render(request, "search/_features.html", {"features": offered_features(form, counts)})


def _sent(request: PageRequest) -> dict[str, Any]:
    """Return the question as sent; accessibility is asked several times over."""
    several = request.GET.getlist("acces")
    return {**request.GET.dict(), **({"acces": several} if several else {})}


def _form(request: PageRequest, sent: dict[str, Any]) -> SearchForm:
    """Return the search read, faults and all."""
    body = request.organization
    zone = body.time_zone if body else settings.TIME_ZONE
    form = SearchForm(sent, organization=body, now=now(), zone=zone)
    form.full_clean()
    return form
