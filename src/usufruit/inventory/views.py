# SPDX-License-Identifier: EUPL-1.2
"""Entering and correcting assets and sites."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from usufruit.inventory import actions
from usufruit.inventory.forms import AssetForm, SiteForm, place_errors
from usufruit.inventory.models import Asset, Category, Site
from usufruit.inventory.queries import (
    categories_by_kind,
    finance_of,
    leaf_categories,
    managed_asset_for,
    managed_site_for,
    managing_body_for,
    sites_of,
)
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization


@login_required
def add_asset(request: MemberRequest) -> HttpResponse:
    """Enter an asset in three steps, each with its address: category, place, sheet."""
    body = managing_body_for(request.user, request.organization)
    category = _chosen(leaf_categories(), request.GET.get("categorie"))
    if category is None:
        words = request.GET.get("q", "")[:100]
        context = {"words": words, "groups": categories_by_kind(words)}
        return render(request, "inventory/choose_category.html", context)
    site = _chosen(sites_of(body), request.GET.get("lieu"))
    if site is None:
        return _choose_site(request, body, category)
    return _new_sheet(request, body, category, site)


def _chosen(rows: Any, sent: str | None) -> Any:  # noqa: ANN401 - categories or sites
    """Return the row whose number was sent, or None."""
    return next((row for row in rows if str(row.pk) == sent), None)


def _choose_site(request: MemberRequest, body: Organization, category: Category) -> HttpResponse:
    """Ask where the asset stands: a known site, or a new one."""
    form = SiteForm(request.POST or None, organization=body)
    if request.method == "POST" and form.is_valid():
        site = _save_site(request, body, form)
        if site:
            query = urlencode({"categorie": category.pk, "lieu": site.pk})
            return redirect(f"{reverse('add_asset')}?{query}")
    sites = sites_of(body)
    context = {"category": category, "sites": sites, "form": form, "places": _places(sites)}
    return render(request, "inventory/choose_site.html", context)


def _new_sheet(
    request: MemberRequest, body: Organization, category: Category, site: Site
) -> HttpResponse:
    form = AssetForm(
        request.POST or None,
        person=request.user,
        body=body,
        category=category,
        initial={"site": site.pk},
    )
    if request.method == "POST" and form.is_valid():
        wanted = {"parts": form.wanted_parts(), **form.columns()}
        try:
            asset = actions.add_asset(by=request.user, now=now(), **wanted)
        except ValidationError as error:
            place_errors(form, Asset, error)
        else:
            messages.success(
                request, _("Le brouillon est enregistré. Personne d’autre ne le voit.")
            )
            return _after_saving(request, asset)
    context = {"form": form, "body": body, "category": category, "site": site}
    return render(request, "inventory/add_asset.html", context)


@login_required
def edit_asset(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct an asset; its parts, once divided, are named here."""
    asset = managed_asset_for(request.user, pk)
    form = AssetForm(request.POST or None, person=request.user, body=asset.manager, asset=asset)
    if request.method == "POST" and form.is_valid() and _save_asset(request, asset, form):
        messages.success(request, _("La fiche est enregistrée."))
        return _after_saving(request, asset)
    stored = managed_asset_for(request.user, pk)
    context = {"asset": stored, "form": form, "finance": finance_of(stored)}
    return render(request, "inventory/edit_asset.html", context)


def _save_asset(request: MemberRequest, asset: Asset, form: AssetForm) -> bool:
    try:
        actions.correct_asset(
            asset=asset,
            changes=form.columns(),
            parts=form.wanted_parts(),
            by=request.user,
            now=now(),
        )
    except ValidationError as error:
        place_errors(form, Asset, error)
    except Refusal as refusal:
        form.add_error("divisions", refusal.message)
    return not form.errors


def _after_saving(request: MemberRequest, asset: Asset) -> HttpResponse:
    """Return to the sheet, or to the list when the asset is no longer theirs to manage."""
    try:
        managed_asset_for(request.user, asset.pk)
    except Http404:
        messages.info(request, _("Ce bien est maintenant géré par un autre organisme."))
        return redirect("managed_assets")
    return redirect("edit_asset", pk=asset.pk)


@login_required
def add_site(request: MemberRequest) -> HttpResponse:
    """Enter a place, then return to where it was missing."""
    body = managing_body_for(request.user, request.organization)
    target = request.POST.get("next", request.GET.get("next", ""))
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("managed_assets")
    form = SiteForm(request.POST or None, organization=body)
    if request.method == "POST" and form.is_valid() and _save_site(request, body, form):
        messages.success(request, _("Le lieu est ajouté."))
        return redirect(target)
    context = {"form": form, "body": body, "next": target, "places": _places(sites_of(body))}
    return render(request, "inventory/add_site.html", context)


@login_required
@require_safe
def sites(request: MemberRequest) -> HttpResponse:
    """List the places of the body one acts for."""
    body = managing_body_for(request.user, request.organization)
    found = sites_of(body).annotate(asset_count=Count("assets"))
    return render(request, "inventory/sites.html", {"body": body, "sites": found})


@login_required
def edit_site(request: MemberRequest, pk: int) -> HttpResponse:
    """Correct a place: its name, its address, its point."""
    site = managed_site_for(request.user, pk)
    columns = ("name", "address", "latitude", "longitude", "time_zone")
    form = SiteForm(
        request.POST or None,
        organization=site.organization,
        initial={name: getattr(site, name) for name in columns},
    )
    if request.method == "POST" and form.is_valid() and _correct_site(request, pk, form):
        messages.success(request, _("Le lieu est enregistré."))
        return redirect("edit_site", pk)
    context = {"site": site, "form": form, "places": _places([site])}
    return render(request, "inventory/edit_site.html", context)


def _correct_site(request: MemberRequest, pk: int, form: SiteForm) -> bool:
    site = managed_site_for(request.user, pk)
    try:
        actions.correct_site(site=site, changes=form.cleaned_data, by=request.user, now=now())
    except ValidationError as error:
        place_errors(form, Site, error)
    return not form.errors


def _save_site(request: MemberRequest, body: Organization, form: SiteForm) -> Site | None:
    try:
        return actions.add_site(organization=body, by=request.user, now=now(), **form.cleaned_data)
    except ValidationError as error:
        place_errors(form, Site, error)
        return None


def _places(sites: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a query set of sites
    """Return the sites as the map reads them."""
    return [
        {"id": site.pk, "name": site.name, "lat": site.latitude, "lon": site.longitude, "href": "#"}
        for site in sites
    ]
