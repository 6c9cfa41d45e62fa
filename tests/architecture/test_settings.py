# SPDX-License-Identifier: EUPL-1.2
"""Each setting read from the environment is documented, and nothing else is."""

import ast
import re
from pathlib import Path

from usufruit.ui.typography import typography_faults

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "reglages.md"
SETTING = re.compile(r"USUFRUIT_[A-Z_]+|DATABASE_URL|PGOPTIONS|CHROMIUM")


def read_by_the_code() -> set[str]:
    """Return the names of settings that stand alone as text somewhere in the package."""
    return {
        node.value
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SETTING.fullmatch(node.value)
    }


def documented() -> list[str]:
    return re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_settings_and_their_page_are_one_list():
    assert len(documented()) == len(set(documented()))
    assert set(documented()) == read_by_the_code()


def test_no_setting_is_read_past_this_list():
    """Whatever is asked of the environment is asked by name."""
    asked = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and re.search(
                r"environ\.get$|getenv$", ast.unparse(node.func)
            ):
                asked.add(ast.literal_eval(node.args[0]))
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
                asked.add(ast.literal_eval(node.slice))
    assert asked <= set(documented())


def test_the_page_is_written_as_it_should_be():
    text = re.sub(r"`[^`]*`", "X", PAGE.read_text(encoding="utf-8"))
    assert typography_faults(text) == []
