# SPDX-License-Identifier: EUPL-1.2
"""The first set-up of a real platform: settings, tables, body, administrator, a test letter.

Each step looks at what stands before it asks anything, so a second run changes nothing; an update
of the product uses it too, to bring tables and served files up to date. No step brings anything of
the demonstration. A letter that does not leave undoes nothing.
"""

import argparse
import dataclasses
import os
import sys
from datetime import datetime

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from usufruit.config import assets, database, environment_file, outgoing_mail, questions
from usufruit.config.questions import AnswerError, Asker, Question

DONE, REFUSED, NOT_UNDERSTOOD, LETTER_REFUSED = 0, 1, 2, 3

ADDRESS = Question("address", "Adresse publique du site (https://…)", questions.public_address)
SMTP_HOST = Question(
    "smtp_host", "Serveur d’envoi des courriels (rien\u00a0: plus tard)", questions.host, ""
)
SMTP_PORT = Question("smtp_port", "Port de ce serveur", questions.port, "587")
SMTP_USER = Question(
    "smtp_user", "Compte sur ce serveur (rien\u00a0: aucun)", questions.optional, ""
)
FROM_EMAIL = Question("from_email", "Adresse d’expédition", questions.email)
BODY_NAME = Question("body_name", "Nom de l’organisme", questions.text)
BODY_NATURE = Question("body_nature", "Nature de l’organisme", questions.text)
TIME_ZONE = Question("time_zone", "Fuseau horaire", questions.time_zone, "America/Toronto")
PLACE = Question("place", "Latitude et longitude (rien\u00a0: plus tard)", questions.place, "")
ADMIN_EMAIL = Question("admin_email", "Adresse courriel", questions.email)
ADMIN_NAME = Question("admin_name", "Nom complet", questions.text)
ADMIN_FUNCTION = Question("admin_function", "Fonction", questions.text)
HOLIDAYS = Question("holidays", "Calendrier des jours fériés", questions.text, "CA-QC")

QUESTIONS: tuple[Question, ...] = (
    *(ADDRESS, SMTP_HOST, SMTP_PORT, SMTP_USER, FROM_EMAIL),
    *(BODY_NAME, BODY_NATURE, TIME_ZONE, PLACE, ADMIN_EMAIL, ADMIN_NAME, ADMIN_FUNCTION, HOLIDAYS),
)


def install(chosen: argparse.Namespace, *, now: datetime) -> int:
    """Do what is not done yet, say what is, and return the exit code."""
    asker = Asker(chosen, is_attended=sys.stdin.isatty() and not chosen.no_input)
    try:
        asker.check(*QUESTIONS)
        _choose_settings(asker)
        with database.available(os.environ):
            return _install(asker, now)
    except AnswerError as error:
        sys.stderr.write(f"Erreur\u00a0: {error}\n")
        return NOT_UNDERSTOOD


def _install(asker: Asker, now: datetime) -> int:
    """Bring the tables up to date, then make the body and its administrator if there is none."""
    _say("\nTables et fichiers servis")
    django.setup()
    is_new = assets.collect_static()
    _say(f"  Fichiers servis\u00a0: {'rassemblés' if is_new else 'déjà là'}")
    call_command("migrate", interactive=False, verbosity=0)
    _say("  Tables\u00a0: à jour")
    _load_lists(asker, now)
    entered = _found(asker, now)
    if entered is None:
        _say("\nTout était déjà en place; rien d’autre n’a changé.")
        return DONE
    return _try_letters(*entered)


def _choose_settings(asker: Asker) -> None:
    """Write in the file of the settings what nobody chose yet, and take it up at once."""
    path = environment_file.place(os.environ)
    _say(f"Réglages ({path})")
    fresh: dict[str, str] = {}
    if os.environ.get("USUFRUIT_HOSTS"):
        _say(f"  Adresse publique\u00a0: déjà choisie ({os.environ['USUFRUIT_HOSTS']})")
    else:
        host, is_https = asker.ask(ADDRESS)
        fresh["USUFRUIT_HOSTS"] = f"{host},localhost,127.0.0.1"
        if is_https:
            fresh["USUFRUIT_HTTPS"] = "1"
    if os.environ.get("USUFRUIT_SMTP_HOST"):
        _say(f"  Courriels\u00a0: déjà réglés ({os.environ['USUFRUIT_SMTP_HOST']})")
    elif host := asker.ask(SMTP_HOST):
        fresh |= _mail_settings(asker, host)
    if not fresh:
        return
    environment_file.add(path, fresh)
    os.environ.update(fresh)
    _say(f"  Écrits\u00a0: {', '.join(fresh)}")


