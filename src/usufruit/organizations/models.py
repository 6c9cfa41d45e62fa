# SPDX-License-Identifier: EUPL-1.2
"""Bodies, territories, persons and roles."""

from __future__ import annotations

import re
from datetime import datetime

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext_lazy as _

from usufruit.kernel.models import FrenchSortKey
from usufruit.organizations.presence import Absence, Departure

__all__ = ["Absence", "Departure"]


class OrganizationNature(models.Model):
    """What kind of body this is in law; a table, since each jurisdiction has its own list."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.TextField()
    is_public = models.BooleanField()
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """A node of the territory tree: region, MRC, municipality, borough."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.TextField(unique=True)
    name = models.TextField()
    sort_key = models.GeneratedField(
        expression=FrenchSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    outline = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS 84")

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="territory_not_its_own_parent",
                violation_error_message=_("Un territoire ne se contient pas lui-même."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Bodies, filtered in the words of the trade."""

    def of_person(self, person: Person | None) -> OrganizationQuerySet:
        """Keep the bodies a person acts for; none for a visitor."""
        if person is None or not person.is_authenticated:
            return self.none()
        return self.filter(pk__in=Membership.objects.held_by(person).values("organization"))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["sort_key"],
)
class Organization(models.Model):
    """A body that owns, manages, borrows: a municipality, a school, an association."""

    name = models.TextField()
    slug = models.SlugField(unique=True, max_length=80)
    sort_key = models.GeneratedField(
        expression=FrenchSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    nature = models.ForeignKey(OrganizationNature, on_delete=models.PROTECT)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, blank=True)
    is_recognized = models.BooleanField(
        default=False, help_text="Association recognised by a public body under its policy"
    )
    time_zone = models.TextField(default="America/Toronto")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    contact = models.TextField(blank=True, help_text="Function and telephone, never a person")
    requires_second_factor = models.BooleanField(
        null=True, blank=True, help_text="None follows the platform's setting"
    )
    steward = models.ForeignKey(
        "Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    deputy = models.ForeignKey(
        "Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    steward_function = models.TextField(blank=True, help_text="Said in public; never a name")
    stewards_confirmed_on = models.DateField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="organization_has_name",
                violation_error_message=_("Un organisme porte un nom."),
            ),
            models.CheckConstraint(
                # A CHECK lets « unknown » pass: half a place must be false, not NULL.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-85, 85), longitude__range=(-180, 180)),
                name="organization_place_exists",
                violation_error_message=_("La position va de −85 à 85° et de −180 à 180°."),
            ),
            models.CheckConstraint(
                condition=Q(steward__isnull=True)
                | Q(deputy__isnull=True)
                | ~Q(steward=F("deputy")),
                name="organization_two_stewards",
                violation_error_message=_("Le responsable et le suppléant sont deux personnes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def contact_said(self) -> str:
        """Return the contact with the figures of its telephone kept together."""
        return re.sub(r"(?<=\d) (?=\d)", "\u00a0", self.contact)


class PersonManager(BaseUserManager["Person"]):
    """Persons, most of whom sign in by e-mail address, capitals or not."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return an address in small letters throughout: sign-in looks for it so."""
        return super().normalize_email(email).strip().lower()

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person of an address, however it is typed."""
        return super().get_by_natural_key(self.normalize_email(username))

    def create_user(self, email: str | None, password: str | None = None, **fields: str) -> Person:
        """Store a person; without a password the account cannot sign in."""
        person = self.model(email=self.normalize_email(email) or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """The only row that holds a person's data; every other row holds its number (Law 25, GDPR)."""

    email = models.EmailField(unique=True, null=True, blank=True)
    full_name = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    is_platform_admin = models.BooleanField(default=False)
    last_organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Body last acted for, where the next session begins",
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = PersonManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(email__isnull=True, full_name="", phone="", is_active=False),
                name="person_erased_is_empty",
                violation_error_message=_("Une personne effacée ne garde aucune donnée."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message=_("Cette adresse a déjà un compte."),
            ),
        ]

    acts_at: datetime | None = None
    """The moment at which a person acts, set where the clock is read: it decides whom they replace.

    Without it they hold the roles of their own name alone.
    """

    def __str__(self) -> str:
        return self.full_name or f"Personne nᵒ {self.pk}"

    def get_full_name(self) -> str:
        """Return the name shown to colleagues."""
        return str(self)

    @property
    def invited_only(self) -> bool:
        """Tell whether nobody has opened this account yet: an invitation alone knows it."""
        is_new = self.last_login is None and self.erased_at is None
        return is_new and not self.is_active and not self.has_usable_password()


class Role(models.TextChoices):
    """What a member may do for a body."""

    MEMBER = "member", _("Membre")
    REQUESTER = "requester", _("Demandeur")
    ASSET_MANAGER = "asset_manager", _("Gestionnaire de biens")
    APPROVER = "approver", _("Approbateur")
    DESK_CLERK = "desk_clerk", _("Préposé au guichet")
    FINANCE = "finance", _("Finances")
    BODY_ADMIN = "body_admin", _("Administrateur de l’organisme")
    COORDINATOR = "coordinator", _("Coordonnateur du territoire")
    ANALYST = "analyst", _("Analyste")

    @property
    def duty(self) -> str:
        """Return in one sentence what the role lets a member do."""
        return str(_DUTIES[self.value])


_DUTIES = {
    "member": _("Lit les réservations de l’organisme."),
    "requester": _("Demande et réserve des biens au nom de l’organisme."),
    "asset_manager": _("Entre les biens, règle leur partage et répond aux demandes."),
    "approver": _("Répond aux demandes, jusqu’à son plafond s’il en a un."),
    "desk_clerk": _("Répond aux demandes et réserve, au comptoir ou au téléphone."),
    "finance": _("Voit ce que l’organisme doit et ce qu’on lui doit."),
    "body_admin": _("Invite les personnes, donne les rôles et gère tous les biens."),
    "coordinator": _("Anime le partage sur le territoire de la MRC."),
    "analyst": _("Lit les audits et les totaux, jamais qui a réservé."),
}


# What a replacement holds in the place of who is away; administering people is never lent.
LENT_ROLES = (Role.APPROVER, Role.ASSET_MANAGER, Role.DESK_CLERK, Role.BODY_ADMIN)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles, filtered in the words of the trade."""

    def in_force(self, now: datetime) -> MembershipQuerySet:
        """Keep the roles whose last day is not over, in the civil time of their body."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=_local_day(now)))

    def held_by(self, person: Person) -> MembershipQuerySet:
        """Keep the roles a person holds, in their own name or in the place of who is away.

        The one place where replacements are read: days are those of each body.
        """
        if person.acts_at is None:
            return self.filter(person=person)
        away = Absence.objects.filter(
            organization=OuterRef("organization"),
            person=OuterRef("person"),
            replacement=person,
            days__contains=_local_day(person.acts_at, "organization__time_zone"),
        )
        lent = Q(role__in=LENT_ROLES) & Exists(away)
        return self.in_force(person.acts_at).filter(Q(person=person) | lent)


def _local_day(now: datetime, zone: str = "organization__time_zone") -> Cast:
    """Return the day of a moment in the civil time of a body (T16)."""
    wall = Func(Value(now), F(zone), function="local_wall", output_field=models.DateTimeField())
    return Cast(wall, models.DateField())


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """One role of a person in a body."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.TextField(choices=Role)
    ends_on = models.DateField(null=True, blank=True, help_text="First day without the role")
    ceiling_h = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Longest use an approver accepts, in hours; None for any"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "person", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "role"],
                name="membership_role_once",
                violation_error_message=_("Cette personne a déjà ce rôle."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_known",
                violation_error_message=_("Ce rôle n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling_h__isnull=True) | Q(role=Role.APPROVER, ceiling_h__gt=0),
                name="membership_ceiling_of_approver",
                violation_error_message=_(
                    "Seul un approbateur a un plafond, d’au moins une heure."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.organization_id} · {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, filtered in the words of the trade."""

    def unanswered(self) -> InvitationQuerySet:
        """Keep those neither accepted nor revoked; some may be out of date."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """A place kept in a body for a person, until the link sent to them is used.

    Somebody who has no account yet is a person whose account is closed: the address stands there
    alone, as all data of persons.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    roles = ArrayField(models.TextField(choices=Role))
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_unanswered_once",
                violation_error_message=_("Une invitation attend déjà cette personne."),
            ),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0) & Q(roles__contained_by=Role.values),
                name="invitation_gives_known_roles",
                violation_error_message=_("Une invitation donne au moins un rôle connu."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_has_one_end",
                violation_error_message=_("Une invitation retirée ne s’accepte plus."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="invitation_expires_after",
                violation_error_message=_("Une invitation prend fin après son envoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.organization_id}"

    @property
    def role_names(self) -> list[str]:
        """Return the names of the roles it gives."""
        return [str(Role(role).label) for role in self.roles]

    def state_at(self, now: datetime) -> str:
        """Return ``pending``, ``accepted``, ``revoked`` or ``expired``."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "pending" if self.expires_at > now else "expired"
