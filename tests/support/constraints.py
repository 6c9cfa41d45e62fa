# SPDX-License-Identifier: EUPL-1.2
"""Show that the database refuses, by the name of the constraint; a register reads these calls.

``tests/architecture/test_constraints.py`` fails for each constraint that no test violates.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def violates(name: str, *, raised_as: str = "") -> Iterator[None]:
    """Expect the block to break the named constraint, deferred ones included, and undo it.

    Args:
        raised_as: the name the error carries when a trigger speaks for another constraint.
    """
    with pytest.raises(IntegrityError) as raised, transaction.atomic():  # noqa: PT012
        with connection.cursor() as cursor:  # what came before must already be whole
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    broken = raised.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    assert broken == (raised_as or name), raised.value
