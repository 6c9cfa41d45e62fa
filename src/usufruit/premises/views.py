# SPDX-License-Identifier: EUPL-1.2
"""Tending what is known of a place, and giving its pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from usufruit.inventory.models import Site
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.premises import actions
from usufruit.premises.facts import Reader
from usufruit.premises.forms import AltsForm, FactsForm, PaperForm, PhotosForm, SecretForm
from usufruit.premises.models import Paper, Photo
from usufruit.premises.queries import (
    Place,
    body_of,
    managed_paper_for,
    managed_photo_for,
    managed_place_for,
    papers_for,
    photos_of,
    put_aside_of,
    secret_of,
)


def _page(request: HttpRequest, place: Place, name: str, **more: Any) -> HttpResponse:  # noqa: ANN401 - a context
    """Show one of the pages of a site or of an asset, inside the tabs of either."""
    is_site = isinstance(place, Site)
    context = {
        ("site" if is_site else "asset"): place,
        "place": place,
        "of": "lieu" if is_site else "bien",
        "base": "inventory/site_base.html" if is_site else "inventory/asset_base.html",
        **more,
    }
    return render(request, f"premises/{name}.html", context)


@login_required
def photos(request: MemberRequest, of: str, pk: int) -> HttpResponse:
    """Show the photos of a site or an asset, and take new ones."""
    place = managed_place_for(request.user, of, pk)
    form = PhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _add(request, place, form):
        return redirect("photos", of, pk)
    shown = list(photos_of(place))
    alts = AltsForm(photos=shown)
    rows = [(each, alts[f"alt_{each.pk}"]) for each in shown]
    aside = put_aside_of(place)
    return _page(request, place, "photos", form=form, rows=rows, aside=aside)


def _add(request: MemberRequest, place: Place, form: PhotosForm) -> bool:
    pictures, refused = form.cleaned_data["photos"]
    try:
        added = actions.add_photos(place=place, pictures=pictures, by=request.user, now=now())
    except Refusal as refusal:
        form.add_error("photos", refusal.message)
        return False
    words = ngettext(
        "%(n)s photo ajoutée. Dites ce qu’elle montre à qui ne la voit pas.",
        "%(n)s photos ajoutées. Dites ce qu’elles montrent à qui ne les voit pas.",
        len(added),
    )
    messages.success(request, words % {"n": len(added)})
    for sentence in refused:
        messages.warning(request, sentence)
    return True


@login_required
@require_POST
def describe(request: MemberRequest, of: str, pk: int) -> HttpResponse:
    """Keep what the photos show."""
    place = managed_place_for(request.user, of, pk)
    form = AltsForm(request.POST, photos=photos_of(place))
    if form.is_valid():
        actions.describe_photos(place=place, alts=form.alts(), by=request.user, now=now())
        messages.success(request, _("Les descriptions sont enregistrées."))
    else:
        messages.error(request, _("Une description compte au plus 200 caractères."))
    return redirect("photos", of, pk)


def _back(one: Photo) -> HttpResponse:
    return redirect("photos", "bien" if one.asset_id else "lieu", one.asset_id or one.site_id)


@login_required
@require_POST
def move_photo_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a photo earlier."""
    found = managed_photo_for(request.user, pk)
    actions.move_photo_up(photo=found, by=request.user, now=now())
    return _back(found)


@login_required
@require_POST
def remove_photo(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a photo aside; the same page brings it back."""
    found = managed_photo_for(request.user, pk)
    actions.put_aside(one=found, by=request.user, now=now())
    messages.success(request, _("Photo retirée. Vous pouvez la remettre pendant 30 jours."))
    return _back(found)


@login_required
@require_POST
def restore_photo(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring a photo back."""
    found = managed_photo_for(request.user, pk)
    actions.bring_back(one=found, by=request.user, now=now())
    messages.success(request, _("Photo remise."))
    return _back(found)


@login_required
def access(request: MemberRequest, of: str, pk: int) -> HttpResponse:
    """State how one enters, what the place allows and how accessible it is."""
    place = managed_place_for(request.user, of, pk)
    form = FactsForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST" and form.is_valid():
        actions.state_facts(place=place, values=form.values(), by=request.user, now=now())
        messages.success(request, _("Les renseignements sont enregistrés."))
        return redirect("access", of, pk)
    return _page(request, place, "access", form=form, secret=secret_of(place))


@login_required
def secret(request: MemberRequest, of: str, pk: int) -> HttpResponse:
    """Write, change or erase what opens the door."""
    place = managed_place_for(request.user, of, pk)
    kept = secret_of(place)
    form = SecretForm(request.POST or None, secret=kept)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["code"] or given.get("forget"):
            actions.seal_secret(
                place=place,
                text=given["code"],
                hours_before=given["hours_before"],
                by=request.user,
                now=now(),
            )
        elif kept:
            hours = given["hours_before"]
            actions.set_secret_hours(secret=kept, hours_before=hours, by=request.user, now=now())
        messages.success(request, _("C’est enregistré. La page ne montre jamais le code gardé."))
        return redirect("secret", of, pk)
    return _page(request, place, "secret", form=form, secret=kept)


@login_required
@require_POST
@never_cache
def read_code(request: MemberRequest, of: str, pk: int) -> HttpResponse:
    """Show the code to a manager; the journal keeps who read it."""
    place = managed_place_for(request.user, of, pk)
    kept = secret_of(place)
    if kept is None:
        raise Http404
    code = actions.read_secret(
        secret=kept, organization=body_of(place), why="gestion", by=request.user, now=now()
    )
    return _page(request, place, "secret", form=SecretForm(secret=kept), secret=kept, code=code)


@login_required
def papers(request: MemberRequest, pk: int) -> HttpResponse:
    """List the manuals of an asset, and take a new one."""
    place = managed_place_for(request.user, "bien", pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _attach(request, place, form):
        messages.success(request, _("Le document est joint."))
        return redirect("papers", pk)
    shown = papers_for(place, Reader.MANAGERS)  # type: ignore[arg-type]
    aside = put_aside_of(place, Paper)
    return _page(request, place, "papers", form=form, papers=shown, aside=aside)


def _attach(request: MemberRequest, place: Any, form: PaperForm) -> bool:  # noqa: ANN401 - an asset
    content, media_type = form.cleaned_data["file"]
    try:
        actions.add_paper(
            asset=place,
            title=form.cleaned_data["title"],
            content=content,
            media_type=media_type,
            reader=Reader(form.cleaned_data["reader"]),
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error("file", refusal.message)
    return not form.errors


@login_required
@require_POST
def remove_paper(request: MemberRequest, pk: int) -> HttpResponse:
    """Put a document aside; the same page brings it back."""
    paper = managed_paper_for(request.user, pk)
    actions.put_aside(one=paper, by=request.user, now=now())
    messages.success(request, _("Document retiré. Vous pouvez le remettre pendant 30 jours."))
    return redirect("papers", paper.asset_id)


@login_required
@require_POST
def restore_paper(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring a document back."""
    paper = managed_paper_for(request.user, pk)
    actions.bring_back(one=paper, by=request.user, now=now())
    messages.success(request, _("Document remis."))
    return redirect("papers", paper.asset_id)
