# SPDX-License-Identifier: EUPL-1.2
"""How allauth's second factor meets the house: our words, our drawing of the code."""

from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.queries import must_keep_second_factor


class SecondFactorAdapter(DefaultMFAAdapter):
    """A second factor is an application that shows codes, and codes kept on paper."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Vos rôles demandent la double authentification\u00a0: elle reste active."
        ),
        "cannot_generate_recovery_codes": _("Activez d’abord la double authentification."),
        "incorrect_code": _("Ce code n’est pas le bon, ou il a changé. Essayez le suivant."),
        "unverified_email": _("Votre adresse courriel n’est pas encore confirmée."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Draw the code to scan, black on white whatever the theme."""
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=3, light="#fff")
        return drawing.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the factor of who holds a role that asks for one."""
        return not must_keep_second_factor(authenticator.user)
