# SPDX-License-Identifier: EUPL-1.2
"""A need as typed: what, when, where, what for; prefilled by the search that found nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Category
from usufruit.inventory.queries import categories_matching, leaf_categories
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Organization
from usufruit.search.places import Place, default_place, place_at, place_named
from usufruit.search.slots import USUAL_HOUR, USUAL_MIN, SlotForm

RADII_KM = (5, 10, 25, 50, 100, 200)
USUAL_RADIUS_KM = 25


class NeedForm(SlotForm):
    """What is missing; a date is optional, a purpose is not."""

    quoi = forms.CharField(
        label=_("Ce qu’il vous faut"),
        required=False,
        max_length=80,
        help_text=_("Dans vos mots\u00a0: nacelle de 12\u00a0m, salle pour 40\u00a0personnes."),
        error_messages={"max_length": _("Écrivez quelques mots\u00a0: 80 caractères au plus.")},
    )
    categorie = forms.ModelChoiceField(
        label=_("Catégorie"),
        queryset=Category.objects.order_by("sort_key", "pk"),
        required=False,
        empty_label=_("Je ne sais pas"),
        help_text=_("Elle mène votre besoin à ceux qui ont ce genre de bien."),
        error_messages={"invalid_choice": _("Cette catégorie n’existe pas. Choisissez-en une.")},
    )
    ou = forms.CharField(
        label=_("Où"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "lieux", "autocomplete": "off"}),
        error_messages={"max_length": _("Écrivez le nom d’une municipalité ou d’un lieu.")},
    )
    ici = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput())
    rayon = forms.TypedChoiceField(
        label=_("Jusqu’à"),
        coerce=int,
        choices=[(km, f"{km}\u00a0km") for km in RADII_KM],
        error_messages={"invalid_choice": _("Choisissez un rayon de la liste.")},
    )
    purpose = forms.CharField(
        label=_("Ce que vous ferez"),
        max_length=500,
        help_text=_("Une phrase suffit. Vos voisins la liront."),
        error_messages={
            "required": _("Dites à quoi cela servirait."),
            "max_length": _("Écrivez 500\u00a0caractères au plus."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        sent: Mapping[str, Any],
        organization: Organization | None,
        now: datetime,
        zone: str,
    ) -> None:
        """Read what is typed; ``sent`` is the search whose words stand first."""
        usual = {"debut": USUAL_HOUR, "duree": str(USUAL_MIN), "rayon": str(USUAL_RADIUS_KM)}
        first = {**usual, **{name: sent[name] for name in self.base_fields if sent.get(name)}}
        if not first.get("categorie"):
            first["categorie"] = _meant(str(first.get("quoi", "")))
        super().__init__(data, zone=zone, now=now, initial=first, auto_id="id_%s")
        self.organization = organization
        self.place: Place | None = None
        for name in ("le", "debut", "duree"):
            self.fields[name].required = False
        self.fields["duree"].offer((data or first).get("duree"))  # type: ignore[attr-defined]
        leaves = [(one.pk, one.name) for one in leaf_categories()]
        self.fields["categorie"].choices = [("", _("Je ne sais pas")), *leaves]  # type: ignore[attr-defined]
        if str(self.initial["rayon"]) not in {str(km) for km in RADII_KM}:
            self.initial["rayon"] = str(USUAL_RADIUS_KM)

    def clean(self) -> dict[str, Any]:
        """Find the place, whose civil time the hours are in; ask for words or a category."""
        given = self.cleaned_data
        self.place = self._place(given)
        if self.place:
            self.zone = self.place.time_zone
        super().clean()
        if not given.get("quoi") and not given.get("categorie") and not self.errors.get("quoi"):
            self.add_error("quoi", _("Dites ce qu’il vous faut, ou choisissez une catégorie."))
        if given.get("le") and given.get("debut") is None and "debut" not in self.errors:
            self.add_error("debut", _("Choisissez une heure de début."))
        return given

    def _place(self, given: Mapping[str, Any]) -> Place | None:
        words = given.get("ou", "")
        around = _coordinates(given.get("ici", ""))
        if around:
            return place_at(*around, words or str(_("la position choisie")))
        found = place_named(words, self.organization) if words else default_place(self.organization)
        if found is None and "ou" not in self.errors:
            self.add_error(
                "ou", _("Aucun lieu de ce nom. Écrivez une municipalité ou un lieu du réseau.")
            )
        return found


def _coordinates(text: str) -> tuple[float, float] | None:
    """Return « latitude,longitude » in degrees, or None when it cannot be read."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    is_place = abs(latitude) <= 85 and abs(longitude) <= 180  # false for what is no number
    return (latitude, longitude) if is_place else None


def _meant(words: str) -> int | str:
    """Return the one category that words name, exactly or alone; empty when they name several."""
    if not words.strip():
        return ""
    leaves = {one.pk for one in leaf_categories()}
    found = [one for one in categories_matching(words) if one.pk in leaves]
    key = sort_key(words.strip())
    exact = [one for one in found if key in {sort_key(one.name), *map(sort_key, one.synonyms)}]
    meant = exact or found
    return meant[0].pk if len(meant) == 1 else ""
