# SPDX-License-Identifier: EUPL-1.2
"""Asking for the archive of a body, building it, dropping it when its days are over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from django.conf import settings

from usufruit.exports.archive import write_archive
from usufruit.exports.models import Export
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person

logger = logging.getLogger(__name__)

KEPT = timedelta(days=3)


@verb
def request_export(*, body: Organization, by: Person, now: datetime) -> Export:
    """Ask for the archive of a body; one that is being prepared for the same person serves.

    Raises:
        Refusal: ``export_under_way`` while another person's is prepared.
    """
    # The body's row is the door: two who ask at once pass it one after the other.
    Organization.objects.select_for_update(no_key=True).get(pk=body.pk)
    waiting = Export.objects.filter(organization=body, status__in=["queued", "running"]).first()
    if waiting and waiting.requested_by_id == by.pk:
        return waiting
    if waiting:
        raise Refusal(
            "export_under_way",
            "Une autre personne de l’organisme prépare déjà une archive. "
            "Demandez la vôtre dans quelques minutes.",
            rule="Une archive à la fois",
        )
    export = Export.objects.create(organization=body, requested_by=by, requested_at=now)
    JournalLine.record("request_export", export, at=now, person_id=by.pk, organization_id=body.pk)
    return export


def build_export(*, export_id: int, clock: Callable[[], datetime]) -> None:
    """Build a queued archive; a failure is kept as a failure, and its file dropped."""
    begun = Export.objects.filter(pk=export_id, status=Export.Status.QUEUED)
    if not begun.update(status=Export.Status.RUNNING):
        return
    export = Export.objects.select_related("organization").get(pk=export_id)
    name = f"exports/{export.pk}-{token_urlsafe(16)}.zip"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        rows = write_archive(
            path,
            export.organization,
            now=clock(),
            tell=lambda ratio: _tell(export_id, ratio),
        )
    except Exception:
        logger.exception("export %s", export_id)
        path.unlink(missing_ok=True)
        Export.objects.filter(pk=export_id).update(status=Export.Status.FAILED)
        return
    Export.objects.filter(pk=export_id).update(
        status=Export.Status.DONE,
        file=name,
        size_bytes=path.stat().st_size,
        row_count=rows,
        progress_ratio=1,
        expires_at=clock() + KEPT,
    )


def _tell(export_id: int, ratio: float) -> None:
    Export.objects.filter(pk=export_id).update(progress_ratio=ratio)


def fail_interrupted_exports() -> int:
    """Close the archives that a stopped worker left half-written; return how many."""
    return Export.objects.filter(status=Export.Status.RUNNING).update(status=Export.Status.FAILED)


def drop_expired_exports(*, now: datetime) -> int:
    """Delete the files of archives whose days are over; return how many."""
    over = Export.objects.filter(status=Export.Status.DONE, expires_at__lte=now)
    dropped = list(over.order_by("pk"))
    for export in dropped:
        export.file.delete(save=False)
        export.status = Export.Status.EXPIRED
        export.save(update_fields=["status", "file"])
    return len(dropped)
