# SPDX-License-Identifier: EUPL-1.2
"""What a need can never be."""

import pytest
from psycopg.types.range import Range

from tests.support.constraints import violates
from tests.support.world import NOW, Role, make_body, make_category, make_person
from usufruit.needs.models import Need

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    body = make_body()
    return {
        "organization": body,
        "reported_by": make_person(body, Role.REQUESTER),
        "words": "Nacelle",
        "place_name": "Ici",
        "latitude": 46.5,
        "longitude": -72.5,
        "radius_km": 25,
        "purpose": "Luminaires",
        "reported_at": NOW,
    }


def test_the_database_refuses_a_need_that_says_nothing(told):
    with violates("need_says_what"):
        Need.objects.create(**{**told, "words": ""})


def test_the_database_refuses_a_need_without_purpose(told):
    with violates("need_has_purpose"):
        Need.objects.create(**{**told, "purpose": ""})


def test_the_database_refuses_an_unknown_state(told):
    with violates("need_state_known"):
        Need.objects.create(**{**told, "state": "forgotten"})


@pytest.mark.parametrize("radius_km", [0, 501])
def test_the_database_refuses_a_radius_out_of_bounds(told, radius_km):
    with violates("need_radius_bounded"):
        Need.objects.create(**{**told, "radius_km": radius_km})


def test_the_database_refuses_a_place_that_is_none(told):
    with violates("need_place_exists"):
        Need.objects.create(**{**told, "latitude": 85.5})


@pytest.mark.parametrize(
    "span", [Range(NOW, None, "[)"), Range(None, NOW, "[)"), Range(empty=True)]
)
def test_the_database_refuses_a_moment_without_ends(told, span):
    with violates("need_span_has_ends"):
        Need.objects.create(**{**told, "use_span": span})


def test_the_database_refuses_the_same_open_need_twice(told):
    Need.objects.create(**told, category=make_category("nacelle"))
    Need.objects.create(**told)
    Need.objects.create(**told, state="withdrawn")
    with violates("need_open_once"):
        Need.objects.create(**told)
