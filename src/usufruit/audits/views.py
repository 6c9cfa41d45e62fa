# SPDX-License-Identifier: EUPL-1.2
"""Sending evidence, following an audit, reading its findings, opening a window."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from usufruit.audits import actions, queries, tasks
from usufruit.audits.forms import EvidenceForm, PublishForm
from usufruit.audits.keeping import heat_of_finding, report_folder
from usufruit.audits.models import Audit, Finding
from usufruit.audits.report import FINDINGS, JSON, REJECTED, REPORT
from usufruit.inventory.queries import asset_for
from usufruit.kernel.clock import now
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.acting import MemberRequest, PageRequest
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.sharing.models import Audience, Mode
from usufruit.sharing.queries import sight_of

PER_PAGE = 20
FILES = {
    "rapport.html": (REPORT, "text/html"),
    "constats.csv": (FINDINGS, "text/csv"),
    "rejets.csv": (REJECTED, "text/csv"),
    "constats.json": (JSON, "application/json"),
}


@login_required
@require_safe
def audits(request: MemberRequest) -> HttpResponse:
    """List the audits of the person's bodies."""
    page = Paginator(queries.audits_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_audit": _may_audit(request)}
    return render(request, "audits/audits.html", context)


def _may_audit(request: MemberRequest) -> bool:
    return has_role(request.user, request.organization, MANAGING_ROLES)


@login_required
def new_audit(request: MemberRequest) -> HttpResponse:
    """Receive evidence and start an audit of the body the person acts for."""
    if request.organization is None or not _may_audit(request):
        raise Http404
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        audit = actions.send_evidence(
            organization=request.organization,
            uploads=form.cleaned_data["evidence"],
            period=form.period,
            sense=form.cleaned_data["sense"] or None,
            by=request.user,
            now=now(),
        )
        tasks.run.defer(audit_id=audit.pk)
        return redirect("audit", audit.pk)
    return render(request, "audits/new_audit.html", {"form": form}, status=200)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def audit(request: MemberRequest, pk: int) -> HttpResponse:
    """Show where an audit stands, then what it found."""
    audit = queries.audit_for(request.user, pk)
    is_fragment = bool(request.headers.get("HX-Request"))
    is_waiting = audit.status in {Audit.Status.QUEUED, Audit.Status.RUNNING}
    context = {
        "audit": audit,
        "is_waiting": is_waiting,
        **({} if is_waiting else _content(audit)),
        "files": [name for name in FILES if name != "rejets.csv" or audit.rejected_count],
    }
    if is_fragment and not is_waiting:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    template = "audits/_progress.html" if is_fragment else "audits/audit.html"
    return render(request, template, context)


def _content(audit: Audit) -> dict[str, object]:
    """Return the findings, and once each why some have no class and what would give one."""
    content = queries.content_of(audit)
    limits: dict[tuple[str, str], Counter[str]] = {}
    for one in content["shown"]:
        if asked := one.content.get("decided_by"):  # findings of before have no such sentence
            limit = one.verdict_label, one.content["reasons"][0]
            limits.setdefault(limit, Counter())[asked] += 1
    told = [(label, reason, counts.most_common()) for (label, reason), counts in limits.items()]
    return {**content, "limits": told, "rejected_told": len(content["rejected"])}


@login_required
@require_POST
def restart(request: MemberRequest, pk: int) -> HttpResponse:
    """Run the same question again."""
    again = actions.run_again(audit=queries.audit_for(request.user, pk), by=request.user, now=now())
    tasks.run.defer(audit_id=again.pk)
    return redirect("audit", again.pk)


@login_required
@require_safe
def download(request: MemberRequest, pk: int, name: str) -> HttpResponse | FileResponse:
    """Hand over one of the files of an audit."""
    audit = queries.audit_for(request.user, pk)
    if name not in FILES or audit.status != Audit.Status.DONE:
        raise Http404
    kept, content_type = FILES[name]
    path = report_folder(audit.pk) / kept
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"audit-{audit.pk}-{name}",
        content_type=content_type,
    )


@login_required
@require_safe
def finding(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what an audit says of one asset, with the proof of every figure."""
    finding = queries.finding_for(request.user, pk)
    return render(request, "audits/finding.html", _finding_context(request, finding))


def _finding_context(
    request: MemberRequest,
    finding: Finding,
    form: PublishForm | None = None,
    refusal: Refusal | None = None,
) -> dict[str, object]:
    published = list(finding.published_windows.all())
    windows = [
        {
            **window,
            "number": number,
            "opened": [
                Audience(one.rule.audience).label
                for one in published
                if one.window_number == number
            ],
        }
        for number, window in enumerate(finding.content["idle_windows"])
    ]
    return {
        "finding": finding,
        "audit": finding.audit,
        "heat": heat_of_finding(finding),
        "windows": windows,
        "chosen": _chosen(form, windows),
        "form": form or PublishForm(),
        "refusal": refusal,
        "decided_by": finding.content.get("decided_by", ""),
        "closed_count": sum(not window["opened"] for window in windows),
        "may_open": finding.asset is not None
        and has_role(request.user, finding.asset.manager, MANAGING_ROLES),
    }


def _chosen(form: PublishForm | None, windows: list[dict[str, Any]]) -> int | None:
    """Return the window to choose beforehand: the one sent, else the first nobody opened."""
    if form is not None:
        return form.cleaned_data.get("window")
    return next((each["number"] for each in windows if not each["opened"]), None)


@login_required
@require_POST
def publish(request: MemberRequest, pk: int) -> HttpResponse:
    """Open an idle window to an audience."""
    finding = queries.finding_for(request.user, pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return render(request, "audits/finding.html", _finding_context(request, finding, form))
    number = form.cleaned_data["window"]
    try:
        opened = actions.publish_window(
            finding=finding,
            number=number,
            audience=Audience(form.cleaned_data["audience"]),
            mode=Mode(form.cleaned_data["mode"]),
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        context = _finding_context(request, finding, form, refusal)
        return render(request, "audits/finding.html", context, status=409)
    window = finding.content["idle_windows"][number]["words"].partition(",")[0]
    messages.success(
        request,
        _("%(asset)s est ouvert le %(window)s à ce public\u00a0: %(audience)s.")
        % {
            "asset": finding.name,
            "window": window,
            "audience": str(Audience(opened.rule.audience).label).lower(),
        },
    )
    return redirect(f"{reverse('finding', args=[pk])}#plage-{number}")


@require_safe
@vary_on_headers("HX-Request")
def asset_use(request: PageRequest, pk: int) -> HttpResponse:
    """Show the typical week of an asset, as a fragment of its page or a page of its own."""
    asset = asset_for(request.user, pk)
    if not sight_of(asset, request.organization).use:
        raise Http404
    finding = queries.latest_finding(asset)
    heat = heat_of_finding(finding) if finding else None
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "audits/_asset_use.html" if is_fragment else "audits/asset_use.html"
    return render(request, template, {"asset": asset, "finding": finding, "heat": heat})
