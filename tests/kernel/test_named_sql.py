# SPDX-License-Identifier: EUPL-1.2
"""Statements with a title, and files whose titles would mislead."""

from dataclasses import dataclass
from pathlib import Path

import pytest

import usufruit
from usufruit.kernel import named_sql


def written(folder: Path, text: str) -> Path:
    path = folder / "queries.sql"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_statement_is_found_by_its_name(tmp_path):
    path = written(
        tmp_path,
        "-- About.\n-- name: count_1\n-- One.\nSELECT 1\n\n-- name: two\nSELECT 2\n",
    )
    assert named_sql.load(path) == {"count_1": "-- One.\nSELECT 1", "two": "SELECT 2"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "",
        "-- name: twice\nSELECT 1\n-- name: twice\nSELECT 2",
        "-- name: one\nSELECT 1\n-- name: Two-Three\nSELECT 2",
        "-- name: one\nSELECT 1\n--name:\nSELECT 2",
        "-- name: two words\nSELECT 2",
    ],
)
def test_a_file_whose_titles_mislead_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match="one title of its own"):
        named_sql.load(written(tmp_path, text))


def test_an_absent_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        named_sql.load(tmp_path / "nowhere.sql")


@pytest.mark.django_db
def test_rows_come_as_tuples_or_as_objects():
    @dataclass(frozen=True)
    class Pair:
        left: int
        right: str

    statement = "SELECT %(n)s::int AS left, 'b' AS right UNION ALL SELECT 2, 'c' ORDER BY 1"
    assert named_sql.fetch(statement, {"n": 1}) == [(1, "b"), (2, "c")]
    assert named_sql.fetch_as(Pair, statement, {"n": 1}) == [Pair(1, "b"), Pair(2, "c")]


def test_every_statement_of_ours_says_what_it_does():
    files = [
        path
        for path in Path(usufruit.__file__).parent.glob("*/sql/*.sql")
        if "-- name:" in path.read_text(encoding="utf-8")
    ]
    assert files
    for path in files:
        for name, statement in named_sql.load(path).items():
            assert statement.startswith("-- "), f"{path.name}: {name} has no sentence"
