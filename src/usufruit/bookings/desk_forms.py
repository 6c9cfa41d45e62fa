# SPDX-License-Identifier: EUPL-1.2
"""What a clerk types while somebody is on the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from usufruit.bookings.desk_actions import DeskWish
from usufruit.bookings.forms import BookingForm
from usufruit.bookings.models import Channel
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Organization
from usufruit.search.slots import USUAL_HOUR, USUAL_MIN, SlotForm

CHANNELS = [(one.value, one.label) for one in Channel if one != Channel.WEB]


class ChannelForm(forms.Form):
    """How a wish reached the desk."""

    channel = forms.ChoiceField(
        label=_("Reçu"),
        choices=CHANNELS,
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dites comment la personne vous a joint."),
            "invalid_choice": _("Choisissez un moyen de la liste."),
        },
    )


def channel_sent(sent: QueryDict) -> Channel:
    """Return the channel a clerk noted; whoever acts for themselves notes none."""
    form = ChannelForm(sent)
    return Channel(form.cleaned_data["channel"]) if form.is_valid() else Channel.WEB


class DeskSearchForm(SlotForm):
    """What, when, and whether to look at other bodies' assets too."""

    quoi = forms.CharField(
        label=_("Quoi"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "mots"}),
        help_text=_("Un nom, un lieu ou une sorte de bien. Vide\u00a0: tous vos biens."),
        error_messages={"max_length": _("Écrivez un ou deux mots\u00a0: 80 caractères au plus.")},
    )
    ailleurs = forms.BooleanField(label=_("Chercher aussi chez les autres"), required=False)

    def __init__(self, sent: Mapping[str, Any], *, zone: str, now: datetime) -> None:
        is_asked = bool(sent.get("le"))
        today = local_wall(now, zone).date()
        usual = {"le": today.isoformat(), "debut": USUAL_HOUR, "duree": USUAL_MIN}
        initial = {**usual, **{name: value for name, value in sent.items() if value}}
        super().__init__(sent if is_asked else None, zone=zone, now=now, initial=initial)
        if not is_asked:
            self.fields["quoi"].widget.attrs["autofocus"] = True


class DeskBookingForm(ChannelForm):
    """Who is served, why, through which channel; the key makes a second press harmless."""

    caller_name = forms.CharField(
        label=_("Nom de la personne"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    caller_phone = forms.CharField(
        label=_("Téléphone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=_("Pour la joindre si le lieu ferme. Rien d’autre n’est demandé."),
    )
    body = forms.CharField(
        label=_("Au nom d’un organisme"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "organismes"}),
        help_text=_("Laissez vide pour un résident\u00a0: votre organisme emprunte pour lui."),
    )
    is_new_body = forms.BooleanField(
        label=_("Inscrire cette association, absente du réseau"), required=False
    )
    override = forms.CharField(
        label=_("Passer outre, et pourquoi"),
        required=False,
        max_length=200,
        help_text=_("Votre organisme en répond\u00a0: la raison reste dans l’histoire."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self, data: Mapping[str, Any] | None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **(initial or {})})
        for name in ("purpose", "people_count"):
            self.fields[name] = BookingForm.base_fields[name]
        self.borrower: Organization | None = None

    def clean(self) -> dict[str, Any]:
        """Find the body named; somebody, person or body, is always served."""
        given = self.cleaned_data
        name = given.get("body", "").strip()
        if not name and not given.get("caller_name", "").strip():
            self.add_error("caller_name", _("Écrivez le nom de la personne ou d’un organisme."))
        if name and "body" not in self.errors:
            self.borrower = Organization.objects.filter(sort_key=sort_key(name)).first()
            if self.borrower is None and not given.get("is_new_body"):
                self.add_error(
                    "body",
                    _(
                        "Aucun organisme du réseau ne porte ce nom. Corrigez-le, ou cochez "
                        "«\u00a0Inscrire cette association\u00a0»."
                    ),
                )
        return given

    def wish(self, option_id: int | None) -> DeskWish:
        """Return what was written down, once valid."""
        given = self.cleaned_data
        return DeskWish(
            purpose=given["purpose"],
            people_count=given["people_count"],
            key=given["key"],
            channel=Channel(given["channel"]),
            borrower=self.borrower,
            new_association="" if self.borrower else given["body"].strip(),
            caller_name=given["caller_name"].strip(),
            caller_phone=given["caller_phone"].strip(),
            option_id=option_id,
            override=given["override"].strip(),
        )
