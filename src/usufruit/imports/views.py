# SPDX-License-Identifier: EUPL-1.2
"""Bringing a file of assets in: send it, name its columns, check, apply, undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from usufruit.imports import actions, queries, tasks
from usufruit.imports.forms import ColumnsForm, FileForm, ShapeForm, WordsForm
from usufruit.imports.models import Import, Outcome
from usufruit.imports.page import line_rows, page_of
from usufruit.imports.rejects import annotated_csv
from usufruit.inventory.queries import managing_body_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest

PER_PAGE = 20


@login_required
def imports(request: MemberRequest) -> HttpResponse:
    """Receive a file, and list those that came before."""
    body = managing_body_for(request.user, request.organization)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _receive(request, form)
        if batch is not None:
            return redirect("import_columns", batch.pk)
    before = queries.imports_for(request.user).filter(organization=body)
    page = Paginator(before, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/imports.html", {"form": form, "body": body, "page": page})


def _receive(request: MemberRequest, form: FileForm) -> Import | None:
    assert request.organization is not None  # noqa: S101 - ``managing_body_for`` passed
    try:
        return actions.receive_file(
            organization=request.organization,
            upload=form.cleaned_data["file"],
            titles=form.cleaned_data["schema"],
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error("file", refusal.message)
        return None


@login_required
def columns(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what each column is, and ask for the check."""
    batch = queries.import_for(request.user, pk)
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid() and _ask_check(request, batch, form):
        return redirect("import", batch.pk)
    context = {
        "batch": batch,
        "form": form,
        "shape_form": ShapeForm(batch=batch),
        **page_of(batch, form),
    }
    return render(request, "imports/columns.html", context)


def _ask_check(request: MemberRequest, batch: Import, form: ColumnsForm | WordsForm) -> bool:
    try:
        actions.ask_check(batch=batch, mapping=form.mapping(), by=request.user, now=now())
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    tasks.check.defer(batch_id=batch.pk)
    return True


@login_required
@require_POST
def read_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Read the file another way."""
    batch = queries.import_for(request.user, pk)
    form = ShapeForm(request.POST, batch=batch)
    if form.is_valid():
        try:
            actions.read_again(batch=batch, wanted=form.wanted(), by=request.user, now=now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
    return redirect("import_columns", batch.pk)


@login_required
def words(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what the unknown words of a file mean, then check its lines again."""
    batch = queries.import_for(request.user, pk)
    form = WordsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid() and _ask_check(request, batch, form):
        return redirect("import", batch.pk)
    return render(request, "imports/words.html", {"batch": batch, "form": form})


@login_required
@require_safe
@vary_on_headers("HX-Request")
def batch(request: MemberRequest, pk: int) -> HttpResponse:
    """Show where an import stands, then its lines."""
    batch = queries.import_for(request.user, pk)
    if batch.status == Import.Status.RECEIVED:
        return redirect("import_columns", batch.pk)
    is_fragment = bool(request.headers.get("HX-Request"))
    if is_fragment and not batch.is_moving:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    template = "imports/_progress.html" if is_fragment else "imports/import.html"
    return render(request, template, {"batch": batch, **line_rows(batch, request.GET)})


@login_required
@require_POST
def twin(request: MemberRequest, pk: int, line_pk: int) -> HttpResponse:
    """Say whether a line in doubt is an asset already entered."""
    batch = queries.import_for(request.user, pk)
    line = queries.line_of(batch, line_pk)
    answer = request.POST.get("asset", "")
    assets = queries.candidates_of([line])
    if answer and not (answer.isascii() and answer.isdecimal() and len(answer) < 19):
        raise Http404
    if answer and int(answer) not in assets:
        raise Http404
    try:
        actions.settle_twin(
            line=line, asset=assets[int(answer)] if answer else None, by=request.user, now=now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('import', args=[batch.pk])}?issue={Outcome.DOUBT}")


@login_required
@require_POST
def apply(request: MemberRequest, pk: int) -> HttpResponse:
    """Apply a checked import, or go on with one cut short."""
    batch = queries.import_for(request.user, pk)
    actions.ask_apply(batch=batch, by=request.user, now=now())
    tasks.apply.defer(batch_id=batch.pk)
    return redirect("import", batch.pk)


@login_required
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm, then take an import back."""
    batch = queries.import_for(request.user, pk)
    if request.method == "POST":
        actions.ask_undo(batch=batch, by=request.user, now=now())
        tasks.undo.defer(batch_id=batch.pk)
        return redirect("import", batch.pk)
    context: dict[str, Any] = {
        "heading": _("Annuler l’import de «\u00a0%s\u00a0»?") % batch.name,
        "losses": [
            _("Les biens ajoutés et encore inutilisés."),
            _("Les cellules modifiées, sauf celles qui ont changé depuis."),
        ],
        "action": _("Annuler l’import"),
        "back": reverse("import", args=[batch.pk]),
    }
    return render(request, "ui/confirm.html", context)


@login_required
@require_safe
def refused_csv(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """Hand over the lines left out, with their reasons."""
    batch = queries.import_for(request.user, pk)
    response = StreamingHttpResponse(annotated_csv(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-refus.csv"'
    return response
