# SPDX-License-Identifier: EUPL-1.2
"""The owner's other calendars: follow, import, settle."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from usufruit.agendas import actions, imports, queries, tasks
from usufruit.agendas.forms import FollowAgendaForm, ImportAgendaForm, ImportFileForm
from usufruit.agendas.models import Agenda, AgendaWaiver
from usufruit.inventory.models import Asset, Part
from usufruit.inventory.queries import managed_asset_for, managing_body_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest
from usufruit.organizations.models import Organization

PER_PAGE = 50


@login_required
@require_safe
def agendas(request: MemberRequest) -> HttpResponse:
    """List what a body has to settle, the agendas its assets follow, the files it brought."""
    body = managing_body_for(request.user, request.organization)
    page = Paginator(queries.agendas_of(body), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "body": body,
        "conflicts": queries.conflicts(body, now()),
        "doubts": queries.to_look_at(body),
        "page": page,
        "imports": body.agenda_imports.order_by("-created_at", "-pk")[:PER_PAGE],
    }
    return render(request, "agendas/agendas.html", context)


@login_required
def asset_agendas(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what an asset's agendas say and contradict; follow one more."""
    asset = managed_asset_for(request.user, pk)
    form = FollowAgendaForm(request.POST or None, asset=asset)
    if request.method == "POST" and form.is_valid():
        try:
            return _follow(request, asset, form)
        except Refusal as refusal:
            form.add_error("address", refusal.message)
    at = now()
    events = Paginator(queries.events_on(asset, at), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asset": asset,
        "form": form,
        "agendas": queries.agendas_on(asset, at),
        "conflicts": queries.conflicts(asset.manager, at, asset=asset),
        "waivers": queries.waivers_on(asset, at),
        "page": events,
    }
    return render(request, "agendas/asset_agendas.html", context)


def _follow(request: MemberRequest, asset: Asset, form: FollowAgendaForm) -> HttpResponse:
    agenda = actions.follow_agenda(
        asset=asset,
        part=form.chosen_part,
        name=form.cleaned_data["name"],
        address=form.cleaned_data["address"],
        by=request.user,
        now=now(),
    )
    _queue(agenda)
    messages.success(request, _("L’agenda est suivi. Il est lu dans la minute."))
    return redirect("asset_agendas", pk=asset.pk)


def _queue(agenda: Agenda) -> None:
    """Ask for a reading now; one already asked for is enough."""
    with suppress(AlreadyEnqueued):
        tasks.read.configure(queueing_lock=f"agenda-{agenda.pk}").defer(agenda_id=agenda.pk)


@login_required
@require_POST
def read_agenda_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Read an agenda without waiting for its turn."""
    agenda = queries.agenda_for(request.user, pk)
    actions.read_again(agenda=agenda, by=request.user, now=now())
    _queue(agenda)
    messages.success(request, _("L’agenda est relu dans la minute."))
    return redirect("asset_agendas", pk=agenda.asset_id)


@login_required
@require_POST
def accept_loss(request: MemberRequest, pk: int) -> HttpResponse:
    """Believe an agenda that lost most of its events."""
    agenda = queries.agenda_for(request.user, pk)
    actions.accept_loss(agenda=agenda, by=request.user, now=now())
    _queue(agenda)
    messages.success(request, _("Ces heures se libèrent à la prochaine lecture."))
    return redirect("asset_agendas", pk=agenda.asset_id)


@login_required
def forget_agenda(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what forgetting an agenda frees, then forget it."""
    agenda = queries.agenda_for(request.user, pk)
    if request.method == "POST":
        actions.forget_agenda(agenda=agenda, by=request.user, now=now())
        messages.success(request, _("L’agenda est oublié\u00a0: ses heures sont libres."))
        return redirect("asset_agendas", pk=agenda.asset_id)
    count = agenda.events.filter(span__endswith__gt=now()).count()
    context = {"asset": agenda.asset, "agenda": agenda, "count": count}
    return render(request, "agendas/forget_agenda.html", context)


