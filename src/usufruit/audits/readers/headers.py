# SPDX-License-Identifier: EUPL-1.2
"""Recognise columns by their names, French or English, with or without accents and units."""

import re
from dataclasses import dataclass

from usufruit.kernel.tables import Line
from usufruit.kernel.text import sort_key

_UNIT = re.compile(r"[\[(]\s*([^\])]*?)\s*[\])]")
_NOT_WORD = re.compile(r"[^a-z0-9%]+")

ASSET = (
    "external_id", "asset", "asset_id", "asset_name", "bien", "bien_id", "identifiant", "code",
    "building", "building_id", "batiment", "room", "room_id", "salle", "local", "loc", "location",
    "lieu", "pool_name", "facility", "facility_name", "installation", "equipement", "equipment",
    "vehicle", "vehicule", "meter", "meter_id", "compteur", "resource", "ressource", "site", "unit",
    "unite", "name", "nom", "id",
)  # fmt: skip
INSTANT = (
    "timestamp", "datetime", "date_time", "horodatage", "horodate", "date_heure", "date_et_heure",
    "instant", "time", "temps", "moment", "timestamp_utc", "date", "heure",
)  # fmt: skip
USE_START = (
    "use_start", "used_from", "debut_utilisation", "debut_usage", "sortie", "checkout",
    "checked_out_at", "depart", "departure",
)  # fmt: skip
START = (
    "start", "start_at", "start_time", "start_date", "starts_at", "dtstart", "begin", "debut",
    "date_debut", "date_de_debut", "heure_debut", "heure_de_debut", "from", "du", "de",
    "booking_start", "debut_reservation",
)  # fmt: skip
END = (
    "end", "end_at", "end_time", "end_date", "ends_at", "dtend", "finish", "fin", "date_fin",
    "date_de_fin", "heure_fin", "heure_de_fin", "to", "until", "au", "booking_end",
    "fin_reservation", "use_end", "used_until", "fin_utilisation", "fin_usage", "retour", "checkin",
    "checked_in_at", "returned_at", "arrivee", "arrival",
)  # fmt: skip
DURATION = (
    "duration", "duree", "duration_h", "duree_h", "hours", "heures", "duration_hours",
    "duree_heures", "duration_min", "duree_min", "minutes", "duration_minutes", "duree_minutes",
    "duration_s", "duree_s", "seconds", "secondes",
)  # fmt: skip
STATUS = ("status", "statut", "etat", "state")
KM = ("km", "distance_km", "kilometres", "kilometrage", "distance")
COUNT = (
    "count", "persons", "person_count", "people", "people_count", "present", "presents",
    "personnes", "nb_personnes", "nombre", "nombre_personnes", "occupants", "visitors", "visiteurs",
    "raw_occupancy", "presence", "frequentation", "occupancy", "occupation", "attendance",
    "participants",
)  # fmt: skip
CAPACITY = (
    "capacity", "capacite", "places", "seats", "capacity_persons", "capacite_personnes", "max",
    "maximum", "jauge", "nombre_places",
)  # fmt: skip
PERCENT = (
    "occupancy_percent", "percent", "percentage", "pourcentage", "pct", "occupancy_pct",
    "occupancy_level", "taux", "taux_occupation", "taux_d_occupation", "occupancy_rate",
    "percent_free", "percent_occupied", "free_percent", "occupied_percent", "pourcentage_libre",
    "pourcentage_occupe", "libre", "free", "occupe", "occupied", "occupation_pct",
)  # fmt: skip
IS_OPEN = ("is_open", "open", "ouvert", "est_ouvert")
ENERGY = (
    "value", "valeur", "kwh", "load", "load_kwh", "charge", "charge_kwh", "consumption",
    "consumption_kwh", "consommation", "consommation_kwh", "conso", "conso_kwh", "energy",
    "energy_kwh", "energie", "energie_kwh", "equipment_load", "electricity", "electricite",
    "reading", "meter_reading", "lecture", "releve",
)  # fmt: skip
BOOKING_WORDS = ("reserv", "booking", "calend", "agenda", "hold")


_KNOWN = frozenset().union(
    ASSET, INSTANT, USE_START, START, END, DURATION, STATUS, KM, COUNT, CAPACITY, PERCENT, ENERGY
)


@dataclass(frozen=True)
class Header:
    """The header of a table and a few of its first lines.

    Attributes:
        names: columns as written.
        keys: the same without accents, units or signs.
        units: what stood between brackets, in lower case; empty without.
        number: the line of the file it stands on.
        sample: at most twenty lines that follow.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    units: tuple[str, ...]
    number: int
    sample: tuple[Line, ...] = ()

    def find(self, words: tuple[str, ...]) -> int | None:
        """Return the place of the column with the best of these names; None without."""
        for word in words:
            if word in self.keys:
                return self.keys.index(word)
        return None

    def has_known_name(self, besides: int = -1) -> bool:
        """Tell whether a column, one set apart, bears a name of the trade."""
        return any(key in _KNOWN for place, key in enumerate(self.keys) if place != besides)

    def find_unit(self, unit: str) -> int | None:
        """Return the place of the first column in a unit; None without."""
        return self.units.index(unit) if unit in self.units else None

    def column(self, place: int) -> list[str]:
        """Return the cells of a column over the sample."""
        return [line.cells[place].strip() for line in self.sample if len(line.cells) > place]


def make_header(line: Line, sample: tuple[Line, ...] = ()) -> Header:
    """Build a header from a line of names."""
    names = tuple(cell.strip() for cell in line.cells)
    units = tuple(sort_key(match[1]) if (match := _UNIT.search(name)) else "" for name in names)
    keys = tuple(_NOT_WORD.sub("_", sort_key(_UNIT.sub("", name))).strip("_") for name in names)
    return Header(names, keys, units, line.number, sample)
