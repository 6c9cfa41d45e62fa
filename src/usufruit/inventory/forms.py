# SPDX-License-Identifier: EUPL-1.2
"""What an owner may type about assets and the places where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.actions import PartWanted
from usufruit.inventory.models import Asset, AttributeDefinition, Category, Kind, Part, Site
from usufruit.inventory.queries import bodies_managed_by, leaf_categories, sites_of
from usufruit.inventory.rules import divisions_of_shares, shares_of_divisions
from usufruit.kernel.fields import lane_bounds
from usufruit.organizations.models import Organization, Person

MOST_PERSONS = 100_000
ZONES = {
    "America/Toronto": _("Québec, heure de l’Est"),
    "America/Halifax": _("Îles-de-la-Madeleine, heure de l’Atlantique"),
    "America/Blanc-Sablon": _("Basse-Côte-Nord, sans heure d’été"),
    "Europe/Paris": _("France métropolitaine"),
}
# The field that mends each broken constraint.
FIELDS_OF_CONSTRAINTS = {
    "asset_external_id_once": "external_id",
    "asset_is_named": "name",
    "asset_lanes_fit_structure": "divisions",
    "asset_buffers_within_day": "buffer_after_min",
    "site_place_exists": "latitude",
    "site_name_once": "name",
}


def place_errors(form: forms.Form, model: type[Model], error: ValidationError) -> None:
    """Put the errors of a model's constraints on the fields that mend them."""
    names = {
        str(constraint.violation_error_message): constraint.name
        for constraint in model._meta.constraints  # noqa: SLF001 - public by convention
    }
    for field, messages in error.message_dict.items():
        for message in messages:
            wanted = FIELDS_OF_CONSTRAINTS.get(names.get(message, ""), field)
            known = wanted != NON_FIELD_ERRORS and wanted in form.fields
            form.add_error(wanted if known else None, message)


def decimal_input() -> forms.TextInput:
    """Return the control of a number that may have a comma."""
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


def plain(field: forms.Field) -> forms.Field:
    """Dress a field whose section already says that it may stay empty."""
    field.widget.attrs["class"] = "select" if isinstance(field.widget, forms.Select) else "input"
    return field


class SiteForm(forms.Form):
    """A place: its name, its address, its point."""

    name = forms.CharField(
        label=_("Nom du lieu"), max_length=120, help_text=_("Garage municipal, école, aréna…")
    )
    address = forms.CharField(label=_("Adresse"), max_length=300, required=False)
    latitude = forms.FloatField(
        label=_("Latitude"),
        localize=True,
        widget=decimal_input(),
        help_text=_("En degrés, par exemple 46,35."),
        validators=[
            MinValueValidator(-85, _("La latitude va de −85 à 85°.")),
            MaxValueValidator(85, _("La latitude va de −85 à 85°.")),
        ],
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        localize=True,
        widget=decimal_input(),
        help_text=_("Négative à l’ouest\u00a0: −72,55."),
        validators=[
            MinValueValidator(-180, _("La longitude va de −180 à 180°.")),
            MaxValueValidator(180, _("La longitude va de −180 à 180°.")),
        ],
    )
    time_zone = forms.ChoiceField(label=_("Heure du lieu"))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        zone = organization.time_zone
        self.fields["time_zone"].choices = list({zone: zone, **ZONES}.items())  # type: ignore[attr-defined]
        self.fields["time_zone"].initial = zone


