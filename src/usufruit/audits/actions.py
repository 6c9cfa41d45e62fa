# SPDX-License-Identifier: EUPL-1.2
"""What can be done with evidence: receive it, audit it, open what it shows to be idle."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, connection, transaction

from usufruit.audits.auditing import run_audit
from usufruit.audits.civil_time import UnknownCalendar
from usufruit.audits.evidence import FileSource, UnusableSource
from usufruit.audits.findings import AuditResult
from usufruit.audits.keeping import findings_of, keep_files, rejected_of
from usufruit.audits.models import Audit, EvidenceFile, Finding, PublishedWindow, RejectedLine
from usufruit.audits.options import AuditOptions, Days, Progress
from usufruit.audits.queries import assets_by_number, inventory_of
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.sharing.actions import open_to
from usufruit.sharing.models import Audience, Mode
from usufruit.timetable.rules import Minutes, WeeklyWindow

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_PROGRESS = 0.5


@verb
def receive_evidence(
    *, organization: Organization, upload: UploadedFile, by: Person, now: datetime
) -> EvidenceFile:
    """Keep a file of evidence as it came; the same bytes are kept once, sent twice at once too."""
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    # One file of a body at a time: a twin sent at the same moment waits here and finds the first.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    kept = EvidenceFile.objects.filter(organization=organization, sha256=digest.hexdigest()).first()
    if kept is not None:
        return kept
    name = str(upload.name or "preuves.csv")[-120:]
    evidence = EvidenceFile(
        organization=organization,
        name=name,
        sha256=digest.hexdigest(),
        size_bytes=upload.size or 0,
        uploaded_by=by,
        uploaded_at=now,
    )
    evidence.file.save(f"{digest.hexdigest()}{_suffix(name)}", upload, save=False)
    evidence.save()
    JournalLine.record(
        "receive_evidence",
        evidence,
        at=now,
        person_id=by.pk,
        organization_id=organization.pk,
        detail={"name": name, "size_bytes": evidence.size_bytes},
    )
    return evidence


def _suffix(name: str) -> str:
    """Return the ending the readers tell a file's kind by; anything else is read as text."""
    return next((end for end in (".csv.gz", ".xlsx", ".csv") if name.lower().endswith(end)), ".txt")


@verb
def ask_audit(
    *,
    organization: Organization,
    evidence: Sequence[EvidenceFile],
    period: Days | None,
    compare: Days | None,
    sense: str | None,
    by: Person,
    now: datetime,
) -> Audit:
    """Enter an audit to be run; ``conduct_audit`` runs it.

    Raises:
        Refusal: ``not_an_auditor``, ``no_evidence``.
    """
    if not has_role(by, organization, MANAGING_ROLES):
        raise Refusal(
            "not_an_auditor",
            f"Votre rôle ne permet pas d’auditer les biens de «\u00a0{organization}\u00a0».",
            rule="Rôles de l’organisme",
        )
    if not evidence:
        raise Refusal("no_evidence", "Joignez au moins un fichier de preuves.")
    audit = Audit.objects.create(
        organization=organization,
        created_by=by,
        created_at=now,
        options={
            "zone": organization.time_zone,
            "period": _bounds(period),
            "compare": _bounds(compare),
            "sense": sense,
        },
    )
    audit.evidence.set(evidence)
    JournalLine.record("ask_audit", audit, at=now, person_id=by.pk, organization_id=organization.pk)
    return audit


@verb
def send_evidence(
    *,
    organization: Organization,
    uploads: Sequence[UploadedFile],
    period: Days | None,
    sense: str | None,
    by: Person,
    now: datetime,
) -> Audit:
    """Receive files of evidence and enter the audit that reads them.

    Raises:
        Refusal: as ``ask_audit``.
    """
    evidence = [
        receive_evidence(organization=organization, upload=upload, by=by, now=now)
        for upload in uploads
    ]
    return ask_audit(
        organization=organization,
        evidence=evidence,
        period=period,
        compare=None,
        sense=sense,
        by=by,
        now=now,
    )


def conduct_audit(*, audit_id: int, clock: Callable[[], datetime]) -> None:
    """Run a queued audit to its end; what it found appears whole or not at all.

    Long work: progress is written as it goes, outside the transaction that stores the findings.
    Running it again replaces nothing: an audit already begun is left to whoever began it.

    Args:
        clock: read when the work is over.
    """
    with _alone(audit_id) as is_ours:
        if is_ours:
            _conduct(audit_id, clock)


def _conduct(audit_id: int, clock: Callable[[], datetime]) -> None:
    begun = Audit.objects.filter(pk=audit_id, status=Audit.Status.QUEUED).update(
        status=Audit.Status.RUNNING, progress_note="Lecture des preuves"
    )
    if not begun:
        return
    audit = Audit.objects.select_related("organization").get(pk=audit_id)
    assets = assets_by_number(audit.organization)
    try:
        result = run_audit(
            [FileSource(e.name, Path(e.file.path)) for e in audit.evidence.order_by("id")],
            inventory=inventory_of(assets),
            options=_options_of(audit),
            progress=_Teller(audit_id),
        )
        _store(audit, result, assets, clock())
    except (UnusableSource, UnknownCalendar) as told:
        _fail(audit_id, str(told), clock())
    except Exception:
        logger.exception("audit %s failed", audit_id)
        _fail(
            audit_id,
            "Une erreur est survenue de notre côté. Vos fichiers sont gardés; relancez l’audit.",
            clock(),
        )


