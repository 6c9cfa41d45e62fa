# SPDX-License-Identifier: EUPL-1.2
"""Every named constraint of the database has a test that violates it, by its name."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

TESTS = Path(__file__).resolve().parents[1]
OURS = "usufruit."
# What PostgreSQL or Django names by itself: a positive integer, a unique column, a foreign key.
NAMED_BY_DJANGO = re.compile(r"_check$|_key$|_uniq$|_fk(_|$)|_like$|_pkey$")
# Constraints no statement can violate, and why.
IMPLIED = {
    "asset_lanes_known": "the primary key holds first; it is what two foreign keys refer to",
}

NAMES = """
SELECT conname FROM pg_constraint
 WHERE conrelid = ANY (SELECT unnest(%(tables)s::regclass[])) AND contype <> 'p' AND contype <> 'n'
UNION
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE indrelid = ANY (SELECT unnest(%(tables)s::regclass[])) AND indisunique AND NOT indisprimary
UNION
SELECT tgname FROM pg_trigger
 WHERE tgrelid = ANY (SELECT unnest(%(tables)s::regclass[])) AND NOT tgisinternal
   AND tgname NOT LIKE 'pgtrigger%%'
   AND tgname NOT LIKE 'openmonth%%'  -- they forget a copy and refuse nothing
   AND tgname NOT LIKE 'waiting%%'  -- they bring a request to who answers it and refuse nothing
"""


def named_constraints() -> set[str]:
    """Return the constraints, unique indexes and triggers somebody gave a name to."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith(OURS) and model._meta.managed
    ]
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"tables": tables})
        found = {row[0] for row in cursor.fetchall()}
    return {name for name in found if not NAMED_BY_DJANGO.search(name)}


def violated() -> set[str]:
    """Return the names given to ``violates`` anywhere in the tests."""
    names = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "violates":
                names.add(ast.literal_eval(node.args[0]))
    return names


@pytest.mark.django_db
def test_each_named_constraint_is_violated_somewhere():
    named = named_constraints()
    assert len(named) > 50
    assert named - violated() - set(IMPLIED) == set()


@pytest.mark.django_db
def test_the_register_names_nothing_that_is_gone():
    assert violated() | set(IMPLIED) <= named_constraints()


def test_each_constraint_of_a_model_has_its_french_sentence():
    silent = [
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith(OURS)
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    # Never met by a person: written by a migration, a loader or the engine alone.
    assert sorted(silent) == [
        "asset_lanes_known",
        "finding_once_per_asset",
        "holiday_once",
        "reading_once_a_day",
    ]


@pytest.mark.django_db
def test_no_check_lets_unknown_pass():
    """A CHECK that yields NULL passes: each column it reads must be NOT NULL, or NULL be named."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT conname, attname, pg_get_constraintdef(pg_constraint.oid)
              FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
             WHERE contype = 'c' AND NOT attnotnull
               AND connamespace = 'public'::regnamespace
            """
        )
        rows = cursor.fetchall()
    ours = named_constraints()
    unguarded = {
        name
        for name, column, text in rows
        if name in ours and f"{column} IS NULL" not in text and f"{column} IS NOT NULL" not in text
    }
    assert unguarded == set()
