# SPDX-License-Identifier: EUPL-1.2
"""Files as people and worse send them, made by code: no binary file stands in the repository.

Each says what must come of it: how many lines go in, how many are refused, or the words by which
the whole file is turned away. Beside each fault stand good lines, and those go in.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

HEADER = "Numéro;Nom;Catégorie;Lieu;Latitude;Longitude;Capacité;Coût;Date d’acquisition"
GOOD = "BO-1;Salle du Conseil;salle communautaire;Mairie;46,5;-72,5;40;;"
TABLE = f"{HEADER}\n{GOOD}\n"


@dataclass(frozen=True)
class Hostile:
    """A file and what must come of it.

    Attributes:
        content: its bytes, made when asked for.
        new, refused: how many lines have this outcome; −1 for some.
        turned_away: words of the refusal of the whole file; empty when it is read.
        says: words that the reason of a refused line holds.
        names: names of the assets that go in, when they are the point.
    """

    name: str
    file: str
    content: Callable[[], bytes]
    new: int = 0
    refused: int = 0
    turned_away: str = ""
    says: str = ""
    names: tuple[str, ...] = ()


def _row(*cells: str) -> bytes:
    return f"{TABLE}{';'.join(cells)}\n".encode()


def _sheet(rows: list[list[Any]], prepare: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if prepare:
        prepare(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_XLSX = [
    ["Numéro", "Nom", "Catégorie", "Lieu", "Date d’acquisition"],
    ["X-1", "Salle bleue", "salle communautaire", "Mairie", datetime(2020, 2, 29)],  # noqa: DTZ001 - a workbook has no zone
    ["X-2", "Salle verte", "salle communautaire", "Mairie", date(1999, 12, 31)],
]


def _rezipped(change: Callable[[str, bytes], bytes | None], *extra: tuple[str, bytes]) -> bytes:
    """Return a workbook whose parts are changed, dropped (None) or joined by others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_sheet(_XLSX))) as read,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            if (kept := change(name, read.read(name))) is not None:
                write.writestr(name, kept)
        for name, content in extra:
            write.writestr(name, content)
    return out.getvalue()


def _laughs(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
    return (
        b'<?xml version="1.0"?>' + doctype.encode() + content.partition(b"?>")[2]
        if content.startswith(b"<?xml")
        else doctype.encode() + content
    )


def _far_cell(name: str, content: bytes) -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return content.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else content


def _bomb() -> bytes:
    return _rezipped(lambda _, content: content, ("xl/media/image1.png", bytes(500 * 2**20)))


def _symlink() -> bytes:
    out = io.BytesIO(_rezipped(lambda _, content: content))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _merged(book: Workbook) -> None:
    book.active.merge_cells("D2:D3")


def _hidden(book: Workbook) -> None:
    other = book.create_sheet("Secret")
    other.append(["Numéro", "Nom"])
    other.sheet_state = "hidden"


def _links(book: Workbook) -> None:
    book.active["B2"] = "='[autre.xlsx]Feuil1'!A1"
    book.active["B3"].hyperlink = "file:///etc/passwd"


def _epoch_1904(book: Workbook) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904


def _features(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def _feature(number: str, geometry: Any) -> dict[str, Any]:
    properties = {"id": number, "nom": f"Parc {number}", "catégorie": "parc"}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


_POINT = {"type": "Point", "coordinates": [-72.5, 46.5]}
_SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-72.6, 46.4], [-72.4, 46.4], [-72.4, 46.6], [-72.6, 46.6], [-72.6, 46.4]]],
}


