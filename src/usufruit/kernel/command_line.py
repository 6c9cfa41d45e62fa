# SPDX-License-Identifier: EUPL-1.2
"""argparse, whose own words are English, in French."""

import argparse
from typing import Any, NoReturn

UNUSABLE = 2

_FRENCH = (
    ("argument ", ""),
    ("unrecognized arguments:", "argument inconnu\u00a0:"),
    ("the following arguments are required:", "il manque\u00a0:"),
    ("expected one argument", "une valeur est attendue"),
    ("expected at least one argument", "une valeur au moins est attendue"),
    ("invalid choice:", "choix inconnu\u00a0:"),
    ("invalid int value:", "nombre entier attendu, et non"),
    ("invalid _positive value:", "nombre entier attendu, et non"),
    ("ambiguous option:", "option ambiguë\u00a0:"),
    ("choose from", "au choix"),
)


class FrenchParser(argparse.ArgumentParser):
    """A parser that helps and refuses in French."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - argparse's own, handed on
        super().__init__(add_help=False, **options)
        self._positionals.title = "commandes"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", "--aide", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        """Return the usage line under its French name."""
        return super().format_usage().replace("usage:", "utilisation\u00a0:", 1)

    def format_help(self) -> str:
        """Return the help under its French name."""
        return super().format_help().replace("usage:", "utilisation\u00a0:", 1)

    def error(self, message: str) -> NoReturn:
        """Refuse the words and say where help is."""
        for english, french in _FRENCH:
            message = message.replace(english, french)
        self.exit(
            UNUSABLE, f"Erreur\u00a0: {message}. Aide\u00a0: «\u00a0{self.prog} --help\u00a0».\n"
        )
