# SPDX-License-Identifier: EUPL-1.2
"""What may be typed about the people of a body."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.forms import NEW_PASSWORD_HINT
from usufruit.organizations.models import Membership, Organization, Person, Role
from usufruit.organizations.queries import grantable_roles, people_of
from usufruit.organizations.rules import InvitedLine, LineFault, read_lines


class RolesField(forms.MultipleChoiceField):
    """Boxes, each with the name of a role and what it lets do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(
            label=_("Rôles"), error_messages={"required": _("Choisissez au moins un rôle.")}
        )

    def offer(self, roles: Iterable[str]) -> None:
        """Offer these roles, in the order of the trade."""
        offered = set(roles)
        self.choices = [(role.value, _said(role)) for role in Role if role in offered]


def _said(role: Role) -> SafeString:
    return format_html('{}<br><span class="field__hint">{}</span>', role.label, role.duty)


class RolesForm(forms.Form):
    """The roles of a person of a body."""

    roles = RolesField()
    ceiling_h = forms.IntegerField(
        label=_("Plafond de l’approbateur, en heures par réservation"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Au-delà, quelqu’un d’autre accepte. Vide\u00a0: aucun plafond."),
    )

    def __init__(self, sent: Any, *, organization: Organization, person: Person) -> None:  # noqa: ANN401 - a query dict
        held = Membership.objects.filter(person=person, organization=organization)
        codes = list(held.values_list("role", flat=True))
        ceilings = held.filter(role=Role.APPROVER).values_list("ceiling_h", flat=True)
        super().__init__(sent, initial={"roles": codes, "ceiling_h": ceilings.first()})
        self.organization = organization
        self.fields["roles"].offer([*grantable_roles(organization), *codes])  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """One person to invite."""

    email = forms.EmailField(
        label=_("Adresse courriel"),
        max_length=254,
        error_messages={
            "required": _("Écrivez l’adresse courriel de la personne."),
            "invalid": _("Cette adresse n’est pas entière. Exemple\u00a0: prenom.nom@ville.quebec"),
        },
    )
    full_name = forms.CharField(
        label=_("Nom ou fonction"),
        max_length=200,
        required=False,
        help_text=_("La personne pourra le corriger."),
    )
    roles = RolesField()

    def __init__(self, sent: Any, *, organization: Organization) -> None:  # noqa: ANN401 - a query dict
        super().__init__(sent, initial={"roles": [Role.MEMBER, Role.REQUESTER]})
        self.fields["roles"].offer(grantable_roles(organization))  # type: ignore[attr-defined]


class InviteLinesForm(forms.Form):
    """A pasted list of persons to invite, one a line."""

    lines_text = forms.CharField(
        label=_("Une personne par ligne\u00a0: nom, courriel, rôle"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Plusieurs rôles se suivent, séparés par des virgules. Deux cents lignes au plus."
        ),
        error_messages={"required": _("Collez au moins une ligne.")},
    )

    def __init__(self, sent: Any, *, organization: Organization) -> None:  # noqa: ANN401 - a query dict
        super().__init__(sent)
        self.organization = organization
        self.lines: list[InvitedLine] = []

    def clean_lines_text(self) -> str:
        """Read the lines, and say what is wrong with each."""
        text: str = self.cleaned_data["lines_text"]
        names = {str(role.label): role.value for role in grantable_roles(self.organization)}
        self.lines, faults = read_lines(text, names)
        self.add_faults(faults)
        return text

    def add_faults(self, faults: list[LineFault]) -> None:
        """Say, by its number, why each line cannot be invited."""
        for fault in faults:
            words = _("Ligne %(number)s\u00a0: %(message)s")
            values = {"number": fault.number, "message": fault.message}
            self.add_error("lines_text", forms.ValidationError(words, params=values))


class NewAccountForm(forms.Form):
    """The name and the password of who opens their account."""

    full_name = forms.CharField(
        label=_("Nom ou fonction"),
        max_length=200,
        help_text=_("Vos collègues le lisent à côté de ce que vous faites."),
        error_messages={"required": _("Écrivez le nom que liront vos collègues.")},
    )
    password1 = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=500,
        help_text=NEW_PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choisissez un mot de passe.")},
    )
    password2 = forms.CharField(
        label=_("Le même, encore une fois"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Écrivez le même mot de passe, encore une fois.")},
    )

    def __init__(self, sent: Any, *, person: Person) -> None:  # noqa: ANN401 - a query dict
        super().__init__(sent, initial={"full_name": person.full_name})
        self.person = person

    def clean_password1(self) -> str:
        """Check the password against the rules of the house."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Check that the two passwords are one."""
        typed = self.cleaned_data
        if typed.get("password1") and typed.get("password1") != typed.get("password2"):
            self.add_error("password2", _("Les deux mots de passe ne sont pas les mêmes."))
        return typed


class BodyForm(forms.Form):
    """How a body is reached, and what it asks of its sensitive roles."""

    contact = forms.CharField(
        label=_("Qui joindre"),
        max_length=200,
        required=False,
        help_text=_("Une fonction et un téléphone, jamais un nom. Tout le monde le lit."),
    )
    requires_second_factor = forms.TypedChoiceField(
        label=_("Double authentification des rôles sensibles"),
        required=False,
        empty_value=None,
        coerce=lambda sent: sent == "yes",
        widget=forms.RadioSelect,
        help_text=_("Administrateurs, finances et coordonnateurs ajoutent un code à leur session."),
    )

    def __init__(self, sent: Any, *, organization: Organization) -> None:  # noqa: ANN401 - a query dict
        own = organization.requires_second_factor
        chosen = "" if own is None else "yes" if own else "no"
        initial = {"contact": organization.contact, "requires_second_factor": chosen}
        super().__init__(sent, initial=initial)
        usual = _("Comme la plateforme (facultative)")
        if settings.SECOND_FACTOR_REQUIRED:
            usual = _("Comme la plateforme (exigée)")
        choices = [("", usual), ("yes", _("Exigée")), ("no", _("Facultative"))]
        self.fields["requires_second_factor"].choices = choices  # type: ignore[attr-defined]


class StewardsForm(forms.Form):
    """Who answers for the information of a body."""

    steward = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Responsable de l’information"),
        empty_label=_("Choisir une personne"),
        error_messages={"required": _("Choisissez le responsable.")},
    )
    function = forms.CharField(
        label=_("Sa fonction, lue par tous"),
        max_length=120,
        help_text=_("Par exemple «\u00a0greffière\u00a0». Le nom reste entre vous."),
        error_messages={"required": _("Écrivez la fonction du responsable.")},
    )
    deputy = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Suppléant"),
        empty_label=_("Choisir une personne"),
        error_messages={"required": _("Choisissez le suppléant.")},
    )

    def __init__(self, sent: Any, *, organization: Organization) -> None:  # noqa: ANN401 - a query dict
        initial = {
            "steward": organization.steward_id,
            "deputy": organization.deputy_id,
            "function": organization.steward_function,
        }
        super().__init__(sent, initial=initial)
        for name in ("steward", "deputy"):
            self.fields[name].queryset = people_of(organization)  # type: ignore[attr-defined]


