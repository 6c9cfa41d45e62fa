# SPDX-License-Identifier: EUPL-1.2
"""What is true of lanes and parts, whatever the database."""

from __future__ import annotations

from math import asin, cos, hypot, lcm, log, pi, radians, sin, sqrt, tan

EARTH_RADIUS_KM = 6371.0088


def distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the great-circle distance in kilometres between two places in degrees (WGS 84).

    Source: haversine formula on the mean Earth radius (IUGG); error below 0.5 %.
    """
    half_lat = radians(lat_b - lat_a) / 2
    half_lon = radians(lon_b - lon_a) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def plane_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Return the distance of two places in the plane the index is in, in kilometres at the equator.

    It is the twin of ``<->`` on two points of the SQL function ``projected_point``.
    """
    rise = log(tan(pi / 4 + radians(lat_b) / 2)) - log(tan(pi / 4 + radians(lat_a) / 2))
    return EARTH_RADIUS_KM * hypot(radians(lon_b - lon_a), rise)


def reach_in_plane_km(latitude: float, radius_km: float) -> float:
    """Return a distance in the plane beyond which nothing lies within true kilometres of a place.

    The plane magnifies by one over the cosine of the latitude, at most that of the pole's side of
    the circle; a degree is a little more than 110 km.
    """
    return radius_km / cos(radians(min(85.0, abs(latitude) + radius_km / 110)))


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


SHARE_NAMES = {2: "Moitié", 3: "Tiers", 4: "Quart"}


def shares_of_divisions(*divisions: int) -> tuple[int, list[tuple[str, tuple[int, int]]]]:
    """Return how many lanes an asset needs, and a first French name for each share of each way.

    « 2, 3 » gives six lanes, « Moitié 1 », « Moitié 2 », « Tiers 1 » and so on.

    Raises:
        ValueError: as ``lanes_of_divisions``.
    """
    ways = sorted(set(divisions))
    lane_count, shares = lanes_of_divisions(*ways)
    named = [
        (f"{SHARE_NAMES.get(n, f'Part de {n}')} {rank}", bounds)
        for n, way in zip(ways, shares, strict=True)
        for rank, bounds in enumerate(way, start=1)
    ]
    return lane_count, named


def divisions_of_shares(lane_count: int, bounds: list[tuple[int, int]]) -> list[int]:
    """Return in how many equal shares an asset divides, from the lanes of its parts.

    Parts that are no equal share of the asset (a stage, a corner) are left out.
    """
    sizes = {high - low for low, high in bounds}
    return sorted(lane_count // size for size in sizes if lane_count % size == 0)
