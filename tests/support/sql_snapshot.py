# SPDX-License-Identifier: EUPL-1.2
"""Record the queries of a page with the function of ours that sent each.

The record is kept beside the test: a query added shows as a difference with a name on it, and two
records of unlike sizes show whether the count grows with the rows::

    with recorded() as queries:
        client.get(address)
    assert str(queries) == snapshot
"""

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlparse
from django.db import connection

import usufruit

_OURS = str(Path(usufruit.__file__).parent)
_SAVEPOINT = re.compile(r'"s\d+_x\d+"')
_LIST = re.compile(r"\((?:%s, )+%s\)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Query:
    """One statement, without what changes from run to run, and its author."""

    author: str
    statement: str

    def __str__(self) -> str:
        laid_out = sqlparse.format(self.statement, reindent=True)
        return f"-- {self.author}\n{laid_out}"


@dataclass
class Queries:
    """The statements of one block, in the order they were sent."""

    sent: list[Query] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)

    def __str__(self) -> str:
        return "\n\n".join([f"{len(self)} queries", *map(str, self.sent)]) + "\n"

    def shapes(self) -> list[tuple[str, str]]:
        """Return author and statement of each query: equal lists mean an equal plan of work."""
        return [(query.author, query.statement) for query in self.sent]


@contextmanager
def recorded() -> Iterator[Queries]:
    """Record every statement that the default connection sends inside the block."""
    queries = Queries()

    def note(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        queries.sent.append(Query(_author(), normalised(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield queries


def normalised(statement: object) -> str:
    """Return a statement on one line; savepoints and lists of values lose number and length."""
    line = _SPACES.sub(" ", str(statement)).strip()
    return _LIST.sub("(%s, …)", _SAVEPOINT.sub('"savepoint"', line))


def _author() -> str:
    """Return the innermost function of the package on the stack, else of the test."""
    frames = [(frame.filename, frame.name) for frame in traceback.extract_stack()]
    ours = [pair for pair in frames if pair[0].startswith(_OURS)]
    tests = [pair for pair in frames if "/tests/" in pair[0]]
    here = str(Path(__file__))
    filename, name = (ours or [pair for pair in tests if pair[0] != here])[-1]
    root = Path(_OURS).parent if ours else Path(here).parents[2]
    return f"{Path(filename).relative_to(root)}:{name}"
