# SPDX-License-Identifier: EUPL-1.2
"""Propose what each column of a file is, by its name and by what it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from usufruit.imports.cells import BadCell, calendar_day, number
from usufruit.imports.rules import key_of
from usufruit.inventory.columns import COLUMNS

SURE, LIKELY, POSSIBLE = 0.95, 0.7, 0.5
DOUBT = 0.25  # what a column loses when its cells do not bear its name out
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


@dataclass(frozen=True)
class Guess:
    """What a column seems to be.

    Attributes:
        target: a name of ``inventory.columns`` or ``attribute:CODE``; empty for nothing of ours.
        confidence: in [0, 1].
    """

    target: str
    confidence: float


def guesses(
    names: Sequence[str], sample: Sequence[Sequence[str]], attributes: Mapping[str, str]
) -> list[Guess]:
    """Return one guess a column; no two columns get the same target.

    Args:
        sample: some of the first lines.
        attributes: codes of characteristics by the key of their name.
    """
    found: list[tuple[float, int, str]] = []
    for place, name in enumerate(names):
        cells = [
            line[place].strip() for line in sample if len(line) > place and line[place].strip()
        ]
        found += [
            (
                confidence - (_repeats(cells, sample) if target == "external_id" else 0),
                place,
                target,
            )
            for target, confidence in _candidates(key_of(name), cells, attributes)
        ]
    chosen: dict[int, Guess] = {}
    taken: set[str] = set()
    for confidence, place, target in sorted(found, key=lambda one: (-one[0], one[1])):
        if place not in chosen and target not in taken:
            chosen[place] = Guess(target, round(min(confidence, 1.0), 2))
            taken.add(target)
    return [chosen.get(place, Guess("", 0)) for place in range(len(names))]


def _repeats(cells: Sequence[str], sample: Sequence[Sequence[str]]) -> float:
    """Return what a number loses when it is empty or said twice: it tells no things apart."""
    return 0 if len(set(cells)) == len(sample) else DOUBT


def _candidates(
    key: str, cells: Sequence[str], attributes: Mapping[str, str]
) -> list[tuple[str, float]]:
    """Return what a column may be; an earlier synonym weighs a little more than a later one."""
    found = []
    for column in COLUMNS:
        words = (column.name, key_of(column.title), *column.words)
        if key in words:
            confidence = SURE - 0.005 * words.index(key)
        elif any(len(word) > 3 and f"_{word}_" in f"_{key}_" for word in words):
            confidence = POSSIBLE
        else:
            continue
        if cells and not _fits(column.type, cells):
            confidence -= DOUBT
        found.append((column.name, confidence))
    if key in attributes:
        found.append((f"attribute:{attributes[key]}", LIKELY))
    if cells and all(_VIN.fullmatch(cell.upper()) for cell in cells):
        found.append(("vehicle_number", LIKELY))
    return [(target, confidence) for target, confidence in found if confidence > 0.2]


def _fits(kind: str, cells: Sequence[str]) -> bool:
    """Tell whether most cells can be read as a type."""
    if kind == "string":
        return True
    read = calendar_day if kind == "date" else number
    good = 0
    for cell in cells:
        try:
            read(cell)
            good += 1
        except BadCell:
            continue
    return good >= 0.6 * len(cells)
