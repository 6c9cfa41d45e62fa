# SPDX-License-Identifier: EUPL-1.2
"""Turn the cells of a line into the columns of an asset, or into faults a person can mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from usufruit.imports.cells import (
    MAX_TEXT,
    BadCell,
    calendar_day,
    clean,
    identifier,
    number,
    paragraph,
    shown,
    whole,
    yes_no,
)
from usufruit.imports.rules import Box, place_fault
from usufruit.inventory.columns import BY_NAME, FINANCE
from usufruit.kernel.text import sort_key

MAX_NAME = 300
MOST_UNKNOWN = 500
STATES = {
    "brouillon": "draft", "draft": "draft", "publie": "published", "published": "published",
    "retire": "withdrawn", "withdrawn": "withdrawn",
}  # fmt: skip
_SWAPPED = (
    "la latitude et la longitude semblent inversées",
    "Vérifiez-les, ou intervertissez les deux colonnes.",
)
_PROJECTED = (
    "ce n’est pas une position en degrés, plutôt des mètres (MTM, Lambert, UTM)",
    "Exportez le fichier en longitude et latitude (WGS 84).",
)


@dataclass(frozen=True)
class ColumnMapping:
    """What a person said of a file's columns, and of the words they hold.

    Attributes:
        targets: by place, a name of ``inventory.columns``, ``attribute:CODE`` or nothing.
        default_category: code of the category of lines that name none.
        categories: codes by the key of a word of the file; empty to refuse such lines.
        bodies: by the key of a word, a body's slug, or ``+NAME`` for one to register.
        nature: of the bodies to register.
        is_swapped: whether the columns of latitude and longitude are exchanged.
        is_month_first: whether ``01/31/2026`` is how days are written.
    """

    targets: tuple[str, ...] = ()
    default_category: str = ""
    categories: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    nature: str = "municipality"
    currency: str = "CAD"
    is_swapped: bool = False
    is_month_first: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what the database keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ColumnMapping:
        """Return what the database kept; words of another version are left out."""
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        return cls(**{**known, "targets": tuple(known.get("targets", ()))})


@dataclass(frozen=True)
class Body:
    """An organization lines may belong to."""

    pk: int
    name: str
    expected: Box
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Surroundings:
    """What the words of a file are understood by.

    Attributes:
        categories: number of each category by the key of its names.
        attributes: for each category, characteristics by code, with their value type.
        bodies: those the importer may feed, by the key of their name and by slug.
        home: the body the import is for; lines that name none are its own.
        feeds_many: whether lines may belong to other bodies, known or to be registered.
    """

    categories: Mapping[str, int]
    attributes: Mapping[int, Mapping[str, str]]
    bodies: Mapping[str, Body]
    home: Body
    feeds_many: bool


@dataclass(slots=True)
class Understood:
    """A line as understood; ``problems`` alone when it is refused."""

    number: int
    values: dict[str, Any]
    owner: Body | None = None
    body_name: str = ""
    category_id: int | None = None
    attributes: dict[str, Any] | None = None
    finance: dict[str, Any] | None = None
    problems: list[dict[str, str]] = field(default_factory=list)


class LineReader:
    """Read lines by one mapping; keep count of the words not understood."""

    def __init__(self, mapping: ColumnMapping, names: Sequence[str], around: Surroundings) -> None:
        self.mapping, self.names, self.around = mapping, names, around
        self.unknown_categories: Counter[str] = Counter()
        self.unknown_bodies: Counter[str] = Counter()
        self.swapped_count = 0
        self._categories: dict[str, int | None] = {}
        self.plan: list[tuple[int, str, Callable[[str], Any]]] = [
            (place, target, self._reader(target))
            for place, target in enumerate(mapping.targets[: len(names)])
            if target in BY_NAME
        ]
        self.attribute_places = [
            (place, target.partition(":")[2])
            for place, target in enumerate(mapping.targets[: len(names)])
            if target.startswith("attribute:")
        ]
        self.places = {target: place for place, target, _ in self.plan}
        self.has_finance = any(target in FINANCE for _, target, _ in self.plan)

    def _reader(self, target: str) -> Callable[[str], Any]:
        readers: dict[str, Callable[[str], Any]] = {
            "serial_number": lambda text: _bounded(identifier(text), 120),
            "vehicle_number": lambda text: _bounded(identifier(text), 120),
            "description": lambda text: _bounded(paragraph(text), MAX_TEXT),
            "conditions": lambda text: _bounded(paragraph(text), MAX_TEXT),
            "latitude": lambda text: float(number(text)),
            "longitude": lambda text: float(number(text)),
            "capacity": lambda text: _at_most(whole(text), 100_000, text) or None,
            "life_years": _life_years,
            "cost": _money,
            "net_value": _money,
            "currency": _currency,
            "acquired_on": lambda text: calendar_day(
                text, month_first=self.mapping.is_month_first
            ).isoformat(),
            "state": _state,
        }
        return readers.get(target, lambda text: _bounded(clean(text), MAX_NAME))

    def read(self, line_number: int, cells: Sequence[str]) -> Understood:
        """Understand one line; each fault names its column, its cell, why and what mends it."""
        values: dict[str, Any] = {}
        line = Understood(line_number, values)
        width = len(cells)
        if width > len(self.names) and any(cell.strip() for cell in cells[len(self.names) :]):
            self._fault(
                line, "", "", f"la ligne a {width} valeurs pour {len(self.names)} colonnes",
                "Vérifiez le séparateur et les guillemets de cette ligne.",
            )  # fmt: skip
            return line
        for place, target, read in self.plan:
            cell = cells[place] if place < width else ""
            if cell and not cell.isspace():
                try:
                    values[target] = read(cell)
                except BadCell as bad:
                    self._fault(line, self.names[place], cell, bad.why, bad.remedy)
        self._complete(line, cells)
        return line

    def _complete(self, line: Understood, cells: Sequence[str]) -> None:
        """Work out what a line needs beyond its cells: number, body, category, place."""
        values = line.values
        if not values.get("external_id"):
            values["external_id"] = values.get("serial_number") or values.get("vehicle_number", "")
            if not values["external_id"]:
                self._missing(line, "external_id", "aucun numéro ne distingue ce bien des autres")
        if not values.get("name"):
            self._missing(line, "name", "le bien n’a pas de nom")
        self._settle_owner(line)
        for role in ("manager", "custodian"):
            if values.get(role):
                self._settle_role(line, role)
        self._settle_category(line)
        self._settle_place(line)
        if self.attribute_places and line.category_id:
            self._settle_attributes(line, cells)
        if self.has_finance:
            self._settle_finance(line)

    def _missing(self, line: Understood, target: str, why: str) -> None:
        column = self.names[self.places[target]] if target in self.places else ""
        self._fault(line, column or BY_NAME[target].title, "", why, "Remplissez cette cellule.")

    def _settle_owner(self, line: Understood) -> None:
        word = line.values.get("owner", "")
        if not word:
            line.owner = self.around.home
            return
        chosen = self.mapping.bodies.get(sort_key(word), "")
        if chosen.startswith("+") and self.around.feeds_many:
            line.owner = self.around.bodies.get(sort_key(chosen[1:]))
            line.body_name = "" if line.owner else chosen[1:]
            return
        line.owner = self.around.bodies.get(chosen) or self.around.bodies.get(sort_key(word))
        if line.owner is None:
            self._count(self.unknown_bodies, word)
            self._fault(
                line, self._column("owner"), word, "cet organisme n’est pas des vôtres",
                "Choisissez à quel organisme ce mot correspond.",
            )  # fmt: skip

    def _settle_role(self, line: Understood, role: str) -> None:
        word = line.values[role]
        body = self.around.bodies.get(self.mapping.bodies.get(sort_key(word), sort_key(word)))
        if body is None:
            self._count(self.unknown_bodies, word)
            self._fault(
                line, self._column(role), word, "cet organisme n’est pas des vôtres",
                "Choisissez à quel organisme ce mot correspond.",
            )  # fmt: skip
        else:
            line.values[f"{role}_id"] = body.pk

    def _settle_category(self, line: Understood) -> None:
        word = line.values.get("category", "")
        if word not in self._categories and len(self._categories) < 50_000:
            self._categories[word] = self._category(word)
        line.category_id = self._categories.get(word)
        if line.category_id is None:
            if word:
                self._count(self.unknown_categories, word)
            why = "cette catégorie est inconnue" if word else "le bien n’a pas de catégorie"
            self._fault(
                line, self._column("category"), word, why, "Choisissez la catégorie de ces lignes."
            )

    def _category(self, word: str) -> int | None:
        key = sort_key(word)
        chosen = self.mapping.categories.get(key)
        if chosen is not None:
            return self.around.categories.get(f"code:{chosen}")
        found = self.around.categories.get(key) if word else None
        if found is None and not word and self.mapping.default_category:
            return self.around.categories.get(f"code:{self.mapping.default_category}")
        return found

    def _settle_place(self, line: Understood) -> None:
        values = line.values
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if (latitude is None) != (longitude is None):
            self._fault(
                line, self._column("latitude" if latitude is None else "longitude"), "",
                "il manque la moitié de la position", "Donnez les deux nombres, ou aucun.",
            )  # fmt: skip
            return
        body = line.owner or self.around.home
        if latitude is None or longitude is None:
            values["latitude"], values["longitude"] = body.latitude, body.longitude
            values["has_place"] = False
            if body.latitude is None:
                self._missing(line, "latitude", "ni ce bien ni son organisme n’a de position")
        else:
            values["has_place"] = True
            self._check_place(line, latitude, longitude, body.expected)
        if not values.get("site"):
            values["site"] = values.get("address") or values.get("name", "")

    def _check_place(
        self, line: Understood, latitude: float, longitude: float, expected: Box
    ) -> None:
        if self.mapping.is_swapped:
            latitude, longitude = longitude, latitude
            line.values["latitude"], line.values["longitude"] = latitude, longitude
        fault = place_fault(latitude, longitude, expected)
        if fault:
            why, remedy = _SWAPPED if fault == "swapped" else _PROJECTED
            self.swapped_count += fault == "swapped"
            self._fault(line, self._column("latitude"), f"{latitude}; {longitude}", why, remedy)

    def _settle_attributes(self, line: Understood, cells: Sequence[str]) -> None:
        asked = self.around.attributes.get(line.category_id or 0, {})
        found: dict[str, Any] = {}
        for place, code in self.attribute_places:
            cell = cells[place].strip() if place < len(cells) else ""
            if not cell or code not in asked:
                continue
            try:
                found[code] = _attribute(asked[code], cell)
            except BadCell as bad:
                self._fault(line, self.names[place], cell, bad.why, bad.remedy)
        line.attributes = found or None

    def _settle_finance(self, line: Understood) -> None:
        found = {name: line.values[name] for name in FINANCE if line.values.get(name) is not None}
        cost, net = found.get("cost"), found.get("net_value")
        if cost is not None and net is not None and Decimal(net) > Decimal(cost):
            self._fault(
                line, self._column("net_value"), net, "la valeur nette dépasse le coût",
                "Vérifiez les deux montants.",
            )  # fmt: skip
        if found:
            found.setdefault("currency", self.mapping.currency)
        line.finance = found or None

    def _column(self, target: str) -> str:
        return self.names[self.places[target]] if target in self.places else BY_NAME[target].title

    def _fault(self, line: Understood, column: str, cell: str, why: str, remedy: str) -> None:
        line.problems.append({"column": column, "value": shown(cell), "why": why, "remedy": remedy})

    @staticmethod
    def _count(unknown: Counter[str], word: str) -> None:
        if word in unknown or len(unknown) < MOST_UNKNOWN:
            unknown[word] += 1


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise BadCell(f"le texte compte {len(text)} caractères; {most} au plus", "Raccourcissez.")
    return text


def _at_most(value: int, most: int, text: str) -> int:
    if value > most:
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» est démesuré.", "Vérifiez l’unité.")
    return value


def _life_years(text: str) -> int:
    years = _at_most(whole(text), 200, text)
    if not years:
        raise BadCell("la durée de vie n’est pas plus grande que zéro.")
    return years


def _money(text: str) -> str:
    value = number(text).quantize(Decimal("0.01"))
    if value < 0:
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» est un montant négatif.")
    return str(value)


def _currency(text: str) -> str:
    code = identifier(text)
    code = {"$": "CAD", "$CA": "CAD", "CA$": "CAD", "€": "EUR"}.get(code, code)
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise BadCell(f"«\u00a0{shown(text)}\u00a0» n’est pas un code de monnaie.", "Écrivez CAD.")
    return code


def _state(text: str) -> str:
    state = STATES.get(sort_key(clean(text)))
    if state is None:
        raise BadCell(
            f"«\u00a0{shown(text)}\u00a0» n’est pas un état.",
            "Écrivez brouillon ou publié.",
        )
    return state


def _attribute(value_type: str, cell: str) -> Any:  # noqa: ANN401 - what the type says
    if value_type == "yes_no":
        return yes_no(cell)
    if value_type == "number":
        value = number(cell)
        return int(value) if value == value.to_integral_value() else float(value)
    return _bounded(clean(cell), MAX_NAME)
