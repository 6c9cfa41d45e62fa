# SPDX-License-Identifier: EUPL-1.2
"""Read a file and keep, for each of its lines, what would become of it; no asset is touched.

Lines flow in batches: read, understood, compared with what stands by one statement a question, and
copied. The memory needed does not grow with the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from usufruit.imports.models import Import, ImportLine, Twin
from usufruit.imports.queries import SQL, surroundings
from usufruit.imports.reading import Shape, lines_of
from usufruit.imports.rules import are_alike
from usufruit.imports.understanding import ColumnMapping, LineReader, Understood
from usufruit.kernel.named_sql import fetch
from usufruit.kernel.tables import BadLine, FileSource, Line

BATCH = 5_000
MOST_CANDIDATES = 5
# In the order of the row that ``_copied`` writes.
COLUMNS = (
    "batch_id", "number", "outcome", "owner_id", "body_name", "asset_id", "external_id",
    "serial_number", "vehicle_number", "name", "category_id", "site_name", "address", "latitude",
    "longitude", "capacity", "description", "conditions", "state", "manager_id", "custodian_id",
    "attributes", "finance", "changes", "candidates", "problems",
)  # fmt: skip
_COPY = f"COPY {ImportLine._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN"  # noqa: SLF001
_MARK = "\x1f"
_ESCAPED = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_REPEATED = "ce numéro figure déjà à la ligne %s"
_ONE_LINE = "Gardez une seule ligne par bien."
# The texts that stand, in the order ``match_assets`` returns them after the numbers.
_STANDING = (
    "external_id", "serial_number", "vehicle_number", "name", "category", "site", "latitude",
    "longitude", "capacity", "description", "conditions", "state", "attributes",
)  # fmt: skip
_MONEY = ("cost", "net_value", "acquired_on", "life_years", "currency")
_COMPARED = (
    "external_id", "serial_number", "vehicle_number", "name", "capacity", "description",
    "conditions", "state",
)  # fmt: skip


def source_of(batch: Import) -> FileSource:
    """Return the file of an import."""
    return FileSource(batch.name, Path(batch.file.path))


def check_lines(batch: Import, tell: Callable[[int], None]) -> None:
    """Stage every line of the file with its outcome, and count them.

    Args:
        tell: called after each batch with how many lines are read.

    Raises:
        UnusableSource: in French, when the file cannot be read any further.
    """
    shape = Shape(**{**batch.shape, "names": tuple(batch.shape["names"])})
    mapping = ColumnMapping.from_json(batch.mapping)
    reader = LineReader(mapping, shape.names, surroundings(batch))
    ImportLine.objects.filter(batch=batch)._raw_delete("default")  # noqa: SLF001 - in one statement
    read_count = 0
    for lines in _batches(lines_of(source_of(batch), shape)):
        with transaction.atomic():
            _stage(batch.pk, [_understood(reader, line) for line in lines], reader)
        read_count += len(lines)
        tell(read_count)
    _settle(batch, reader, read_count)


def _batches(lines: Iterator[Line | BadLine]) -> Iterator[list[Line | BadLine]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _understood(reader: LineReader, line: Line | BadLine) -> Understood:
    if isinstance(line, Line):
        return reader.read(line.number, line.cells)
    why, _, remedy = line.reason.partition("; ")
    problem = {
        "column": "",
        "value": "",
        "why": why,
        "remedy": f"{remedy[:1].upper()}{remedy[1:]}.",
    }
    return Understood(line.number, {}, problems=[problem])


def _settle(batch: Import, reader: LineReader, read_count: int) -> None:
    """Refuse repeated lines, then write what was met."""
    fetch_none("refuse_repeated", {"batch": batch.pk, "why": _REPEATED, "remedy": _ONE_LINE})
    count(batch)
    batch.line_count = read_count
    batch.told = {
        "unknown_categories": reader.unknown_categories.most_common(),
        "unknown_bodies": reader.unknown_bodies.most_common(),
        "swapped": reader.swapped_count,
    }


def count(batch: Import) -> None:
    """Write on an import how many of its lines have each outcome."""
    batch.counts = dict(fetch(SQL["count_outcomes"], {"batch": batch.pk}))


def fetch_none(name: str, parameters: dict[str, Any]) -> int:
    """Run a statement of this room; return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(SQL[name], parameters)
        return int(cursor.rowcount)


