# SPDX-License-Identifier: EUPL-1.2
"""What an owner may give: the address of an agenda, or a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usufruit.agendas.ics import MAX_BYTES
from usufruit.inventory.models import Asset, Part


class PartForm(forms.Form):
    """Which part of an asset is concerned; an asset of one piece has no such field."""

    part = forms.ModelChoiceField(
        queryset=Part.objects.none(),
        label=_("Quelle partie"),
        required=False,
        empty_label=_("Tout le bien"),
    )

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        parts = asset.parts.order_by("rank", "pk")
        if parts.exists():
            self.fields["part"].queryset = parts  # type: ignore[attr-defined]
        else:
            del self.fields["part"]

    @property
    def chosen_part(self) -> Part | None:
        """Return the part chosen; None for the whole asset."""
        return self.cleaned_data.get("part")


class FollowAgendaForm(PartForm):
    """An agenda kept elsewhere."""

    name = forms.CharField(
        label=_("Nom de l’agenda"),
        max_length=120,
        help_text=_("Pour vos collègues\u00a0: agenda Outlook de la salle, logiciel de loisirs."),
    )
    address = forms.CharField(
        label=_("Adresse secrète de l’agenda"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("L’adresse iCalendar, qui finit souvent par .ics. Elle n’est plus montrée."),
    )
    field_order = ["name", "address", "part"]

    def clean_address(self) -> str:
        """Return an address that a server may have, without a password in it."""
        typed: str = self.cleaned_data["address"].strip()
        address = typed.replace("webcal://", "https://", 1) if typed[:9] == "webcal://" else typed
        try:
            parts = urlsplit(address)
            is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
            has_port = parts.port is None or parts.port > 0
        except ValueError:
            is_whole = has_port = False
        if not is_whole or not has_port or any(char.isspace() for char in address):
            raise forms.ValidationError(
                _("Copiez l’adresse entière\u00a0: elle commence par https:// ou webcal://.")
            )
        if parts.username or parts.password:
            raise forms.ValidationError(
                _("Une adresse qui contient un mot de passe n’est pas acceptée.")
            )
        return address


class ImportFileForm(forms.Form):
    """A file of bookings."""

    file = forms.FileField(
        label=_("Fichier"),
        error_messages={
            "required": _("Joignez un fichier."),
            "empty": _("Ce fichier est vide. Exportez-le de nouveau."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that weighs too much."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("Ce fichier dépasse %(most)s\u00a0Mo. Exportez une période plus courte."),
                params={"most": MAX_BYTES // 1024 // 1024},
            )
        return file


class ImportAgendaForm(ImportFileForm, PartForm):
    """A file of bookings of one asset."""
