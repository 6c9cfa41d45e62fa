# SPDX-License-Identifier: EUPL-1.2
"""Asking for the archive of one's body, following it, taking it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from usufruit.exports import actions, tasks
from usufruit.exports.queries import archive_for, exporting_body_for, exports_of
from usufruit.kernel.clock import now
from usufruit.organizations.acting import MemberRequest
from usufruit.ui.fragments import page_or_fragment


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: MemberRequest) -> HttpResponse:
    """Ask for all that the body has here, and follow what was asked."""
    body = exporting_body_for(request.user, request.organization)
    if request.method == "POST":
        export = actions.request_export(body=body, by=request.user, now=now())
        tasks.build.defer(export_id=export.pk)
        return redirect("exports")
    asked = list(exports_of(body, request.user))
    is_busy = any(one.status in {"queued", "running"} for one in asked)
    context = {"body": body, "exports": asked, "is_busy": is_busy, "kept": actions.KEPT.days}
    return page_or_fragment(request, "exports/exports.html", "exports/_asked.html", context)


@login_required
@require_safe
def export_archive(request: MemberRequest, pk: int) -> FileResponse:
    """Hand over an archive to the administrator who asked for it."""
    export = archive_for(request.user, pk, now())
    return FileResponse(
        export.file.open("rb"),
        as_attachment=True,
        filename=f"usufruit-{export.organization.slug}-{export.requested_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
