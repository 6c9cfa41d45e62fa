# SPDX-License-Identifier: EUPL-1.2
"""Readers against files as people have them, and as an enemy would write them."""

import contextlib
import gzip
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usufruit.audits.auditing import run_audit
from usufruit.audits.evidence import FileSource
from usufruit.audits.options import AuditOptions, InventoryAsset
from usufruit.audits.readers import registry
from usufruit.audits.readers.cells import UnreadableCell, instant_s, length_s, number
from usufruit.kernel import tables, workbooks
from usufruit.kernel.tables import UnusableSource

BOOKINGS = (
    "Salle,Début,Fin,Statut\n"
    "Érable,2026-01-05 08:00,2026-01-05 10:00,\n"
    "Érable,2026-01-06 08:00,2026-01-06 09:30,HOLD\n"
)


def _booked_h(result) -> float:
    return result.assets[0].indicators["booked_h"].value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(audit, encoding, separator):
    result = audit({"agenda.csv": BOOKINGS.replace(",", separator).encode(encoding)})
    assert result.assets[0].name == "Érable"
    assert _booked_h(result) == 3.5
    assert not result.rejected


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_ends(audit, ending):
    assert _booked_h(audit({"a.csv": BOOKINGS.replace("\n", ending)})) == 3.5


def test_gzip_title_lines_and_excel_mark(audit):
    text = "sep=;\nRapport d’occupation 2026\n\n" + BOOKINGS.replace(",", ";")
    result = audit({"agenda.csv.gz": gzip.compress(text.encode())})
    assert _booked_h(result) == 3.5


def test_one_odd_byte_costs_no_line(audit):
    mixed = BOOKINGS.encode() + "Érable,2026-01-07 08:00,2026-01-07 09:00,\n".encode("cp1252")
    result = audit({"agenda.csv": mixed})
    assert (len(result.assets), _booked_h(result)) == (1, 4.5)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",2026-01-05 08:00,2026-01-05 09:00,", "n’est pas nommé"),
        ("S,pas une date,2026-01-05 09:00,", "n’est pas une date"),
        ("S,2026-02-30 08:00,2026-03-05 09:00,", "n’est pas une date|n’existe pas"),
        ("S,1789-07-14 08:00,1789-07-14 09:00,", "1990–2100"),
        ("S,9999-12-31 08:00,9999-12-31 09:00,", "1990–2100"),
        ("S,2026-01-05 09:00,2026-01-05 08:00,", "ne vient pas après"),
        ("S,2026-01-05 09:00,2026-01-05 09:00,", "ne vient pas après"),
        ("S,2026-01-05 09:00,,", "fin est vide"),
        (",,,", "n’est pas nommé"),
        ("S,2026-01-05 09:00,2026-01-05 10:00,,,,", "valeurs pour"),
        ('"S,2026-01-05 09:00,2026-01-05 10:00,', "guillemet"),
        ("S,2026-01-05\x00 09:00,2026-01-05 10:00,", "octets nuls"),
        ("S" * 300 + ",2026-01-05 09:00,2026-01-05 10:00,", "200 caractères"),
        ("S" * 2_000_000, "démesurée"),
        ("S,2020-01-05 09:00,2026-01-05 10:00,", "plus d’un an"),
    ],
)
def test_a_bad_line_is_rejected_and_the_file_goes_on(audit, line, said):
    result = audit(
        {"agenda.csv": BOOKINGS + line + "\nÉrable,2026-01-08 08:00,2026-01-08 09:00,\n"}
    )
    assert _booked_h(result) == 4.5
    (rejected,) = result.rejected
    assert (rejected.file, rejected.line) == ("agenda.csv", 4)
    assert re.search(said, rejected.reason), rejected.reason


def test_a_quoted_cell_may_run_over_lines(audit):
    text = 'salle,note,debut,fin\n"Érable","deux\nlignes",2026-01-05 08:00,2026-01-05 09:00\n'
    result = audit({"agenda.csv": text})
    assert (_booked_h(result), result.rejected) == (1.0, ())


