# SPDX-License-Identifier: EUPL-1.2
"""``usufruit audit``: the main job without a server, from files to a report.

Exit codes: 0 done, 1 done with rejected lines, 2 unusable input (nothing is written).
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from usufruit.audits.auditing import run_audit
from usufruit.audits.civil_time import UnknownCalendar
from usufruit.audits.evidence import FileSource, UnusableSource
from usufruit.audits.findings import AuditResult
from usufruit.audits.inventory_file import InventoryRead, read_inventory
from usufruit.audits.options import DEFAULT_ZONE, SENSES, AuditOptions, Days, Progress
from usufruit.kernel.command_line import UNUSABLE, FrenchParser
from usufruit.timetable.rules import WeeklyWindow, parse_opening

DONE, SOME_REJECTED = 0, 1


class _Unusable(Exception):  # noqa: N818 - it is told to a person, in French
    """Say why the words of the command cannot be followed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        chosen = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
        return _audit(chosen)
    except (_Unusable, UnusableSource, UnknownCalendar) as problem:
        sys.stderr.write(f"Erreur\u00a0: {problem}\n")
        return UNUSABLE
    except SystemExit as leaving:  # argparse leaves by itself, for --help as for a bad word
        return leaving.code if isinstance(leaving.code, int) else UNUSABLE


def _audit(chosen: argparse.Namespace) -> int:
    options = _options(chosen)
    sources = [_source(path) for path in chosen.evidence]
    inventory = _inventory(chosen.inventory)
    folder = _out_folder(chosen.out)
    result = run_audit(
        sources, inventory=inventory.assets, options=options, progress=_tell_progress
    )
    write = _prepare_report()
    try:
        written = write(result, folder, inventory.rejected)
    except OSError as problem:
        raise _Unusable(
            f"Impossible d’écrire dans {folder}\u00a0: {problem.strerror}."
        ) from problem
    rejected = result.rejected_count + len(inventory.rejected)
    _say_result(result, written, rejected)
    return SOME_REJECTED if rejected else DONE


def _prepare_report() -> Callable[..., list[Path]]:
    """Set Django up for its templates alone, and return what writes the report."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")
    import django  # noqa: PLC0415 - the audit itself needs none
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        django.setup()
    from usufruit.audits.report import write_report  # noqa: PLC0415

    return write_report


def _say_result(result: AuditResult, written: Sequence[Path], rejected: int) -> None:
    for sentence in result.summary:
        sys.stdout.write(f"{sentence}\n")
    if rejected:
        sys.stdout.write(
            f"Lignes rejetées\u00a0: {rejected}. Chacune est expliquée dans rejected.csv.\n"
        )
    for path in written:
        sys.stdout.write(f"{path}\n")


def _tell_progress(progress: Progress) -> None:
    sys.stderr.write(f"{round(100 * progress.ratio):3d}\u00a0% {progress.phrase}\n")
    sys.stderr.flush()


# --- the words of the command ---------------------------------------------------------------------


def _options(chosen: argparse.Namespace) -> AuditOptions:
    return AuditOptions(
        zone=_zone(chosen.timezone),
        period=_days(chosen.first_on, chosen.last_on, "--from", "--to"),
        compare=_days(chosen.compare_from, chosen.compare_to, "--compare-from", "--compare-to"),
        opening=_opening(chosen.opening),
        holidays=chosen.holidays,
        sense=chosen.sense,
    )


def _days(first: str | None, last: str | None, first_word: str, last_word: str) -> Days | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise _Unusable(f"{first_word} et {last_word} vont ensemble. Donnez les deux dates.")
    try:
        return Days(_date(first, first_word), _date(last, last_word))
    except ValueError as problem:
        raise _Unusable(str(problem)) from problem


def _date(text: str, word: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise _Unusable(
            f"{word}\u00a0: «\u00a0{text}\u00a0» n’est pas une date. Écrivez 2026-01-31."
        ) from problem


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise _Unusable(
            f"Le fuseau «\u00a0{text}\u00a0» est inconnu. Écrivez par exemple America/Toronto."
        ) from problem
    return text


def _opening(text: str | None) -> tuple[WeeklyWindow, ...] | None:
    if text is None:
        return None
    try:
        return parse_opening(text)
    except ValueError as problem:
        raise _Unusable(str(problem)) from problem


def _source(text: str) -> FileSource:
    path = Path(text)
    if not path.is_file():
        raise _Unusable(f"Le fichier {text} est introuvable. Vérifiez son chemin.")
    try:
        with path.open("rb"):
            return FileSource(path.name, path)
    except OSError as problem:
        raise _Unusable(
            f"Le fichier {text} ne se laisse pas lire. Vérifiez ses droits."
        ) from problem


def _inventory(text: str | None) -> InventoryRead:
    return read_inventory(_source(text)) if text else InventoryRead((), ())


def _out_folder(text: str) -> Path:
    folder = Path(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _Unusable(
            f"Le dossier {text} ne peut pas être créé. Choisissez-en un autre."
        ) from problem
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = FrenchParser(
        prog="usufruit audit",
        description="Mesure l’usage des biens à partir de fichiers, sans serveur.",
        epilog="Codes de sortie : 0 fait, 1 des lignes sont rejetées, 2 entrée inutilisable.",
        allow_abbrev=False,
    )
    files = parser.add_argument_group("fichiers")
    files.add_argument(
        "evidence", nargs="+", metavar="PREUVE",
        help="emplois, lectures de compteur ou comptages\u00a0: CSV, CSV.GZ ou XLSX",
    )  # fmt: skip
    files.add_argument("--inventory", metavar="FICHIER", help="inventaire des biens (CSV ou XLSX)")
    files.add_argument("--out", required=True, metavar="DOSSIER", help="où écrire le rapport")
    when = parser.add_argument_group("période, jours compris")
    when.add_argument("--from", dest="first_on", metavar="DATE", help="premier jour audité")
    when.add_argument("--to", dest="last_on", metavar="DATE", help="dernier jour audité")
    when.add_argument("--compare-from", metavar="DATE", help="premier jour de comparaison")
    when.add_argument("--compare-to", metavar="DATE", help="dernier jour de comparaison")
    how = parser.add_argument_group("lecture")
    how.add_argument(
        "--timezone", default=DEFAULT_ZONE, metavar="FUSEAU",
        help="heure civile des biens et des dates sans décalage (%(default)s)",
    )  # fmt: skip
    how.add_argument(
        "--holidays", default="", metavar="CALENDRIER", help="jours fériés, fermés (CA-QC)"
    )
    how.add_argument(
        "--opening", metavar="HORAIRE", help="horaire d’ouverture («\u00a0lu-ve 8:00-22:00\u00a0»)"
    )
    how.add_argument(
        "--sense", choices=SENSES, help="ce que dit un pourcentage\u00a0: libre ou occupé"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
