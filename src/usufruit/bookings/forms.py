# SPDX-License-Identifier: EUPL-1.2
"""What is typed to book, to move and to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.bookings.rules import REFUSAL_REASONS, RefusalReason
from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization, Person
from usufruit.search.slots import USUAL_HOUR, USUAL_MIN, SlotForm


class ChoiceForm(SlotForm):
    """When, and which part of the asset when it divides."""

    usual = {"debut": USUAL_HOUR, "duree": USUAL_MIN}
    usual_start = time.fromisoformat(USUAL_HOUR)

    partie = forms.TypedChoiceField(
        label=_("Partie"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Cette partie n’existe pas. Choisissez-en une.")},
    )

    def __init__(self, asset: Asset, sent: Mapping[str, Any], *, now: datetime) -> None:
        self.asset = asset
        is_asked = bool(sent.get("le"))
        super().__init__(
            {**self.usual, **sent} if is_asked else None,
            zone=asset.site.time_zone,
            now=now,
            initial={**self.usual, "partie": "", **{k: v for k, v in sent.items() if v}},
        )
        parts = [(part.pk, part.name) for part in asset.parts.all()]
        if parts:
            self.fields["partie"].choices = [("", _("Tout le bien")), *parts]  # type: ignore[attr-defined]
        else:
            del self.fields["partie"]
        self.fields["duree"].offer(sent.get("duree"))  # type: ignore[attr-defined]

    @property
    def part_id(self) -> int | None:
        """Return the part chosen, or None for the whole asset or a part unknown to it."""
        if "partie" not in self.fields:
            return None
        if self.is_bound:
            self.is_valid()
            chosen: int | None = self.cleaned_data.get("partie")
            return chosen
        known = {str(pk) for pk, _name in self.fields["partie"].choices if pk}  # type: ignore[attr-defined]
        sent = str(self.initial["partie"])
        return int(sent) if sent in known else None


class MoveForm(SlotForm):
    """Another time for a booking."""


class BookingForm(forms.Form):
    """Who, why, for how many; the key makes a second press harmless."""

    purpose = forms.CharField(
        label=_("Ce que vous ferez"),
        max_length=300,
        help_text=_("Une phrase suffit. Le propriétaire la lira."),
        error_messages={"required": _("Dites à quoi servira le bien.")},
    )
    people_count = forms.IntegerField(
        label=_("Nombre de personnes"),
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": _("Écrivez un nombre de personnes."),
            "min_value": _("Écrivez un nombre de personnes, 1 au moins."),
            "max_value": _("Écrivez un nombre de personnes, 100\u00a0000 au plus."),
        },
    )
    organization = forms.ModelChoiceField(
        label=_("Au nom de"),
        queryset=Organization.objects.none(),
        empty_label=None,
        error_messages={
            "invalid_choice": _("Vous n’agissez pas pour cet organisme."),
            "required": _("Choisissez l’organisme pour lequel vous agissez."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self, data: Mapping[str, Any] | None, *, person: Person, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **initial})
        bodies = Organization.objects.of_person(person).order_by("sort_key", "pk")
        self.fields["organization"].queryset = bodies  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Why a request is refused, in a word of the list and in the owner's own."""

    reason = forms.ChoiceField(
        label=_("Raison"),
        widget=forms.RadioSelect,
        choices=[(reason.code, reason.label) for reason in REFUSAL_REASONS],
        error_messages={"required": _("Choisissez une raison\u00a0: le demandeur la lira.")},
    )
    explanation = forms.CharField(
        label=_("Vos mots au demandeur"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Proposez autre chose si vous le pouvez\u00a0: un autre jour, un autre lieu."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words when no reason of the list says it."""
        given = self.cleaned_data
        if given.get("reason") == "other" and not given.get("explanation", "").strip():
            self.add_error("explanation", _("Dites la raison en quelques mots."))
        return given

    @property
    def chosen(self) -> RefusalReason:
        """Return the reason chosen, once valid."""
        code = self.cleaned_data["reason"]
        return next(reason for reason in REFUSAL_REASONS if reason.code == code)
