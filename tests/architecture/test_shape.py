# SPDX-License-Identifier: EUPL-1.2
"""The shape of the house: what each file says of itself, and what none may hold."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "usufruit"
PYTHON = sorted(path for path in PACKAGE.rglob("*.py"))
HANDWRITTEN = [path for path in PYTHON if "migrations" not in path.parts]
ROOMS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
STYLED = sorted(
    path
    for suffix in ("*.js", "*.mjs", "*.css")
    for path in PACKAGE.rglob(suffix)
    if "vendor" not in path.parts
)
SPDX = "SPDX-License-Identifier: EUPL-1.2"
FORBIDDEN_NAMES = {"utils", "common", "core", "helpers", "services", "managers", "signals"}


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def code_of(path: Path) -> str:
    """Return a Python file without its comments and strings, as its names alone."""
    return ast.unparse(_WithoutText().visit(tree(path)))


class _WithoutText(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        return ast.Constant("")


def test_the_lists_are_not_empty():
    assert len(HANDWRITTEN) > 80
    assert len(ROOMS) >= 11
    assert len(STYLED) > 5


def test_every_file_says_its_licence_first():
    silent = [
        short(path)
        for path in [*PYTHON, *STYLED, *(each for each in tracked() if each.suffix == ".py")]
        if path.exists()
        and (text := path.read_text(encoding="utf-8"))
        and SPDX not in text.split("\n", 1)[0]
    ]
    assert silent == []


def test_no_file_is_longer_than_two_nouns():
    long = {
        short(path): count
        for path in [*HANDWRITTEN, *STYLED]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_file_or_folder_is_named_after_nothing():
    named = {part for path in PYTHON for part in (*path.parts, path.stem)}
    assert named & FORBIDDEN_NAMES == set()


def test_each_room_says_what_it_owns():
    for room in ROOMS:
        words = ast.get_docstring(tree(room / "__init__.py"))
        assert words, short(room)
        assert len(words.split()) >= 5, short(room)


def test_no_file_of_a_room_is_empty():
    empty = [
        short(path)
        for path in HANDWRITTEN
        if path.name != "__init__.py" and not ast.get_docstring(tree(path))
    ]
    assert empty == []


def public_functions(path: Path):
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("name", ["rules.py", "queries.py", "actions.py"])
def test_each_public_function_says_what_it_does(name):
    found = [(path, node) for path in PACKAGE.rglob(name) for node in public_functions(path)]
    assert len(found) > 10
    silent = [f"{short(path)}:{node.name}" for path, node in found if not ast.get_docstring(node)]
    assert silent == []


def test_a_verb_takes_its_words_by_name_and_its_moment_from_outside():
    """Each action is keyword-only; whoever writes the journal is given ``by`` and ``now``."""
    faults = []
    for path in PACKAGE.rglob("actions.py"):
        for node in public_functions(path):
            decorators = {
                getattr(each, "id", getattr(each, "attr", "")) for each in node.decorator_list
            }
            if not decorators & {"verb", "atomic"}:
                continue
            if node.args.args or node.args.posonlyargs:
                faults.append(f"{short(path)}:{node.name} takes words by place")
            words = {each.arg for each in node.args.kwonlyargs}
            journals = "JournalLine" in ast.unparse(node) or "_journal" in ast.unparse(node)
            # What is loaded at set-up is done by nobody.
            needed = {"now"} if node.name.startswith("load_") else {"by", "now"}
            if journals and not needed <= words:
                faults.append(f"{short(path)}:{node.name} journals without {needed - words}")
    assert faults == []


CLOCKS = re.compile(
    r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\btimezone\.now\b|\btime\.time\(|\blocaltime\("
)


def test_the_clock_is_read_in_one_place():
    readers = {short(path) for path in HANDWRITTEN if CLOCKS.search(code_of(path))}
    assert readers == {"src/usufruit/kernel/clock.py"}
    in_sql = [
        short(path)
        for path in PACKAGE.rglob("*.sql")
        if re.search(
            r"\b(now\(\)|current_(timestamp|date|time)|clock_timestamp)", uncommented(path)
        )
    ]
    assert in_sql == []


def test_rules_queries_and_actions_are_given_the_moment():
    askers = [
        short(path)
        for name in ("rules.py", "queries.py", "actions.py", "models.py")
        for path in PACKAGE.rglob(name)
        if "kernel.clock" in path.read_text(encoding="utf-8")
    ]
    assert askers == []


def uncommented(path: Path) -> str:
    return re.sub(r"--.*", "", path.read_text(encoding="utf-8")).lower()


def test_wall_clock_arithmetic_is_done_in_one_place():
    """AT TIME ZONE answers wrongly beside a change of the clock (T16)."""
    users = {
        short(path)
        for path in [*PACKAGE.rglob("*.sql"), *HANDWRITTEN]
        if "at time zone"
        in (
            uncommented(path) if path.suffix == ".sql" else path.read_text(encoding="utf-8").lower()
        )
    }
    assert users == {"src/usufruit/kernel/sql/functions.sql"}


WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
CHANGES = {*WRITES, "update", "delete", "save", "aupdate", "adelete", "acreate", "abulk_create"}


def hold_writers(path: Path) -> list[str]:
    """Return the places of a file that write the sheet: by the model, by a hold, or by SQL."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = ast.unparse(node.func.value)
            is_sheet = re.match(r"(.*\b)?Hold\.objects\b|holds?\b|.*\.holds?\b", on)
            if node.func.attr in CHANGES and is_sheet:
                found.append(f"{short(path)}:{node.lineno} {on}.{node.func.attr}")
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Hold":
            found.append(f"{short(path)}:{node.lineno} Hold(…)")
    return found


