# SPDX-License-Identifier: EUPL-1.2
"""Lanes that divide, and distances on the globe."""

from math import acos, cos, degrees, isclose, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.inventory.rules import EARTH_RADIUS_KM, distance_km, lanes_of_divisions

latitudes = st.floats(-85, 85)
longitudes = st.floats(-180, 180)


def test_a_hall_in_halves_and_in_thirds_has_six_lanes():
    assert lanes_of_divisions(2, 3) == (
        6,
        [[(0, 3), (3, 6)], [(0, 2), (2, 4), (4, 6)]],
    )


@given(st.lists(st.sampled_from([2, 3, 4, 5, 6, 10, 12]), min_size=1, max_size=3))
def test_each_division_covers_every_lane_once_in_equal_shares(divisions):
    lane_count, shares = lanes_of_divisions(*divisions)
    assert len(shares) == len(divisions)
    for n, division in zip(divisions, shares, strict=True):
        covered = [lane for low, high in division for lane in range(low, high)]
        assert covered == list(range(lane_count))
        assert {high - low for low, high in division} == {lane_count // n}


@pytest.mark.parametrize("divisions", [(), (1,), (2, 1), (7, 9), (0,), (61,)])
def test_divisions_that_make_no_sense_are_refused(divisions):
    with pytest.raises(ValueError, match=r"at least two shares|at most 60"):
        lanes_of_divisions(*divisions)


@pytest.mark.parametrize(
    ("place", "other", "km"),
    [
        # One degree of a great circle is 2πR / 360.
        ((0, 0), (0, 1), 111.195),
        ((45, -72), (46, -72), 111.195),
        ((0, 0), (0, 180), 20015.1),
        ((46.5, 179.9), (46.5, -179.9), 15.31),  # across the date line
        ((46.5, -72.5), (46.5, -72.5), 0),
    ],
)
def test_known_distances(place, other, km):
    assert isclose(distance_km(*place, *other), km, rel_tol=1e-3, abs_tol=1e-9)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_that_of_the_law_of_cosines(lat_a, lon_a, lat_b, lon_b):
    there = distance_km(lat_a, lon_a, lat_b, lon_b)
    assert isclose(there, distance_km(lat_b, lon_b, lat_a, lon_a), abs_tol=1e-6)
    cosine = sin(radians(lat_a)) * sin(radians(lat_b)) + cos(radians(lat_a)) * cos(
        radians(lat_b)
    ) * cos(radians(lon_a - lon_b))
    arc_km = EARTH_RADIUS_KM * acos(max(-1.0, min(1.0, cosine)))
    assert isclose(there, arc_km, abs_tol=0.5)  # acos is coarse near 0 and half a turn
    assert 0 <= there <= EARTH_RADIUS_KM * radians(180) + 1e-6
    assert degrees(there / EARTH_RADIUS_KM) <= 180 + 1e-9
