# SPDX-License-Identifier: EUPL-1.2
"""The export: an archive asked for by an administrator, for them alone, and for a few days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Organization, Person


class Export(models.Model):
    """An archive of all that a body has here.

    Attributes:
        file: where it stands; its name cannot be guessed, and it goes when it expires.
        progress_ratio: share of the tables written, 0 to 1.
    """

    class Status(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("En file")
        RUNNING = "running", _("En cours")
        DONE = "done", _("Prête")
        FAILED = "failed", _("Échouée")
        EXPIRED = "expired", _("Expirée")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="exports")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    status = models.TextField(choices=Status, default=Status.QUEUED)
    progress_ratio = models.FloatField(default=0)
    file = models.FileField(upload_to="exports", blank=True, max_length=200)
    size_bytes = models.BigIntegerField(default=0)
    row_count = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "failed", "expired"]),
                name="export_status_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | (Q(expires_at__isnull=False) & ~Q(file="")),
                name="export_done_has_file",
                violation_error_message=_("Une archive prête a un fichier et une échéance."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(status__in=["queued", "running"]),
                name="export_one_at_a_time",
                violation_error_message=_("Une archive de cet organisme se prépare déjà."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.requested_at:%Y-%m-%d} {self.status}"