def test_closures_holds_and_cancellations(audit):
    text = (
        BOOKINGS + "Érable,2026-01-07 08:00,2026-01-07 12:00,CLOSED\n"
        "Érable,2026-01-08 08:00,2026-01-08 12:00,Annulée\n"
    )
    result = audit({"agenda.csv": text})
    assert _booked_h(result) == 3.5
    assert result.assets[0].ledger.blocked_s == 4 * 3600
    assert any("annulés" in note for note in result.sources[0].notes)


@pytest.mark.parametrize(
    ("header", "cell", "hours"),
    [
        ("durée (min)", "90", 1.5),
        ("duration_min", "90", 1.5),
        ("Durée", "1,5", 1.5),
        ("Duration", "1:30", 1.5),
        ("duree", "1 h 30", 1.5),
        ("duration_s", "5400", 1.5),
    ],
)
def test_durations(audit, header, cell, hours):
    assert (
        _booked_h(audit({"a.csv": f"salle;debut;{header}\nA;2026-01-05 08:00;{cell}\n"})) == hours
    )


def test_bare_days_include_the_last(audit):
    result = audit({"locations.csv": "bien,du,au\nRemorque,2026-01-05,2026-01-06\n"})
    assert _booked_h(result) == 48


def test_use_noted_after_the_fact_is_not_a_booking(audit):
    text = "véhicule,sortie,retour,km\nCamion,2026-01-05 08:00,2026-01-05 12:00,42,5\n"
    result = audit({"carnet.csv": text.replace("42,5", '"42,5"')})
    finding = result.assets[0]
    assert finding.evidence == "declared"
    assert finding.indicators["use_h"].value == 4.0
    assert finding.indicators["km"].value == 42.5


def test_meter_long_and_wide_say_the_same(audit):
    hours = [f"2026-01-05 {hour:02d}:00" for hour in range(24)]
    long = "batiment;horodatage;conso [kWh]\n" + "".join(f"b1;{h};2,5\nb2;{h};0\n" for h in hours)
    wide = "horodatage\tb1\tb2\n" + "".join(f"{h}\t2.5\t0\n" for h in hours)
    for text in (long, wide):
        result = audit({"compteur.csv": text})
        figures = {one.name: one.indicators["load_kwh"] for one in result.assets}
        assert figures["b1"].value == 60.0
        assert (figures["b2"].value, figures["b2"].coverage_ratio) == (0.0, 0.0)
        assert {one.name: one.verdict for one in result.assets}["b2"] == "insufficient"


def test_a_zero_reading_is_unknown_never_idle(audit):
    rows = "".join(f"b1,2026-01-05 {h:02d}:00,{0 if h < 6 else 3}\n" for h in range(24))
    finding = audit({"c.csv": "building,datetime,value\n" + rows}).assets[0]
    assert (finding.ledger.unknown_s, finding.ledger.idle_s) == (6 * 3600, 0)
    assert any("jamais comme une inoccupation" in reason for reason in finding.reasons)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e12", "abc", "-3", "1000000000"])
def test_meter_values_out_of_reason(audit, value):
    text = f"building,datetime,value\nb1,2026-01-05 00:00,{value}\nb1,2026-01-05 01:00,2\n"
    result = audit({"c.csv": text})
    assert [line.line for line in result.rejected] == [2]
    assert result.assets[0].indicators["load_kwh"].value == 2.0


def test_wide_cell_costs_that_cell_alone(audit):
    text = "datetime,b1,b2\n2026-01-05 00:00,1,x\n2026-01-05 01:00,1,1\n2026-01-05 02:00,,1\n"
    result = audit({"c.csv": text})
    assert [(line.line, "b2" in line.reason) for line in result.rejected] == [(2, True)]
    assert {one.name: one.indicators["load_kwh"].value for one in result.assets} == {
        "b1": 2,
        "b2": 2,
    }


def test_contradicting_readings_keep_the_first(audit):
    text = (
        "building,datetime,value\nb1,2026-01-05 00:00,1\nb1,2026-01-05 00:00,1\n"
        "b1,2026-01-05 01:00,5\nb1,2026-01-05 01:00,7\n"
    )
    result = audit({"c.csv": text})
    assert [(line.line, "différente" in line.reason) for line in result.rejected] == [(5, True)]
    assert result.assets[0].indicators["load_kwh"].value == 6.0
    assert any("à l’identique" in note for note in result.sources[0].notes)


