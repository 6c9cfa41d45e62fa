# SPDX-License-Identifier: EUPL-1.2
"""Who sees what of a body's assets: how far each kind of information on them goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """How far a piece of information goes; each reach holds those before it."""

    OWN_BODY = "own_body"
    PUBLIC_BODIES = "public_bodies"
    RECOGNIZED = "recognized"
    EVERYONE = "everyone"


class Information(StrEnum):
    """What may be seen of an asset."""

    ASSET = "asset"
    PHOTO = "photo"
    ADDRESS = "address"
    FREE_BUSY = "free_busy"
    USE = "use"
    CONTACT = "contact"
    CONDITIONS = "conditions"


DEFAULTS = {
    **dict.fromkeys(Information, Reach.EVERYONE),
    Information.USE: Reach.RECOGNIZED,  # hour by hour: an empty building is nobody's business
}

# Whoever may book an asset needs to know these of it, whatever the reach.
NEEDED_TO_BOOK = frozenset(
    {
        Information.ASSET,
        Information.ADDRESS,
        Information.FREE_BUSY,
        Information.CONTACT,
        Information.CONDITIONS,
    }
)

_ORDER = list(Reach)


def reaches(reach: Reach, reader: Reach) -> bool:
    """Tell whether information of a reach goes as far as a reader, named by the nearest reach."""
    return _ORDER.index(reader) <= _ORDER.index(reach)


@dataclass(frozen=True)
class Sight:
    """What one reader sees of one asset; nothing at all of an asset that is not seen."""

    seen: frozenset[Information]

    @property
    def asset(self) -> bool:
        """Tell whether the asset and its name are seen."""
        return Information.ASSET in self.seen

    @property
    def photo(self) -> bool:
        """Tell whether its photos are seen."""
        return Information.PHOTO in self.seen

    @property
    def address(self) -> bool:
        """Tell whether its place is seen, rather than only whose it is."""
        return Information.ADDRESS in self.seen

    @property
    def free_busy(self) -> bool:
        """Tell whether its week is seen, by the hour or by half-days."""
        return Information.FREE_BUSY in self.seen

    @property
    def use(self) -> bool:
        """Tell whether its measured use is seen."""
        return Information.USE in self.seen

    @property
    def contact(self) -> bool:
        """Tell whether whom to call is seen."""
        return Information.CONTACT in self.seen

    @property
    def conditions(self) -> bool:
        """Tell whether its conditions are seen."""
        return Information.CONDITIONS in self.seen


def sight(told: Mapping[Information, Reach], reader: Reach, *, may_book: bool) -> Sight:
    """Return what a reader sees by the reaches a body told.

    Args:
        reader: the nearest reach that holds the reader.
        may_book: whether a sharing rule lets the reader book the asset.
    """
    seen = {
        each
        for each in Information
        if reaches(told[each], reader) or (may_book and each in NEEDED_TO_BOOK)
    }
    return Sight(frozenset(seen) if Information.ASSET in seen else frozenset())
