# SPDX-License-Identifier: EUPL-1.2
"""The column types Django lacks: multiranges, of lanes and of instants."""

import re
from typing import Any, cast

from django.contrib.postgres.lookups import Overlap
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from psycopg.types.multirange import Int4Multirange, Multirange
from psycopg.types.range import Int4Range

_BOUNDS = re.compile(r"\[(\d+),(\d+)\)")
_TEXT = re.compile(r"\{(\[\d+,\d+\)(,\[\d+,\d+\))*)?\}")


def lanes(*bounds: tuple[int, int]) -> Int4Multirange:
    """Return the lanes of half-open bounds, as ``lanes((0, 1), (2, 3))``.

    Raises:
        ValueError: when a bound is empty or negative: such lanes would block nothing.
    """
    for low, high in bounds:
        if not 0 <= low < high:
            raise ValueError(f"lanes run upwards from 0, not [{low}, {high})")
    return Int4Multirange([Int4Range(low, high, "[)") for low, high in bounds])


def lane_bounds(value: Multirange[int]) -> tuple[tuple[int, int], ...]:
    """Return the half-open bounds of a set of lanes, lowest first."""
    return tuple((part.lower or 0, part.upper or 0) for part in value)


def lanes_meet(left: Multirange[int], right: Multirange[int]) -> bool:
    """Tell whether two sets of lanes share one, as ``&&`` does in SQL."""
    return any(a < d and c < b for a, b in lane_bounds(left) for c, d in lane_bounds(right))


class LanesField(models.Field):
    """A set of lanes, stored as ``int4multirange``; its value is psycopg's ``Multirange``.

    The JSON and form text is PostgreSQL's own: ``{[0,1),[2,3)}``.
    """

    description = "Set of lanes"

    def db_type(self, connection: Any) -> str:  # noqa: ANN401 - Django's signature
        """Return PostgreSQL's type name."""
        return "int4multirange"

    def get_prep_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Give psycopg the exact integer width, which GiST needs to match its column."""
        if isinstance(value, Multirange):
            return lanes(*lane_bounds(value))
        return value

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Read the text of ``value_to_string``, as fixtures and forms hold it.

        Raises:
            ValidationError: when the text is not a set of lanes.
        """
        if value is None or isinstance(value, Multirange):
            return value
        if not _TEXT.fullmatch(str(value)):
            raise ValidationError(
                _("«\u00a0%(value)s\u00a0» n’est pas un ensemble de voies."),
                params={"value": value},
            )
        try:
            return lanes(*((int(low), int(high)) for low, high in _BOUNDS.findall(str(value))))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def value_to_string(self, obj: models.Model) -> str:
        """Return the lanes as PostgreSQL writes them."""
        bounds = lane_bounds(cast("Multirange[int]", self.value_from_object(obj)))
        return "{" + ",".join(f"[{low},{high})" for low, high in bounds) + "}"


LanesField.register_lookup(Overlap)


class SpansField(models.Field):
    """A set of spans, stored as ``tstzmultirange``; only SQL writes it."""

    description = "Set of spans"

    def db_type(self, connection: Any) -> str:  # noqa: ANN401 - Django's signature
        """Return PostgreSQL's type name."""
        return "tstzmultirange"
