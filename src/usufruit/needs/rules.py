# SPDX-License-Identifier: EUPL-1.2
"""How a need lives: open until it is met or withdrawn, and open again if that was a mistake."""

from __future__ import annotations

from enum import StrEnum


class NeedState(StrEnum):
    """Where a need stands."""

    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"


_NEXT = {
    NeedState.OPEN: frozenset({NeedState.MET, NeedState.WITHDRAWN}),
    NeedState.MET: frozenset({NeedState.OPEN}),
    NeedState.WITHDRAWN: frozenset({NeedState.OPEN}),
}

MOST_OPEN = 50


def may_become(present: str, wanted: NeedState) -> bool:
    """Tell whether a need may pass from one state to another."""
    return wanted in _NEXT[NeedState(present)]
