# SPDX-License-Identifier: EUPL-1.2
"""Cells, names and places read one by one, and whatever a cell may hold."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.imports.cells import BadCell, calendar_day, clean, identifier, number, whole, yes_no
from usufruit.imports.recognition import guesses
from usufruit.imports.rules import FRANCE, QUEBEC, are_alike, place_fault, signature


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", "1234.5"),
        ("1\u00a0234,50 $", "1234.50"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("12 m", "12"),
        ("45 m2", "45"),
        ("−72,5", "-72.5"),
        ("2e3", "2000"),
    ],
)
def test_a_number_however_it_is_written(text, value):
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["20l8", "abc", "1 2 a 3", "1e999", "--1", ""])
def test_what_is_no_number_says_so(text):
    with pytest.raises(BadCell):
        number(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("31/01/2026", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("1987", date(1987, 1, 1)),
        ("2026-01-31T00:00:00", date(2026, 1, 31)),
        ("43861", date(2020, 1, 31)),
    ],
)
def test_a_day_however_it_is_written(text, day):
    assert calendar_day(text) == day


def test_a_day_may_begin_with_its_month():
    assert calendar_day("01/31/2026", month_first=True) == date(2026, 1, 31)
    with pytest.raises(BadCell):
        calendar_day("01/31/2026")


@pytest.mark.parametrize("word", ["Oui", "yes", "VRAI", "1", "x", "Sí", "ja"])
def test_yes_in_many_languages(word):
    assert yes_no(word) is True


@pytest.mark.parametrize("word", ["Non", "no", "FAUX", "0", "nein"])
def test_no_in_many_languages(word):
    assert yes_no(word) is False


@given(st.text(max_size=60))
def test_any_cell_is_read_or_refused_in_words(text):
    for read in (number, whole, calendar_day, yes_no):
        try:
            read(text)
        except BadCell as bad:
            assert bad.why  # noqa: PT017 - most texts raise nothing
            assert bad.remedy  # noqa: PT017
    assert "\x1f" not in clean(text)
    assert clean(clean(text)) == clean(text)
    plain = identifier(text)
    assert identifier(plain) == plain


@given(st.decimals(-(10**11), 10**11, places=2))
def test_a_number_written_in_french_is_read_back(value):
    assert number(f"{value:,}".replace(",", "\u00a0").replace(".", ",")) == value


def test_a_place_is_swapped_only_when_its_mirror_fits():
    assert place_fault(46.5, -72.5, QUEBEC) == ""
    assert place_fault(-72.5, 46.5, QUEBEC) == "swapped"
    assert place_fault(48.8, 2.3, QUEBEC) == ""
    assert place_fault(2.3, 48.8, FRANCE) == "swapped"
    assert place_fault(5039000, 300000, QUEBEC) == "projected"


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("Gymnase de l’école", "gymnase de l'Ecole", True),
        ("Salle 101", "Salle 102", False),
        ("Aréna", "Piscine", False),
        ("Camion à neige Western Star", "Camion neige Western", True),
    ],
)
def test_names_alike(left, right, answer):
    assert are_alike(left, right) is answer


def test_columns_are_recognised_by_name_and_by_what_they_hold():
    names = ["N° d’actif", "Désignation", "Coût ($)", "Coord_X_LL84", "COORD_Y_LL84", "zzz"]
    sample = [["1", "Pelle", "1 200,50", "-72,5", "46,5", "q"]]
    found = [guess.target for guess in guesses(names, sample, {})]
    assert found == ["external_id", "name", "cost", "longitude", "latitude", ""]


def test_a_civic_number_is_no_inventory_number():
    sample = [["10", "1", "A"], ["10", "2", "B"]]
    assert [one.target for one in guesses(["Numéro", "ID", "Nom"], sample, {})][1] == "external_id"


def test_a_header_is_told_again_whatever_its_accents():
    assert signature(["Numéro", "Nom"]) == signature(["NUMERO ", "nom"])
    assert signature(["Nom", "Numéro"]) != signature(["Numéro", "Nom"])
