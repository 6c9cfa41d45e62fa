# SPDX-License-Identifier: EUPL-1.2
"""What is typed of an incident, and to erase one's account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Person
from usufruit.privacy.models import Incident
from usufruit.privacy.queries import INCIDENT_COLUMNS

TEXT_MAX = 5000
PERSONS_MAX = 2_000_000_000  # more than anybody could be, less than the column holds

DAYS = ("happened_on", "known_on", "commission_told_on", "persons_told_on", "closed_on")
TEXTS = ("data_described", "circumstances", "assessment", "measures")


class IncidentForm(forms.ModelForm):
    """A confidentiality incident, as the register of a public body asks for it."""

    class Meta:
        model = Incident
        fields = INCIDENT_COLUMNS
        widgets = {
            "title": forms.TextInput(),
            "is_serious": forms.Select(
                choices=[("", _("Pas encore évalué")), ("True", _("Oui")), ("False", _("Non"))]
            ),
            **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in DAYS},
            **{name: forms.Textarea(attrs={"rows": 3}) for name in TEXTS},
        }
        help_texts = {
            "data_described": _(
                "Quels renseignements, sans les recopier ici. Sinon, pourquoi on ne le sait pas."
            ),
            "circumstances": _("Ce qui s’est passé, sans nommer personne."),
            "happened_on": _("Laissez vide si la date n’est pas connue."),
            "person_count": _("Une estimation suffit. Laissez vide si on ne le sait pas."),
            "assessment": _(
                "Sensibilité des renseignements, conséquences à craindre, probabilité d’un usage "
                "nuisible."
            ),
            "measures": _("Pour réduire le risque, et éviter la répétition."),
            "closed_on": _("Une fois le préjudice évalué et les mesures prises."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        for name in ("title", *TEXTS):
            self.fields[name].max_length = TEXT_MAX  # type: ignore[attr-defined]
            self.fields[name].validators.append(MaxLengthValidator(TEXT_MAX))
        self.fields["person_count"].validators.append(MaxValueValidator(PERSONS_MAX))


class ErasureForm(forms.Form):
    """One's password, to be sure that it is oneself who asks."""

    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse what is not the person's password."""
        typed: str = self.cleaned_data["password"]
        if not self.person.check_password(typed):
            raise forms.ValidationError(_("Ce n’est pas votre mot de passe."))
        return typed
