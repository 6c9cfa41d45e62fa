# SPDX-License-Identifier: EUPL-1.2
"""Assets, their categories, sites, parts and attributes."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from usufruit.kernel.fields import LanesField
from usufruit.kernel.models import FrenchSortKey
from usufruit.organizations.models import Organization

_PLAIN = r"^[^\sa-z]*$"


class Kind(models.TextChoices):
    """The six kinds of thing a public body can share."""

    GOOD = "good", _("Matériel")
    VEHICLE = "vehicle", _("Véhicule")
    PLACE = "place", _("Lieu")
    LAND = "land", _("Terrain")
    SERVICE = "service", _("Service")
    EXPERTISE = "expertise", _("Expertise")


class Category(models.Model):
    """A node of the category tree, with the words people use for it."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.SlugField(unique=True, max_length=60)
    kind = models.TextField(choices=Kind)
    name = models.TextField()
    sort_key = models.GeneratedField(
        expression=FrenchSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    synonyms = ArrayField(models.TextField(), default=list, blank=True)
    icon = models.SlugField(max_length=60)

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="category_kind_known",
                violation_error_message=_("Cette nature de bien n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="category_not_its_own_parent",
                violation_error_message=_("Une catégorie ne se contient pas elle-même."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AttributeDefinition(models.Model):
    """A characteristic asked of a category's assets: power, blade width, wheelchair access."""

    class ValueType(models.TextChoices):
        """How the value is written."""

        NUMBER = "number", _("Nombre")
        TEXT = "text", _("Texte")
        YES_NO = "yes_no", _("Oui ou non")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attributes")
    code = models.SlugField(max_length=60)
    name = models.TextField()
    unit = models.TextField(blank=True)
    value_type = models.TextField(choices=ValueType)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["category", "rank", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code"],
                name="attribute_once_per_category",
                violation_error_message=_("Cette caractéristique existe déjà."),
            ),
            models.CheckConstraint(
                condition=Q(value_type="number") | Q(unit=""),
                name="attribute_unit_of_number",
                violation_error_message=_("Seul un nombre a une unité."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectedPoint(Func):
    """Compute the indexed point of a latitude and a longitude."""

    function = "projected_point"


class PointField(models.Field):
    """A PostgreSQL ``point`` of the projected plane; written by the database alone."""

    def db_type(self, connection: object) -> str:
        """Return PostgreSQL's type name."""
        return "point"


class Site(models.Model):
    """Where assets stand: a garage, a school, a community centre."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sites")
    name = models.TextField()
    sort_key = models.GeneratedField(
        expression=FrenchSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    address = models.TextField(blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.TextField(default="America/Toronto")

    class Meta:
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["latitude", "longitude"], name="site_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-85, 85), longitude__range=(-180, 180)),
                name="site_place_exists",
                violation_error_message=_("La position va de −85 à 85° et de −180 à 180°."),
            ),
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="site_name_once",
                violation_error_message=_("Cet organisme a déjà un lieu de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssetQuerySet(models.QuerySet["Asset"]):
    """Assets, filtered in the words of the trade."""

    def published(self) -> AssetQuerySet:
        """Keep what the network may see."""
        return self.filter(state=Asset.State.PUBLISHED)

    def of_organization(self, organization: Organization) -> AssetQuerySet:
        """Keep what a body owns or manages."""
        return self.filter(Q(owner=organization) | Q(manager=organization))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["sort_key", "point"],
    level=pghistory.Statement,  # an import enters thousands of rows by one statement
)
class Asset(models.Model):
    """A thing, place or service with lanes of time.

    A *single* asset has one lane. An asset in *parts* has one lane per smallest atom: a hall that
    divides in halves and in thirds has six. Coordinates are copied from the site so that one index
    answers « the nearest of this category ».
    """

    class Structure(models.TextChoices):
        """How the asset divides."""

        SINGLE = "single", _("D’un seul tenant")
        PARTS = "parts", _("Divisible en parties")

    class State(models.TextChoices):
        """Who may see it."""

        DRAFT = "draft", _("Brouillon")
        PUBLISHED = "published", _("Publié")
        WITHDRAWN = "withdrawn", _("Retiré")

    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="owned_assets")
    manager = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="managed_assets"
    )
    custodian = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="kept_assets"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="assets")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="assets")
    name = models.TextField()
    sort_key = models.GeneratedField(
        expression=FrenchSortKey("name"), output_field=models.TextField(), db_persist=True
    )
    description = models.TextField(blank=True)
    conditions = models.TextField(blank=True, help_text="What a borrower must know and bring")
    external_id = models.TextField(help_text="The owner's own inventory number")
    serial_number = models.TextField(
        blank=True, default="", db_default="", help_text="In capitals, without spaces"
    )
    vehicle_number = models.TextField(
        blank=True, default="", db_default="", help_text="Registration or VIN, in capitals"
    )
    structure = models.TextField(choices=Structure, default=Structure.SINGLE)
    lane_count = models.PositiveIntegerField(default=1)
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text="Persons")
    attributes = models.JSONField(default=dict, blank=True)
    buffer_before_min = models.PositiveSmallIntegerField(default=0)
    buffer_after_min = models.PositiveSmallIntegerField(default=0)
    state = models.TextField(choices=State, default=State.DRAFT)
    latitude = models.FloatField()
    longitude = models.FloatField()
    point = models.GeneratedField(
        expression=ProjectedPoint("latitude", "longitude"),
        output_field=PointField(),
        db_persist=True,
    )

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            GistIndex(
                fields=["category", "point"], name="asset_near", condition=Q(state="published")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "external_id"],
                name="asset_external_id_once",
                violation_error_message=_("Cet organisme a déjà un bien de ce numéro."),
            ),
            models.UniqueConstraint(
                fields=["owner", "serial_number"],
                condition=~Q(serial_number=""),
                name="asset_serial_number_once",
                violation_error_message=_("Cet organisme a déjà un bien de ce numéro de série."),
            ),
            models.UniqueConstraint(
                fields=["owner", "vehicle_number"],
                condition=~Q(vehicle_number=""),
                name="asset_vehicle_number_once",
                violation_error_message=_("Cet organisme a déjà un véhicule de ce numéro."),
            ),
            models.CheckConstraint(
                condition=Q(
                    serial_number__regex=r"^[^\sa-z]*$", vehicle_number__regex=r"^[^\sa-z]*$"
                ),
                name="asset_numbers_are_plain",
                violation_error_message=_(
                    "Un numéro de série ou de véhicule s’écrit en majuscules, sans espace."
                ),
            ),
            models.UniqueConstraint(fields=["id", "lane_count"], name="asset_lanes_known"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(external_id=""),
                name="asset_is_named",
                violation_error_message=_("Un bien porte un nom et un numéro d’inventaire."),
            ),
            models.CheckConstraint(
                condition=Q(structure="single", lane_count=1)
                | Q(structure="parts", lane_count__range=(2, 60)),
                name="asset_lanes_fit_structure",
                violation_error_message=_(
                    "Un bien d’un seul tenant a une voie; un bien divisible en a de 2 à 60."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]),
                name="asset_state_known",
                violation_error_message=_("Cet état n’existe pas."),
            ),
            models.CheckConstraint(
                condition=Q(buffer_before_min__lte=1440, buffer_after_min__lte=1440),
                name="asset_buffers_within_day",
                violation_error_message=_("Un battement dure au plus 24 heures."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-85, 85), longitude__range=(-180, 180)),
                name="asset_place_exists",
                violation_error_message=_("La position va de −85 à 85° et de −180 à 180°."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    level=pghistory.Statement,
)
class AssetFinance(models.Model):
    """What the finance register says of an asset; its managers alone read it.

    Fields of PS 3150 (Québec) and of the M57 inventory (France); this is no accounting system.
    """

    asset = models.OneToOneField(
        Asset, on_delete=models.CASCADE, primary_key=True, related_name="finance"
    )
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    net_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="CAD")
    acquired_on = models.DateField(null=True, blank=True)
    life_years = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(net_value__isnull=True) | Q(net_value__gte=0)),
                name="finance_not_negative",
                violation_error_message=_("Un coût ou une valeur nette n’est pas négatif."),
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True)
                | Q(net_value__isnull=True)
                | Q(net_value__lte=F("cost")),
                name="finance_net_below_cost",
                violation_error_message=_("La valeur nette ne dépasse pas le coût."),
            ),
            models.CheckConstraint(
                condition=Q(life_years__isnull=True) | Q(life_years__range=(1, 200)),
                name="finance_life_is_plausible",
                violation_error_message=_("La durée de vie va de 1 à 200 ans."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"),
                name="finance_currency_is_a_code",
                violation_error_message=_("La monnaie s’écrit par son code\u00a0: CAD, EUR."),
            ),
            models.CheckConstraint(
                condition=Q(acquired_on__isnull=True) | Q(acquired_on__gte="1600-01-01"),
                name="finance_acquired_in_history",
                violation_error_message=_("La date d’acquisition vient après l’an 1600."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id}"


class Part(models.Model):
    """A named, not interchangeable part of an asset: a half, a third, the stage.

    The migration adds ``part_lanes_exist`` and the key to (asset, lane_count).
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="parts")
    lane_count = models.PositiveIntegerField()
    name = models.TextField()
    lanes = LanesField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["asset", "rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "name"],
                name="part_name_once",
                violation_error_message=_("Ce bien a déjà une partie de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
