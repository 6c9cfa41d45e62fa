# SPDX-License-Identifier: EUPL-1.2
"""The columns of an inventory as they are published."""

import json
from pathlib import Path

from frictionless import Schema

from usufruit.imports.rules import key_of
from usufruit.inventory import columns

PUBLISHED = Path(columns.__file__).with_name("schema.json")
REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference/inventaire.md"


def test_the_published_schema_is_that_of_the_code_and_is_valid():
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert published == columns.table_schema()
    assert Schema.validate_descriptor(published).valid


def test_the_reference_lists_every_column():
    text = REFERENCE.read_text(encoding="utf-8")
    assert [column.name for column in columns.COLUMNS if f"| `{column.name}` |" not in text] == []


def test_no_two_columns_go_by_one_name():
    words = [word for column in columns.COLUMNS for word in {*column.words, key_of(column.title)}]
    assert sorted({word for word in words if words.count(word) > 1}) == []