def _mail_settings(asker: Asker, host: str) -> dict[str, str]:
    """Return how letters leave; a password never comes from the words of a command."""
    fresh = {"USUFRUIT_SMTP_HOST": host, "USUFRUIT_SMTP_PORT": asker.ask(SMTP_PORT)}
    if user := asker.ask(SMTP_USER):
        fresh["USUFRUIT_SMTP_USER"] = user
        secret = os.environ.get("USUFRUIT_SMTP_PASSWORD")
        fresh["USUFRUIT_SMTP_PASSWORD"] = secret or asker.secret("Mot de passe de ce compte")
    fresh["USUFRUIT_FROM_EMAIL"] = asker.ask(FROM_EMAIL)
    return fresh


def _load_lists(asker: Asker, now: datetime) -> None:
    """Load what every platform begins with: categories, and the public holidays to come."""
    from usufruit.inventory.actions import load_categories  # noqa: PLC0415 - needs Django set up
    from usufruit.kernel.refusals import Refusal  # noqa: PLC0415
    from usufruit.timetable.actions import HOLIDAY_YEARS, load_holidays  # noqa: PLC0415
    from usufruit.timetable.models import PublicHoliday  # noqa: PLC0415

    def read(region: str) -> str:
        try:
            load_holidays(region=region, first_year=now.year, last_year=now.year + HOLIDAY_YEARS)
        except Refusal as refusal:
            raise AnswerError(refusal.message) from None
        return region

    changed = load_categories(now=now)
    _say(f"  Catégories\u00a0: {f'{changed} ajoutées' if changed else 'déjà là'}")
    if PublicHoliday.objects.exists():
        _say("  Jours fériés\u00a0: déjà là")
    else:
        _say(f"  Jours fériés\u00a0: {asker.ask(dataclasses.replace(HOLIDAYS, read=read))}")


def _found(asker: Asker, now: datetime) -> tuple[str, str] | None:
    """Enter the body and its first administrator; return their address and link, if any.

    None when the platform has its administrator already.
    """
    from usufruit.config import founding  # noqa: PLC0415 - needs Django set up

    if standing := founding.standing():
        _say(f"\nOrganisme et administration\n  {standing}")
        return None
    _say("\nOrganisme")
    body = founding.body(
        name=asker.ask(BODY_NAME),
        nature=_nature(asker),
        time_zone=asker.ask(TIME_ZONE),
        place=asker.ask(PLACE),
    )
    _say("\nPremière personne, qui administre l’organisme et la plateforme")
    email, full_name = asker.ask(ADMIN_EMAIL), asker.ask(ADMIN_NAME)
    body["contact"] = asker.ask(ADMIN_FUNCTION)
    password = asker.password(
        "Mot de passe, 12 caractères ou plus", lambda word: founding.check_password(word, email)
    )
    with transaction.atomic():
        person = founding.found(
            body=body, email=email, full_name=full_name, password=password or None, now=now
        )
    _say(f"  Inscrits\u00a0: {body['name']}; {full_name} ({email})")
    return email, "" if password else founding.password_link(person)


def _nature(asker: Asker) -> str:
    from usufruit.config import founding  # noqa: PLC0415 - needs Django set up

    natures = founding.natures()
    if asker.is_attended and not asker.chosen.body_nature:
        for code, name in natures:
            _say(f"  {code:<24}{name}")

    def read(words: str) -> str:
        for code, name in natures:
            if words.casefold() in {code, name.casefold()}:
                return code
        codes = ", ".join(code for code, _name in natures)
        raise AnswerError(
            f"«\u00a0{words}\u00a0» n’est pas une nature connue. Au choix\u00a0: {codes}."
        )

    return asker.ask(dataclasses.replace(BODY_NATURE, read=read))


def _try_letters(email: str, link: str) -> int:
    """Send the test letter; whatever its fate, everything else stays done."""
    if link:
        _say(f"  Lien pour choisir le mot de passe, une fois, d’ici trois jours\u00a0:\n  {link}")
    _say("\nMessage d’essai")
    if not settings.EMAIL_HOST:
        _say(
            "  Aucun serveur d’envoi n’est réglé\u00a0: les courriels s’écrivent dans le journal.\n"
            "  Réglez USUFRUIT_SMTP_HOST, puis lancez "
            f"«\u00a0usufruit mail-test {email}\u00a0»."
        )
        return DONE
    try:
        outgoing_mail.send_test(email, link=link)
    except outgoing_mail.MailError as error:
        _say(f"  Il n’est pas parti. {error}\n  Tout le reste est fait. Corrigez le réglage, puis")
        _say(f"  lancez «\u00a0usufruit mail-test {email}\u00a0».")
        return LETTER_REFUSED
    _say(f"  Remis au serveur pour {email}. Vérifiez qu’il arrive, dossier indésirable compris.")
    return DONE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
