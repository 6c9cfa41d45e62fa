# SPDX-License-Identifier: EUPL-1.2
"""One verb, one transaction; a deadlock restarts the whole verb (T4)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3


def verb(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action in one transaction, restarting it when PostgreSQL broke a deadlock with it.

    Inside a transaction already open the restart belongs to the outermost verb.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return action(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    return action(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected) or attempt == ATTEMPTS:
                    raise
        raise AssertionError("the loop returns or raises")

    return run
