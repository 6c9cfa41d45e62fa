# SPDX-License-Identifier: EUPL-1.2
"""A search reads what it shows and little more: rows out of reach cost nothing."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection

from tests.support.world import NOW, make_asset, make_body, make_category, share
from usufruit.kernel.spans import Span
from usufruit.search.queries import Question, nearest

pytestmark = pytest.mark.django_db

HERE = 46.5, -72.5
BIG_TABLES = {
    "inventory_asset",
    "timetable_hold",
    "timetable_assetcalendar",
    "sharing_sharingrule",
    "timetable_openinghours",
    "timetable_season",
    "timetable_openmonth",
}
# Three hundred assets a degree or two away, each with its calendar, its rule and four holds.
GROW = """
WITH pattern AS (SELECT * FROM inventory_asset WHERE id = %(asset)s),
added AS (
    INSERT INTO inventory_asset (
        owner_id, manager_id, custodian_id, category_id, site_id, name, description, conditions,
        external_id, structure, lane_count, attributes, buffer_before_min, buffer_after_min, state,
        latitude, longitude)
    SELECT owner_id, manager_id, custodian_id, category_id, site_id, name, '', '',
           'G-' || %(first)s + n, structure, 1, '{}', 0, 0, 'published',
           latitude + %(away)s + n / 300.0, longitude + (n %% 37) / 100.0
      FROM pattern, generate_series(1, 300) AS n
    RETURNING id),
following AS (
    INSERT INTO timetable_assetcalendar (asset_id, calendar_id)
    SELECT added.id, calendar_id FROM added, timetable_assetcalendar WHERE asset_id = %(asset)s),
ruled AS (
    INSERT INTO sharing_sharingrule (asset_id, audience, mode, windows_id)
    SELECT added.id, audience, mode, NULL
      FROM added, sharing_sharingrule WHERE asset_id = %(asset)s)
INSERT INTO timetable_hold (asset_id, lane_count, lanes, span, use_span, reason, note)
SELECT added.id, 1, '{[0,1)}', held.span, held.span, 'own_use', ''
  FROM added, generate_series(1, 4) AS n,
       LATERAL (SELECT tstzrange(timestamptz '2026-12-05 00:00Z' + n * interval '1 day',
                                 timestamptz '2026-12-05 02:00Z' + n * interval '1 day') AS span
               ) AS held
"""


@pytest.fixture
def pattern():
    asset = make_asset(make_body(), opening="tous 8:00-22:00")
    share(asset)
    return asset


def grow(asset, *, times: int, away: float, first: int = 0) -> None:
    with connection.cursor() as cursor:
        for n in range(times):
            cursor.execute(GROW, {"asset": asset.pk, "away": away, "first": first + 300 * n})
        cursor.execute("ANALYZE " + ", ".join(sorted(BIG_TABLES)))


def ask(asker, radius_km: float = 30.0, use: Span | None = None) -> int:
    use = use or Span(NOW, NOW + timedelta(hours=1))
    question = Question((make_category("salle").pk,), *HERE, radius_km, use)
    return len(nearest(question, asker, now=NOW))


def rows_read() -> dict[str, tuple[int, int]]:
    """Return, by table, the rows this transaction read in sequence and by index so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0)"
            " FROM pg_stat_xact_user_tables"
        )
        return {name: (in_sequence, by_index) for name, in_sequence, by_index in cursor.fetchall()}


def reading(*arguments, **words) -> tuple[int, dict[str, tuple[int, int]]]:
    before = rows_read()
    found = ask(*arguments, **words)
    after = rows_read()
    return found, {
        table: (after[table][0] - before[table][0], after[table][1] - before[table][1])
        for table in BIG_TABLES
    }


