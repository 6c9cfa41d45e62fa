# SPDX-License-Identifier: EUPL-1.2
"""Bookings and their lines."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from usufruit.bookings.deadlines import DEFAULT_DAYS, MOST_DAYS
from usufruit.bookings.rules import MOST_LETTERS, REFUSAL_REASONS
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
    set_up = models.TextField(blank=True, default="", help_text="Code of a set-up of the place")
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


class AnsweringRules(models.Model):
    """How a body answers; without a row, as every body does (``deadlines.DEFAULT_DAYS``).

    Attributes:
        answer_days: working days it gives itself to answer a request.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="answering"
    )
    answer_days = models.PositiveSmallIntegerField(default=DEFAULT_DAYS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, MOST_DAYS)),
                name="answer_days_few",
                violation_error_message=_("Un délai va d’un jour à vingt jours ouvrables."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.answer_days}"


class Deadline(models.Model):
    """When the answer to a request is due, and how far the owner's silence has come.

    Attributes:
        stage: the last ``deadlines.Stage`` that was told.
        next_at: when the next one comes; null once the request has an answer.
        is_extended: a question gave it more time, once.
    """

    line = models.OneToOneField(
        BookingLine, on_delete=models.CASCADE, primary_key=True, related_name="deadline"
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    lapse_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    is_extended = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "line"],
                name="deadline_next",
                condition=Q(next_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at__lt=F("answer_by"), answer_by__lte=F("lapse_at")),
                name="deadline_in_order",
                violation_error_message=_("Une réponse est due après la demande."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.answer_by}"


class Message(models.Model):
    """Words the owner and the asker exchange before the answer; the author is a number.

    Attributes:
        is_owners: written for the body that answers.
        erased_at: when its author took the words back; the row stays, empty.
    """

    line = models.ForeignKey(BookingLine, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_owners = models.BooleanField()
    text = models.TextField()
    sent_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text="", erased_at__isnull=False)
                | (~Q(text="") & Q(erased_at__isnull=True)),
                name="message_says_or_is_erased",
                violation_error_message=_("Écrivez votre message."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), MOST_LETTERS),
                name="message_is_short",
                violation_error_message=_("Un message compte au plus 1\u00a0000 caractères."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.sent_at}"


class RefusalWording(models.Model):
    """A body's own words for a reason of the list; the code stays that of the list.

    Attributes:
        retired_at: when it stopped being offered; what was refused with it keeps its words.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="refusal_wordings"
    )
    code = models.TextField()
    label = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organization", "label", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "label"],
                name="wording_once",
                condition=Q(retired_at=None),
                violation_error_message=_("Cette raison est déjà dans votre liste."),
            ),
            models.CheckConstraint(
                condition=~Q(label="") & Q(code__in=[reason.code for reason in REFUSAL_REASONS]),
                name="wording_says_a_reason",
                violation_error_message=_("Écrivez la raison, et ce qu’elle précise."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Proposal(models.Model):
    """What an owner proposes instead of what they refuse: another time, another asset."""

    line = models.OneToOneField(
        BookingLine, on_delete=models.CASCADE, primary_key=True, related_name="proposal"
    )
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    use_span = DateTimeRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(use_span__isempty=False)
                & Q(use_span__startswith__isnull=False, use_span__endswith__isnull=False),
                name="proposal_has_ends",
                violation_error_message=_("Une proposition a un début et une fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.asset_id} {self.use_span}"
