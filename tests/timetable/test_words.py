# SPDX-License-Identifier: EUPL-1.2
"""Hours as people say them, and as they type them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from usufruit.timetable.rules import Minutes, WeeklyWindow, merge_windows, parse_opening
from usufruit.timetable.words import hours_in_words, read_day, typed_day, week_in_words
from usufruit.ui.typography import typography_faults


def french(windows):
    with translation.override("fr-ca"):
        said = week_in_words(windows)
    assert not typography_faults(said)
    return said.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("lu-ve 8:00-22:00", "du lundi au vendredi, de 8 h à 22 h"),
        ("tous 0:00-24:00", "tous les jours, jour et nuit"),
        (
            "lu,ma 8:30-12:00,13:00-17:00",
            "le lundi et le mardi, de 8 h 30 à 12 h et de 13 h à 17 h",
        ),
        (
            "lu-me,ve 8:00-17:00; sa 20:00-2:00",
            "du lundi au mercredi et le vendredi, de 8 h à 17 h; le samedi, de 20 h à 2 h",
        ),
        ("di 18:00-24:00", "le dimanche, de 18 h à 24 h"),
    ],
)
def test_a_week_is_said_shortly(week, said):
    assert french(parse_opening(week)) == said


def test_a_closed_week_and_a_closed_day():
    assert french([]) == "fermé toute la semaine"
    with translation.override("fr-ca"):
        assert hours_in_words([]) == "fermé"


@pytest.mark.parametrize(
    "text",
    [
        "8:00-12:00, 13:00-22:00",
        "8h-12h,13h-22h",
        "8 h à 12 h et 13 h à 22 h",
        "de 8:00 à 12:00 et de 13:00 à 22:00",
        "8:00–12:00; 13:00–22:00",
        "  8-12 ,, 13-22 ",
    ],
)
def test_a_day_is_read_in_each_way_people_type_it(text):
    assert read_day(text) == (Minutes(480, 720), Minutes(780, 1320))


@pytest.mark.parametrize("text", ["", "  ", "-", "fermé", "FERMÉ"])
def test_nothing_is_a_closed_day(text):
    assert read_day(text) == ()


@pytest.mark.parametrize(
    "text", ["huit", "8", "8-25", "8:75-9:00", "lu 8-9", "8-9-10", ",", "\x00"]
)
def test_what_cannot_be_read_says_so(text):
    with pytest.raises(ValueError, match=r"[Ee]xemple|journée"):
        read_day(text)


minutes = st.builds(
    lambda start, length: Minutes(start, start + length),
    st.integers(0, 1439),
    st.integers(1, 1440),
)


@given(st.lists(minutes, max_size=4))
def test_what_is_typed_is_read_again(runs):
    day = [
        window.minutes
        for window in merge_windows(WeeklyWindow(0, run) for run in runs)
        if window.weekday == 0
    ]
    assert read_day(typed_day(day)) == tuple(day)