def test_rows_out_of_reach_are_never_read(pattern):
    asker = make_body()
    grow(pattern, times=1, away=2.0)
    found, few = reading(asker)
    assert found == 1
    grow(pattern, times=4, away=2.0, first=300)
    found, many = reading(asker)
    assert found == 1
    for table in BIG_TABLES:
        assert sum(many[table]) <= sum(few[table]) + 5, (table, few[table], many[table])
    assert many["inventory_asset"][0] == many["timetable_hold"][0] == 0


def test_a_full_page_reads_as_many_rows_among_many_as_among_few(pattern):
    """All are within reach, open and free: the scan stops when the page is full."""
    asker = make_body()
    grow(pattern, times=1, away=0.0)
    found, few = reading(asker, radius_km=500.0)
    assert found == 20
    grow(pattern, times=4, away=0.0, first=300)
    found, many = reading(asker, radius_km=500.0)
    assert found == 20
    for table in BIG_TABLES:
        assert sum(many[table]) <= 3 * sum(few[table]) + 60, (table, few[table], many[table])
    assert sum(many["inventory_asset"]) < 500
    assert sum(many["timetable_hold"]) < 500


def test_every_one_taken_is_the_worst_and_still_no_table_is_scanned(pattern):
    grow(pattern, times=4, away=0.0)
    start = NOW.replace(day=6, hour=0)
    connection.cursor().execute(
        "DELETE FROM timetable_assetcalendar WHERE asset_id = %s", [pattern.pk]
    )
    found, read = reading(
        make_body(), radius_km=500.0, use=Span(start, start + timedelta(minutes=30))
    )
    assert found == 0
    assert read["timetable_hold"][0] == read["inventory_asset"][0] == 0


def generic_plan(asset) -> dict:
    """Return the plan of the query inside ``nearest_free``, its variables left unknown."""
    types = {
        "categories": "bigint[]",
        "origin": "point",
        "reach": "float8",
        "wanted": "tstzrange",
        "audiences": "text[]",
        "own": "bigint",
        "at": "timestamptz",
        "most": "integer",
        "spelled": "timestamptz",
        "shut": "bigint[]",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc, proconfig FROM pg_proc WHERE proname = 'nearest_free'")
        source, settings = cursor.fetchone()
        body = re.search(r"RETURN QUERY(.*);\s*END", source, re.DOTALL)[1]
        body = re.sub(r"--.*", "", body)
        for number, name in enumerate(types, 1):
            body = re.sub(rf"(?<![\w.'\"]){name}(?![\w'\"])", f"${number}", body)
        for setting in settings:
            cursor.execute("SELECT set_config(%s, %s, true)", setting.split("="))
        cursor.execute(f"PREPARE looked ({', '.join(types.values())}) AS {body}")
        cursor.execute(
            "EXPLAIN (FORMAT JSON) EXECUTE looked (%s, projected_point(%s, %s), 50,"
            " %s, %s, NULL, now(), 20, '2026-12-01', '{}')",
            [
                [asset.category_id],
                *HERE,
                "[2026-12-01 15:00Z,2026-12-01 16:00Z)",
                ["public_bodies"],
            ],
        )
        plan = cursor.fetchone()[0]
        cursor.execute("DEALLOCATE looked")
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def nodes(plan: dict):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def test_the_generic_plan_walks_the_index_of_places(pattern):
    grow(pattern, times=4, away=0.0)
    found = list(nodes(generic_plan(pattern)))
    (near,) = [node for node in found if node.get("Index Name") == "asset_near"]
    assert near["Node Type"] == "Index Scan"
    assert "<->" in near["Order By"]
    scanned = {n["Relation Name"] for n in found if n["Node Type"] == "Seq Scan"}
    assert not scanned & {"inventory_asset", "timetable_hold", "sharing_sharingrule"}
    # Hashing would read every asset in reach before the first is shown.
    for node in found:
        if node["Node Type"] in {"Hash Join", "Merge Join"}:
            inside = {each.get("Relation Name") for each in nodes(node)}
            assert "inventory_asset" not in inside