def test_the_missing_hour_of_spring_becomes_the_next_instant(audit):
    rows = "".join(f"b1,2026-03-08 {h:02d}:00,1\n" for h in (0, 1, 3, 4))
    whole = audit({"c.csv": "building,datetime,value\n" + rows}).assets[0]
    assert whole.indicators["load_kwh"].value == 4.0
    assert instant_s("2026-03-08 02:30", "America/Toronto", "start") == instant_s(
        "2026-03-08 03:00", "America/Toronto", "start"
    )


def test_doubled_hour_first_for_a_start_second_for_an_end():
    zone = "America/Toronto"
    start, end = (instant_s("2026-11-01 01:30", zone, edge) for edge in ("start", "end"))
    assert end - start == 3600
    assert instant_s("2026-11-01T01:30:00-04:00", zone, "end") == start


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("05/01/2026 13:40", "2026-01-05 13:40"),
        ("2026/01/05 13h40", "2026-01-05 13:40"),
        ("5.1.2026 13 h 40", "2026-01-05 13:40"),
        ("2026-01-05T18:40:00Z", "2026-01-05 13:40"),
        ("2026-01-05 24:00", "2026-01-06 00:00"),
    ],
)
def test_dates_as_people_write_them(text, same):
    assert instant_s(text, "America/Toronto", "start") == instant_s(
        same, "America/Toronto", "start"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1\u00a0234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("12,5", 12.5),
        ("", None),
    ],
)
def test_numbers_as_people_write_them(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["0", "-1", "", "abc", "0:00"])
def test_a_length_is_above_zero(text):
    with pytest.raises(UnreadableCell):
        length_s(text, 3600)


# --- presence ---


def _counts(column: str, cells: list[str], extra: str = "") -> str:
    name, _, value = extra.partition("=")
    head = f"pool_name,timestamp,{column}{',' + name if extra else ''}\n"
    tail = f",{value}" if extra else ""
    return head + "".join(
        f"Piscine,2026-01-05 {hour:02d}:00,{cell}{tail}\n" for hour, cell in enumerate(cells)
    )


def test_counts_out_of_a_capacity(audit):
    finding = audit(
        {"p.csv": _counts("raw_occupancy", ["37/100 persons", "0/100 persons"])}
    ).assets[0]
    occupancy = finding.indicators["occupancy_ratio"]
    assert occupancy.numerator == pytest.approx(37)
    assert occupancy.denominator == pytest.approx(200)
    assert finding.indicators["use_h"].value == 1.0


def test_a_negative_count_is_rejected(audit):
    result = audit({"p.csv": _counts("raw_occupancy", ["-1/100 persons", "5/100 persons"])})
    assert [line.line for line in result.rejected] == [2]
    assert "négatif" in result.rejected[0].reason


def test_capacity_column_and_inventory(audit):
    by_column = audit({"p.csv": _counts("personnes", ["10", "10"], "capacité=40")}).assets[0]
    asset = InventoryAsset("Piscine", "Piscine municipale", capacity=40)
    by_inventory = audit({"p.csv": _counts("personnes", ["10", "10"])}, [asset]).assets[0]
    for finding in (by_column, by_inventory):
        assert finding.indicators["occupancy_ratio"].numerator == 20
        assert finding.indicators["occupancy_ratio"].denominator == 80
    unknown = audit({"p.csv": _counts("personnes", ["10", "10"])}).assets[0]
    assert unknown.indicators["occupancy_ratio"].value is None
    assert "capacité" in unknown.indicators["occupancy_ratio"].reason
    assert any("capacité est inconnue" in reason for reason in unknown.reasons)


def test_a_percentage_without_sense_is_refused(audit):
    with pytest.raises(UnusableSource, match="--sense free ou --sense occupied"):
        audit({"p.csv": _counts("occupancy_percent", ["88.0", "12.0"])})