def _stage(batch_id: int, lines: Sequence[Understood], reader: LineReader) -> None:
    good = [line for line in lines if not line.problems]
    matched = _matched(good)
    fresh = [line for place, line in enumerate(good) if place not in matched]
    near = _near(fresh) if fresh else {}
    numbers = [row[0] for row in fetch(SQL["keep_numbers"], {"count": len(fresh)})]
    rows: dict[int, tuple[str, int | None, dict | None, list[int] | None]] = {}
    for place, line in enumerate(fresh):
        candidates = near.get(place)
        rows[id(line)] = ("doubt" if candidates else "new", numbers[place], None, candidates)
    for place, standing in matched.items():
        line = good[place]
        if standing["answers"] > 1:
            _refuse_torn(line)
            continue
        changes = _changes(line, standing)
        rows[id(line)] = ("changed" if changes else "same", standing["id"], changes, None)
    refused = ("refused", None, None, None)
    with connection.cursor() as cursor, cursor.cursor.copy(_COPY) as copy:
        copy.write("".join(_copied(batch_id, line, *rows.get(id(line), refused)) for line in lines))


def _refuse_torn(line: Understood) -> None:
    line.problems.append({
        "column": "", "value": line.values["external_id"],
        "why": "ses numéros désignent deux biens différents de votre inventaire",
        "remedy": "Gardez le bon numéro d’inventaire, de série ou de plaque.",
    })  # fmt: skip


def _matched(lines: Sequence[Understood]) -> dict[int, dict[str, Any]]:
    """Return what stands of the assets that lines are already, by place of the line."""
    asked = [(place, line) for place, line in enumerate(lines) if line.owner is not None]
    if not asked:
        return {}
    rows = fetch(
        SQL["match_assets"],
        {
            "places": _numbers(place for place, _ in asked),
            "owners": _numbers(line.owner.pk for _, line in asked if line.owner),
            "ids": _texts(line.values["external_id"] for _, line in asked),
            "serials": _texts(line.values.get("serial_number", "") for _, line in asked),
            "vehicles": _texts(line.values.get("vehicle_number", "") for _, line in asked),
        },
    )
    found = {}
    for place, answers, pk, owner, *values in rows:
        standing = dict(zip(_STANDING, values[: len(_STANDING)], strict=True))
        standing["finance"] = dict(zip(_MONEY, values[len(_STANDING) :], strict=True))
        found[place] = {"answers": answers, "id": pk, "owner": owner, **standing}
    return found


def _near(lines: Sequence[Understood]) -> dict[int, list[int]]:
    """Return the assets each line may be: same category, same place, alike in name.

    A spot is asked about once, however many lines of the batch stand on it.
    """
    spots: dict[tuple[Any, ...], list[int]] = {}
    for place, line in enumerate(lines):
        if line.owner is not None and line.values["has_place"]:
            at = line.category_id, line.values["latitude"], line.values["longitude"]
            spots.setdefault(at, []).append(place)
    if not spots:
        return {}
    rows = fetch(
        SQL["find_near"],
        {
            "places": _numbers(range(len(spots))),
            "categories": _numbers(category for category, _, _ in spots),
            "latitudes": _numbers(latitude for _, latitude, _ in spots),
            "longitudes": _numbers(longitude for _, _, longitude in spots),
        },
    )
    standing: dict[int, list[tuple[int, str]]] = {}
    for spot, pk, name in rows:
        standing.setdefault(spot, []).append((pk, name))
    alike = {
        place: [pk for pk, name in standing[spot] if are_alike(lines[place].values["name"], name)]
        for spot, places in enumerate(spots.values())
        if spot in standing
        for place in places
    }
    return _not_told_apart(lines, {place: pks for place, pks in alike.items() if pks})


