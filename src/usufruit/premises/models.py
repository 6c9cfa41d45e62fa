# SPDX-License-Identifier: EUPL-1.2
"""Facts, secrets, photos and papers, each of one site or one asset."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset, Site
from usufruit.organizations.models import Organization
from usufruit.premises.facts import BY_CODE, Reader

OF_ONE = Q(site__isnull=True, asset__isnull=False) | Q(site__isnull=False, asset__isnull=True)
OF_ONE_SAID = _("Choisissez un lieu ou un bien, pas les deux.")


class OfOne(models.Model):
    """What is told of a whole site, or of one asset that differs from it."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def body(self) -> Organization:
        """Return the body that answers for it."""
        return self.asset.manager if self.asset else self.site.organization  # type: ignore[union-attr]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Fact(OfOne):
    """One thing known of a place; ``facts.DEFINITIONS`` says what its code and value mean."""

    code = models.TextField()
    value = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=OF_ONE, name="fact_of_one", violation_error_message=OF_ONE_SAID
            ),
            models.CheckConstraint(
                condition=Q(code__in=list(BY_CODE)),
                name="fact_code_known",
                violation_error_message=_("Ce renseignement n’existe pas."),
            ),
            models.UniqueConstraint(
                fields=["site", "code"],
                name="fact_once_per_site",
                violation_error_message=_("Ce lieu dit déjà ce renseignement."),
            ),
            models.UniqueConstraint(
                fields=["asset", "code"],
                name="fact_once_per_asset",
                violation_error_message=_("Ce bien dit déjà ce renseignement."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value}"


class Secret(OfOne):
    """What opens the door, sealed; it has no history, and no export or search reads it.

    Attributes:
        sealed: read by ``seals.unseal`` alone.
        hours_before: how long before a use its people may read it.
    """

    sealed = models.TextField()
    hours_before = models.PositiveSmallIntegerField(default=24)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=OF_ONE, name="secret_of_one", violation_error_message=OF_ONE_SAID
            ),
            models.CheckConstraint(
                condition=Q(hours_before__lte=168),
                name="secret_within_week",
                violation_error_message=_("Un code se montre au plus 168 heures à l’avance."),
            ),
            models.UniqueConstraint(
                fields=["site"],
                name="secret_once_per_site",
                violation_error_message=_("Ce lieu a déjà un code."),
            ),
            models.UniqueConstraint(
                fields=["asset"],
                name="secret_once_per_asset",
                violation_error_message=_("Ce bien a déjà un code."),
            ),
        ]

    def __str__(self) -> str:
        return f"Code {self.pk}"


class Photo(OfOne):
    """A picture drawn anew; its files are named by what they hold.

    Attributes:
        alt: what it shows, for who does not see it; empty until somebody says it.
        removed_at: since when it is put aside; a month later it is gone.
    """

    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    thumbnail_digest = models.CharField(max_length=64)
    thumbnail_width = models.PositiveIntegerField()
    thumbnail_height = models.PositiveIntegerField()
    alt = models.TextField(blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=OF_ONE, name="photo_of_one", violation_error_message=OF_ONE_SAID
            ),
            models.CheckConstraint(
                condition=Q(width__range=(1, 1600), height__range=(1, 1600)),
                name="photo_is_shrunk",
                violation_error_message=_("Une photo a au plus 1\u00a0600 points de côté."),
            ),
        ]

    def __str__(self) -> str:
        return self.alt or f"Photo {self.pk}"


class Paper(models.Model):
    """A manual or a form of an asset, downloaded and never shown in a page."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="papers")
    title = models.TextField()
    digest = models.CharField(max_length=64)
    media_type = models.TextField()
    size_bytes = models.PositiveIntegerField()
    reader = models.TextField(choices=Reader, default=Reader.ALL)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reader__in=Reader.values),
                name="paper_reader_known",
                violation_error_message=_("Ce public n’existe pas."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="paper_has_title",
                violation_error_message=_("Un document porte un titre."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
