# SPDX-License-Identifier: EUPL-1.2
"""Clients at the same moment: each in its own thread, on its own connection, with real commits.

The transaction that wraps a test belongs to the main thread's connection alone: what a race needs
is written by ``committed``, which also removes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.apps import apps
from django.db import connection, connections

R = TypeVar("R")

PATIENCE_S = 30
# Rows a migration wrote, which no test may lose, and what is not ours.
KEPT = {"organizations_organizationnature"}


def apart(action: Callable[[], R]) -> R:
    """Do something outside the test's transaction, on a connection of its own."""
    return together([action])[0]


def together(actions: Sequence[Callable[[], R]]) -> list[R]:
    """Do all at the same moment and return what each returned, or raise what the first raised."""
    outcomes = outcomes_together(actions)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return outcomes  # type: ignore[return-value]


def outcomes_together(actions: Sequence[Callable[[], R]]) -> list[R | BaseException]:
    """Do all at the same moment and return what each returned or raised, in order."""
    start = threading.Barrier(len(actions), timeout=PATIENCE_S)

    def run(action: Callable[[], R]) -> R | BaseException:
        try:
            connection.ensure_connection()
            start.wait()
            return action()
        except BaseException as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions, timeout=PATIENCE_S))


@contextmanager
def committed() -> Iterator[None]:
    """Let the block commit for real, then empty every table of ours that it may have filled.

    The test asks for the database as any other; its own transaction sleeps meanwhile.
    """
    asleep = connections["default"]
    connections["default"] = asleep.copy()
    try:
        yield
    finally:
        tables = {
            model._meta.db_table
            for model in apps.get_models(include_auto_created=True)
            if model.__module__.startswith(("usufruit.", "allauth.", "pghistory."))
            and model._meta.managed
            and not model._meta.proxy
        } - KEPT
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(sorted(tables))}")
        connection.close()
        connections["default"] = asleep
