# SPDX-License-Identifier: EUPL-1.2
"""A large territory, loaded in sets: a thousand bodies, their assets and a year of holds."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from benchmarks._report import timed
from usufruit.kernel import named_sql
from usufruit.timetable.actions import load_holidays, spell_out_calendars

SQL = named_sql.load(Path(__file__).with_name("territory.sql"))

FIRST = datetime(2026, 10, 1, 4, tzinfo=UTC)  # midnight in Toronto; holds fill the year after it
CATEGORIES = 60
MOST_BODIES = 1000
SEED = 0.42

STEPS = (
    "make_die",
    "set_dice",
    "add_bodies",
    "add_categories",
    "add_sites",
    "add_calendars",
    "add_seasons",
    "add_hours",
    "add_exceptions",
    "add_assets",
    "add_parts",
    "follow_calendars",
    "add_rules",
    "count_holds",
    "add_holds",
)


def load(*, assets: int, holds: int) -> dict[str, int]:
    """Fill the empty database; return how many assets and holds there are.

    The exclusion constraint is built once all holds are there, which checks each of them.

    Raises:
        AssertionError: when a row names another that does not exist.
    """
    load_holidays(region="CA-QC", first_year=2026, last_year=2027)
    sizes = {
        "assets": assets,
        "holds": holds,
        "bodies": max(8, min(MOST_BODIES, assets // 20)),
        "categories": max(2, min(CATEGORIES, assets // 50)),
        "first": FIRST,
        "seed": SEED,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        definition = _definition(cursor, "hold_no_overlap")
        cursor.execute("ALTER TABLE timetable_hold DROP CONSTRAINT hold_no_overlap")
        for step in STEPS:
            with timed(step):
                cursor.execute(
                    SQL[step], {n: v for n, v in sizes.items() if f"%({n})" in SQL[step]}
                )
        with timed("hold_no_overlap"):
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(
                f"ALTER TABLE timetable_hold ADD CONSTRAINT hold_no_overlap {definition}"
            )
            cursor.execute("RESET maintenance_work_mem")
        cursor.execute("RESET session_replication_role")
        cursor.execute(SQL["count_orphans"])
        orphans = cursor.fetchone()[0]
        if orphans:
            raise AssertionError(f"{orphans} rows name others that do not exist")
        with timed("spell_out_calendars"):
            spell_out_calendars(now=FIRST)
        with timed("VACUUM ANALYZE"):
            cursor.execute("VACUUM (ANALYZE)")
        return {
            "assets": _count(cursor, "inventory_asset"),
            "holds": _count(cursor, "timetable_hold"),
        }


def _count(cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0]


def _definition(cursor, constraint: str) -> str:
    """Return a constraint as the migrations made it."""
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint]
    )
    return cursor.fetchone()[0]