def _not_told_apart(
    lines: Sequence[Understood], alike: dict[int, list[int]]
) -> dict[int, list[int]]:
    """Leave out the assets a person already told apart from a line."""
    numbers = {lines[place].values["external_id"] for place in alike}
    told = set(
        Twin.objects.filter(external_id__in=numbers, is_same=False).values_list(
            "organization_id", "external_id", "asset_id"
        )
    )
    kept = {}
    for place, pks in alike.items():
        line = lines[place]
        who = (line.owner.pk if line.owner else None, line.values["external_id"])
        if left := [pk for pk in pks if (*who, pk) not in told]:
            kept[place] = left[:MOST_CANDIDATES]
    return kept


def _changes(line: Understood, standing: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Return by column what stands and what the line says instead; an empty cell says nothing."""
    values = line.values
    wanted: dict[str, Any] = {name: values[name] for name in _COMPARED if values.get(name)}
    if values.get("category"):
        wanted["category"] = line.category_id
    if values["has_place"] or values["site"] not in {values.get("name"), values.get("address")}:
        wanted["site"] = values["site"]
    if line.attributes:
        wanted["attributes"] = {**standing["attributes"], **line.attributes}
    if line.finance:
        wanted["finance"] = _finance(standing["finance"], line.finance)
    changes = {
        name: [standing[name], value] for name, value in wanted.items() if standing[name] != value
    }
    return changes or None


def _finance(standing: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Return what will stand of an asset's money."""
    if all(value is None for value in standing.values()):
        return {**standing, **said}
    kept = {name: value for name, value in said.items() if name != "currency" or value}
    return {**standing, **kept}


def _copied(
    batch_id: int,
    line: Understood,
    outcome: str,
    asset_id: int | None,
    changes: dict | None,
    candidates: list[int] | None,
) -> str:
    """Return a line of COPY, in the order of ``COLUMNS``."""
    get = line.values.get
    capacity, latitude, longitude = get("capacity"), get("latitude"), get("longitude")
    return (
        f"{batch_id}\t{line.number}\t{outcome}\t{line.owner.pk if line.owner else _NULL}\t"
        f"{_text(line.body_name)}\t{_NULL if asset_id is None else asset_id}\t"
        f"{_text(get('external_id', ''))}\t{_text(get('serial_number', ''))}\t"
        f"{_text(get('vehicle_number', ''))}\t{_text(get('name', ''))}\t"
        f"{_NULL if line.category_id is None else line.category_id}\t{_text(get('site', ''))}\t"
        f"{_text(get('address', ''))}\t{_NULL if latitude is None else latitude}\t"
        f"{_NULL if longitude is None else longitude}\t"
        f"{_NULL if capacity is None else capacity}\t{_text(get('description', ''))}\t"
        f"{_text(get('conditions', ''))}\t{_text(get('state', ''))}\t"
        f"{get('manager_id', _NULL)}\t{get('custodian_id', _NULL)}\t"
        f"{_json(line.attributes)}\t{_json(line.finance)}\t{_json(changes)}\t"
        f"{_json(candidates)}\t{_json(line.problems or None)}\n"
    )


_NULL = "\\N"


def _text(value: str) -> str:
    return value.translate(_ESCAPES) if _ESCAPED.search(value) else value


def _numbers(values: Iterable[float | int | None]) -> str:
    """Return numbers as PostgreSQL writes an array; psycopg would dump them one by one."""
    return f"{{{','.join(map(str, values))}}}"


def _texts(values: Iterable[str]) -> str:
    """Return texts joined by a mark that none may hold: cleaning took it out."""
    return _MARK.join(values)


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return _NULL if value is None else json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
