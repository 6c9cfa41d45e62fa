# SPDX-License-Identifier: EUPL-1.2
"""The only place that reads the clock; every rule and every action receives ``now``."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(tz=UTC)  # noqa: TID251 - this is the edge the rule protects
