# SPDX-License-Identifier: EUPL-1.2
"""A function changed in its file reaches the databases that already stand: a migration says so."""

import hashlib
import re
from pathlib import Path

import pytest

ROOMS = Path(__file__).resolve().parents[2] / "src/usufruit"
READ = re.compile(r'"(\w+\.sql)"')
SPOKEN = re.compile(r'^AS_OF = "(\w+)"$', re.MULTILINE)


def last_readers() -> dict[Path, Path]:
    """Return, by SQL file that migrations run, the last migration that does."""
    return {
        migration.parents[1] / "sql" / name: migration
        for migration in sorted(ROOMS.glob("*/migrations/0*.py"))
        for name in READ.findall(migration.read_text(encoding="utf-8"))
    }


def as_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:12]


def test_there_are_such_files():
    assert len(last_readers()) >= 6


@pytest.mark.parametrize(("file", "migration"), last_readers().items(), ids=lambda path: path.name)
def test_the_last_migration_ran_the_text_of_today(file, migration):
    spoken = SPOKEN.findall(migration.read_text(encoding="utf-8"))
    assert spoken == [as_of(file.read_bytes())], (
        f"{file.name} has changed: add a migration after {migration.name} that runs it again, with"
        f' AS_OF = "{as_of(file.read_bytes())}" (docs/adr/0009)'
    )
