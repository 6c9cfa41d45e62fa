# SPDX-License-Identifier: EUPL-1.2
"""The need: what a body lacks, when, where, what for, and where it stands."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Category, PointField, ProjectedPoint
from usufruit.needs.rules import NeedState
from usufruit.organizations.models import Organization, Person


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["point"],
)
class Need(models.Model):
    """Something a body looked for and did not find.

    Attributes:
        category: what kind of asset would do; None when only the words say it.
        use_span: when it is wanted, or None for « whenever ».
        place_name: the place as it was typed or known; the coordinates decide.
        radius_km: how far the body would go, true kilometres.
    """

    class State(models.TextChoices):
        """Where a need stands."""

        OPEN = NeedState.OPEN, _("Ouvert")
        MET = NeedState.MET, _("Comblé")
        WITHDRAWN = NeedState.WITHDRAWN, _("Retiré")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="needs")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="needs"
    )
    words = models.TextField(blank=True)
    use_span = DateTimeRangeField(null=True, blank=True)
    time_zone = models.TextField(default="America/Toronto")
    place_name = models.TextField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    point = models.GeneratedField(
        expression=ProjectedPoint("latitude", "longitude"),
        output_field=PointField(),
        db_persist=True,
    )
    radius_km = models.PositiveSmallIntegerField()
    purpose = models.TextField()
    state = models.TextField(choices=State, default=State.OPEN)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["-reported_at", "-id"]
        indexes = [
            models.Index(
                fields=["category", "-reported_at"], name="need_open", condition=Q(state="open")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=False) | ~Q(words=""),
                name="need_says_what",
                violation_error_message=_("Dites ce qu’il vous faut."),
            ),
            models.CheckConstraint(
                condition=~Q(purpose=""),
                name="need_has_purpose",
                violation_error_message=_("Dites à quoi cela servirait."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in NeedState]),
                name="need_state_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(radius_km__range=(1, 500)),
                name="need_radius_bounded",
                violation_error_message=_("Le rayon va de 1 à 500\u00a0km."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-85, 85), longitude__range=(-180, 180)),
                name="need_place_exists",
                violation_error_message=_("La position va de −85 à 85° et de −180 à 180°."),
            ),
            models.CheckConstraint(
                condition=Q(use_span__isnull=True)
                | Q(use_span__isempty=False)
                & Q(use_span__startswith__isnull=False, use_span__endswith__isnull=False),
                name="need_span_has_ends",
                violation_error_message=_("Un moment a un début et une fin."),
            ),
            models.UniqueConstraint(
                fields=["organization", "category", "words", "use_span", "latitude", "longitude"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="need_open_once",
                violation_error_message=_("Ce besoin est déjà signalé."),
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(self.category)