def _ole(text: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + text.encode("utf-16-le")


def _gz(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _deep() -> bytes:
    deep = "[" * 5_000 + "]" * 5_000
    good = json.dumps(_feature("1", _POINT))
    bad = json.dumps(_feature("2", _POINT)).replace('"parc"', deep)
    return f'{{"type":"FeatureCollection","features":[{good},{bad}]}}'.encode()


def _many() -> list[str]:
    return [f"Z-{n}{GOOD[4:]}\n" for n in range(9_000)]


def _long_line() -> bytes:
    return TABLE.encode() + b"L-1;" + b"x" * (200 * 2**20) + b"\nBO-2" + GOOD[4:].encode() + b"\n"


FILES = (
    Hostile("windows_1252", "a.csv", lambda: TABLE.encode("cp1252"), new=1,
            names=("Salle du Conseil",)),
    Hostile("mac_roman", "a.csv", lambda: TABLE.replace("Conseil", "Lycée").encode("mac_roman"),
            new=1, names=("Salle du Lycée",)),
    Hostile("utf_8_with_mark", "a.csv", lambda: TABLE.encode("utf-8-sig"), new=1),
    Hostile("utf_16_with_mark", "a.csv", lambda: TABLE.encode("utf-16"), new=1),
    Hostile("utf_16_without_mark", "a.csv", lambda: TABLE.encode("utf-16-le"), new=1),
    Hostile("carriage_returns_only", "a.csv", lambda: TABLE.replace("\n", "\r").encode(), new=1),
    Hostile("mixed_line_ends", "a.csv",
            f"{HEADER}\r\n{GOOD}\rBO-2{GOOD[4:]}\nBO-3{GOOD[4:]}\r\n".encode, new=3),
    Hostile("tabs", "a.tsv",
            lambda: TABLE.replace(";", "\t").encode(), new=1),
    Hostile("quoted_line_ends", "a.csv",
            lambda: TABLE.encode() + 'BO-2;"Salle\nà étage";salle communautaire;;;;;;\n'.encode(),
            new=2, names=("Salle du Conseil", "Salle à étage")),
    Hostile("endless_quotes", "a.csv",
            lambda: TABLE.encode() + b'BO-2;"Salle sans fin;x\n' + f"BO-3{GOOD[4:]}\n".encode(),
            new=2, refused=1, says="guillemet"),
    Hostile("formulas", "a.csv",
            lambda: _row("=1+1", "=HYPERLINK(\"x\")", "salle communautaire", "@x",
                         *[""] * 5), new=2),
    Hostile("nul_bytes", "a.csv", lambda: TABLE.encode() + b"N-1;a\x00b;gymnase;;;;;;\n",
            new=1, refused=1, says="octets nuls"),
    Hostile("a_line_of_200_mb", "a.csv", _long_line, new=2, refused=1, says="démesurée"),
    Hostile("empty", "a.csv", lambda: b"", turned_away="vide"),
    Hostile("spaces_only", "a.csv", lambda: b" \n\n \n", turned_away="colonnes"),
    Hostile("only_a_header", "a.csv", f"{HEADER}\n".encode,
            turned_away="que son en-tête"),
    Hostile("seventeen_thousand_columns", "a.csv",
            (";".join(f"c{n}" for n in range(17_000)) + "\n1;2\n").encode,
            turned_away="17000 colonnes"),
    Hostile("same_header_twice", "a.csv",
            lambda: b"Numero;Nom;Nom;Categorie\n1;Salle;Autre;gymnase\n", new=1, names=("Salle",)),
    Hostile("header_not_first", "a.csv",
            f"Inventaire 2026\nMairie;;\n\n{TABLE}".encode, new=1),
    Hostile("swapped_coordinates", "a.csv",
            lambda: _row("S-1", "Salle", "gymnase", "Ici", "-72,5", "46,5", "", "", ""),
            new=1, refused=1, says="inversées"),
    Hostile("projected_coordinates", "a.csv",
            lambda: _row("S-1", "Salle", "gymnase", "Ici", "5039000", "300000", "", "", ""),
            new=1, refused=1, says="mètres"),
    Hostile("english_thousands", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "1,234", "1,234.50", ""), new=1,
            refused=1, says="nombre entier"),
    Hostile("french_thousands", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "1 234", "1 234,50 $", ""), new=2),
    Hostile("letter_for_a_digit", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "", "", "20l8"),
            new=1, refused=1, says="n’est pas une année"),
    Hostile("negative_year", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "", "", "-0044-03-15"),
            new=1, refused=1, says="n’est pas une date"),
    Hostile("year_10_000", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "", "", "9999-01-01"),
            new=1, refused=1, says="1600–2100"),
    Hostile("huge_number", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "", "", "", "9" * 400, "1e999", ""),
            new=1, refused=1, says="démesuré"),
    Hostile("not_a_number", "a.csv",
            lambda: _row("N-1", "Salle", "gymnase", "Ici", "NaN", "inf", "", "", ""),
            new=1, refused=1, says="n’est pas un nombre"),
    Hostile("invisible_marks", "a.csv",
            lambda: _row("N\u200b-\u20601", "Sal\u00adle\u00a0\u200fbleue", "gymnase", *[""] * 6),
            new=2, names=("Salle bleue", "Salle du Conseil")),
    Hostile("right_to_left_override", "a.csv",
            lambda: _row("N-1", "Salle \u202efdp.exe", "gymnase", *[""] * 6),
            new=2, names=("Salle du Conseil", "Salle fdp.exe")),
    Hostile("emoji", "a.csv", lambda: _row("N-1", "Salle 🎉 fêtes", "gymnase", *[""] * 6),
            new=2, names=("Salle du Conseil", "Salle 🎉 fêtes")),
    Hostile("same_number_twice", "a.csv", f"{TABLE}{GOOD}\n".encode, new=1, refused=1,
            says="déjà à la ligne 2"),
    Hostile("number_differing_by_an_invisible_mark", "a.csv",
            f"{TABLE}BO\u200b-1{GOOD[4:]}\n".encode, new=1, refused=1,
            says="déjà à la ligne"),
    Hostile("too_many_cells", "a.csv", f"{TABLE}{GOOD};de;trop\n".encode,
            new=1, refused=1, says="valeurs pour"),
    Hostile("path_in_the_name", "../../../etc/passwd", TABLE.encode, new=1),
    Hostile("truncated_gzip", "a.csv.gz",
            lambda: _gz((TABLE + "".join(_many())).encode())[:-60],
            new=-1, refused=-1, says="coupée"),
    Hostile("gzip_bomb", "a.csv.gz", lambda: _gz(TABLE.encode() + b"x" * (300 * 2**20)),
            turned_away="gonfle"),
    Hostile("workbook", "a.xlsx", lambda: _sheet(_XLSX), new=2),
    Hostile("merged_cells", "a.xlsx", lambda: _sheet(_XLSX, _merged), new=2),
    Hostile("hidden_sheet", "a.xlsx", lambda: _sheet(_XLSX, _hidden), new=2),
    Hostile("external_links", "a.xlsx", lambda: _sheet(_XLSX, _links), new=1, refused=1),
    Hostile("days_since_1904", "a.xlsx", lambda: _sheet(_XLSX, _epoch_1904), new=2),
    Hostile("macros", "a.xlsm",
            lambda: _rezipped(lambda _, one: one, ("xl/vbaProject.bin", _ole("Macro"))), new=2),
    Hostile("billion_laughs", "a.xlsx", lambda: _rezipped(_laughs), turned_away="archive"),
    Hostile("cells_far_apart", "a.xlsx", lambda: _rezipped(_far_cell), turned_away="très loin"),
    Hostile("zip_bomb", "a.xlsx", _bomb, turned_away="archive"),
    Hostile("symbolic_link_inside", "a.xlsx", _symlink, new=2),
    Hostile("path_climbing_inside", "a.xlsx",
            lambda: _rezipped(lambda _, one: one, ("../../../tmp/x", b"x")), new=2),
    Hostile("no_sheet_inside", "a.xlsx",
            lambda: _rezipped(lambda name, one: None if "sheet" in name else one),
            turned_away="illisible"),
    Hostile("truncated_workbook", "a.xlsx", lambda: _sheet(_XLSX)[:-200], turned_away="archive"),
    Hostile("old_workbook_renamed", "a.xlsx", lambda: _ole("Workbook"), turned_away="XLS"),
    Hostile("password", "a.xlsx", lambda: _ole("EncryptedPackage"), turned_away="mot de passe"),
    Hostile("page_renamed", "a.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>",
            turned_away="page Web"),
    Hostile("pdf_renamed", "a.csv", lambda: b"%PDF-1.7\n", turned_away="PDF"),
    Hostile("bytes_of_chance", "a.csv", lambda: struct.pack("<1024I", *range(1, 1025)),
            turned_away="lisible"),
    Hostile("geojson_points", "a.geojson",
            lambda: _features(_feature("1", _POINT),
                              _feature("2", {"type": "Point", "coordinates": [-72.5, 46.5, 99]})),
            new=2),
    Hostile("geojson_polygon", "a.geojson", lambda: _features(_feature("1", _SQUARE)), new=1),
    Hostile("geojson_no_geometry", "a.geojson",
            lambda: _features(_feature("1", None), _feature("2", _POINT)), new=2),
    Hostile("geojson_not_a_number", "a.geojson",
            lambda: _features(_feature("1", {"type": "Point", "coordinates": [float("nan"), 46.5]}),
                              _feature("2", _POINT)), new=2),
    Hostile("geojson_swapped", "a.geojson",
            lambda: _features(_feature("1", {"type": "Point", "coordinates": [46.5, -72.5]}),
                              _feature("2", _POINT)), new=1, refused=1, says="inversées"),
    Hostile("geojson_of_another_system", "a.geojson",
            lambda: json.dumps({"type": "FeatureCollection",
                                "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::32188"}},
                                "features": [_feature("1", _POINT)]}).encode(),
            turned_away="32188"),
    Hostile("geojson_cut", "a.geojson",
            lambda: _features(_feature("1", _POINT), _feature("2", _POINT))[:-40],
            new=1, refused=1, says="illisible"),
    Hostile("geojson_nested_deep", "a.geojson", _deep, new=1, refused=1, says="profondément"),
    Hostile("json_of_something_else", "a.json", lambda: b'{"a": 1}', turned_away="GeoJSON"),
)  # fmt: skip