class MinutesField(forms.IntegerField):
    """A length of time in whole minutes, at most a day."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        most = MaxValueValidator(1440, _("Un battement dure au plus 24 heures."))
        super().__init__(min_value=0, validators=[most], required=False, **kwargs)

    def clean(self, value: object) -> int:
        """Return the minutes; nothing typed is zero."""
        return super().clean(value) or 0


class AssetForm(forms.Form):
    """An asset, section by section; the characteristics asked are those of its category."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    external_id = forms.CharField(
        label=_("Numéro d’inventaire"), max_length=60, help_text=_("Celui de votre registre.")
    )
    category = forms.ChoiceField(label=_("Catégorie"))
    description = forms.CharField(
        label=_("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce qu’un emprunteur doit voir d’abord\u00a0: taille, équipement, état."),
    )
    conditions = forms.CharField(
        label=_("Conditions d’emprunt"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qu’il faut savoir et apporter\u00a0: permis, assurance, ménage."),
    )
    site = forms.ModelChoiceField(queryset=Site.objects.none(), label=_("Lieu"))
    capacity = forms.IntegerField(
        label=_("Capacité"),
        min_value=1,
        required=False,
        help_text=_("En personnes, pour le bien entier."),
        validators=[MaxValueValidator(MOST_PERSONS, _("Au plus 100\u00a0000 personnes."))],
    )
    structure = forms.ChoiceField(
        label=_("Se prête-t-il par parties?"),
        widget=forms.RadioSelect,
        choices=[
            (Asset.Structure.SINGLE, _("Non, toujours en entier")),
            (Asset.Structure.PARTS, _("Oui, en parties égales")),
        ],
    )
    divisions = forms.CharField(
        label=_("En combien de parties"),
        max_length=30,
        required=False,
        help_text=_(
            "«\u00a02\u00a0» pour deux moitiés; «\u00a02 et 3\u00a0» si les deux façons existent."
        ),
    )
    buffer_before_min = MinutesField(label=_("Minutes avant"))
    buffer_after_min = MinutesField(label=_("Minutes après"))
    owner = forms.ModelChoiceField(
        queryset=Organization.objects.none(), label=_("Propriétaire"), empty_label=None
    )
    manager = forms.ModelChoiceField(
        queryset=Organization.objects.order_by("sort_key", "pk"),
        label=_("Gestionnaire"),
        empty_label=None,
        help_text=_("Il répond aux demandes et tient cette fiche."),
    )
    custodian = forms.ModelChoiceField(
        queryset=Organization.objects.order_by("sort_key", "pk"),
        label=_("Gardien"),
        empty_label=None,
        help_text=_("Il remet le bien et le reprend."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's arguments
        person: Person,
        body: Organization,
        asset: Asset | None = None,
        category: Category | None = None,
        **kwargs: Any,  # noqa: ANN401 - Django's arguments
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asset = asset
        self.leaves = {str(one.pk): one for one in leaf_categories()}
        self.of_category = self._category(category or (asset.category if asset else None))
        self._offer(person, body)
        self.definitions = list(self.of_category.attributes.order_by("rank", "code"))
        for definition in self.definitions:
            self.fields[f"attribute_{definition.code}"] = plain(attribute_field(definition))
        for name in ("buffer_before_min", "buffer_after_min"):
            plain(self.fields[name])
        for name, value in initial_of(asset, body, self.of_category).items():
            self.initial.setdefault(name, value)
        self.parts = list(asset.parts.all()) if asset else []
        for part in self.parts:
            self._offer_part(part)

    def _category(self, stored: Category | None) -> Category:
        """Return the category whose characteristics are asked: the one sent, else the stored."""
        sent = self.leaves.get(str(self.data.get("category", ""))) if self.is_bound else None
        return sent or stored or next(iter(self.leaves.values()))

    def _offer(self, person: Person, body: Organization) -> None:
        """Fill the choices: one's own bodies and sites, and what the asset already has."""
        stored = self.asset.category if self.asset else self.of_category
        leaves = {**self.leaves, str(stored.pk): stored}
        self.fields["category"].choices = grouped_by_kind(leaves.values())  # type: ignore[attr-defined]
        owners, sites = bodies_managed_by(person), sites_of(body)
        if self.asset:
            owners = owners | Organization.objects.filter(pk=self.asset.owner_id)
            sites = sites | Site.objects.filter(pk=self.asset.site_id)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def _offer_part(self, part: Part) -> None:
        self.fields[f"part_name_{part.pk}"] = plain(
            forms.CharField(label=_("Nom"), max_length=80, initial=part.name)
        )
        capacity = forms.IntegerField(
            label=_("Capacité"),
            min_value=1,
            required=False,
            initial=part.capacity,
            validators=[MaxValueValidator(MOST_PERSONS, _("Au plus 100\u00a0000 personnes."))],
        )
        self.fields[f"part_capacity_{part.pk}"] = plain(capacity)

    def clean_divisions(self) -> list[int]:
        """Read « 2 et 3 »; what the lanes cannot hold is said here, on the field."""
        text = self.cleaned_data["divisions"]
        if self.cleaned_data.get("structure") != Asset.Structure.PARTS:
            return []
        numbers = [int(digits) for digits in re.findall(r"\d{1,3}", text)]
        if not numbers or re.sub(r"[\d\s,;/]|et", "", text):
            raise ValidationError(_("Écrivez un nombre de parties, par exemple 2, ou 2 et 3."))
        try:
            shares_of_divisions(*numbers)
        except ValueError as error:
            words = _("Chaque façon de diviser fait de 2 à 60 parties, et 60 au plus ensemble.")
            raise ValidationError(words) from error
        return numbers

    def clean(self) -> dict[str, Any]:
        """Refuse two parts of one name."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for part in self.parts:
            name = cleaned.get(f"part_name_{part.pk}", "")
            if name and name.casefold() in seen:
                self.add_error(f"part_name_{part.pk}", _("Ce nom sert à une autre partie."))
            seen.add(name.casefold())
        return cleaned

    def part_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the name and capacity fields of each part."""
        return [
            (self[f"part_name_{part.pk}"], self[f"part_capacity_{part.pk}"]) for part in self.parts
        ]

    def attribute_rows(self) -> list[forms.BoundField]:
        """Return the fields of the category's characteristics."""
        return [self[f"attribute_{definition.code}"] for definition in self.definitions]

    def columns(self) -> dict[str, Any]:
        """Return the columns of the asset; the form is valid."""
        data = self.cleaned_data
        stored = dict(self.asset.attributes) if self.asset else {}
        for definition in self.definitions:
            value = data[f"attribute_{definition.code}"]
            stored.pop(definition.code, None)
            if value not in {None, ""}:
                stored[definition.code] = value
        plain = ("name", "external_id", "description", "conditions", "site", "capacity")
        bodies = ("structure", "buffer_before_min", "buffer_after_min", "owner", "manager")
        lane_count, _parts = self._division()
        return {
            **{name: data[name] for name in (*plain, *bodies, "custodian")},
            "category": self.of_category,
            "attributes": stored,
            "lane_count": lane_count,
        }

    def wanted_parts(self) -> list[PartWanted]:
        """Return the parts wanted; those whose lanes stay take the name and capacity typed."""
        kept = {lane_bounds(part.lanes): part for part in self.parts}
        found: list[PartWanted] = []
        for name, bounds in self._division()[1]:
            part = kept.get((bounds,)) if self._keeps_lanes() else None
            if part:
                typed = self.cleaned_data[f"part_name_{part.pk}"]
                found.append((typed, bounds, self.cleaned_data[f"part_capacity_{part.pk}"]))
            else:
                found.append((name, bounds, None))
        return found

    def _keeps_lanes(self) -> bool:
        return self.asset is not None and self.asset.lane_count == self._division()[0]

    def _division(self) -> tuple[int, list[tuple[str, tuple[int, int]]]]:
        """Return the lanes and the shares asked for."""
        if not self.cleaned_data["divisions"]:
            return 1, []
        return shares_of_divisions(*self.cleaned_data["divisions"])


def grouped_by_kind(categories: Iterable[Category]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return categories as groups of choices, one a kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in categories:
        groups.setdefault(category.kind, []).append((str(category.pk), category.name))
    return [(str(Kind(kind).label), choices) for kind, choices in groups.items()]


def attribute_field(definition: AttributeDefinition) -> forms.Field:
    """Return the field that asks for a characteristic."""
    label = f"{definition.name} ({definition.unit})" if definition.unit else definition.name
    kinds = AttributeDefinition.ValueType
    if definition.value_type == kinds.NUMBER:
        return forms.FloatField(
            label=label,
            required=False,
            localize=True,
            min_value=0,
            max_value=1e9,
            widget=decimal_input(),
        )
    if definition.value_type == kinds.YES_NO:
        return forms.TypedChoiceField(
            label=label,
            required=False,
            empty_value=None,
            coerce=lambda sent: sent == "True",
            choices=[("", _("Non précisé")), ("True", _("Oui")), ("False", _("Non"))],
        )
    return forms.CharField(label=label, required=False, max_length=200)


def initial_of(asset: Asset | None, body: Organization, category: Category) -> dict[str, Any]:
    """Return what the form shows first."""
    if asset is None:
        return {
            "category": category.pk,
            "structure": Asset.Structure.SINGLE,
            "owner": body.pk,
            "manager": body.pk,
            "custodian": body.pk,
            "buffer_before_min": 0,
            "buffer_after_min": 0,
        }
    bounds = [lane_bounds(part.lanes)[0] for part in asset.parts.all()]
    plain = (
        *("name", "external_id", "description", "conditions", "capacity", "structure"),
        *("buffer_before_min", "buffer_after_min"),
    )
    keys = ("category", "site", "owner", "manager", "custodian")
    return {
        **{name: getattr(asset, name) for name in plain},
        **{name: getattr(asset, f"{name}_id") for name in keys},
        **{f"attribute_{code}": value for code, value in asset.attributes.items()},
        "divisions": ", ".join(map(str, divisions_of_shares(asset.lane_count, bounds))),
    }