@pytest.mark.parametrize(("sense", "share"), [("free", 0.12), ("occupied", 0.88)])
def test_the_sense_of_a_percentage(audit, sense, share):
    finding = audit({"p.csv": _counts("occupancy_percent", ["88.0", "88.0"])}, sense=sense).assets[
        0
    ]
    occupancy = finding.indicators["occupancy_ratio"]
    assert occupancy.numerator / occupancy.denominator == pytest.approx(share)


def test_a_percentage_that_says_its_sense(audit):
    finding = audit({"p.csv": _counts("occupancy_level", ["88 % frei", "88 % frei"])}).assets[0]
    occupancy = finding.indicators["occupancy_ratio"]
    assert occupancy.numerator / occupancy.denominator == pytest.approx(0.12)


def test_counts_win_over_a_percentage_and_tell_its_sense(audit):
    text = "pool_name,timestamp,occupancy_percent,is_open,raw_occupancy\n" + "".join(
        f"Piscine,2026-01-05 {hour:02d}:00,88.0,True,12/100 persons\n" for hour in range(5)
    )
    result = audit({"p.csv": text}, sense="occupied")
    occupancy = result.assets[0].indicators["occupancy_ratio"]
    assert occupancy.numerator / occupancy.denominator == pytest.approx(0.12)
    notes = " ".join(result.sources[0].notes)
    assert "dit la part libre" in notes
    assert "l’emportent" in notes
    assert "vaut toujours" in notes


def test_swapped_capacities_are_told_and_not_mended(audit):
    rows = ["pool_name,timestamp,raw_occupancy"]
    for day in (5, 6):
        first, second = (100, 300) if day == 5 else (300, 100)
        rows += [
            f"{name},2026-01-{day:02d} {hour:02d}:00,10/{capacity}"
            for hour in range(24)
            for name, capacity in (("Nord", first), ("Sud", second))
        ]
    result = audit({"p.csv": "\n".join(rows)})
    for finding in result.assets:
        told = " ".join(finding.reasons)
        assert "La capacité change" in told
        assert "intervertis" in told
        assert finding.indicators["occupancy_ratio"].denominator == 24 * 400


# --- whole files ---


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "est vide"),
        (b"\n\n\n", "en-t\u00eate"),
        (b"a,b,c\n1,2,3\n", "pas d\u2019en-t\u00eate"),
        (b"salle,commentaire\nA,bon\n", "ne sont pas reconnues"),
        (b"salle,debut,fin\n", "Aucune ligne"),
        (b"salle,debut,fin\n,x,y\n", "Aucune ligne utilisable"),
        (b"PK\x03\x04 not a workbook", "archive"),
        (b"%PDF-1.7 \x00\x01\x02", "en-t\u00eate"),
    ],
)
def test_unusable_files_say_why(audit, content, said):
    with pytest.raises(UnusableSource, match=said):
        audit({"preuve.csv": content})


def test_a_gzip_bomb_is_stopped(audit, monkeypatch):
    monkeypatch.setattr(tables, "SUSPECT_BYTES", 1 << 20)
    bomb = gzip.compress(BOOKINGS.encode() + b"0" * (32 << 20))
    with pytest.raises(UnusableSource, match="gonfle"):
        audit({"bombe.csv.gz": bomb})


def test_unpacked_size_is_bounded(audit):
    text = BOOKINGS + "Érable,2026-01-05 08:00,2026-01-05 10:00,\n" * 2000
    with pytest.raises(UnusableSource, match="gonfle"):
        audit({"a.csv": text}, max_bytes=10_000)


def test_a_cut_gzip_keeps_what_was_read(audit):
    text = BOOKINGS + "".join(
        f"Érable,2026-01-{d:02d} {h:02d}:00,2026-01-{d:02d} {h:02d}:30,n{d * h}\n"
        for d in range(9, 28) for h in range(24)
    )  # fmt: skip
    result = audit({"a.csv.gz": gzip.compress(text.encode())[:-400]})
    assert "coupée" in result.rejected[-1].reason
    assert _booked_h(result) > 3.5


def test_a_zip_bomb_named_workbook_is_refused(audit, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 1 << 20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (8 << 20))
    with pytest.raises(UnusableSource, match="archive"):
        audit({"bombe.xlsx": packed.getvalue()})


_SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Salle</t></is></c>
<c r="B1" t="inlineStr"><is><t>Début</t></is></c>
<c r="C1" t="inlineStr"><is><t>Durée (h)</t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Érable</t></is></c><c r="B2" t="inlineStr"><is>
<t>2026-01-05 08:00</t></is></c><c r="C2"><v>1.5</v></c></row></sheetData></worksheet>"""


def _workbook(sheet: str) -> bytes:
    """Return the smallest workbook that holds one sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Agenda" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_workbook_is_read(audit):
    assert _booked_h(audit({"agenda.xlsx": _workbook(_SHEET)})) == 1.5


@pytest.mark.parametrize("sheet", ["", "<worksheet", _SHEET.replace("sheetData", "rien")])
def test_a_broken_workbook_says_so(audit, sheet):
    with pytest.raises(UnusableSource, match=r"classeur|en-tête"):
        audit({"agenda.xlsx": _workbook(sheet)})


def test_too_many_assets_is_a_wrong_column(audit, monkeypatch):
    monkeypatch.setattr(registry, "MAX_ASSETS", 3)
    rows = "".join(f"n{n},2026-01-05 08:00,2026-01-05 09:00\n" for n in range(5))
    with pytest.raises(UnusableSource, match="quelle colonne"):
        audit({"a.csv": "salle,debut,fin\n" + rows})


def test_a_stray_date_does_not_stretch_the_period(audit):
    with pytest.raises(UnusableSource, match="date égarée"):
        audit({"a.csv": BOOKINGS + "Érable,2062-01-05 08:00,2062-01-05 10:00,\n"})


def test_rejected_lines_are_bounded_and_counted(audit, monkeypatch):
    monkeypatch.setattr(registry, "MAX_REJECTED_KEPT", 2)
    result = audit({"a.csv": BOOKINGS + "Érable,x,y,\n" * 5})
    assert (len(result.rejected), result.rejected_count) == (3, 5)
    assert "sans être énumérées" in result.rejected[-1].reason


def test_evidence_outside_the_inventory_is_rejected(audit):
    hours = "2026-01-05 08:00,2026-01-05 10:00"
    text = f"salle,debut,fin\nA,{hours}\nB,{hours}\n"
    result = audit(
        {"a.csv": text}, [InventoryAsset("A", "Salle A"), InventoryAsset("C", "Salle C")]
    )
    assert {one.external_id: one.verdict for one in result.assets} == {
        "A": "undetermined", "C": "insufficient",
    }  # fmt: skip
    assert "n’est pas à l’inventaire" in result.rejected[0].reason


hostile_bytes = st.binary(max_size=400) | st.text(max_size=200).map(
    lambda text: ("salle,debut,fin\n" + text).encode("utf-8", "surrogatepass")
)


@settings(max_examples=40)
@given(hostile_bytes)
def test_any_bytes_give_a_result_or_a_sentence(content):
    with contextlib.suppress(UnusableSource):
        assert run_audit([FileSource("x.csv", content)], options=AuditOptions()).assets


cells = st.text(alphabet='S"\n,;0123456789-: ', max_size=30)


@settings(max_examples=25)
@given(st.lists(st.lists(cells, max_size=5).map(",".join), max_size=6))
def test_bad_lines_never_lose_the_good_ones(bad):
    """Whatever stands between good lines, they are read."""
    text = BOOKINGS + "\n".join(line for line in bad if '"' not in line)
    text += "\nÉrable,2026-02-05 08:00,2026-02-05 10:00,\n"
    result = run_audit([FileSource("x.csv", text.encode())], options=AuditOptions(zone="UTC"))
    maple = next(one for one in result.assets if one.name == "Érable")
    assert maple.indicators["booked_h"].value >= 5.5


@pytest.mark.parametrize("far", ["XFD1048576", "BZ1048576"])
def test_two_cells_far_apart_do_not_fill_the_memory(audit, far):
    row = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{row}"><c r="{far}"><v>2</v></c></row></sheetData>'
    with pytest.raises(UnusableSource, match="très loin"):
        audit({"agenda.xlsx": _workbook(_SHEET.replace("</sheetData>", cell))})
