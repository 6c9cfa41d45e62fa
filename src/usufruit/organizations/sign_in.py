# SPDX-License-Identifier: EUPL-1.2
"""How allauth meets the house: no open registration, accounts are given by a body."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.mails import html_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by a body's administrator, never by a visitor."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "Ce compte est fermé. Écrivez à l’administrateur de votre organisme."
        ),
        "email_password_mismatch": _(
            "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_password": _("Ce n’est pas votre mot de passe."),
        "invalid_password_reset": _("Ce lien a déjà servi, ou il est trop vieux."),
        "too_many_login_attempts": _(
            "Trop d’essais ratés pour cette adresse. Attendez cinq minutes, "
            "ou choisissez un nouveau mot de passe."
        ),
        "rate_limited": _("Trop de demandes en peu de temps. Attendez une minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse self-registration."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to one's account, where the change is acknowledged."""
        return reverse("account")

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with pages only: allauth's JSON has no reader here."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, with the address where a password is chosen again."""
        path = reverse("account_reset_password")
        address = self.request.build_absolute_uri(path) if self.request else path
        super().send_mail(template_prefix, email, {**context, "reset_address": address})

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Join to the text of a mail the HTML made of it."""
        mail = super().render_mail(template_prefix, email, context, headers)
        mail.attach_alternative(html_of(str(mail.subject), str(mail.body)), "text/html")
        return mail
