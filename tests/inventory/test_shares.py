# SPDX-License-Identifier: EUPL-1.2
"""How an asset divides, and how its parts are first named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.inventory.rules import divisions_of_shares, shares_of_divisions


def test_halves_and_thirds():
    lane_count, shares = shares_of_divisions(3, 2, 2)
    assert lane_count == 6
    assert shares == [
        ("Moitié 1", (0, 3)),
        ("Moitié 2", (3, 6)),
        ("Tiers 1", (0, 2)),
        ("Tiers 2", (2, 4)),
        ("Tiers 3", (4, 6)),
    ]


def test_uncommon_shares_have_a_name_too():
    assert shares_of_divisions(5)[1][4] == ("Part de 5 5", (4, 5))


@pytest.mark.parametrize("divisions", [(), (1,), (0,), (-2,), (61,), (7, 11)])
def test_what_lanes_cannot_hold(divisions):
    with pytest.raises(ValueError, match=r"shares|lanes"):
        shares_of_divisions(*divisions)


@given(st.sets(st.sampled_from([2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60]), min_size=1))
def test_divisions_are_found_again_in_the_parts(divisions):
    lane_count, shares = shares_of_divisions(*divisions)
    assert divisions_of_shares(lane_count, [bounds for _name, bounds in shares]) == sorted(
        divisions
    )
    assert len({name for name, _bounds in shares}) == len(shares)


def test_parts_that_are_no_equal_share_are_left_out():
    assert divisions_of_shares(6, [(0, 4), (0, 3), (3, 6)]) == [2]
