# SPDX-License-Identifier: EUPL-1.2
"""One spelling to sort and to search French by, whatever the system's collation knows."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ð": "d", "þ": "th", "’": "'"})


def sort_key(text: str) -> str:
    """Return the text in lower case, without accents or ligatures.

    It is the twin of the SQL function ``french_sort_key``, which fills the stored columns.
    """
    folded = text.casefold().translate(_LIGATURES)
    return "".join(
        char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char)
    )


def search_words(text: str) -> list[str]:
    """Return the words of a question, singular and without accents (``deneigeuse``)."""
    words = "".join(char if char.isalnum() else " " for char in sort_key(text)).split()
    return [_singular(word) for word in words]


def _singular(word: str) -> str:
    """Drop the regular French plural; short words and « ss » keep their ending."""
    if len(word) > 4 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 3 and word[-1] in "sx" and word[-2] != "s":
        return word[:-1]
    return word
