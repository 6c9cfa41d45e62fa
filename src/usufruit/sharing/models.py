# SPDX-License-Identifier: EUPL-1.2
"""The sharing rule, who may use an asset and when; the visibility, who may see what of it."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization
from usufruit.sharing.rules import Information, Reach
from usufruit.timetable.models import Calendar


class Audience(models.TextChoices):
    """To whom a rule opens an asset."""

    OWN_BODY = "own_body", _("Mon organisme")
    PUBLIC_BODIES = "public_bodies", _("Tous les organismes publics")
    RECOGNIZED = "recognized", _("Organismes reconnus")


class Mode(models.TextChoices):
    """How a request becomes a booking."""

    INSTANT = "instant", _("Réservation immédiate")
    APPROVAL = "approval", _("Sur approbation")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SharingRule(models.Model):
    """One audience's terms for one asset; the windows, when given, narrow the opening hours."""

    asset = models.ForeignKey(
        Asset, on_delete=models.CASCADE, related_name="sharing_rules", db_index=False
    )
    audience = models.TextField(choices=Audience)
    mode = models.TextField(choices=Mode, default=Mode.APPROVAL)
    windows = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="sharing_rules"
    )

    class Meta:
        ordering = ["asset", "audience", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values),
                name="sharing_audience_known",
                violation_error_message=_("Ce public n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values),
                name="sharing_mode_known",
                violation_error_message=_("Ce mode de réservation n’existe pas."),
            ),
            models.UniqueConstraint(
                fields=["asset", "audience", "windows"],
                nulls_distinct=False,
                name="sharing_rule_once",
                violation_error_message=_("Cette règle existe déjà pour ce bien."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} → {self.audience}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Visibility(models.Model):
    """How far one kind of information on a body's assets goes; no row means the default."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="visibilities", db_index=False
    )
    information = models.TextField()
    reach = models.TextField()

    class Meta:
        ordering = ["organization", "information"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "information"],
                name="visibility_once",
                violation_error_message=_("Cette information a déjà sa règle."),
            ),
            models.CheckConstraint(
                condition=Q(information__in=[each.value for each in Information]),
                name="visibility_information_known",
                violation_error_message=_("Cette information n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(reach__in=[each.value for each in Reach]),
                name="visibility_reach_known",
                violation_error_message=_("Ce public n’existe pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.information} → {self.reach}"
