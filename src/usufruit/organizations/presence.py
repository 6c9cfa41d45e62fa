# SPDX-License-Identifier: EUPL-1.2
"""Tables of who is away from a body for some days, and of who has left it."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Absence(models.Model):
    """Local days of a body on which another person of it stands in for a person.

    What the absent may decide and manage is read from their own roles at the moment of each
    question; nothing is copied, so a replacement of a replacement inherits nothing.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="absences"
    )
    person = models.ForeignKey(
        "organizations.Person", on_delete=models.CASCADE, related_name="absences"
    )
    replacement = models.ForeignKey(
        "organizations.Person", on_delete=models.CASCADE, related_name="replacements"
    )
    days = DateRangeField(help_text="Half-open")

    class Meta:
        ordering = ["days", "id"]
        constraints = [
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Une autre absence couvre déjà une partie de ces jours."),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
                name="absence_has_days",
                violation_error_message=_("Une absence a un premier et un dernier jour."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("replacement")),
                name="absence_replaced_by_another",
                violation_error_message=_("Une personne ne se remplace pas elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.replacement_id} · {self.days}"

    @property
    def first_on(self) -> date:
        """Return the first day."""
        first: date = self.days.lower
        return first

    @property
    def last_on(self) -> date:
        """Return the last day, the whole of which counts."""
        after: date = self.days.upper
        return after - timedelta(days=1)


class Departure(models.Model):
    """The local day on which a person acts no more for a body, and who answers in their place."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.CASCADE, related_name="departures"
    )
    person = models.ForeignKey(
        "organizations.Person", on_delete=models.CASCADE, related_name="departures"
    )
    contact = models.ForeignKey(
        "organizations.Person", on_delete=models.PROTECT, related_name="taken_over"
    )
    leaves_on = models.DateField(help_text="First day without any role")

    class Meta:
        ordering = ["-leaves_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "person", "leaves_on"],
                name="departure_once_a_day",
                violation_error_message=_("Ce départ est déjà inscrit."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("contact")),
                name="departure_answered_by_another",
                violation_error_message=_("Une autre personne répond après un départ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.leaves_on}"
