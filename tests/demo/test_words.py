# SPDX-License-Identifier: EUPL-1.2
"""What the demonstration says: careful French, and no name of a real place or body."""

import csv
import os
import tomllib
from pathlib import Path

import pytest

from usufruit.demo.dataset import DATA, load
from usufruit.kernel.text import sort_key
from usufruit.ui.typography import typography_faults

DATASET = load()
MACHINE_READ = {"hours", "windows", "share", "days", "weeks"}


def told(value, key=""):
    """Yield the texts of some data, what machines read left out."""
    if key in MACHINE_READ:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from told(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from told(inner, key)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_texts_are_written_with_care(path):
    faults = {
        text: faults
        for text in told(tomllib.loads(path.read_text()))
        if (faults := typography_faults(text))
    }
    assert faults == {}


def test_accounts_are_functions_at_an_address_that_never_exists():
    for person in DATASET.persons:
        assert person.email.endswith("@exemple.test")
    assert {"contremaitre", "benevole", "loisirs", "admin"} <= {p.local for p in DATASET.persons}
    assert len({person.function for person in DATASET.persons}) == len(DATASET.persons)


def test_telephones_are_of_the_range_kept_for_fiction():
    for body in DATASET.bodies:
        assert "819\u00a0555-0" in body.contact, body.slug


def test_numbers_and_names_are_told_once():
    numbers = [asset.number for asset in DATASET.assets]
    assert len(set(numbers)) == len(numbers)
    assert len({body.slug for body in DATASET.bodies}) == len(DATASET.bodies)


def test_every_description_says_something():
    for asset in DATASET.assets:
        assert len(asset.about) >= 35, asset.number
        assert asset.about.endswith("."), asset.number
        for condition in asset.conditions:
            assert condition.endswith("."), f"{asset.number}: {condition}"


def _real_names(data: Path) -> set[str]:
    with (data / "qc-municipalites" / "MUN_2022_sans_personnes.csv").open(encoding="utf-8") as rows:
        read = list(csv.DictReader(rows))
    names = {row["munnom"] for row in read}
    regional = {row["mrc"].partition("(")[0].removeprefix("MRC ").strip() for row in read}
    return {sort_key(name) for name in names | regional if name}


@pytest.mark.data
def test_no_invented_place_bears_a_real_name():
    data = os.environ.get("USUFRUIT_DATA")
    if not data:
        pytest.skip("USUFRUIT_DATA ne nomme aucun jeu de données réelles.")
    real = _real_names(Path(data))
    invented = [name for _code, name, _parent in DATASET.territories]
    invented += [name.removeprefix("MRC des ").removeprefix("Région de ") for name in invented]
    assert real
    assert [name for name in invented if sort_key(name) in real] == []
