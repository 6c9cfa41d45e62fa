# SPDX-License-Identifier: EUPL-1.2
"""What is true of lanes and parts, whatever the database."""

from __future__ import annotations

from math import asin, cos, lcm, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in kilometres between two places in degrees (WGS 84).

    Source: haversine formula on the mean Earth radius (IUGG); error below 0.5 %.
    """
    half_lat = radians(lat_b - lat_a) / 2
    half_lon = radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def lanes_of_divisions(*divisions: int) -> tuple[int, list[list[tuple[int, int]]]]:
    """Return how many lanes an asset needs to divide in each way, and the lanes of each share.

    A hall that divides in halves and in thirds has six lanes: a half is three, a third is two.

    Args:
        divisions: numbers of equal shares, each at least 2.

    Raises:
        ValueError: when a division is below 2 or more than 60 lanes would be needed.
    """
    if not divisions or min(divisions) < 2:
        raise ValueError("a division makes at least two shares")
    lane_count = lcm(*divisions)
    if lane_count > 60:
        raise ValueError("an asset has at most 60 lanes")
    shares = [
        [(share * (lane_count // n), (share + 1) * (lane_count // n)) for share in range(n)]
        for n in divisions
    ]
    return lane_count, shares