@contextmanager
def _alone(audit_id: int) -> Iterator[bool]:
    """Hold an audit for this connection, or tell that another does; PostgreSQL sees it end."""
    key = [f"audits.audit {audit_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(DatabaseError):  # a connection that ended gave it back
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def fail_interrupted_audits(*, now: datetime) -> list[int]:
    """Say of audits whose process died that they are interrupted; return their numbers.

    They are not run again by themselves: what ended the process may end the next one too.
    """
    failed = []
    running = Audit.objects.filter(status=Audit.Status.RUNNING)
    for audit_id in running.order_by("pk").values_list("pk", flat=True):
        with _alone(audit_id) as is_dead:
            if is_dead and _fail(
                audit_id, "L’audit a été interrompu. Vos fichiers sont gardés; relancez-le.", now
            ):
                failed.append(audit_id)
    return failed


def _options_of(audit: Audit) -> AuditOptions:
    return AuditOptions(
        zone=audit.options["zone"],
        period=_days(audit.options["period"]),
        compare=_days(audit.options["compare"]),
        sense=audit.options["sense"],
    )


def _days(bounds: list[str] | None) -> Days | None:
    return Days(*(date.fromisoformat(on) for on in bounds)) if bounds else None


def _bounds(days: Days | None) -> list[str] | None:
    return [days.first_on.isoformat(), days.last_on.isoformat()] if days else None


class _Teller:
    """Write progress at most twice a second."""

    def __init__(self, audit_id: int) -> None:
        self.audit_id, self.told_at = audit_id, 0.0

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self.told_at < SECONDS_BETWEEN_PROGRESS:
            return
        self.told_at = time.monotonic()
        Audit.objects.filter(pk=self.audit_id).update(
            progress_ratio=min(max(progress.ratio, 0), 1), progress_note=progress.phrase
        )


def _fail(audit_id: int, failure: str, now: datetime) -> bool:
    """Close a running audit as failed; tell whether it was still running."""
    running = Audit.objects.filter(pk=audit_id, status=Audit.Status.RUNNING)
    return bool(running.update(status=Audit.Status.FAILED, failure=failure, finished_at=now))


@transaction.atomic
def _store(audit: Audit, result: AuditResult, assets: dict[str, Asset], now: datetime) -> None:
    Finding.objects.bulk_create(findings_of(audit, result, assets), batch_size=500)
    RejectedLine.objects.bulk_create(rejected_of(audit, result), batch_size=1000)
    keep_files(audit.pk, result)
    audit.first_on, audit.last_on = result.period.first_on, result.period.last_on
    audit.method = result.to_json()["method"]["version"]
    audit.summary = {"sentences": list(result.summary), "opening": result.opening_sentence}
    audit.rejected_count = result.rejected_count
    audit.status, audit.progress_ratio, audit.progress_note = Audit.Status.DONE, 1, "Terminé"
    audit.finished_at = now
    audit.save()


@verb
def run_again(*, audit: Audit, by: Person, now: datetime) -> Audit:
    """Enter the same question on the same evidence once more, as after a failure."""
    return ask_audit(
        organization=audit.organization,
        evidence=list(audit.evidence.all()),
        period=_days(audit.options["period"]),
        compare=_days(audit.options["compare"]),
        sense=audit.options["sense"],
        by=by,
        now=now,
    )


@verb
def publish_window(
    *, finding: Finding, number: int, audience: Audience, mode: Mode, by: Person, now: datetime
) -> PublishedWindow:
    """Open an idle window of a finding to an audience: it becomes a sharing rule.

    Args:
        number: place of the window among the finding's, from 0.

    Raises:
        Refusal: ``not_a_manager``, ``not_in_inventory``, ``no_such_window``, ``already_open``.
    """
    # A second press waits here, and finds below what the first has opened.
    Finding.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.pk)
    asset = _asset_to_open(finding, by)
    windows = finding.content["idle_windows"]
    if not 0 <= number < len(windows):
        raise Refusal("no_such_window", "Cette plage n’est pas dans le constat.")
    published = finding.published_windows.filter(window_number=number, rule__audience=audience)
    if published.exists():
        raise Refusal("already_open", "Cette plage est déjà ouverte à ce public.")
    rule = open_to(
        asset=asset,
        audience=audience,
        mode=mode,
        windows=weekly_windows(windows[number]),
        by=by,
        now=now,
    )
    return PublishedWindow.objects.create(
        finding=finding, rule=rule, window_number=number, published_by=by, published_at=now
    )


def _asset_to_open(finding: Finding, by: Person) -> Asset:
    asset = finding.asset
    if asset is None:
        raise Refusal(
            "not_in_inventory",
            "Ce bien n’est pas dans votre inventaire. Ajoutez-le, puis relancez l’audit.",
        )
    if not has_role(by, asset.manager, MANAGING_ROLES):
        raise Refusal("not_a_manager", "Seul un gestionnaire du bien peut ouvrir ses plages.")
    return asset


def weekly_windows(window: dict[str, Any]) -> list[WeeklyWindow]:
    """Return the windows of a rule for an idle window, which lasts at most 24 hours."""
    return [
        WeeklyWindow(window["weekday"], Minutes(window["start_min"], window["end_min"])),
    ]
