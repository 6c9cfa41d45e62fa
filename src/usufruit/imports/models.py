# SPDX-License-Identifier: EUPL-1.2
"""Imports, their lines as understood, the columns remembered and the twins told apart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset, Category, Site
from usufruit.organizations.models import Organization, Person


class ColumnMemory(models.Model):
    """What the columns of a shape of file are, as a body last said."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="column_memories"
    )
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "signature"],
                name="columns_remembered_once",
                violation_error_message=_("Ces colonnes sont déjà retenues."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.signature[:8]}"


class Import(models.Model):
    """A file of assets, from its reception to its undoing."""

    class Status(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("Colonnes à confirmer")
        QUEUED = "queued", _("En file")
        CHECKING = "checking", _("Vérification en cours")
        CHECKED = "checked", _("À appliquer")
        APPLYING = "applying", _("Application en cours")
        APPLIED = "applied", _("Appliqué")
        UNDOING = "undoing", _("Annulation en cours")
        UNDONE = "undone", _("Annulé")
        FAILED = "failed", _("Échoué")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="imports")
    name = models.TextField()
    file = models.FileField(upload_to="imports/")
    size_bytes = models.PositiveBigIntegerField()
    status = models.TextField(choices=Status, default=Status.RECEIVED)
    shape = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    told = models.JSONField(default=dict, help_text="What was met and what was done")
    line_count = models.PositiveIntegerField(default=0)
    applied_through = models.BigIntegerField(default=0, help_text="The last line applied")
    failure = models.TextField(blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("received", "queued", "checking", "checked", "applying", "applied"),
                        *("undoing", "undone", "failed"),
                    ]
                ),
                name="import_status_known",
                violation_error_message=_("Cet état d’import n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        """Tell whether a job is at work on it."""
        return self.status in {"queued", "checking", "applying", "undoing"}


class Outcome(models.TextChoices):
    """What becomes of a line."""

    NEW = "new", _("Nouveau")
    CHANGED = "changed", _("Modifié")
    SAME = "same", _("Identique")
    DOUBT = "doubt", _("À revoir")
    REFUSED = "refused", _("Refusé")


class ImportLine(models.Model):
    """A line of a file as understood; only ``checking`` writes it, by COPY.

    Attributes:
        asset_id: the asset it changes, or the number kept for the one it enters.
        changes: by column, what stands and what will, of a changed line.
        candidates: numbers of the assets it may be.
        problems: by fault, the column, the cell, why and what mends it.
    """

    batch = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField()
    outcome = models.TextField(choices=Outcome)
    owner = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, db_index=False, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    body_name = models.TextField(blank=True, help_text="A body to be registered")
    asset_id = models.BigIntegerField(null=True)
    external_id = models.TextField(blank=True)
    serial_number = models.TextField(blank=True)
    vehicle_number = models.TextField(blank=True)
    name = models.TextField(blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, db_index=False, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    site_name = models.TextField(blank=True)
    address = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    description = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    state = models.TextField(blank=True)
    manager_id = models.BigIntegerField(null=True)
    custodian_id = models.BigIntegerField(null=True)
    attributes = models.JSONField(null=True)
    finance = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    candidates = models.JSONField(null=True)
    problems = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "outcome", "id"], name="lines_by_outcome")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "same", "doubt", "refused"]),
                name="line_outcome_known",
                violation_error_message=_("Cette issue n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class CreatedSite(models.Model):
    """A place an import entered, to be removed with it."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="created_sites")
    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.batch_id} {self.site_id}"


class Twin(models.Model):
    """A person's word on two things that look alike, kept for the next file."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    external_id = models.TextField()
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    is_same = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id", "asset"],
                name="twin_told_once",
                violation_error_message=_("Ce doute est déjà levé."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} {self.asset_id}"
