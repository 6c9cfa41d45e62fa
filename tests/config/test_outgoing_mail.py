# SPDX-License-Identifier: EUPL-1.2
"""Why a letter did not leave, in words one can act on."""

import smtplib
import socket
import ssl

import pytest

from usufruit.config import outgoing_mail
from usufruit.ui.typography import typography_faults


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no\r\nway"), "USUFRUIT_SMTP_PASSWORD"),
        (smtplib.SMTPSenderRefused(553, b"not yours", "a@b.ca"), "USUFRUIT_FROM_EMAIL"),
        (smtplib.SMTPRecipientsRefused({"a@b.ca": (550, b"relay denied")}), "550 relay denied"),
        (smtplib.SMTPNotSupportedError("STARTTLS"), "chiffrement"),
        (smtplib.SMTPServerDisconnected("gone"), "coupé la conversation"),
        (smtplib.SMTPDataError(554, b"spam"), "554 spam"),
        (ssl.SSLCertVerificationError("x"), "ca-certificates"),
        (ssl.SSLError("wrong version"), "465 chiffre"),
        (socket.gaierror(-2, "unknown"), "DNS"),
        (ConnectionRefusedError(), "Rien n’écoute"),
        (TimeoutError(), "pare-feu"),
        (OSError("no route"), "no route"),
    ],
)
def test_each_refusal_has_its_remedy(error, told, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "courriel.exemple", 587
    words = outgoing_mail.explain(error)
    assert told in words
    assert "courriel.exemple, port 587" in words
    assert typography_faults(words) == []
