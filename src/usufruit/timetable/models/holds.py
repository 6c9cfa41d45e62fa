# SPDX-License-Identifier: EUPL-1.2
"""The sheet of paper itself: rectangles of lanes × time that PostgreSQL keeps apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.kernel.fields import LanesField
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Person

LONG_KNOWN = datetime(2000, 1, 1, tzinfo=UTC)  # of what was taken before this was written


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds, filtered in the words of the trade."""

    def alive(self, now: datetime) -> HoldQuerySet:
        """Leave out options whose time has run out; the night deletes them (T8)."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))

    def options_of(self, person: Person, now: datetime) -> HoldQuerySet:
        """Keep the options a person has that still run."""
        return self.filter(reason="option", held_by=person, expires_at__gt=now)

    def of_line(self, line_id: int) -> HoldQuerySet:
        """Keep the holds of one booking line."""
        return self.filter(line_id=line_id)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Hold(models.Model):
    """A rectangle of lanes × time that PostgreSQL keeps apart from all others (T1 to T3).

    Only ``timetable.actions`` writes here. A Hold exists only while it takes time; what it was
    stays in its history. The migration adds what Django has no word for: ``hold_lanes_exist``,
    ``hold_span_half_open``, ``hold_use_inside`` and the key to (asset, lane_count).

    Attributes:
        span: what is taken, buffers included; half-open.
        use_span: the use itself, inside ``span``; indicators count it.
        line_id: the booking line it serves, by number: this room knows no bookings.
        agenda_id: the owner's other calendar it comes from, by number too.
        note: what its manager reads: the owner's own words, or the booking's reference.
        expires_at, held_by: until when an option is kept, and for whom; others have neither.
        taken_at: when the time was taken; the public hears of it later (``known_to_public``).
    """

    class Reason(models.TextChoices):
        """Why time is taken."""

        BOOKING = "booking", _("Réservation")
        OWN_USE = "own_use", _("Usage interne")
        DOWNTIME = "downtime", _("Entretien ou panne")
        OPTION = "option", _("Option, gardée un moment")
        EXTERNAL = "external", _("Agenda de ce bien")

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="holds", db_index=False)
    lane_count = models.PositiveIntegerField()
    lanes = LanesField()
    span = DateTimeRangeField()
    use_span = DateTimeRangeField()
    reason = models.TextField(choices=Reason)
    expires_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="options"
    )
    line_id = models.BigIntegerField(null=True, blank=True)
    agenda_id = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    taken_at = models.DateTimeField(db_default=LONG_KNOWN)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["asset", "span", "id"]
        indexes = [
            models.Index(
                fields=["line_id"], name="hold_of_line", condition=Q(line_id__isnull=False)
            ),
            models.Index(
                fields=["agenda_id"], name="hold_of_agenda", condition=Q(agenda_id__isnull=False)
            ),
            models.Index(
                fields=["asset"], name="hold_option", condition=Q(expires_at__isnull=False)
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="hold_no_overlap",
                expressions=[
                    ("asset", RangeOperators.EQUAL),
                    ("lanes", RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Cette plage est déjà prise."),
            ),
            models.CheckConstraint(
                condition=~Q(reason="option")
                | Q(expires_at__isnull=False, held_by__isnull=False, line_id__isnull=True),
                name="hold_option_runs_out",
                violation_error_message=_("Une option a une fin et appartient à une personne."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.lanes} {self.span}"

    @property
    def use(self) -> Span:
        """Return the use itself, as a span."""
        return Span(self.use_span.lower, self.use_span.upper)
