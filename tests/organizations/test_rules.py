# SPDX-License-Identifier: EUPL-1.2
"""A pasted list is read line by line, whatever is pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.organizations.rules import MOST_LINES, InvitedLine, read_lines

NAMES = {"Membre": "member", "Demandeur": "requester", "Préposé au guichet": "desk_clerk"}


def read(text):
    return read_lines(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Roy, Camille, c.roy@ville.test, demandeur, PREPOSE AU GUICHET",
        "Roy, Camille\tC.Roy@ville.test\tDemandeur\tPréposé au guichet\tDemandeur",
        " Roy, Camille ; c.roy@ville.test ; Demandeur; Préposé au guichet;",
    ],
)
def test_a_line_is_cut_by_tab_semicolon_or_comma(text):
    lines, faults = read(text)
    assert faults == []
    assert lines == [
        InvitedLine(1, "Roy, Camille", "c.roy@ville.test", ("requester", "desk_clerk"))
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Camille, demandeur", "Il manque l’adresse"),
        ("Camille, c@ville, demandeur", "n’est pas une adresse"),
        ("Camille, c roy@ville.test, demandeur", "n’est pas une adresse"),
        ("Camille, c@ville.test", "Il manque le rôle"),
        ("Camille, c@ville.test, roi", "«\u00a0roi\u00a0» n’est pas un rôle"),
        ("c@ville.test,membre\n\nC@ville.test,membre", "déjà à la ligne 1"),
    ],
)
def test_a_line_says_what_is_wrong(text, said):
    _lines, faults = read(text)
    assert [said in fault.message for fault in faults] == [True]
    assert faults[0].number == len(text.splitlines())


def test_so_many_lines_at_once():
    text = "\n".join(f"p{n}@ville.test,membre" for n in range(MOST_LINES))
    assert read(text)[1] == []
    assert f"au plus {MOST_LINES}" in read(f"{text}\nz@ville.test,membre")[1][0].message


@given(st.text(alphabet="a@.,;\t\n membre", max_size=120))
def test_every_line_is_read_or_refused_once(text):
    lines, faults = read(text)
    numbers = [one.number for one in (*lines, *faults)]
    filled = [at for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    assert sorted(numbers) == filled
    assert len({line.email for line in lines}) == len(lines)
