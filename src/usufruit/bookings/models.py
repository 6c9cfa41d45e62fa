# SPDX-License-Identifier: EUPL-1.2
"""Bookings and their lines."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.kernel.fields import LanesField
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.models import Closure


class Channel(models.TextChoices):
    """How a wish reached the platform."""

    WEB = "web", _("En ligne")
    PHONE = "phone", _("Par téléphone")
    COUNTER = "counter", _("Au comptoir")
    LETTER = "letter", _("Par lettre")


class Booking(models.Model):
    """What one body asks for in one go: who, why, for how many; its lines say what and when.

    Attributes:
        requester: the member who sent it; at a desk, its clerk.
        desk: the body at whose desk it was entered; None when its people did so themselves.
        caller: the person a desk serves, who needs no account.
    """

    reference = models.TextField(unique=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="bookings"
    )
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bookings")
    purpose = models.TextField()
    people_count = models.PositiveIntegerField(null=True, blank=True)
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField()
    channel = models.TextField(choices=Channel, default=Channel.WEB)
    desk = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="desk_bookings",
    )
    caller = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="called_bookings"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="booking_channel_known",
                violation_error_message=_("Ce moyen de réserver n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(channel="web", desk__isnull=True, caller__isnull=True)
                | (~Q(channel="web") & Q(desk__isnull=False)),
                name="booking_caller_at_desk",
                violation_error_message=_("Seul un guichet réserve pour une autre personne."),
            ),
            models.UniqueConstraint(
                fields=["requester", "idempotency_key"],
                name="booking_sent_once",
                violation_error_message=_("Cette demande est déjà envoyée."),
            ),
            models.CheckConstraint(
                condition=~Q(purpose=""),
                name="booking_has_purpose",
                violation_error_message=_("Dites à quoi servira le bien."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class LineState(models.TextChoices):
    """Where a line stands; only *confirmed* takes time (table of states, timetable.md)."""

    REQUESTED = "requested", _("En attente")
    CONFIRMED = "confirmed", _("Confirmée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")
    CANCELLED = "cancelled", _("Annulée")
    DISPLACED = "displaced", _("Annulée\u00a0: lieu fermé")
    LAPSED = "lapsed", _("Restée sans réponse")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BookingLine(models.Model):
    """One date with all its assets, answered by one owner.

    Attributes:
        decider: the body that answers. While the request waits a trigger keeps it the one that
            manages the asset now; afterwards it stays the one that answered.
        displaced_by: the closure that took its time back; None unless displaced.
        refusal_code: stable code of the rule that said no; empty unless refused.
    """

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="lines")
    decider = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="inbox_lines")
    use_span = DateTimeRangeField()
    state = models.TextField(choices=LineState)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    displaced_by = models.ForeignKey(
        Closure, on_delete=models.PROTECT, null=True, blank=True, related_name="displaced_lines"
    )
    refusal_code = models.TextField(blank=True)
    refusal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["use_span", "id"]
        indexes = [
            models.Index(fields=["decider", "state", "id"], name="line_inbox"),
            models.Index(
                fields=["decider", "-decided_at", "-id"],
                name="line_decided",
                condition=~Q(state="requested"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="displaced", displaced_by__isnull=False)
                | (~Q(state="displaced") & Q(displaced_by__isnull=True)),
                name="line_displaced_by_closure",
                violation_error_message=_("Une réservation délogée dit quelle fermeture l’a fait."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=LineState.values),
                name="line_state_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(use_span__isempty=False)
                & Q(use_span__startswith__isnull=False, use_span__endswith__isnull=False),
                name="line_use_has_ends",
                violation_error_message=_("Une réservation a un début et une fin."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(refusal_code="") & ~Q(refusal_reason="")),
                name="line_refusal_has_reason",
                violation_error_message=_("Un refus donne sa raison."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.use_span} {self.state}"


class LineAsset(models.Model):
    """An asset of a line, its lanes and what will be held, buffers included.

    Attributes:
        lane_count: of how many lanes the lanes were named; a request waits while the asset may come
            to divide otherwise, and lane 0 of two is not lane 0 of six.
    """

    line = models.ForeignKey(BookingLine, on_delete=models.CASCADE, related_name="assets")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="lines")
    lane_count = models.PositiveIntegerField()
    lanes = LanesField()
    held_span = DateTimeRangeField()

    class Meta:
        ordering = ["line", "asset"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "asset"],
                name="line_asset_once",
                violation_error_message=_("Ce bien est déjà dans cette date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.asset_id}"
