# SPDX-License-Identifier: EUPL-1.2
"""``demo_seed``: fill the fictitious territory once, and print the accounts to try it with."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from usufruit.demo.dataset import load
from usufruit.demo.evidence import files
from usufruit.demo.seed import PASSWORD, accounts, audit_schools, seed
from usufruit.kernel.clock import now


class Command(BaseCommand):
    """Fill the demonstration; a second run changes nothing."""

    help = "Remplit le territoire fictif de la démonstration (une seule fois)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what the command understands."""
        parser.add_argument(
            "--evidence",
            type=Path,
            metavar="DOSSIER",
            help="écrit aussi les preuves d’usage de la démonstration dans ce dossier",
        )

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Fill, then print."""
        at = now()
        built = seed(now=at, say=self._say)
        if built is None:
            self._say("Le territoire fictif est déjà là.")
        audit_schools(now=at, say=self._say)
        if options["evidence"]:
            self._write_evidence(options["evidence"], at)
        self._print_accounts(at)

    def _write_evidence(self, folder: Path, at: datetime) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files(now=at).items():
            (folder / name).write_bytes(content)
            self._say(f"Preuve écrite\u00a0: {folder / name}")

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()

    def _print_accounts(self, at: datetime) -> None:
        listed = accounts(load(), now=at)
        self.stdout.write(
            "\nMRC des Hauts-Portages – territoire fictif. Comptes à essayer\u00a0:\n"
        )
        for account in filter(lambda one: one.try_this, listed):
            self.stdout.write(f"\n  {account.email}\n    {account.function}")
            self.stdout.write(f"    {account.try_this}")
        others = [account for account in listed if not account.try_this]
        width = max(len(account.email) for account in others)
        self.stdout.write("\n  Autres comptes\u00a0:")
        for account in others:
            self.stdout.write(f"    {account.email:<{width}}  {account.function}")
        self.stdout.write(f"\n  Mot de passe de tous les comptes\u00a0: {PASSWORD}\n")
