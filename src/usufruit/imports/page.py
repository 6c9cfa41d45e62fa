# SPDX-License-Identifier: EUPL-1.2
"""What the pages of an import show, ready for their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from usufruit.imports.models import Import, ImportLine, Outcome
from usufruit.imports.queries import candidates_of, lines_after
from usufruit.imports.reading import SEPARATORS
from usufruit.imports.words import outcome_in_words, problem_in_words, undone_in_words
from usufruit.inventory.columns import BY_NAME
from usufruit.inventory.models import Asset, Category

TONES = {"new": "ok", "changed": "info", "same": "neutral", "doubt": "warn", "refused": "err"}
SAMPLES = 3
FINANCE_TITLE = "Registre des immobilisations"


def page_of(batch: Import, form: Form) -> dict[str, Any]:
    """Return the columns with a guess, its confidence and some cells, and how the file is read."""
    guesses = batch.told.get("guesses", [])
    rows = []
    for place, name in enumerate(batch.shape["names"]):
        cells = [line[place] for line in batch.shape["sample"] if place < len(line)]
        rows.append(
            {
                "name": name,
                "field": form[f"column_{place}"],
                "sample": [cell[:60] for cell in cells if cell.strip()][:SAMPLES],
                "confidence": _confidence(guesses[place]) if place < len(guesses) else None,
            }
        )
    shape = batch.shape
    facts = [
        (_("Encodage"), shape["encoding_label"]),
        (_("Séparateur"), SEPARATORS.get(shape["separator"], "")),
        (_("Feuille"), shape["sheet"]),
        (_("Ligne des titres"), shape["header_line"] or ""),
        (_("Colonnes"), len(shape["names"])),
    ]
    return {
        "rows": rows,
        "facts": [(label, value) for label, value in facts if value],
        "is_remembered": batch.told.get("is_remembered", False),
    }


def _confidence(guess: Mapping[str, Any]) -> tuple[str, str] | None:
    if not guess["target"]:
        return None
    ratio = guess["confidence"]
    if ratio >= 0.8:
        return "ok", _("reconnue")
    return ("info", _("probable")) if ratio >= 0.6 else ("warn", _("incertaine"))


def line_rows(batch: Import, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the lines of a page, each with what becomes of it in words."""
    outcome = asked.get("issue", "")
    outcome = outcome if outcome in Outcome.values else ""
    after = asked.get("apres", "0")
    is_key = after.isdecimal() and len(after) < 19
    lines, following = lines_after(batch, outcome, int(after) if is_key else 0)
    candidates = candidates_of(lines)
    names = _category_names(lines)
    return {
        "sentence": outcome_in_words(batch),
        "undone": undone_in_words(batch.told.get("undone", {})),
        "tabs": _tabs(batch, outcome),
        "outcome": outcome,
        "rows": [_row(line, candidates, names) for line in lines],
        "following": following,
        "can_apply": bool({"new", "changed"} & set(batch.counts)),
        "unknown_count": sum(
            len(batch.told.get(name, [])) for name in ("unknown_categories", "unknown_bodies")
        ),
        "swapped": batch.told.get("swapped", 0),
        "left_out": batch.counts.get("refused", 0) + batch.counts.get("doubt", 0),
    }


def _tabs(batch: Import, outcome: str) -> list[dict[str, Any]]:
    tabs = [{"code": "", "label": _("Toutes"), "count": sum(batch.counts.values())}]
    tabs += [
        {"code": one.value, "label": one.label, "count": batch.counts[one.value]}
        for one in Outcome
        if batch.counts.get(one.value)
    ]
    return [{**tab, "is_current": tab["code"] == outcome} for tab in tabs]


def _row(
    line: ImportLine, candidates: Mapping[int, Asset], names: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "line": line,
        "tone": TONES[line.outcome],
        "label": line.get_outcome_display(),
        "problems": [problem_in_words(line.number, one) for one in line.problems or ()],
        "changes": list(_changes(line.changes or {}, names)),
        "twins": [candidates[pk] for pk in line.candidates or () if pk in candidates],
    }


def _changes(changes: Mapping[str, Any], names: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """Return the cells that change: title, what stands, what will."""
    found = []
    for name, (before, after) in changes.items():
        if name in {"finance", "attributes"}:
            title = FINANCE_TITLE if name == "finance" else _("Caractéristiques")
            keys = [key for key in after if (before or {}).get(key) != after[key]]
            found += [
                (_title(key, title), _shown((before or {}).get(key)), _shown(after[key]))
                for key in keys
            ]
            continue
        pair = [names.get(one, one) if name == "category" else one for one in (before, after)]
        found.append((_title(name, name), _shown(pair[0]), _shown(pair[1])))
    return found


def _title(name: str, otherwise: str) -> str:
    return BY_NAME[name].title if name in BY_NAME else otherwise


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is None or value == "":
        return _("vide")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return str(value)


def _category_names(lines: list[ImportLine]) -> dict[int, str]:
    numbers = {
        number for line in lines for number in (line.changes or {}).get("category", ()) if number
    }
    return (
        dict(Category.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    )
