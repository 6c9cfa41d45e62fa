# SPDX-License-Identifier: EUPL-1.2
"""Bookings as spreadsheets have them: rows or a grid, whatever the order of the dates."""

from datetime import date, datetime, time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.agendas.test_actions import HALVES
from tests.support.owner import make_owned
from tests.support.pages import read, words
from tests.support.world import make_asset
from usufruit.agendas.models import Agenda, AgendaImport
from usufruit.agendas.sheets import UnreadableLine, read_day, read_hour, read_sheet
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.tables import UnusableSource
from usufruit.timetable.models import Hold

TORONTO = "America/Toronto"
FOUR_COLUMNS = """Date de début;Heure de début;Date de fin;Heure de fin;Bien;Qui
2027-01-05;18:00;2027-01-05;20:00;A;Danse
"""
GRID = """;lundi 4 janvier 2027;mardi 5 janvier 2027
18:00;Danse;
19:00;Danse;Judo
20:00-21:30;;Yoga
"""


def sheet(text, name="salles.csv"):
    return read_sheet(name, text.encode() if isinstance(text, str) else text, TORONTO)


def taken(found):
    return [
        (
            row.room,
            f"{local_wall(row.moment.span.start, TORONTO):%Y-%m-%d %H:%M}",
            f"{local_wall(row.moment.span.end, TORONTO):%Y-%m-%d %H:%M}",
            row.moment.title,
        )
        for row in found.rows
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Salle;Début;Fin;Titre\nA;2027-01-05 18:00;2027-01-05 20:00;Danse",
        "Local,Date,Heure de début,Heure de fin,Activité\nA,05/01/2027,18 h,20 h 00,Danse",
        "Export\n\nTitre\tJour\tDébut\tFin\tPlateau\nDanse\t5 janvier 2027\t18:00\t20:00\tA",
        FOUR_COLUMNS,
        "room,start,end,title\nA,2027-01-05T18:00,2027-01-05T20:00,Danse",
    ],
    ids=["instants", "date et heures", "préambule", "quatre colonnes", "anglais"],
)  # fmt: skip
def test_rows_are_read_whatever_their_columns(text):
    assert taken(sheet(text)) == [("A", "2027-01-05 18:00", "2027-01-05 20:00", "Danse")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_of_exports_are_recognised(encoding):
    text = "Salle;Début;Fin;Activité\nÉrable;2027-01-05 18:00;2027-01-05 20:00;Été\n"
    assert taken(sheet(text.encode(encoding)))[0][0] == "Érable"


def test_the_column_decides_the_order_of_its_dates():
    rows = "Salle;Date;Début;Fin\nA;{};18:00;19:00\nA;02/03/2027;18:00;19:00\n"
    day_first, month_first = sheet(rows.format("25/01/2027")), sheet(rows.format("01/25/2027"))
    assert [row[1][:10] for row in taken(day_first)] == ["2027-01-25", "2027-03-02"]
    assert [row[1][:10] for row in taken(month_first)] == ["2027-01-25", "2027-02-03"]
    assert month_first.notes == ["Les dates sont lues mois/jour/année."]
    assert "deux façons" in sheet(rows.format("01/02/2027")).notes[0]


def test_days_alone_include_the_last_and_an_end_before_the_start_passes_midnight():
    (days,) = taken(sheet("Salle;Début;Fin\nA;2027-01-05;2027-01-06"))
    assert days[1:3] == ("2027-01-05 00:00", "2027-01-07 00:00")
    (night,) = taken(sheet("Salle;Date;Heure début;Heure fin\nA;2027-01-05;22:00;2:00"))
    assert night[1:3] == ("2027-01-05 22:00", "2027-01-06 02:00")


def test_each_bad_line_has_its_reason_and_the_others_stay():
    found = sheet(
        "Salle;Début;Fin\nA;hier;2027-01-05 20:00\nA;2027-02-30 8:00;2027-03-01\n"
        "A;2027-01-05 20:00;2027-01-05 18:00\nA;2027-01-05 18:00;2029-01-05 18:00\n"
        "A;2027-01-05 25:00;2027-01-06\nA;2027-01-05 18:00;2027-01-05 20:00\n"
    )
    assert len(found.rows) == 1
    assert [line for line, _why in found.refused] == [2, 3, 4, 5, 6]
    assert "«\u00a0hier\u00a0» n’est pas une date" in found.refused[0][1]


def test_a_grid_of_a_week_is_read():
    assert taken(sheet(GRID)) == [
        ("", "2027-01-04 18:00", "2027-01-04 19:00", "Danse"),
        ("", "2027-01-04 19:00", "2027-01-04 20:00", "Danse"),
        ("", "2027-01-05 19:00", "2027-01-05 20:00", "Judo"),
        ("", "2027-01-05 20:00", "2027-01-05 21:30", "Yoga"),
    ]


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_with_its_own_dates_is_read():
    content = workbook(
        ["Salle", "Date", "Heure début", "Heure fin", "Titre"],
        ["A", date(2027, 1, 5), time(18, 0), time(20, 30), "Danse"],
    )
    assert taken(sheet(content, "salles.xlsx")) == [
        ("A", "2027-01-05 18:00", "2027-01-05 20:30", "Danse")
    ]
    content = workbook(
        ["Salle", "Début", "Fin"],
        ["A", *(datetime.combine(date(2027, 1, 5), time(hour)) for hour in (18, 20))],
    )
    assert taken(sheet(content))[0][1:3] == ("2027-01-05 18:00", "2027-01-05 20:00")


@pytest.mark.parametrize("text", ["", "a;b\n1;2", "<html>", "PK\x03\x04", "Salle;Titre\nA;B"])
def test_what_is_no_table_of_bookings_says_so(text):
    with pytest.raises(UnusableSource):
        sheet(text)


@given(st.text(max_size=40), st.booleans())
def test_no_cell_breaks_the_reading(text, is_day_first):
    for reader in (read_hour, lambda cell: read_day(cell, is_day_first=is_day_first)):
        try:
            reader(text)
        except UnreadableLine:
            continue


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", (18, 30)),
        ("18 h 30", (18, 30)),
        ("6:30 PM", (18, 30)),
        ("12 am", (0, 0)),
        ("8h", (8, 0)),
    ],
)
def test_hours_as_people_write_them(text, expected):
    assert read_hour(text) == time(*expected)


