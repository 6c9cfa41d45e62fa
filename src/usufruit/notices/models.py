# SPDX-License-Identifier: EUPL-1.2
"""Changes to be told, the notices they became, and each person's choices.

None holds a person's data: names of bodies and of assets, hours, references. The words that people
wrote to each other are read when a letter leaves.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Organization, Person


class Family(models.TextChoices):
    """A kind of news for which a person chooses a rhythm; that of the account is not to choose."""

    TO_DECIDE = "to_decide", _("Demandes à décider")
    ANSWERS = "answers", _("Réponses à mes demandes")
    CHANGES = "changes", _("Réservations prises, déplacées ou annulées")
    MESSAGES = "messages", _("Questions et précisions")
    REMINDERS = "reminders", _("Rappels d’échéance")
    ACCOUNT = "account", _("Compte et sécurité")


class Rhythm(models.TextChoices):
    """When a person is written to."""

    AT_ONCE = "at_once", _("Par courriel, tout de suite")
    DIGEST = "digest", _("Par courriel, une fois par jour")
    PRODUCT = "product", _("Sur le site seulement")


class Audience(models.TextChoices):
    """Which people of a body are told, whoever they are when the change leaves."""

    PERSON = "person", _("La personne nommée")
    DECIDERS = "deciders", _("Qui répond aux demandes")
    ADMINISTRATORS = "administrators", _("Qui administre l’organisme")


class Change(models.Model):
    """Something that happened, in the transaction that made it: one row, no job, no NOTIFY (T18).

    Attributes:
        person: the one told; null when the audience is a part of the body.
        made_by_id: number of who did it, and who needs not be told with their colleagues.
        due_at: when it may leave; before that it may still be taken back.
        told_at: when it became notices.
    """

    event = models.TextField()
    family = models.TextField(choices=Family)
    audience = models.TextField(choices=Audience)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="noticed_changes"
    )
    made_by_id = models.BigIntegerField(null=True, blank=True)
    object_type = models.TextField()
    object_id = models.TextField()
    title = models.TextField()
    path = models.TextField()
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="change_due", condition=Q(told_at=None)),
            models.Index(fields=["object_type", "object_id"], name="change_of_object"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(family__in=Family.values, audience__in=Audience.values),
                name="change_kind_known",
                violation_error_message=_("Ce genre d’avis n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(audience="person", person__isnull=False)
                | (~Q(audience="person") & Q(person__isnull=True)),
                name="change_names_its_person",
                violation_error_message=_("Un avis s’adresse à une personne ou à un groupe."),
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="change_leads_here",
                violation_error_message=_("Un avis mène à une page de ce site."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_type} {self.object_id}"


class Notice(models.Model):
    """A change as told to one person: on their page of notices, and by e-mail if they chose so.

    Attributes:
        rhythm: as the person had chosen when it was made.
        mail_at: when the e-mail is due, or due again; null when none is.
        attempts: how many times the mail server was tried.
        given_up_at: when a platform administrator became needed.
        error: what the server answered last, without any address.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    rhythm = models.TextField(choices=Rhythm)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notice_of_person"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["mail_at", "id"], name="notice_to_mail", condition=Q(mail_at__isnull=False)
            ),
            models.Index(
                fields=["-given_up_at"],
                name="notice_given_up",
                condition=Q(given_up_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "person"],
                name="notice_once",
                violation_error_message=_("Cette personne est déjà avertie."),
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=Rhythm.values),
                name="notice_rhythm_known",
                violation_error_message=_("Ce rythme n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(mail_at__isnull=True)
                | Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="notice_mailed_once",
                violation_error_message=_("Ce courriel est déjà parti."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} → {self.person_id}"


class Choice(models.Model):
    """The rhythm a person chose for a family; without a row, at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notice_choices")
    family = models.TextField(choices=Family)
    rhythm = models.TextField(choices=Rhythm)

    class Meta:
        ordering = ["person", "family"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "family"],
                name="choice_once",
                violation_error_message=_("Ce choix est déjà fait."),
            ),
            models.CheckConstraint(
                condition=Q(family__in=[f for f in Family.values if f != "account"])
                & Q(rhythm__in=Rhythm.values),
                name="choice_is_offered",
                violation_error_message=_(
                    "Les courriels du compte et de la sécurité partent toujours."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.family} {self.rhythm}"
