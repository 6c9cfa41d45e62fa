# SPDX-License-Identifier: EUPL-1.2
"""Cells that no spreadsheet runs, and figures that stay figures."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.kernel.spreadsheets import FORMULA_STARTS, french_csv, harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 5", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "+"]
)
def test_what_would_run_is_quoted(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("figure", ["-72.5", "-72,5", "+3", "12", "-0"])
def test_a_figure_stays_a_figure(figure):
    assert harmless(figure) == figure


def test_nothing_is_empty():
    assert harmless(None) == ""


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_no_text_begins_as_a_formula_but_a_figure(text):
    written = harmless(text)
    assert written.removeprefix("'") == text.removeprefix("'") or written == text
    if written.startswith(FORMULA_STARTS):
        float(written.replace(",", "."))


def test_a_table_is_read_back_as_it_was():
    rows = [["Nom", "Note"], ["Salle « A »", 'a;b\n"c"'], ["É", None]]
    text = french_csv(rows)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert read == [[cell or "" for cell in row] for row in rows]
