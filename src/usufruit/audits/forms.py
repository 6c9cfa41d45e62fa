# SPDX-License-Identifier: EUPL-1.2
"""What may be sent as evidence, and how a window may be opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usufruit.audits.options import Days
from usufruit.sharing.models import Audience, Mode

MAX_FILES = 20


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each checked as one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # noqa: ANN401 - Django's signature
        """Return the files; at least one when required."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in files or [None]]


class EvidenceForm(forms.Form):
    """Files of evidence, and how to read them."""

    evidence = ManyFilesField(
        label=_("Fichiers de preuves"),
        help_text=_(
            "Réservations (bien, début, fin), relevés de compteur (bien, date, kWh) ou comptages "
            "(bien, date, personnes, capacité), en CSV ou en XLSX. La colonne du bien porte son "
            "numéro d’inventaire."
        ),
        error_messages={"required": _("Joignez au moins un fichier.")},
    )
    first_on = forms.DateField(
        label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last_on = forms.DateField(
        label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sense = forms.ChoiceField(
        label=_("Un pourcentage veut dire"),
        required=False,
        choices=[
            ("", _("Ce que dit le fichier")),
            ("occupied", _("La part occupée")),
            ("free", _("La part libre")),
        ],
    )

    def clean_evidence(self) -> list[UploadedFile]:
        """Refuse too many files, or one that weighs too much."""
        files: list[UploadedFile] = self.cleaned_data["evidence"]
        most = settings.EVIDENCE_MAX_BYTES
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                _("Joignez au plus %(most)s fichiers à la fois."), params={"most": MAX_FILES}
            )
        for file in files:
            if (file.size or 0) > most:
                raise forms.ValidationError(
                    _("« %(name)s » dépasse %(most)s\u00a0Mo. Coupez-le par année."),
                    params={"name": file.name, "most": most // 1024 // 1024},
                )
        return files

    def clean(self) -> dict[str, Any]:
        """Refuse a period that lacks an end or runs backwards."""
        data: dict[str, Any] = super().clean() or {}
        first_on, last_on = data.get("first_on"), data.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", _("La période finit avant son début. Inversez les dates."))
        elif bool(first_on) != bool(last_on) and not {"first_on", "last_on"} & set(self.errors):
            missing = "last_on" if first_on else "first_on"
            self.add_error(missing, _("Donnez les deux dates, ou aucune."))
        return data

    @property
    def period(self) -> Days | None:
        """Return the days asked for; None when the evidence decides."""
        first_on, last_on = self.cleaned_data["first_on"], self.cleaned_data["last_on"]
        return Days(first_on, last_on) if first_on and last_on else None


class PublishForm(forms.Form):
    """Which window opens, to whom, and how it is booked."""

    window = forms.IntegerField(
        label=_("Plage"),
        min_value=0,
        error_messages={"required": _("Choisissez une plage.")},
    )
    audience = forms.ChoiceField(
        label=_("À qui"), choices=Audience.choices, initial=Audience.RECOGNIZED
    )
    mode = forms.ChoiceField(label=_("Comment"), choices=Mode.choices, initial=Mode.APPROVAL)
