# SPDX-License-Identifier: EUPL-1.2
"""What may be chosen of one's notices."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.notices.models import Family, Rhythm
from usufruit.notices.queries import CHOSEN_FAMILIES

HINTS = {
    Family.TO_DECIDE: _("Quand un autre organisme demande un de vos biens."),
    Family.ANSWERS: _("Acceptée, refusée, restée sans réponse."),
    Family.CHANGES: _("Ce qui est pris, déplacé ou annulé chez vous ou pour vous."),
    Family.MESSAGES: _("Ce que le propriétaire et le demandeur se demandent."),
    Family.REMINDERS: _("Quand une demande attend votre réponse."),
}


class ChoicesForm(forms.Form):
    """The rhythm of each family."""

    def __init__(self, data: Mapping[str, str] | None, *, rhythms: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(rhythms))
        for family in CHOSEN_FAMILIES:
            self.fields[family] = forms.ChoiceField(
                label=family.label,
                help_text=HINTS[family],
                choices=Rhythm.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choisissez un rythme.")},
            )