@login_required
@require_POST
def keep_what_stands(request: MemberRequest, event_id: int, hold_id: int) -> HttpResponse:
    """Let an event give way to what stands there."""
    conflict = queries.conflict_for(request.user, event_id, hold_id, now())
    actions.keep_what_stands(conflict=conflict, by=request.user, now=now())
    messages.success(request, _("C’est réglé\u00a0: l’agenda cède ces heures."))
    return redirect("asset_agendas", pk=conflict.asset_id)


@login_required
@require_POST
def take_back_hours(request: MemberRequest, pk: int) -> HttpResponse:
    """Let an event want again the hours it had given up."""
    waiver = AgendaWaiver.objects.filter(pk=pk).first()
    if waiver is None:
        raise Http404
    agenda = queries.agenda_for(request.user, waiver.agenda_id)
    actions.take_back_hours(waiver=waiver, by=request.user, now=now())
    messages.success(request, _("L’agenda demande de nouveau ces heures."))
    return redirect("asset_agendas", pk=agenda.asset_id)


# Files


@login_required
def import_agenda(request: MemberRequest, pk: int) -> HttpResponse:
    """Receive a file of the bookings of one asset; nothing is taken before it was looked at."""
    asset = managed_asset_for(request.user, pk)
    form = ImportAgendaForm(request.POST or None, request.FILES or None, asset=asset)
    if request.method == "POST" and form.is_valid():
        try:
            return _import(request, asset.manager, form, asset=asset, part=form.chosen_part)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    return render(request, "agendas/import_agenda.html", {"asset": asset, "form": form})


@login_required
def import_agendas(request: MemberRequest) -> HttpResponse:
    """Receive a spreadsheet of the bookings of many assets."""
    body = managing_body_for(request.user, request.organization)
    form = ImportFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _import(request, body, form)
        except Refusal as refusal:
            form.add_error("file", refusal.message)
    return render(request, "agendas/import_agendas.html", {"body": body, "form": form})


def _import(
    request: MemberRequest,
    body: Organization,
    form: ImportFileForm,
    *,
    asset: Asset | None = None,
    part: Part | None = None,
) -> HttpResponse:
    file = form.cleaned_data["file"]
    content = file.read()
    if asset is not None and content.lstrip(b"\xef\xbb\xbf \r\n")[:6].upper() == b"BEGIN:":
        read = imports.read_ics_file(content, asset, part, now())
    else:
        read = imports.read_sheet_file(file.name, content, body, now(), asset=asset, part=part)
    return _propose(request, body, file.name, read)


def _propose(
    request: MemberRequest, body: Organization, name: str, read: imports.FileRead
) -> HttpResponse:
    proposed = imports.propose_import(
        organization=body, file_name=name, read=read, by=request.user, now=now()
    )
    return redirect("agenda_import", pk=proposed.pk)


@login_required
@require_safe
def agenda_import(request: MemberRequest, pk: int) -> HttpResponse:
    """Show line by line what an import would do, or what it did."""
    proposed = queries.import_for(request.user, request.organization, pk)
    rows = imports.check(proposed, now())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "import": proposed,
        "page": page,
        "counts": dict(imports.counted(rows)),
        "agendas": proposed.agendas.select_related("asset", "part").order_by("asset__sort_key"),
    }
    return render(request, "agendas/agenda_import.html", context)


@login_required
@require_POST
def apply_import(request: MemberRequest, pk: int) -> HttpResponse:
    """Let an import take its time."""
    proposed = queries.import_for(request.user, request.organization, pk)
    count = imports.apply_import(proposed=proposed, by=request.user, now=now())
    said = ngettext("%(n)s plage est inscrite.", "%(n)s plages sont inscrites.", count)
    messages.success(request, said % {"n": count})
    return redirect("agenda_import", pk=pk)


@login_required
@require_POST
def undo_import(request: MemberRequest, pk: int) -> HttpResponse:
    """Take out all that an import brought."""
    proposed = queries.import_for(request.user, request.organization, pk)
    imports.undo_import(proposed=proposed, by=request.user, now=now())
    messages.success(request, _("L’import est annulé\u00a0: ses heures sont libres."))
    return redirect("agenda_import", pk=pk)
