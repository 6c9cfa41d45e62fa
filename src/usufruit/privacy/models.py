# SPDX-License-Identifier: EUPL-1.2
"""Confidentiality incidents, and the proof of what was destroyed."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Organization, Person


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Incident(models.Model):
    """An access, use or communication of personal data that the law does not allow, or their loss.

    Attributes:
        happened_on: first day it may have happened; None while unknown.
        is_serious: whether it may cause a serious injury; None until assessed.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="incidents"
    )
    title = models.TextField(_("Titre"))
    data_described = models.TextField(_("Renseignements visés"))
    circumstances = models.TextField(_("Circonstances"))
    happened_on = models.DateField(_("Survenu le"), null=True, blank=True)
    known_on = models.DateField(_("Connu le"))
    person_count = models.PositiveIntegerField(
        _("Nombre de personnes visées"), null=True, blank=True
    )
    assessment = models.TextField(_("Évaluation du préjudice"), blank=True)
    is_serious = models.BooleanField(_("Risque de préjudice sérieux"), null=True, blank=True)
    commission_told_on = models.DateField(
        _("Commission d’accès à l’information avisée le"), null=True, blank=True
    )
    persons_told_on = models.DateField(_("Personnes avisées le"), null=True, blank=True)
    measures = models.TextField(_("Mesures prises"), blank=True)
    closed_on = models.DateField(_("Clos le"), null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-known_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(data_described="") & ~Q(circumstances=""),
                name="incident_is_described",
                violation_error_message=_(
                    "Un incident a un titre, des renseignements visés et des circonstances."
                ),
            ),
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True) | Q(known_on__gte=F("happened_on")),
                name="incident_known_after_it_happened",
                violation_error_message=_("On apprend un incident le jour même ou après."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(commission_told_on__isnull=True) | Q(commission_told_on__gte=F("known_on"))
                )
                & (Q(persons_told_on__isnull=True) | Q(persons_told_on__gte=F("known_on"))),
                name="incident_told_after_known",
                violation_error_message=_(
                    "Un avis part le jour où l’incident est connu, ou après."
                ),
            ),
            models.CheckConstraint(
                # A CHECK lets « unknown » pass: an unassessed incident must be false, not NULL.
                condition=Q(closed_on__isnull=True)
                | Q(is_serious__isnull=False) & ~Q(measures="") & Q(closed_on__gte=F("known_on")),
                name="incident_closed_once_assessed",
                violation_error_message=_(
                    "Pour clore, dites si le préjudice peut être sérieux, et les mesures prises."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RetentionRun(models.Model):
    """What a night destroyed under one limit: the proof of destruction, without any data."""

    at = models.DateTimeField()
    code = models.TextField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "code"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.code} {self.count}"
