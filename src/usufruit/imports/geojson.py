# SPDX-License-Identifier: EUPL-1.2
"""Read the features of a GeoJSON as the lines of a table, its point as two columns."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import ijson

from usufruit.kernel.tables import BadLine, FileSource, Line, UnusableSource, plain_bytes

LATITUDE, LONGITUDE = "Latitude (géométrie)", "Longitude (géométrie)"
MAX_BYTES = 512 * 1024**2
MAX_DEPTH = 40
SAMPLE = 40
_NOT_A_NUMBER = re.compile(rb'("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b')
_BROKEN = "la suite du fichier est illisible; exportez-le de nouveau en GeoJSON"
_DEEP = "la description s’emboîte trop profondément; exportez-la à plat"


def is_geojson(source: FileSource) -> bool:
    """Tell whether a file begins as JSON does."""
    with source.open() as stream:
        start = plain_bytes(source, stream).read(512) or b""
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))


def columns_of(source: FileSource) -> tuple[list[str], tuple[tuple[str, ...], ...]]:
    """Return the names of the properties, in the order met, and some lines.

    Raises:
        UnusableSource: no feature, or another coordinate system than longitude and latitude.
    """
    _check_system(source)
    names: dict[str, None] = {}
    first: list[dict[str, str]] = []
    for feature in _features(source):
        if isinstance(feature, dict):
            cells = _cells(feature)
            names.update(dict.fromkeys(cells))
            if len(first) < SAMPLE:
                first.append(cells)
    if not first:
        raise UnusableSource(
            f"Le fichier {source.name} ne contient aucun objet GeoJSON (FeatureCollection). "
            "Exportez vos biens en GeoJSON, ou en CSV."
        )
    return list(names), tuple(tuple(cells.get(name, "") for name in names) for cells in first)


def lines_of(source: FileSource, names: Sequence[str]) -> Iterator[Line | BadLine]:
    """Give one line a feature, numbered from 1."""
    for number, feature in enumerate(_features(source), start=1):
        if isinstance(feature, str):
            yield BadLine(number, feature)
            continue
        cells = _cells(feature)
        yield Line(number, [cells.get(name, "") for name in names])


def _features(source: FileSource) -> Iterator[dict[str, Any] | str]:
    """Give the features, and a French reason in place of one that cannot be read."""
    with source.open() as stream:
        is_list, text = _without_nan(plain_bytes(source, stream, MAX_BYTES))
        prefix = "item" if is_list else "features.item"
        feature: _Feature | None = None
        try:
            for at, event, value in ijson.parse(text, use_float=True):
                if feature is None and at == prefix and event == "start_map":
                    feature = _Feature()
                if feature is not None and feature.take(event, value):
                    yield _DEEP if feature.is_deep else feature.built.value
                    feature = None
        except (ijson.JSONError, ValueError, RecursionError):
            yield _BROKEN


class _Feature:
    """A feature being read; what lies too deep is left out."""

    def __init__(self) -> None:
        self.built, self.depth, self.is_deep = ijson.ObjectBuilder(), 0, False

    def take(self, event: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Take one event of the parser; tell whether the feature is whole."""
        level = self.depth + (event in {"start_map", "start_array"})
        if level <= MAX_DEPTH:
            self.built.event(event, value)
        else:
            self.is_deep = True
        self.depth = level - (event in {"end_map", "end_array"})
        return self.depth == 0


def _without_nan(stream: io.BufferedReader) -> tuple[bool, Any]:
    """Return whether the text is a bare list, and the text with « not a number » made empty."""
    content = stream.read().removeprefix(b"\xef\xbb\xbf")
    if b"NaN" in content or b"Infinity" in content:
        content = _NOT_A_NUMBER.sub(lambda match: match[1] or b"null", content)
    return content.lstrip().startswith(b"["), io.BytesIO(content)


def _check_system(source: FileSource) -> None:
    with source.open() as stream:
        start = plain_bytes(source, stream, MAX_BYTES).read(4096) or b""
    named = re.search(rb'"crs".{0,200}?"name"\s*:\s*"([^"]{1,120})"', start, re.DOTALL)
    if named and not re.search(rb"CRS84|4326|4269|4617", named[1]):
        name = named[1].decode("utf-8", errors="replace")
        raise UnusableSource(
            f"Le fichier {source.name} est en {name}. "
            "Exportez-le en longitude et latitude (WGS 84, EPSG:4326)."
        )


def _cells(feature: dict[str, Any]) -> dict[str, str]:
    """Return the properties of a feature as cells, and its place."""
    properties = feature.get("properties")
    cells = (
        {str(k): _text(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
    )
    if "id" in feature and "id" not in cells:
        cells["id"] = _text(feature["id"])
    place = _place(feature.get("geometry"))
    cells[LATITUDE], cells[LONGITUDE] = (repr(place[1]), repr(place[0])) if place else ("", "")
    return cells


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str | int | float | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)[:4000]


def _place(geometry: Any) -> tuple[float, float] | None:  # noqa: ANN401 - any JSON value
    """Return the longitude and latitude of a geometry: its point, or the middle of its extent."""
    if not isinstance(geometry, dict):
        return None
    points = list(_points(geometry.get("coordinates"), 0))
    if not points:
        return None
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


def _points(value: Any, depth: int) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or depth > 6:
        return
    if len(value) >= 2 and all(isinstance(one, int | float) for one in value[:2]):
        x, y = float(value[0]), float(value[1])
        if math.isfinite(x) and math.isfinite(y):
            yield x, y
        return
    for one in value:
        yield from _points(one, depth + 1)
