# SPDX-License-Identifier: EUPL-1.2
"""``usufruit import``: a file of assets from the command line, by the operator.

Exit codes: 0 done, 1 done with refused or doubtful lines, 2 unusable input (nothing is written).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files import File

from usufruit.imports import actions
from usufruit.imports.models import Import, ImportLine, Outcome
from usufruit.imports.reading import Wanted, table_schema_titles
from usufruit.imports.understanding import ColumnMapping
from usufruit.imports.words import mapping_of, outcome_in_words, problem_in_words
from usufruit.kernel.clock import now
from usufruit.kernel.command_line import UNUSABLE, FrenchParser
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.tables import UnusableSource
from usufruit.organizations.models import Organization

DONE, SOME_REFUSED = 0, 1
MOST_TOLD = 20


class _Unusable(Exception):  # noqa: N818 - it is told to a person, in French
    """Say why the words of the command cannot be followed."""


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the words of the command; leave with help or a refusal."""
    return _parser().parse_args(list(argv))


def main(chosen: argparse.Namespace) -> int:
    """Import the file and say what became of its lines; Django and the database are ready."""
    try:
        batch = _import(chosen)
    except Refusal as refusal:
        sys.stderr.write(f"Erreur\u00a0: {refusal.message}\n")
        return UNUSABLE
    except (_Unusable, UnusableSource) as problem:
        sys.stderr.write(f"Erreur\u00a0: {problem}\n")
        return UNUSABLE
    _say(batch, is_json=chosen.json)
    return SOME_REFUSED if {"refused", "doubt"} & set(batch.counts) else DONE


def _import(chosen: argparse.Namespace) -> Import:
    body = Organization.objects.filter(slug=chosen.body).first()
    if body is None:
        raise _Unusable(f"Aucun organisme n’a le nom d’adresse «\u00a0{chosen.body}\u00a0».")
    path = Path(chosen.file)
    if not path.is_file():
        raise _Unusable(f"Le fichier {chosen.file} est introuvable. Vérifiez son chemin.")
    said = _said(chosen.mapping)
    wanted = Wanted(str(said.get("sheet", "")), int(said.get("header_line", 0)))
    with path.open("rb") as stream:
        batch = actions.receive_file(
            organization=body,
            upload=File(stream, path.name),
            by=None,
            now=now(),
            wanted=wanted,
            titles=_titles(path, chosen.schema),
        )
    actions.ask_check(batch=batch, mapping=_mapping(batch, said), by=None, now=now())
    actions.conduct_check(batch_id=batch.pk)
    batch.refresh_from_db()
    _raise_failure(batch)
    if not chosen.dry_run and {"new", "changed"} & set(batch.counts):
        actions.ask_apply(batch=batch, by=None, now=now())
        actions.conduct_apply(batch_id=batch.pk)
        batch.refresh_from_db()
        _raise_failure(batch)
    return batch


def _raise_failure(batch: Import) -> None:
    if batch.status == Import.Status.FAILED:
        raise _Unusable(batch.failure)


def _said(path: str | None) -> dict[str, Any]:
    """Return what a file of correspondences says."""
    if path is None:
        return {}
    try:
        said = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise _Unusable(f"Le fichier {path} n’est pas un JSON lisible.") from problem
    if not isinstance(said, dict):
        raise _Unusable(f"Le fichier {path} ne contient pas un objet JSON.")
    return said


def _mapping(batch: Import, said: dict[str, Any]) -> ColumnMapping:
    """Return the columns proposed, corrected by what the person wrote by names."""
    try:
        return mapping_of(batch, said)
    except (ValueError, TypeError, AttributeError) as problem:
        raise _Unusable(str(problem)) from problem


def _titles(path: Path, schema: str | None) -> dict[str, str]:
    """Return the titles of a Table Schema given, or found beside the file."""
    beside = (
        [Path(schema)]
        if schema
        else [path.with_name(n) for n in ("datapackage.json", "schema.json")]
    )
    found = next((one for one in beside if one.is_file()), None)
    return table_schema_titles(found.read_bytes()) if found else {}


def _say(batch: Import, *, is_json: bool) -> None:
    refused = ImportLine.objects.filter(batch=batch, outcome__in=["refused", "doubt"])
    lines = list(refused.order_by("pk")[: None if is_json else MOST_TOLD])
    if is_json:
        told = {
            "import": batch.pk,
            "status": batch.status,
            "lines": batch.line_count,
            "counts": batch.counts,
            "columns": dict(zip(batch.shape["names"], batch.mapping["targets"], strict=False)),
            "encoding": batch.shape["encoding_label"],
            "unknown_categories": batch.told.get("unknown_categories", []),
            "unknown_bodies": batch.told.get("unknown_bodies", []),
            "refused": [
                {"line": one.number, "outcome": one.outcome, "problems": one.problems or []}
                for one in lines
            ],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{outcome_in_words(batch)}\n")
    for one in lines:
        if one.outcome == Outcome.DOUBT:
            sys.stdout.write(f"Ligne {one.number}\u00a0: ressemble à un bien déjà inscrit.\n")
        for problem in one.problems or ():
            sys.stdout.write(f"{problem_in_words(one.number, problem)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = FrenchParser(
        prog="usufruit import",
        description="Entre un fichier de biens dans l’inventaire d’un organisme.",
        epilog="Codes de sortie : 0 fait, 1 des lignes sont refusées ou à revoir, "
        "2 entrée inutilisable.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "file", metavar="FICHIER", help="CSV, TSV, XLSX ou GeoJSON, compressé (.gz) ou non"
    )
    parser.add_argument(
        "--body", required=True, metavar="ORGANISME", help="son nom d’adresse, comme saint-exemple"
    )
    parser.add_argument("--mapping", metavar="FICHIER", help="colonnes et mots, en JSON")
    parser.add_argument(
        "--schema", metavar="FICHIER", help="Table Schema ou datapackage.json du fichier"
    )
    parser.add_argument("--dry-run", action="store_true", help="vérifie sans rien écrire")
    parser.add_argument("--json", action="store_true", help="rend compte en JSON")
    return parser
