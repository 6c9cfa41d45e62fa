# SPDX-License-Identifier: EUPL-1.2
"""What is true of places, names and headers, whatever the file and the database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from usufruit.kernel.text import search_words, sort_key

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_UNIT = re.compile(r"[\[(]\s*[^\])]*[\])]")


@dataclass(frozen=True)
class Box:
    """A rectangle of degrees in which the places of a body are expected."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Tell whether a place lies inside."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


QUEBEC = Box(44.5, 63.0, -80.5, -56.5)
FRANCE = Box(41.0, 51.6, -5.6, 10.0)


def place_fault(latitude: float, longitude: float, expected: Box) -> str:
    """Return what is wrong with a place: ``swapped``, ``projected``, or empty.

    A place is swapped when only its mirror lies where it is expected; degrees beyond the globe are
    metres of a projection.
    """
    if not expected.holds(latitude, longitude) and expected.holds(longitude, latitude):
        return "swapped"
    if abs(latitude) > 85 or abs(longitude) > 180:
        return "projected"
    return ""


def key_of(name: str) -> str:
    """Return a column's name without accents, units or signs, ``_`` between words."""
    return _NOT_WORD.sub("_", sort_key(_UNIT.sub("", name))).strip("_")


def signature(names: Sequence[str]) -> str:
    """Return what tells the header of a file again, whatever its accents and capitals."""
    return hashlib.sha256("\n".join(key_of(name) for name in names).encode()).hexdigest()


def are_alike(left: str, right: str) -> bool:
    """Tell whether two names may be of one thing: one's words are among the other's, or most are.

    Numbers decide: « Salle 101 » is not « Salle 102 ».
    """
    a, b = set(search_words(left)), set(search_words(right))
    if not a or not b:
        return False
    if {word for word in a ^ b if any(char.isdigit() for char in word)}:
        return False
    return len(a & b) / len(a | b) >= 0.5
