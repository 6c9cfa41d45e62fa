# SPDX-License-Identifier: EUPL-1.2
"""Hours, days, money and measures in Québec French, and the watchdog of rendered pages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import formats, translation
from hypothesis import given
from hypothesis import strategies as st

from usufruit.ui import typography

N = typography.NBSP


@dataclass
class Bounds:
    start: datetime
    end: datetime


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        (time(13, 40), f"13{N}h{N}40", f"1:40{N}p.m."),
        (time(18), f"18{N}h", f"6:00{N}p.m."),
        (time(0, 5), f"0{N}h{N}05", f"12:05{N}a.m."),
    ],
)
def test_clock(moment: time, french: str, english: str) -> None:
    assert typography.clock(moment) == french
    assert typography.clock(moment, "en") == english


def test_clock_past_midnight() -> None:
    assert typography.clock_of_minute(1440) == f"24{N}h"
    assert typography.clock_of_minute(1500) == f"1{N}h"


def test_django_writes_hours_as_we_do() -> None:
    with translation.override("fr-ca"):
        assert formats.time_format(time(13, 40)) == f"13{N}h{N}40"
        assert formats.date_format(datetime(2027, 1, 6, 14, 5, tzinfo=UTC), "DATETIME_FORMAT") == (
            f"6 janvier 2027, 14{N}h{N}05"
        )
        assert formats.number_format(Decimal("1234.5"), force_grouping=True) == f"1{N}234,5"


def test_day() -> None:
    assert typography.day(date(2027, 1, 6)) == f"mercredi 6{N}janvier 2027"
    assert typography.day(date(2027, 1, 1), has_year=False) == f"vendredi 1er{N}janvier"
    assert typography.day(date(2027, 1, 6), language="en") == f"Wednesday, January{N}6, 2027"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (  # Montréal is five hours behind in January
            datetime(2026, 1, 6, 23, tzinfo=UTC),
            datetime(2026, 1, 7, 1, tzinfo=UTC),
            f"mardi 6{N}janvier, de 18{N}h à 20{N}h",
        ),
        (
            datetime(2026, 1, 7, 1, tzinfo=UTC),
            datetime(2026, 1, 7, 5, tzinfo=UTC),
            f"mardi 6{N}janvier, de 20{N}h à minuit",
        ),
        (
            datetime(2026, 1, 6, 5, tzinfo=UTC),
            datetime(2026, 1, 7, 5, tzinfo=UTC),
            f"mardi 6{N}janvier, toute la journée",
        ),
        (
            datetime(2026, 1, 6, 5, tzinfo=UTC),
            datetime(2026, 1, 9, 5, tzinfo=UTC),
            f"du mardi 6{N}janvier au jeudi 8{N}janvier",
        ),
        (
            datetime(2026, 1, 6, 23, tzinfo=UTC),
            datetime(2026, 1, 7, 13, 30, tzinfo=UTC),
            f"du mardi 6{N}janvier, 18{N}h, au mercredi 7{N}janvier, 8{N}h{N}30",
        ),
    ],
)
def test_span(start: datetime, end: datetime, words: str) -> None:
    assert typography.span(Bounds(start, end), "America/Toronto") == words


def test_measures() -> None:
    assert typography.money(Decimal("1234.5")) == f"1{N}234,50{N}$"
    assert typography.money(Decimal("-3")) == f"\u22123,00{N}$"
    assert typography.money(Decimal("1234.5"), language="en") == "$1,234.50"
    assert typography.km(0.847) == f"850{N}m"
    assert typography.km(3.44) == f"3,4{N}km"
    assert typography.km(12.0) == f"12{N}km"
    assert typography.percent(0.425, 1) == f"42,5{N}%"
    assert typography.hours(6.5) == f"6,5{N}h"
    assert typography.duration(90) == f"1{N}h{N}30"
    assert typography.duration(2880) == f"2{N}jours"
    assert typography.joined(["a", "b", "c"]) == "a, b et c"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_reads_back(amount: Decimal) -> None:
    text = typography.money(amount)
    figure = text.removesuffix(f"{N}$").replace(N, "").replace(",", ".").replace("\u2212", "-")
    assert Decimal(figure) == amount
    assert not typography.typography_faults(text)


@given(
    st.integers(0, 730 * 1440),
    st.integers(1, 20_000),
)
def test_spans_are_clean(since: int, minutes: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=since)
    words = typography.span(Bounds(start, start + timedelta(minutes=minutes)), "America/Toronto")
    assert not typography.typography_faults(words)


@pytest.mark.parametrize(
    "text",
    [
        "Prix : 84,00 $",
        f"42 % et 84{N}$",
        "« Réserver »",
        "Réserver ?",
        "de 18 h à 20 h",
        "l'aréna",
        "Veuillez patienter",
        "Cliquez sur OK",
        "1 234 heures",
        "Un instant...",
        "84$",
    ],
)
def test_faults_are_found(text: str) -> None:
    assert typography.typography_faults(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Prix total{N}: 84,00{N}$. Détail{N}: 3{N}h à 28,00{N}$.",
        f"«{N}Réserver la salle{N}»",
        "Votre demande n’est pas retenue; le gymnase est fermé. Et demain?",
        f"Ce camion roule 6{N}h par semaine (15{N}%).",
        "Le 11 janvier 2027, 3 personnes",
    ],
)
def test_clean_text_passes(text: str) -> None:
    assert typography.typography_faults(text) == []
