# SPDX-License-Identifier: EUPL-1.2
"""When a code is shown and who is one too many, whatever the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from usufruit.kernel.spans import Span


def code_shown(use: Span, hours_before: int) -> Span:
    """Return when the people of a booking may read its code: hours ahead, until the use ends."""
    return Span(use.start - timedelta(hours=hours_before), use.end)


def is_code_shown(use: Span, hours_before: int, now: datetime) -> bool:
    """Tell whether the code may be read now."""
    shown = code_shown(use, hours_before)
    return shown.start <= now < shown.end
