# SPDX-License-Identifier: EUPL-1.2
"""Read the fictitious territory written in ``data/*.toml``; bodies and places are all invented."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

MRC = "mrc-des-hauts-portages"


@dataclass(frozen=True)
class BodyRow:
    """A body; ``territory`` is the code of where it stands."""

    slug: str
    name: str
    nature: str
    territory: str
    latitude: float
    longitude: float
    contact: str
    is_recognized: bool = False


@dataclass(frozen=True)
class PersonRow:
    """An account named by its function.

    Attributes:
        local: what stands before the at sign of the address.
        try_this: what to try first with it; empty when nothing is waiting there.
        signs_in: False for those who only people the scene: they have no password.
    """

    local: str
    function: str
    body: str
    roles: tuple[str, ...]
    try_this: str = ""
    signs_in: bool = True

    @property
    def email(self) -> str:
        """Return the address of the account, in a domain that never exists."""
        return f"{self.local}@exemple.test"


@dataclass(frozen=True)
class SiteRow:
    """A place where assets stand."""

    code: str
    body: str
    name: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class SeasonRow:
    """Hours on a run of days of each year, « MM-DD » both included; without hours, closed."""

    name: str
    first: str
    last: str
    hours: str = ""


@dataclass(frozen=True)
class CalendarRow:
    """Opening hours; each body that needs them has its own calendar, shared by its assets."""

    code: str
    name: str
    hours: str
    holidays: str = ""
    seasons: tuple[SeasonRow, ...] = ()
    exceptions: tuple[SeasonRow, ...] = ()


@dataclass(frozen=True)
class ShareRow:
    """To whom, how, in which weekly windows; empty windows mean all opening hours."""

    audience: str
    mode: str
    windows: str = ""


@dataclass(frozen=True)
class AssetRow:
    """An asset; manager and custodian default to its owner, who defaults to the site's body."""

    number: str
    name: str
    category: str
    site: str
    about: str
    opening: str = ""
    conditions: tuple[str, ...] = ()
    share: tuple[ShareRow, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    buffers: tuple[int, int] = (0, 0)
    capacity: int | None = None
    divisions: tuple[tuple[str, int], ...] = ()
    owner: str = ""
    manager: str = ""
    custodian: str = ""
    state: str = "published"


@dataclass(frozen=True)
class Dataset:
    """The whole territory, ready to be built."""

    territories: tuple[tuple[str, str, str], ...]
    bodies: tuple[BodyRow, ...]
    persons: tuple[PersonRow, ...]
    sites: tuple[SiteRow, ...]
    calendars: dict[str, CalendarRow]
    assets: tuple[AssetRow, ...]
    life: dict[str, Any]
    places: tuple[dict[str, Any], ...] = ()
    drawings: tuple[dict[str, str], ...] = ()


@lru_cache(maxsize=1)
def load() -> Dataset:
    """Return the territory, read once."""
    bodies, terms, life = _read("bodies"), _read("terms"), _read("life")
    files = sorted(DATA.glob("assets-*.toml"))
    return Dataset(
        territories=tuple((t["code"], t["name"], t.get("parent", "")) for t in bodies["territory"]),
        bodies=tuple(BodyRow(**row) for row in bodies["body"]),
        persons=tuple(
            PersonRow(**{**row, "roles": tuple(row["roles"])}) for row in bodies["person"]
        ),
        sites=tuple(SiteRow(**row) for row in _read("sites")["site"]),
        calendars={code: _calendar(code, row) for code, row in terms["calendar"].items()},
        assets=tuple(
            _asset(row, terms) for file in files for row in _read(file.stem).get("asset", [])
        ),
        life=life,
        places=tuple(_read("places")["place"]),
        drawings=tuple(_read("places")["drawing"]),
    )


def _read(stem: str) -> dict[str, Any]:
    with (DATA / f"{stem}.toml").open("rb") as stream:
        return tomllib.load(stream)


def _calendar(code: str, row: dict[str, Any]) -> CalendarRow:
    seasons = tuple(SeasonRow(**season) for season in row.get("seasons", []))
    exceptions = tuple(SeasonRow(**one) for one in row.get("exceptions", []))
    return CalendarRow(code=code, **{**row, "seasons": seasons, "exceptions": exceptions})


def _asset(row: dict[str, Any], terms: dict[str, Any]) -> AssetRow:
    """Return an asset, its standard conditions and sharing terms written out."""
    told = tuple(terms["condition"].get(one, one) for one in row.get("conditions", []))
    terms_of_share = terms["share"].get(row.get("share", ""), [])
    return AssetRow(
        **{
            **row,
            "conditions": told,
            "share": tuple(ShareRow(*one) for one in terms_of_share),
            "buffers": tuple(row.get("buffers", (0, 0))),
            "divisions": tuple((name, count) for name, count in row.get("divisions", [])),
        }
    )
