# SPDX-License-Identifier: EUPL-1.2
"""One letter, to know whether letters leave; and why they do not, in French, with the remedy."""

import smtplib
import socket
import ssl
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage

_SUBJECT = "Usufruit – message d’essai"
_BODY = """Bonjour,

Ce message prouve que la plateforme Usufruit envoie ses courriels.
{invitation}
Vous n’avez rien à répondre.
"""
_INVITATION = """
Votre compte d’administration est prêt. Choisissez votre mot de passe :
{link}

Le lien sert une seule fois, dans les trois jours.
"""


class MailError(RuntimeError):
    """The letter did not leave; the message says in French why and what to do."""


def send_test(address: str, *, link: str = "") -> None:
    """Send a letter that proves that letters leave, with the link to a first password if any.

    Raises:
        MailError: when no server was chosen, or it refused.
    """
    if not settings.EMAIL_HOST:
        raise MailError(
            "Aucun serveur d’envoi n’est réglé. Nommez-le par USUFRUIT_SMTP_HOST "
            "dans le fichier des réglages."
        )
    invitation = _INVITATION.format(link=link) if link else ""
    letter = EmailMessage(_SUBJECT, _BODY.format(invitation=invitation), to=[address])
    try:
        letter.send()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise MailError(explain(error)) from error


def explain(error: Exception) -> str:
    """Return why a server refused a letter, and what to do about it."""
    server = f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"
    for kinds, words in _REASONS:
        if isinstance(error, kinds):
            return f"{words(error)} (serveur\u00a0: {server})"
    return f"L’envoi a échoué\u00a0: {error}. (serveur\u00a0: {server})"


def _heard(error: Exception) -> str:
    """Return what the server said, word for word."""
    code, words = getattr(error, "smtp_code", ""), getattr(error, "smtp_error", b"")
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f" Il a répondu\u00a0: «\u00a0{code} {' '.join(told.split())}\u00a0»." if code else ""


def _always(words: str) -> Callable[[Exception], str]:
    return lambda error: words + _heard(error)


# The narrower kinds first: a certificate is also a TLS error, which is also an error of the system.
_REASONS: tuple[tuple[tuple[type[Exception], ...], Callable[[Exception], str]], ...] = (
    (
        (smtplib.SMTPAuthenticationError,),
        _always(
            "Le serveur refuse le compte ou le mot de passe. "
            "Vérifiez USUFRUIT_SMTP_USER et USUFRUIT_SMTP_PASSWORD."
        ),
    ),
    (
        (smtplib.SMTPSenderRefused,),
        _always(
            "Le serveur refuse l’adresse d’expédition. Mettez dans USUFRUIT_FROM_EMAIL "
            "une adresse que ce compte peut employer."
        ),
    ),
    (
        (smtplib.SMTPRecipientsRefused,),
        _always(
            "Le serveur refuse le destinataire. Vérifiez l’adresse, "
            "puis le droit de cette machine d’envoyer par ce serveur."
        ),
    ),
    (
        (smtplib.SMTPNotSupportedError,),
        _always(
            "Le serveur n’offre ni le chiffrement ni l’identification demandés à ce port. "
            "Essayez USUFRUIT_SMTP_PORT=465, ou 25 dans votre propre réseau."
        ),
    ),
    (
        (smtplib.SMTPServerDisconnected,),
        _always(
            "Le serveur a coupé la conversation. Vérifiez le port\u00a0: 465 chiffre dès "
            "l’ouverture, 587 par STARTTLS."
        ),
    ),
    (
        (smtplib.SMTPException,),
        _always("Le serveur refuse le message. Montrez sa réponse à qui le gère."),
    ),
    (
        (ssl.SSLCertVerificationError,),
        lambda error: (
            "Le certificat du serveur n’est pas reconnu. Employez le nom inscrit au certificat, "
            "ou ajoutez votre autorité à celles de la machine (ca-certificates). "
            f"{getattr(error, 'verify_message', '')}".strip()
        ),
    ),
    (
        (ssl.SSLError,),
        _always(
            "Le serveur ne chiffre pas comme attendu à ce port. "
            "465 chiffre dès l’ouverture, 587 par STARTTLS, 25 ne chiffre pas."
        ),
    ),
    (
        (socket.gaierror,),
        _always(
            "Le nom du serveur est introuvable. Vérifiez USUFRUIT_SMTP_HOST "
            "et le DNS de cette machine."
        ),
    ),
    (
        (ConnectionRefusedError,),
        _always("Rien n’écoute à ce port. Vérifiez USUFRUIT_SMTP_PORT."),
    ),
    (
        (TimeoutError,),
        _always(
            "Le serveur ne répond pas. Un pare-feu arrête peut-être ce port\u00a0: "
            "ouvrez-le vers ce serveur."
        ),
    ),
)