SHEET_IN_SQL = re.compile(
    r"(insert\s+into|update|delete\s+from|truncate|merge\s+into|copy)\s+(only\s+)?\"?timetable_hold\b"
)


def test_the_sheet_has_one_door():
    writers = [place for path in HANDWRITTEN for place in hold_writers(path)]
    assert writers
    assert {place.partition(":")[0] for place in writers} == {"src/usufruit/timetable/actions.py"}
    in_sql = {
        short(path)
        for path in [*PACKAGE.rglob("*.sql"), *HANDWRITTEN]
        if SHEET_IN_SQL.search(
            uncommented(path) if path.suffix == ".sql" else path.read_text(encoding="utf-8").lower()
        )
    }
    assert in_sql == {"src/usufruit/timetable/sql/queries.sql"}
    # The door itself: the statement that takes is used by one function, and never the ORM's create.
    actions = (PACKAGE / "timetable/actions.py").read_text(encoding="utf-8")
    assert actions.count('SQL["take_holds"]') == 1
    assert not re.search(r"Hold\.objects\.(bulk_)?create|\bHold\(", actions)


def test_a_writer_elsewhere_would_be_seen(tmp_path, monkeypatch):
    stray = PACKAGE / "bookings" / "stray.py"
    for line in (
        "Hold.objects.create(asset=a)",
        "models.Hold.objects.filter(pk=1).delete()",
        "asset.holds.update(note='')",
        "hold.save()",
        "Hold(asset=a)",
    ):
        monkeypatch.setattr(
            Path, "read_text", lambda self, encoding="", line=line: line, raising=True
        )
        assert hold_writers(stray), line


def test_only_queries_open_sql_files():
    openers = {
        short(path) for path in HANDWRITTEN if "named_sql.load(" in path.read_text(encoding="utf-8")
    }
    assert openers
    assert {Path(path).name for path in openers} <= {"queries.py", "engine.py"}


def test_no_signals_between_rooms():
    users = [short(path) for path in HANDWRITTEN if "django.dispatch" in path.read_text("utf-8")]
    assert users == []


def test_nothing_notifies_in_the_transaction_that_books():
    """NOTIFY serialises commits (T18)."""
    users = [
        short(path)
        for path in [*PACKAGE.rglob("*.sql"), *(PACKAGE / "bookings").rglob("*.py")]
        if re.search(
            r"\bpg_notify\b|\bnotify\b|\.defer\(", path.read_text(encoding="utf-8").lower()
        )
    ]
    assert users == []


def tracked() -> list[Path]:
    """Return what the repository holds, or nothing outside a checkout."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in done.stdout.split("\0") if name]


# Written apart, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "npmjs" + r"\.(org|com)", "pythonhosted" + r"\."])
)
OUR_DESK = re.compile(r"/work/(main|shared|\.library)|\.\./shared/(?!data)")


@pytest.mark.parametrize("pattern", [REGISTRIES, OUR_DESK])
def test_nothing_names_a_registry_or_a_desk(pattern):
    faults = []
    for path in tracked():
        if not path.is_file() or path.suffix in {".png", ".woff2", ".ico", ".gz", ".jpg"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        faults += [f"{short(path)}: {match[0]}" for match in pattern.finditer(text)]
    assert faults == []
