# SPDX-License-Identifier: EUPL-1.2
"""The question as typed: what, when, where, and five filters at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Category
from usufruit.inventory.queries import categories_matching
from usufruit.organizations.models import Organization
from usufruit.premises.facts import FEATURES, feature_name
from usufruit.search.places import Place, default_place, place_at, place_named
from usufruit.search.queries import KINDS, PAGE_SIZE, Question
from usufruit.search.slots import USUAL_HOUR, USUAL_MIN, SlotForm

RADII_KM = (5, 10, 25, 50, 100, 200)
USUAL_RADIUS_KM = 25
MOST_SHOWN = 200
USUAL = {
    "debut": USUAL_HOUR,
    "duree": str(USUAL_MIN),
    "rayon": str(USUAL_RADIUS_KM),
    "n": str(PAGE_SIZE),
}
RADIUS_REFUSED = _("Le rayon va de 1 à 500\u00a0km.")


class SearchForm(SlotForm):
    """What, when, where; each fault is said at its field and the rest of the search stands."""

    quoi = forms.CharField(
        label=_("Quoi"),
        required=False,
        max_length=80,
        widget=forms.TextInput(
            attrs={
                "list": "mots",
                "placeholder": _("Gymnase, chasse-neige…"),
                "autocomplete": "off",
            }
        ),
        error_messages={"max_length": _("Écrivez un ou deux mots\u00a0: 80 caractères au plus.")},
    )
    ou = forms.CharField(
        label=_("Où"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "lieux", "autocomplete": "off"}),
        error_messages={"max_length": _("Écrivez le nom d’une municipalité ou d’un lieu.")},
    )
    ici = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())
    rayon = forms.IntegerField(
        label=_("Rayon"),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.Select(),
        error_messages={
            "invalid": RADIUS_REFUSED,
            "min_value": RADIUS_REFUSED,
            "max_value": RADIUS_REFUSED,
        },
    )
    nature = forms.ChoiceField(
        label=_("Nature"),
        required=False,
        choices=[("", _("Toutes")), *((kind, name) for kind, (_icon, name) in KINDS.items())],
        error_messages={"invalid_choice": _("Cette nature n’existe pas. Choisissez-en une.")},
    )
    places = forms.IntegerField(
        label=_("Places, au moins"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": _("Écrivez un nombre de personnes."),
            "min_value": _("Écrivez un nombre de personnes, 1 au moins."),
            "max_value": _("Écrivez un nombre de personnes, 100\u00a0000 au plus."),
        },
    )
    immediat = forms.BooleanField(label=_("Réservation immédiate seulement"), required=False)
    acces = forms.MultipleChoiceField(
        label=_("Accessibilité"),
        required=False,
        choices=lambda: [(slug, feature_name(one)) for slug, one in FEATURES.items()],
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"invalid_choice": _("Cette précision n’existe pas. Choisissez-en une.")},
    )
    n = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        organization: Organization | None,
        now: datetime,
        zone: str,
    ) -> None:
        sent = {name: value for name, value in data.items() if name in self.base_fields}
        self.sent = {**USUAL, **sent}
        super().__init__(self.sent, zone=zone, now=now, auto_id="id_%s")
        self.organization = organization
        self.place: Place | None = None
        self.categories: list[Category] = []
        for name in ("le", "debut", "duree"):
            self.fields[name].required = False
        radii = sorted({*RADII_KM, *_radius_sent(self.data.get("rayon"))})
        self.fields["rayon"].widget.choices = [(km, f"{km}\u00a0km") for km in radii]

    def clean_ici(self) -> tuple[float, float] | None:
        """Read « latitude,longitude » in degrees."""
        text = self.cleaned_data["ici"]
        if not text:
            return None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            latitude = longitude = float("nan")
        within = isfinite(latitude) and isfinite(longitude)
        if not within or abs(latitude) > 85 or abs(longitude) > 180:
            self.add_error("ou", _("La position reçue est illisible. Écrivez le nom d’un lieu."))
            return None
        return latitude, longitude

    def clean(self) -> dict[str, Any]:
        """Find the place and the categories meant; a moment without its hour is « whenever »."""
        given = self.cleaned_data
        self.place = self._place(given) or default_place(self.organization)
        if self.place:
            self.zone = self.place.time_zone
        super().clean()
        for name in {"duree", "rayon", "nature", "acces"} & set(
            self.errors
        ):  # a list shows what it can
            self.sent[name] = USUAL.get(name, "")
        if given.get("le") and given.get("debut") is None and "debut" not in self.errors:
            self.add_error("debut", _("Choisissez une heure de début."))
        words = given.get("quoi", "")
        self.categories = [
            category
            for category in categories_matching(words)
            if not given.get("nature") or category.kind == given["nature"]
        ]
        return given

    def _place(self, given: Mapping[str, Any]) -> Place | None:
        if given.get("ici"):
            latitude, longitude = given["ici"]
            return place_at(latitude, longitude, given.get("ou") or str(_("la position choisie")))
        if not given.get("ou"):
            return None
        found = place_named(given["ou"], self.organization)
        if found is None:
            self.add_error(
                "ou",
                _("Aucun lieu de ce nom. Écrivez une municipalité ou un lieu du réseau."),
            )
        return found

    @property
    def radius_km(self) -> int:
        """Return the radius asked for, or the usual one."""
        return self.cleaned_data.get("rayon") or USUAL_RADIUS_KM

    @property
    def shown(self) -> int:
        """Return how many cards to show, by whole pages, 200 at the most."""
        pages = -(-min(max(self.cleaned_data.get("n") or PAGE_SIZE, 1), MOST_SHOWN) // PAGE_SIZE)
        return pages * PAGE_SIZE

    def question(self) -> Question | None:
        """Return the question the valid fields ask; None when there is no place to ask from."""
        if self.place is None:
            return None
        return Question(
            category_ids=tuple(category.pk for category in self.categories),
            latitude=self.place.latitude,
            longitude=self.place.longitude,
            radius_km=self.radius_km,
            use=self.use,
            capacity_min=self.cleaned_data.get("places"),
            instant_only=self.cleaned_data.get("immediat", False),
            features=tuple(FEATURES[slug].code for slug in self.cleaned_data.get("acces", ())),
        )


def _radius_sent(value: object) -> set[int]:
    text = str(value or "")
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return {int(text)} if is_number and 1 <= int(text) <= 500 else set()
