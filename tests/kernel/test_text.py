# SPDX-License-Identifier: EUPL-1.2
"""French order and French words."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from usufruit.kernel.text import search_words, sort_key

ACCENTED = "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ"
FRENCH = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    + ACCENTED
    + " '’-–«»\u00a00123456789.,()"
)
LATIN_1 = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))]


def in_sql(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT french_sort_key(text) FROM unnest(%s::text[]) WITH ORDINALITY AS q (text, n)"
            " ORDER BY n",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_sql_and_python_agree_on_every_letter_of_western_europe():
    letters = [*LATIN_1, *"œŒŸÿšžȩǎİŵÿ’–—…€"]
    apart = [unicodedata.normalize("NFD", letter) for letter in letters]
    assert dict(zip(letters + apart, in_sql(letters + apart), strict=True)) == {
        letter: sort_key(letter) for letter in letters + apart
    }


@pytest.mark.django_db
@given(st.lists(st.text(FRENCH, max_size=30), min_size=1, max_size=20))
def test_sql_and_python_agree_on_french(texts):
    assert in_sql(texts) == [sort_key(text) for text in texts]


@given(st.text(FRENCH))
def test_accents_apart_or_together_have_the_same_key(text):
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)
    assert sort_key(sort_key(text)) == sort_key(text)


def test_french_order():
    names = ["Œuvre", "Zoo", "École", "Eau", "oeuf", "L’Île", "L'ile-aux-Noix", "été", "Etage"]
    ordered = sorted(names, key=sort_key)
    assert ordered == [
        "Eau",
        "École",
        "Etage",
        "été",
        "L’Île",
        "L'ile-aux-Noix",
        "oeuf",
        "Œuvre",
        "Zoo",
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Déneigeuses", ["deneigeuse"]),
        ("tableaux", ["tableau"]),
        ("Souffleuse à neige", ["souffleuse", "a", "neige"]),
        ("les bus", ["les", "bus"]),
        ("  ", []),
        ("express", ["express"]),
    ],
)
def test_words_of_a_question(question, words):
    assert search_words(question) == words


@given(st.text(FRENCH))
def test_capitals_and_accents_change_no_word(text):
    assert search_words(text.upper()) == search_words(text) == search_words(sort_key(text))


@given(st.text(FRENCH))
def test_words_carry_neither_accents_nor_marks(text):
    for word in search_words(text):
        assert word.isalnum()
        assert sort_key(word) == word
