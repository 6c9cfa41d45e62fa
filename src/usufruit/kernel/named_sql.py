# SPDX-License-Identifier: EUPL-1.2
"""SQL is prose with a title: named statements in ``sql/*.sql``, loaded once.

A file holds statements introduced by ``-- name: imperative_noun``, followed by a sentence, the
parameters with their units and the columns returned. Each room loads its own.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

Row = TypeVar("Row")

_TITLE = re.compile(r"^-- *name *:[ \t]*(?P<name>.*?)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@cache
def load(path: Path) -> Mapping[str, str]:
    """Return the statements of a file by name.

    Raises:
        ValueError: when the file names no statement, one name twice, or a name that is no
            ``snake_case`` word: a title misread would hide its statement inside the one before.
    """
    text = path.read_text(encoding="utf-8")
    titles = list(_TITLE.finditer(text))
    names = [title["name"] for title in titles]
    if not names or len(names) != len(set(names)) or not all(map(_NAME.fullmatch, names)):
        raise ValueError(f"{path}: each statement has one title of its own")
    ends = [title.start() for title in titles[1:]] + [len(text)]
    return {
        title["name"]: text[title.end() : end].strip()
        for title, end in zip(titles, ends, strict=True)
    }


def fetch(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement on the default connection and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def fetch_as(row: Callable[..., Row], statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Run a statement and return one ``row(**columns)`` per line."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description or ()]
        return [row(**dict(zip(names, line, strict=True))) for line in cursor.fetchall()]
