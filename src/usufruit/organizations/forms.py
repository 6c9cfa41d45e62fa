# SPDX-License-Identifier: EUPL-1.2
"""What may be typed about oneself; allauth's own forms, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Organization, Person

NEW_PASSWORD_HINT = _("Au moins 12 caractères. Une phrase courte se retient mieux qu’un code.")


class ActingForForm(forms.Form):
    """Which of their bodies a person acts for."""

    organization = forms.ModelChoiceField(queryset=Organization.objects.none())

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["organization"].queryset = Organization.objects.of_person(person)  # type: ignore[attr-defined]


class InOurWords(forms.Form):
    """A form whose fields take our labels and hints, and lose their placeholders."""

    labels: Mapping[str, Any] = {}
    hints: Mapping[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth's arguments
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401 - Django's signature
        """Say in our words that two passwords differ."""
        if field == "password2" and isinstance(error, (str, Promise)):
            error = _("Les deux mots de passe ne sont pas les mêmes.")
        super().add_error(field, error)


class SignInForm(InOurWords, account.LoginForm):
    """An address, a password, and whether this device is one's own."""

    labels = {
        "login": _("Adresse courriel"),
        "password": _("Mot de passe"),
        "remember": _("Garder ma session ouverte deux semaines sur cet appareil"),
    }


class ForgottenPasswordForm(InOurWords, account.ResetPasswordForm):
    """The address to which the way back is sent."""

    labels = {"email": _("Adresse courriel")}
    hints = {"email": _("Celle de votre compte. Le lien reçu sert une seule fois.")}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    """A new password, twice."""

    labels = {
        "password1": _("Nouveau mot de passe"),
        "password2": _("Le même, encore une fois"),
    }
    hints = {"password1": NEW_PASSWORD_HINT}


class FirstPasswordForm(InOurWords, account.SetPasswordForm):
    """A first password, for an account that had none."""

    labels = NewPasswordForm.labels
    hints = NewPasswordForm.hints


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """The present password, and the one that replaces it."""

    labels = {"oldpassword": _("Mot de passe actuel"), **NewPasswordForm.labels}
    hints = NewPasswordForm.hints


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password again, before something that matters."""

    labels = {"password": _("Mot de passe")}


class FirstCodeForm(InOurWords, ActivateTOTPForm):
    """The code that shows that the application works."""

    labels = {"code": _("Code à 6 chiffres")}
    hints = {"code": _("L’application en montre un nouveau toutes les 30 secondes.")}


class CodeForm(InOurWords, mfa.AuthenticateForm):
    """The code of the application, or one kept on paper."""

    labels = {"code": _("Code")}
    hints = {"code": _("Celui de l’application, ou un code de secours.")}


class CodeAgainForm(InOurWords, mfa.ReauthenticateForm):
    """The same, before something that matters."""

    labels = CodeForm.labels
    hints = CodeForm.hints
