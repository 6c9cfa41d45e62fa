# SPDX-License-Identifier: EUPL-1.2
"""Read an inventory file: one line an asset, with its name, kind, capacity, hours, zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from usufruit.audits.options import DEFAULT_KIND, InventoryAsset
from usufruit.audits.readers.cells import UnreadableCell, number, shown
from usufruit.audits.readers.headers import ASSET, CAPACITY, Header, make_header
from usufruit.audits.readers.registry import RejectedLine, possible_cells
from usufruit.kernel.tables import (
    BadLine,
    FileSource,
    Line,
    UnusableSource,
    cut_lines,
    read_raw_lines,
)
from usufruit.kernel.text import sort_key
from usufruit.timetable.rules import OpeningRules, parse_opening

_HEADER_WITHIN_LINES = 10
_NAME = ("name", "nom", "asset_name", "designation", "libelle", "titre")
_KIND = ("kind", "genre", "nature", "sorte", "type")
_CATEGORY = ("category", "categorie", "type", "facility_type")
_OPENING = ("opening", "horaire", "ouverture", "heures_d_ouverture", "opening_hours")
_ZONE = ("zone", "timezone", "fuseau", "fuseau_horaire")
_KINDS = {
    "good": "good", "bien": "good", "outil": "good", "equipement": "good", "materiel": "good",
    "vehicle": "vehicle", "vehicule": "vehicle", "place": "place", "lieu": "place",
    "salle": "place", "land": "land", "terrain": "land", "service": "service",
    "expertise": "expertise",
}  # fmt: skip


@dataclass(frozen=True)
class InventoryRead:
    """Assets read, and the lines that could not be."""

    assets: tuple[InventoryAsset, ...]
    rejected: tuple[RejectedLine, ...]


def read_inventory(source: FileSource) -> InventoryRead:
    """Read an inventory; one bad line is rejected and the next one is read.

    Raises:
        UnusableSource: with a French sentence, when no column names the assets.
    """
    lines = read_raw_lines(source)
    first = list(islice(lines, _HEADER_WITHIN_LINES))
    for place, raw in enumerate(first):
        for separator, cells in possible_cells(raw):
            header = make_header(Line(raw.number, cells))
            if header.find(ASSET) is not None and len(cells) > 1:
                rest = cut_lines(chain(first[place + 1 :], lines), separator)
                return _read(source.name, header, rest)
    raise UnusableSource(
        f"L’inventaire {source.name} n’a pas de colonne qui nomme les biens. "
        "Attendu\u00a0: external_id, name, kind, category, capacity, opening, timezone."
    )


def _read(name: str, header: Header, lines: Iterator[Line | BadLine]) -> InventoryRead:
    found: dict[str, InventoryAsset] = {}
    rejected: list[RejectedLine] = []
    for line in lines:
        if isinstance(line, BadLine):
            rejected.append(RejectedLine(name, line.number, line.reason))
            continue
        try:
            asset = _asset(header, line.cells)
        except UnreadableCell as problem:
            rejected.append(RejectedLine(name, line.number, str(problem)))
            continue
        if found.setdefault(sort_key(asset.external_id), asset) is not asset:
            twice = "ce bien figure déjà plus haut; gardez une seule ligne"
            rejected.append(RejectedLine(name, line.number, twice))
    if not found:
        raise UnusableSource(f"L’inventaire {name} ne donne aucun bien utilisable.")
    return InventoryRead(tuple(found.values()), tuple(rejected))


def _asset(header: Header, cells: list[str]) -> InventoryAsset:
    if len(cells) > len(header.names):
        raise UnreadableCell(f"la ligne a {len(cells)} valeurs pour {len(header.names)} colonnes")

    def cell(words: tuple[str, ...]) -> str:
        place = header.find(words)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    external_id = cell(ASSET)
    if not external_id:
        raise UnreadableCell("le bien n’est pas nommé; donnez-lui un identifiant")
    capacity = number(cell(CAPACITY))
    if capacity is not None and capacity <= 0:
        raise UnreadableCell("la capacité n’est pas plus grande que zéro; corrigez-la ou videz-la")
    return InventoryAsset(
        external_id=external_id,
        name=cell(_NAME) or external_id,
        kind=_kind(cell(_KIND)),
        category=cell(_CATEGORY),
        capacity=capacity,
        opening=_opening(cell(_OPENING)),
        zone=_zone(cell(_ZONE)),
    )


def _kind(text: str) -> str:
    return _KINDS.get(sort_key(text), DEFAULT_KIND)


def _opening(text: str) -> OpeningRules | None:
    if not text:
        return None
    try:
        return OpeningRules(parse_opening(text))
    except ValueError as problem:
        raise UnreadableCell(str(problem)) from problem


def _zone(text: str) -> str:
    if not text:
        return ""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnreadableCell(
            f"le fuseau «\u00a0{shown(text)}\u00a0» est inconnu; écrivez America/Toronto"
        ) from problem
    return text