class OtherPersonField(forms.ModelChoiceField):
    """A choice among the other persons of a body."""

    def __init__(self, **words: Any) -> None:  # noqa: ANN401 - the words of a field
        super().__init__(
            queryset=Person.objects.none(), empty_label=_("Choisir une personne"), **words
        )

    def offer(self, organization: Organization, person: Person) -> None:
        """Offer the persons of a body but one."""
        self.queryset = people_of(organization).exclude(pk=person.pk)


def _day(label: Any) -> forms.DateField:  # noqa: ANN401 - a lazy text
    said = {"required": _("Choisissez un jour."), "invalid": _("Ce jour n’existe pas.")}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=said)


class AbsenceForm(forms.Form):
    """From which day to which, and who stands in."""

    first_on = _day(_("Premier jour d’absence"))
    last_on = _day(_("Dernier jour d’absence"))
    replacement = OtherPersonField(
        label=_("Remplacement"),
        help_text=_("Cette personne répond et gère à la place de l’absente, ces jours-là."),
        error_messages={"required": _("Choisissez qui remplace.")},
    )

    def __init__(self, sent: Any, *, organization: Organization, person: Person) -> None:  # noqa: ANN401 - a query dict
        super().__init__(sent)
        self.fields["replacement"].offer(organization, person)  # type: ignore[attr-defined]


class DepartureForm(forms.Form):
    """On which day a person leaves, and who answers for what they asked."""

    leaves_on = _day(_("Jour du départ"))
    contact = OtherPersonField(
        label=_("Qui répond de ses réservations"),
        help_text=_("Les réservations restent à l’organisme."),
        error_messages={"required": _("Choisissez qui répond ensuite.")},
    )

    def __init__(
        self,
        sent: Any,  # noqa: ANN401 - a query dict
        *,
        organization: Organization,
        person: Person,
        today: date,
    ) -> None:
        super().__init__(sent, initial={"leaves_on": today})
        self.fields["contact"].offer(organization, person)  # type: ignore[attr-defined]
