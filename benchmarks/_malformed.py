# SPDX-License-Identifier: EUPL-1.2
"""Rectangles that would block nothing, or lie: each is refused by a constraint of its own (T1)."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction
from psycopg import sql

from tests.support.world import make_asset, make_body
from usufruit.inventory.models import Asset

STORED = "stored"

_GOOD = {
    "asset_id": 0,
    "lane_count": 1,
    "lanes": "{[0,1)}",
    "span": "[2027-05-04 13:00Z,2027-05-04 15:00Z)",
    "use_span": "[2027-05-04 13:00Z,2027-05-04 15:00Z)",
    "reason": "own_use",
    "line_id": None,
    "note": "",
}
# What is wrong, and the columns that make it so.
_WRONG = {
    "empty span": {"span": "empty"},
    "no span": {"span": None},
    "span without end": {"span": "[2027-05-04 13:00Z,)"},
    "span without start": {"span": "(,2027-05-04 15:00Z)"},
    "span to infinity": {"span": "[2027-05-04 13:00Z,infinity)"},
    "span from minus infinity": {"span": "[-infinity,2027-05-04 15:00Z)"},
    "span closed at its end": {"span": "[2027-05-04 13:00Z,2027-05-04 15:00Z]"},
    "span open at its start": {
        "span": "(2027-05-04 13:00Z,2027-05-04 15:00Z)",
        "use_span": "[2027-05-04 14:00Z,2027-05-04 15:00Z)",
    },
    "empty lanes": {"lanes": "{}"},
    "no lanes": {"lanes": None},
    "lane outside": {"lanes": "{[1,2)}"},
    "lane below zero": {"lanes": "{[-1,1)}"},
    "lanes without end": {"lanes": "{[0,)}"},
    "lane count of another asset": {"lane_count": 2, "lanes": "{[1,2)}"},
    "no lane count": {"lane_count": None},
    "asset that does not exist": {"asset_id": -1},
    "empty use": {"use_span": "empty"},
    "use outside its span": {"use_span": "[2027-05-04 12:00Z,2027-05-04 15:00Z)"},
    "use closed at its end": {"use_span": "[2027-05-04 13:00Z,2027-05-04 14:00Z]"},
    "unknown reason": {"reason": "whim"},
    "no reason": {"reason": None},
    "booking without line": {"reason": "booking"},
    "own use with a line": {"line_id": 1},
    "line that does not exist": {"reason": "booking", "line_id": -1},
}


def attempts() -> dict[str, str]:
    """Try each malformed rectangle by plain SQL; return what refused it, by name."""
    body = make_body()
    asset = make_asset(body)
    hall = make_asset(body, structure="parts", lane_count=6)
    refused = {}
    for name, columns in _WRONG.items():
        row = {**_GOOD, "asset_id": asset.pk, **columns}
        refused[name] = _refusal(lambda row=row: _insert(row))
    refused.update(_against_a_booking(asset, hall))
    return refused


def _against_a_booking(asset: Asset, hall: Asset) -> dict[str, str]:
    """Try what is wrong only because something stands there already."""
    _insert({**_GOOD, "asset_id": asset.pk})
    _insert({**_GOOD, "asset_id": hall.pk, "lane_count": 6, "lanes": "{[4,6)}"})
    _insert({**_GOOD, "asset_id": hall.pk, "lane_count": 6, "lanes": "{[0,1)}"})
    across = "{[0,1),[3,5)}"
    later = "[2027-05-04 14:59Z,2027-05-04 16:00Z)"
    return {
        "last minute of another": _refusal(
            lambda: _insert({**_GOOD, "asset_id": asset.pk, "span": later, "use_span": later})
        ),
        "lanes that meet some of another's": _refusal(
            lambda: _insert({**_GOOD, "asset_id": hall.pk, "lane_count": 6, "lanes": across})
        ),
        "enlarging over another": _refusal(
            lambda: _execute(
                "UPDATE timetable_hold SET lanes = '{[0,6)}' WHERE asset_id = %s AND lanes = %s",
                [hall.pk, "{[0,1)}"],
            )
        ),
        "shrinking a hall under its bookings": _refusal(
            lambda: _execute("UPDATE inventory_asset SET lane_count = 2 WHERE id = %s", [hall.pk])
        ),
        "deleting an asset under its bookings": _refusal(
            lambda: _execute("DELETE FROM inventory_asset WHERE id = %s", [asset.pk])
        ),
    }


def _refusal(attempt) -> str:
    """Return the name of the constraint that refused, or ``stored``; nothing stays."""
    try:
        with _undone():
            attempt()
    except psycopg.Error as error:
        # A missing value is refused by its column; PostgreSQL gives that refusal no name of its own
        # before version 18.
        diagnosis = error.diag
        return diagnosis.constraint_name or f"not null: {diagnosis.column_name}"
    return STORED


@contextmanager
def _undone() -> Iterator[None]:
    """Check the deferred constraints too, then take everything back."""
    with transaction.atomic(), _plain_errors():
        yield
        _execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Let psycopg's own error through Django's translation."""
    try:
        yield
    except Exception as error:
        if isinstance(error.__cause__, psycopg.Error):
            raise error.__cause__ from None
        raise


def _insert(row: dict) -> None:
    statement = sql.SQL("INSERT INTO timetable_hold ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    _execute(statement, list(row.values()))


def _execute(statement, parameters=()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
