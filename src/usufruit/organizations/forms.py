# SPDX-License-Identifier: EUPL-1.2
"""What may be typed about oneself."""

from django import forms

from usufruit.organizations.models import Organization, Person


class ActingForForm(forms.Form):
    """Which of their bodies a person acts for."""

    organization = forms.ModelChoiceField(queryset=Organization.objects.none())

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["organization"].queryset = Organization.objects.of_person(person)  # type: ignore[attr-defined]
