# SPDX-License-Identifier: EUPL-1.2
"""What an import says to people, and what people say to it by names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usufruit.imports.models import Import
from usufruit.imports.rules import key_of
from usufruit.imports.understanding import ColumnMapping
from usufruit.inventory.columns import BY_NAME
from usufruit.kernel.text import sort_key
from usufruit.ui import typography


def outcome_in_words(batch: Import) -> str:
    """Say in a sentence what became, or will become, of the lines."""
    counts = {name: batch.counts.get(name, 0) for name in ("new", "changed", "same")}
    left = {name: batch.counts.get(name, 0) for name in ("doubt", "refused")}
    done = batch.status == Import.Status.APPLIED
    parts = [
        _count("%s bien ajouté", "%s biens ajoutés", counts["new"])
        if done
        else _count("%s bien à ajouter", "%s biens à ajouter", counts["new"]),
        _count("%s mis à jour", "%s mis à jour", counts["changed"])
        if done
        else _count("%s à mettre à jour", "%s à mettre à jour", counts["changed"]),
        _count("%s identique", "%s identiques", counts["same"]),
    ]
    if left["doubt"]:
        parts.append(_count("%s à revoir", "%s à revoir", left["doubt"]))
    if left["refused"]:
        parts.append(_count("%s ligne refusée", "%s lignes refusées", left["refused"]))
    closing = _("Rien d’autre n’a changé.") if done else _("Rien n’est encore écrit.")
    return f"{', '.join(parts)}. {closing}"


def _count(one: str, many: str, number: int) -> str:
    return ngettext(one, many, number) % typography.number(number)


def undone_in_words(told: Mapping[str, int]) -> list[str]:
    """Say what became of the assets of an import that was undone."""
    sentences = {
        "removed": ("%s bien ajouté est retiré.", "%s biens ajoutés sont retirés."),
        "restored": ("%s bien reprend ses valeurs.", "%s biens reprennent leurs valeurs."),
        "withdrawn": (
            "%s bien, déjà utilisé, n’est plus publié.",
            "%s biens, déjà utilisés, ne sont plus publiés.",
        ),
        "kept_drafts": (
            "%s brouillon, déjà utilisé, est gardé.",
            "%s brouillons, déjà utilisés, sont gardés.",
        ),
        "kept_changes": (
            "%s bien, corrigé depuis, garde sa correction.",
            "%s biens, corrigés depuis, gardent leurs corrections.",
        ),
    }
    return [_count(*sentences[name], told[name]) for name in sentences if told.get(name)]


def problem_in_words(line_number: int, problem: Mapping[str, str]) -> str:
    """Say where a fault is, what it is, and what mends it."""
    where = _("Ligne %s") % typography.number(line_number)
    if problem["column"]:
        where += _(", colonne «\u00a0%s\u00a0»") % problem["column"]
    why = problem["why"].rstrip(".")
    if problem["value"] and problem["value"] not in why:
        why = f"«\u00a0{problem['value']}\u00a0», {why}"
    return f"{where}\u00a0: {why}. {problem['remedy']}".strip()


def target_title(target: str, attributes: Mapping[str, str]) -> str:
    """Return what a person calls a target."""
    if target.startswith("attribute:"):
        return attributes.get(target.partition(":")[2], target)
    return BY_NAME[target].title if target in BY_NAME else ""


def mapping_of(batch: Import, said: Mapping[str, Any]) -> ColumnMapping:
    """Return the columns proposed for an import, corrected by what a person wrote by names.

    Raises:
        ValueError: a column the file lacks, or a target that is none.
    """
    names = batch.shape["names"]
    proposed = ColumnMapping.from_json(batch.mapping)
    targets = list(proposed.targets) or [""] * len(names)
    places = {key_of(name): place for place, name in enumerate(names)}
    for name, target in dict(said.get("columns", {})).items():
        place = places.get(key_of(name))
        if place is None:
            raise ValueError(f"Le fichier n’a pas de colonne «\u00a0{name}\u00a0».")
        if target and target not in BY_NAME and not str(target).startswith("attribute:"):
            raise ValueError(f"«\u00a0{target}\u00a0» n’est pas une colonne connue.")
        targets = ["" if kept == target else kept for kept in targets]
        targets[place] = target or ""
    words = {
        name: {sort_key(str(word)): str(chosen) for word, chosen in dict(said[name]).items()}
        for name in ("categories", "bodies")
        if name in said
    }
    plain = {
        name: said[name]
        for name in ("default_category", "nature", "currency", "is_swapped", "is_month_first")
        if name in said
    }
    return ColumnMapping.from_json(
        {**proposed.to_json(), **plain, **words, "targets": tuple(targets)}
    )