# Pages


@pytest.fixture
def owned(client):
    return make_owned(client)


def send(owned, address, text):
    return owned.client.post(address, {"file": SimpleUploadedFile("salles.csv", text.encode())})


@pytest.mark.django_db
def test_a_sheet_of_many_assets_is_looked_at_applied_and_undone(owned):
    hall = make_asset(
        owned.body, structure="parts", lane_count=2, parts=HALVES, name="Palestre", external_id="P1"
    )
    text = (
        "Salle;Début;Fin;Titre\n"
        "Gymnase des Saules;2098-01-05 18:00;2098-01-05 20:00;Danse\n"
        "p1 - moitié est;2098-01-05 18:00;2098-01-05 20:00;Judo\n"
        "PALESTRE;2098-01-06 18:00;2098-01-06 20:00;\n"
        "Piscine;2098-01-05 18:00;2098-01-05 20:00;Bain\n"
        "Palestre;2001-01-06 18:00;2001-01-06 20:00;Passé\n"
    )
    sent = send(owned, "/mes-biens/agendas/importer/", text)
    assert sent.status_code == 302
    page = read(owned.client.get(sent.url))
    assert (
        "Nouvelles\u00a0: 3. Déjà là\u00a0: 0. En conflit\u00a0: 0. Refusées\u00a0: 1." in page.text
    )
    assert "Ligne 5\u00a0: «\u00a0Piscine\u00a0»" in " ".join(page.text.split(" "))
    assert "déjà passées, laissées de côté\u00a0: 1" in words(page)
    owned.client.post(f"{sent.url}appliquer/")
    assert Hold.objects.filter(reason="external").count() == 3
    assert Agenda.objects.get(part__isnull=False).part.name == "Moitié est"
    assert Agenda.objects.filter(asset=hall).count() == 2
    again = send(owned, "/mes-biens/agendas/importer/", text)
    assert "Nouvelles\u00a0: 0. Déjà là\u00a0: 3." in read(owned.client.get(again.url)).text
    owned.client.post(f"{sent.url}annuler/")
    assert not Hold.objects.filter(reason="external").exists()


@pytest.mark.django_db
def test_a_sheet_of_one_asset_needs_no_column_of_rooms_and_a_sheet_of_many_does(owned):
    text = "Début;Fin;Titre\n2098-01-05 18:00;2098-01-05 20:00;Danse\n"
    page = read(send_page := send(owned, "/mes-biens/agendas/importer/", text))
    assert send_page.status_code == 200
    assert "Aucune colonne ne nomme le bien" in page.select_one(".error-summary").text
    sent = send(owned, f"/mes-biens/{owned.asset.pk}/agendas/importer/", text)
    assert sent.status_code == 302
    assert len(AgendaImport.objects.get().proposals) == 1
    read(owned.client.get("/mes-biens/agendas/importer/"))
