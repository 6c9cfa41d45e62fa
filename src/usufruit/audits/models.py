# SPDX-License-Identifier: EUPL-1.2
"""Evidence received, audits run on it, what they found and what was opened from it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization, Person
from usufruit.sharing.models import SharingRule


class EvidenceFile(models.Model):
    """A file of evidence as received; its bytes stay untouched, its digest names it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="evidence_files"
    )
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="evidence/")
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256"],
                name="evidence_received_once",
                violation_error_message=_("Ce fichier est déjà déposé."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Audit(models.Model):
    """One run of the engine on some evidence, for one body and one period."""

    class Status(models.TextChoices):
        """Where the run stands."""

        QUEUED = "queued", _("En file")
        RUNNING = "running", _("En cours")
        DONE = "done", _("Terminé")
        FAILED = "failed", _("Échoué")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="audits")
    evidence = models.ManyToManyField(EvidenceFile, related_name="audits")
    status = models.TextField(choices=Status, default=Status.QUEUED)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True, help_text="Included")
    options = models.JSONField(default=dict)
    progress_ratio = models.FloatField(default=0)
    progress_note = models.TextField(blank=True)
    failure = models.TextField(blank=True)
    method = models.TextField(blank=True)
    summary = models.JSONField(default=dict)
    rejected_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "failed"]),
                name="audit_status_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(first_on__isnull=True, last_on__isnull=True)
                | Q(first_on__isnull=False, last_on__isnull=False, last_on__gte=F("first_on")),
                name="audit_period_in_order",
                violation_error_message=_("La période finit après son début."),
            ),
            models.CheckConstraint(
                condition=Q(progress_ratio__range=(0, 1)),
                name="audit_progress_is_ratio",
                violation_error_message=_("L’avancement va de 0 à 100\u00a0%."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.created_at:%Y-%m-%d}"


class Finding(models.Model):
    """What an audit says of one asset, every figure with its proof."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    asset = models.ForeignKey(
        Asset, on_delete=models.SET_NULL, null=True, blank=True, related_name="findings"
    )
    rank = models.PositiveIntegerField()
    external_id = models.TextField()
    name = models.TextField()
    kind = models.TextField(blank=True)
    verdict = models.TextField()
    verdict_label = models.TextField()
    content = models.JSONField()

    class Meta:
        ordering = ["audit", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "external_id"], name="finding_once_per_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}"


class RejectedLine(models.Model):
    """A line of evidence that could not be used, and why."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="rejected_lines")
    file_name = models.TextField()
    line_number = models.PositiveBigIntegerField()
    reason = models.TextField()

    class Meta:
        ordering = ["audit", "file_name", "line_number", "id"]

    def __str__(self) -> str:
        return f"{self.file_name}:{self.line_number} {self.reason}"


class PublishedWindow(models.Model):
    """An idle window that became a sharing rule: the thread from evidence to offer."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="published_windows")
    rule = models.ForeignKey(SharingRule, on_delete=models.CASCADE, related_name="+")
    window_number = models.PositiveSmallIntegerField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["finding", "window_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "window_number", "rule"],
                name="window_published_once",
                violation_error_message=_("Cette plage est déjà ouverte à ce public."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.window_number}"
