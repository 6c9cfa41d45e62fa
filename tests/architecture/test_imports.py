# SPDX-License-Identifier: EUPL-1.2
"""The direction of imports: kept by the tree as it is, and each kind of fault is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

# (file, line added at its end, what the report must say)
FAULTS = {
    "a lower floor imports an upper one": (
        "kernel/spans.py",
        "import usufruit.ui.charts",
        "usufruit.kernel.spans -> usufruit.ui.charts (l.",
    ),
    "a folder nobody gave a floor": (
        "utils/__init__.py",
        "",
        "usufruit.utils",
    ),
    "a table imports a verb": (
        "bookings/models.py",
        "import usufruit.bookings.actions",
        "usufruit.bookings.models -> usufruit.bookings.actions (l.",
    ),
    "a question imports a screen": (
        "inventory/queries.py",
        "import usufruit.inventory.views",
        "usufruit.inventory.queries -> usufruit.inventory.views (l.",
    ),
    "a room imports another's forms": (
        "bookings/views/__init__.py",
        "import usufruit.search.forms",
        "usufruit.bookings.views imports usufruit.search.forms (l.",
    ),
    "a rule imports Django": (
        "timetable/rules.py",
        "import django.db",
        "usufruit.timetable.rules -> django (l.",
    ),
    "a rule imports a table": (
        "search/rules.py",
        "import usufruit.timetable.models",
        "usufruit.search.rules -> usufruit.timetable.models (l.",
    ),
    "a rule reads the clock": (
        "bookings/rules.py",
        "import usufruit.kernel.clock",
        "usufruit.bookings.rules -> usufruit.kernel.clock (l.",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tree_keeps_every_contract():
    report = lint(ROOT)
    assert report.returncode == 0, report.stdout
    assert "Contracts: 4 kept, 0 broken." in report.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    """Return what is said of a copy of the tree that holds every fault."""
    folder = tmp_path_factory.mktemp("faulty")
    shutil.copy(ROOT / "pyproject.toml", folder)
    only_python = shutil.ignore_patterns("static", "templates", "sql", "data", "__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=only_python)
    (folder / "tests" / "architecture").mkdir(parents=True)
    (folder / "tests" / "__init__.py").touch()
    shutil.copy(ROOT / "tests/architecture/contracts.py", folder / "tests/architecture")
    for place, line, _ in FAULTS.values():
        path = folder / "src" / "usufruit" / place
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    answer = lint(folder)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "Contracts: 0 kept, 4 broken." in answer.stdout
    return answer.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named(report, fault):
    assert FAULTS[fault][2] in report
