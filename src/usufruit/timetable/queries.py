# SPDX-License-Identifier: EUPL-1.2
"""What is taken, what is open, what is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db.models import QuerySet
from psycopg.types.range import Range

from usufruit.inventory.models import Asset
from usufruit.kernel import named_sql
from usufruit.kernel.spans import Span, merge, subtract
from usufruit.timetable.models import Calendar, Hold, PublicHoliday
from usufruit.timetable.rules import (
    DatedException,
    Minutes,
    OpeningRules,
    Season,
    WeeklyWindow,
)

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")


def time_range(span: Span) -> Range[datetime]:
    """Return the database's half-open range of a span."""
    return Range(span.start, span.end, "[)")


def span_of(value: Range[datetime]) -> Span:
    """Return the span of a stored range, which is always bounded."""
    assert value.lower is not None and value.upper is not None  # noqa: S101 - hold_span_half_open
    return Span(value.lower, value.upper)
