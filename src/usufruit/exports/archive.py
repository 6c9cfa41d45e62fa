# SPDX-License-Identifier: EUPL-1.2
"""Write an archive: a CSV a table, a Data Package that describes them, a word of French, files.

Rows are read and written one by one: memory does not grow with the body.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from usufruit.exports.tables import FILES, LEFT_OUT, TABLES, Table
from usufruit.kernel.spreadsheets import harmless
from usufruit.organizations.models import Organization

CHUNK = 1000

README = """# {name}

Tout ce que « {name} » a dans Usufruit, le {day}.

- Chaque fichier de `donnees/` est une table : CSV, UTF-8, virgules, une ligne d’en-têtes.
- `datapackage.json` décrit les tables et leurs clés (Frictionless Data Package). Pour vérifier :
  `frictionless validate datapackage.json`.
- Les instants sont en temps universel (UTC), à la seconde.
- Les plages sont écrites `[début,fin)` : la fin n’en est pas.
- Une personne est désignée par son numéro. `personnes.csv` nomme les membres, eux seuls.
- Un texte qu’un tableur exécuterait est précédé d’une apostrophe.
- Les preuves déposées pour les audits sont dans `fichiers/`.

## Ce qui n’y est pas

{left_out}
"""

_TYPES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.FloatField, "number"),
    (models.DecimalField, "number"),
    (models.IntegerField, "integer"),
    (models.AutoField, "integer"),
)


def write_archive(
    path: Path, body: Organization, *, now: datetime, tell: Callable[[float], None]
) -> int:
    """Write the archive of a body; return how many rows it holds.

    Args:
        tell: told the share written, after each table.
    """
    counts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, table in enumerate(TABLES, start=1):
            counts[table.name] = _write_table(archive, table, body)
            tell(number / (len(TABLES) + 1))
        for label, column in FILES:
            _write_files(archive, label, column, body)
        archive.writestr("datapackage.json", json.dumps(data_package(body, now), indent=1))
        archive.writestr("LISEZ-MOI.md", _readme(body, now))
    return sum(counts.values())


def _write_table(archive: zipfile.ZipFile, table: Table, body: Organization) -> int:
    fields, count = table.fields, 0
    with (
        archive.open(f"donnees/{table.name}.csv", "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([field.attname for field in fields])
        names = [field.attname for field in fields]
        for row in table.rows(body).values_list(*names).iterator(chunk_size=CHUNK):
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    """Return a value as the Table Schema reads it; texts are never run as formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, int | float | date):
        return str(value)
    if isinstance(value, dict | list):
        return harmless(json.dumps(value, ensure_ascii=False, default=str))
    return harmless(value)


def _write_files(archive: zipfile.ZipFile, label: str, column: str, body: Organization) -> None:
    """Add the files that rows of a table name; one that is gone is left out."""
    table = next(each for each in TABLES if each.label == label)
    for row in table.rows(body).iterator(chunk_size=CHUNK):
        kept = getattr(row, column)
        if kept and kept.storage.exists(kept.name):
            with kept.open("rb") as source, archive.open(_place(table, row), "w") as target:
                for piece in _pieces(source):
                    target.write(piece)


def _pieces(source: Any) -> Iterator[bytes]:  # noqa: ANN401 - an open file
    return iter(lambda: source.read(1 << 20), b"")


def _place(table: Table, row: Any) -> str:  # noqa: ANN401 - a row of the table
    name = "".join(char if char.isalnum() or char in ".-_" else "_" for char in row.name)
    return f"fichiers/{table.name}/{row.pk}-{name[-100:]}"


def data_package(body: Organization, now: datetime) -> dict[str, Any]:
    """Return the description of an archive's tables."""
    return {
        "name": "usufruit-export",
        "title": f"Tout ce que « {body.name} » a dans Usufruit".replace("« ", "«\u00a0").replace(
            " »", "\u00a0»"
        ),
        "created": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, Any]:
    primary = table.model._meta.pk.attname  # noqa: SLF001 - Django's public API
    return {
        "name": table.name,
        "path": f"donnees/{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_described(field) for field in table.fields],
            "primaryKey": [primary],
            "missingValues": [""],
            "foreignKeys": [
                {
                    "fields": [column],
                    "reference": {"resource": file, "fields": [_key_of(file)]},
                }
                for column, file in table.keys
            ],
        },
    }


def _described(field: models.Field[Any, Any]) -> dict[str, Any]:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = next((name for each, name in _TYPES if isinstance(target, each)), "string")
    told: dict[str, Any] = {"name": field.attname, "type": kind}
    related = {table.label: table for table in TABLES}.get(
        field.related_model._meta.label_lower  # noqa: SLF001
        if isinstance(field, models.ForeignKey)
        else ""
    )
    if related:
        told["description"] = f"Numéro d’une ligne de {related.name}.csv, si elle y est."
    return told


def _key_of(file: str) -> str:
    table = next(each for each in TABLES if each.name == file)
    return table.model._meta.pk.attname  # noqa: SLF001 - Django's public API


def _readme(body: Organization, now: datetime) -> str:
    left_out = "\n".join(
        f"- {apps.get_model(label)._meta.object_name} : {why}."  # noqa: SLF001
        for label, why in LEFT_OUT.items()
    )
    text = README.format(name=body.name, day=f"{now:%Y-%m-%d}", left_out=left_out)
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
