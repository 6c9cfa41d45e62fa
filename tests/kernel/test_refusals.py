# SPDX-License-Identifier: EUPL-1.2
"""A refusal is an answer, and every one in the code has a code, a French sentence and no fault."""

import ast
import re
from pathlib import Path

import pytest

import usufruit
from usufruit.kernel.refusals import Alternative, Refusal
from usufruit.ui.typography import typography_faults

PACKAGE = Path(usufruit.__file__).parent


def refusals():
    """Yield (place, code, sentences) of each refusal written in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal":
                # Two codes by circumstance are both looked at; a code passed on is not.
                codes = {n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)}
                said = [node.args[1]] + [
                    word.value for word in node.keywords if word.arg in {"message", "rule"}
                ]
                for code in codes:
                    yield f"{path.name}:{node.lineno}", code, [words(each) for each in said]


def words(node: ast.expr) -> str:
    """Return the text of a sentence, with « X » where a value will stand."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values
        )
    if isinstance(node, ast.Call) and node.args:  # a sentence marked for translation
        return words(node.args[0])
    return ""


def test_a_refusal_says_its_code_and_its_sentence():
    refusal = Refusal("closed", "Fermé.", rule="Heures", nearest=(Alternative("demain"),))
    assert str(refusal) == "closed: Fermé."
    assert (refusal.rule, refusal.nearest[0].label, refusal.nearest[0].span) == (
        "Heures",
        "demain",
        None,
    )
    with pytest.raises(Refusal):
        raise refusal


def test_two_refusals_alike_are_not_one():
    assert Refusal("closed", "Fermé.") != Refusal("closed", "Fermé.")
    assert len({Refusal("closed", "Fermé."), Refusal("closed", "Fermé.")}) == 2


def test_every_refusal_of_ours_is_well_said():
    found = list(refusals())
    assert len(found) >= 20
    for place, code, sentences in found:
        assert re.fullmatch(r"[a-z_]+", code), place
        assert not sentences[0] or sentences[0].rstrip().endswith((".", "X", "?")), (
            f"{place}: {sentences[0]}"
        )
        for sentence in sentences:
            assert typography_faults(sentence) == [], f"{place}: {sentence}"
