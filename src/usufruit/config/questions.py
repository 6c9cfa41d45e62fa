# SPDX-License-Identifier: EUPL-1.2
"""Asking the one who installs: an option answers, or else the terminal, until it can be used."""

import argparse
import getpass
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

T = TypeVar("T")

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


class AnswerError(ValueError):
    """An answer that cannot be used; the message says in French what is expected."""


@dataclass(frozen=True)
class Question(Generic[T]):
    """One thing to know.

    Attributes:
        name: of the option, as argparse keeps it.
        words: asked at the terminal.
        read: turns the words typed into what they mean; raises AnswerError.
        default: taken when nothing is typed; None when something must be.
    """

    name: str
    words: str
    read: Callable[[str], T]
    default: str | None = None

    @property
    def option(self) -> str:
        """Return the option that answers the question."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class Asker:
    """Who answers: the options of the command, then a person if one is there."""

    chosen: argparse.Namespace
    is_attended: bool

    def check(self, *questions: Question[Any]) -> None:
        """Read every option given before anything is done.

        Raises:
            AnswerError: for the first that cannot be used, when nobody is there to mend it.
        """
        for question in questions:
            given = getattr(self.chosen, question.name)
            if given is not None and not self.is_attended:
                self._read(question, given)

    def ask(self, question: Question[T]) -> T:
        """Return the answer to a question, asked again until it can be used.

        Raises:
            AnswerError: when nobody is there to answer, or who was there has left.
        """
        given = getattr(self.chosen, question.name)
        while True:
            try:
                if given is not None:
                    return self._read(question, given)
                if not self.is_attended:
                    return self._read(question, _unattended(question))
                given = self._typed(question)
            except AnswerError as error:
                if not self.is_attended:
                    raise
                _say(f"  {error}")
                given = None

    def password(self, words: str, check: Callable[[str], None]) -> str:
        """Return a password typed twice without echo, or "" when none is given.

        Raises:
            AnswerError: when who was there has left.
        """
        if not self.is_attended:
            return ""
        while True:
            try:
                first = getpass.getpass(f"{words} (rien\u00a0: un lien pour le choisir)\u00a0: ")
                if not first:
                    return ""
                check(first)
                if first == getpass.getpass("Le même, encore une fois\u00a0: "):
                    return first
                _say("  Les deux mots de passe ne sont pas les mêmes.")
            except AnswerError as error:
                _say(f"  {error}")
            except EOFError:
                raise _left() from None

    def secret(self, words: str) -> str:
        """Return a secret typed once without echo, "" when nobody is there."""
        try:
            return getpass.getpass(f"{words}\u00a0: ") if self.is_attended else ""
        except EOFError:
            raise _left() from None

    def _read(self, question: Question[T], words: str) -> T:
        """Read an answer; who is not there to see the question is told which it was."""
        try:
            return question.read(words.strip())
        except AnswerError as error:
            if self.is_attended:
                raise
            raise AnswerError(f"{question.option}\u00a0: {error}") from None

    def _typed(self, question: Question[T]) -> str:
        shown = f" [{question.default}]" if question.default else ""
        try:
            typed = input(f"{question.words}{shown}\u00a0: ").strip()
        except EOFError:
            raise _left() from None
        if typed or question.default is None:
            return typed
        return question.default


def _unattended(question: Question[Any]) -> str:
    if question.default is None:
        raise AnswerError(f"Il manque {question.option} ({question.words}).")
    return question.default


def _left() -> SystemExit:
    _say("\nInstallation laissée en chemin. Relancez-la\u00a0: ce qui est fait est gardé.")
    return SystemExit(1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def text(words: str) -> str:
    """Read a name or a function."""
    if not words:
        raise AnswerError("Écrivez au moins un mot.")
    if len(words) > 200 or not words.isprintable():
        raise AnswerError("Écrivez au plus 200 caractères, sur une ligne.")
    return words


def email(words: str) -> str:
    """Read an address to which a letter can be sent."""
    try:
        validate_email(words)
    except ValidationError:
        raise AnswerError(
            f"«\u00a0{words}\u00a0» n’est pas une adresse courriel, "
            "par exemple prenom.nom@exemple.ca."
        ) from None
    return words.lower()


def public_address(words: str) -> tuple[str, bool]:
    """Read where visitors find the site; return the host name and whether it is HTTPS."""
    expected = "Écrivez une adresse entière, par exemple https://prets.exemple.ca."
    try:
        parts = urlsplit(words)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise AnswerError(expected) from None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        raise AnswerError(expected)
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise AnswerError("Le site occupe toute l’adresse\u00a0: rien ne suit le nom.")
    return host, parts.scheme == "https"


def host(words: str) -> str:
    """Read the name of a server, or "" for none."""
    if words and not _HOST.fullmatch(words.lower()):
        raise AnswerError(f"«\u00a0{words}\u00a0» n’est pas un nom de serveur.")
    return words.lower()


def port(words: str) -> str:
    """Read a port."""
    if not words.isascii() or not words.isdigit() or not 0 < int(words) < 65536:
        raise AnswerError("Écrivez un nombre de 1 à 65535\u00a0: 465, 587 ou 25.")
    return words


def optional(words: str) -> str:
    """Read anything that stands on one line, or nothing."""
    return text(words) if words else ""


def time_zone(words: str) -> str:
    """Read a time zone that the data of the machine know."""
    if words not in available_timezones():
        near = sorted(zone for zone in available_timezones() if words.lower() in zone.lower())[:3]
        hint = f" Proches\u00a0: {', '.join(near)}." if words and near else ""
        raise AnswerError(
            f"Aucun fuseau ne se nomme «\u00a0{words}\u00a0», par exemple America/Toronto.{hint}"
        )
    return words


def place(words: str) -> tuple[float, float] | None:
    """Read a latitude and a longitude in degrees, None for nothing."""
    if not words:
        return None
    try:
        latitude, longitude = (float(part) for part in words.split(","))
        is_on_earth = -85 <= latitude <= 85 and -180 <= longitude <= 180
    except ValueError:
        is_on_earth = False
    if not is_on_earth:
        raise AnswerError(
            "Écrivez la latitude puis la longitude en degrés, par exemple 46.62, -72.68."
        )
    return latitude, longitude
