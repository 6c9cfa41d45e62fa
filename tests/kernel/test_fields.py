# SPDX-License-Identifier: EUPL-1.2
"""Lanes travel to the database, to text and back unchanged."""

import json

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.support.world import make_asset, make_body
from usufruit.inventory.models import Part
from usufruit.kernel.fields import LanesField, lane_bounds, lanes

# Disjoint runs with a gap between two, as PostgreSQL stores them.
runs = st.lists(st.integers(0, 59), min_size=2, max_size=12, unique=True).map(
    lambda cuts: tuple(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)


@pytest.fixture
def hall(db):
    return make_asset(make_body(), structure="parts", lane_count=60)


@given(bounds=runs)
def test_bounds_come_back(bounds):
    assert lane_bounds(lanes(*bounds)) == bounds


@pytest.mark.django_db
@given(bounds=st.lists(runs, min_size=1, max_size=10))
def test_the_database_keeps_lanes_as_they_are(bounds):
    with connection.cursor() as cursor:
        for each in bounds:
            cursor.execute("SELECT %s, %s::int4multirange::text", [lanes(*each), lanes(*each)])
            stored, text = cursor.fetchone()
            assert lane_bounds(stored) == each
            assert LanesField().to_python(text) == stored


def test_a_row_keeps_its_lanes(hall):
    part = Part.objects.create(asset=hall, lane_count=60, name="A", lanes=lanes((0, 2), (4, 6)))
    part.refresh_from_db()
    assert part.lanes == lanes((0, 2), (4, 6))
    assert Part.objects.get(lanes=lanes((0, 2), (4, 6))) == part
    assert Part.objects.get(lanes__overlap=lanes((5, 9))) == part
    assert not Part.objects.filter(lanes__overlap=lanes((2, 4), (6, 60))).exists()


def test_a_row_travels_through_json(hall):
    part = Part.objects.create(asset=hall, lane_count=60, name="A", lanes=lanes((0, 2), (4, 6)))
    text = serializers.serialize("json", [part])
    assert json.loads(text)[0]["fields"]["lanes"] == "{[0,2),[4,6)}"
    Part.objects.all().delete()
    for read in serializers.deserialize("json", text):
        read.save()
    assert Part.objects.get().lanes == lanes((0, 2), (4, 6))


@pytest.mark.parametrize("bounds", [(1, 1), (2, 1), (-1, 1)])
def test_lanes_that_would_block_nothing_are_refused(bounds):
    with pytest.raises(ValueError, match="run upwards from 0"):
        lanes(bounds)


@pytest.mark.parametrize("text", ["[0,1)", "{[0,1]}", "{[1,1)}", "tout", "{[0,1),}"])
def test_text_that_is_no_set_of_lanes_is_refused(text):
    with pytest.raises(ValidationError):
        LanesField().to_python(text)


def test_nothing_and_lanes_are_left_alone():
    assert LanesField().to_python(None) is None
    assert LanesField().to_python(lanes((0, 1))) == lanes((0, 1))
    assert lane_bounds(LanesField().to_python("{}")) == ()
