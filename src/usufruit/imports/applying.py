# SPDX-License-Identifier: EUPL-1.2
"""Apply the checked lines of an import, or take them back, a bounded batch at a time.

Each batch is one transaction and says how far it went: work cut short goes on from there. A batch
the database refuses is halved until the line that breaks is alone, and that line is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils.text import slugify

from usufruit.imports.checking import count, fetch_none
from usufruit.imports.models import Import, ImportLine, Outcome
from usufruit.imports.queries import SQL, unused
from usufruit.imports.understanding import ColumnMapping
from usufruit.inventory.models import Asset
from usufruit.kernel.named_sql import fetch
from usufruit.organizations.actions import register_organization
from usufruit.organizations.models import Organization, OrganizationNature

BATCH = 10_000
UNDO_BATCH = 1_000
_TAKEN = {
    "why": "un bien de ce numéro est apparu dans l’inventaire depuis la vérification",
    "remedy": "Vérifiez de nouveau le fichier.",
}
_MOVED = {
    "why": "la fiche a changé depuis la vérification",
    "remedy": "Vérifiez de nouveau le fichier.",
}
_BROKEN = {
    "why": "la base refuse cette ligne",
    "remedy": "Vérifiez ses valeurs, puis importez-la de nouveau.",
}


def apply_lines(batch: Import, now: datetime, tell: Callable[[int], None]) -> None:
    """Enter and change assets as the checked lines say.

    Args:
        tell: called after each batch with the last line applied.
    """
    _register_bodies(batch, now)
    while (until := _edge(batch)) is not None:
        _apply(batch.pk, batch.applied_through, until)
        batch.applied_through = until
        tell(until)
    count(batch)


def _edge(batch: Import) -> int | None:
    asked = {"batch": batch.pk, "after": batch.applied_through, "size": BATCH}
    return fetch(SQL["next_edge"], asked)[0][0]


def _register_bodies(batch: Import, now: datetime) -> None:
    """Register the bodies the file names and the person chose to create."""
    waiting = (
        ImportLine.objects.filter(batch=batch)
        .exclude(body_name="")
        .order_by("body_name")
        .values_list("body_name", flat=True)
        .distinct()
    )
    mapping = ColumnMapping.from_json(batch.mapping)
    for name in waiting:
        with transaction.atomic():
            body = register_organization(
                by=batch.created_by,
                now=now,
                name=name,
                slug=_free_slug(name),
                nature=OrganizationNature.objects.get(code=mapping.nature),
                territory=batch.organization.territory,
                time_zone=batch.organization.time_zone,
            )
            fetch_none("own_lines", {"batch": batch.pk, "body_name": name, "owner": body.pk})


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisme"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for n in range(len(taken) + 1) if (slug := f"{base}-{n}" if n else base) not in taken
    )


def _apply(batch_id: int, after: int, until: int) -> None:
    """Apply the lines (after, until], halving them when the database refuses one."""
    try:
        with transaction.atomic():
            _apply_whole(batch_id, after, until)
    except (IntegrityError, DataError):
        if until - after == 1:
            _refuse(batch_id, after, until)
            return
        middle = (after + until) // 2
        _apply(batch_id, after, middle)
        _apply(batch_id, middle, until)


def _apply_whole(batch_id: int, after: int, until: int) -> None:
    span = {"batch": batch_id, "after": after, "until": until}
    fetch_none("enter_sites", span)
    fetch_none("enter_assets", span)
    fetch_none("refuse_missed", {**span, "problem": _problem(_TAKEN)})
    fetch_none("change_assets", {**span, "problem": _problem(_MOVED)})
    fetch_none("write_finance", span)


def _problem(words: dict[str, str]) -> str:
    return json.dumps({"column": "", "value": "", **words}, ensure_ascii=False)


def _refuse(batch_id: int, after: int, until: int) -> None:
    broken = ImportLine.objects.filter(batch_id=batch_id, pk__gt=after, pk__lte=until)
    broken.exclude(outcome=Outcome.REFUSED).update(
        outcome=Outcome.REFUSED, problems=[{"column": "", "value": "", **_BROKEN}]
    )


def take_back(batch: Import, tell: Callable[[int], None]) -> dict[str, int]:
    """Undo what an import did; return what became of its assets.

    An asset it entered is removed when nothing uses it; used, it is withdrawn if it was published,
    and kept as a draft if not. What it changed goes back, column by column, unless changed since.
    """
    told = dict(batch.told.get("undone", {}))
    while batch.applied_through:
        after = _edge_below(batch)
        with transaction.atomic():
            for name, number in _take_back(batch.pk, after, batch.applied_through).items():
                told[name] = told.get(name, 0) + number
        batch.applied_through = after
        tell(after)
    fetch_none("drop_created_sites", {"batch": batch.pk})
    return told


def _edge_below(batch: Import) -> int:
    """Return the line after which the next ones to take back stand."""
    lines = ImportLine.objects.filter(batch=batch, pk__lte=batch.applied_through).order_by("-pk")
    edge = lines.values_list("pk", flat=True)[UNDO_BATCH : UNDO_BATCH + 1]
    return next(iter(edge), 0)


def _take_back(batch_id: int, after: int, until: int) -> dict[str, int]:
    span = {"batch": batch_id, "after": after, "until": until}
    ((kept_changes, restored),) = fetch(SQL["restore_assets"], span)
    lines = ImportLine.objects.filter(batch_id=batch_id, pk__gt=after, pk__lte=until)
    entered = Asset.objects.filter(pk__in=lines.filter(outcome=Outcome.NEW).values("asset_id"))
    removed = unused(entered).order_by("pk")
    removed_count = removed.count()
    removed.delete()
    withdrawn = entered.filter(state=Asset.State.PUBLISHED).update(state=Asset.State.WITHDRAWN)
    drafts = entered.filter(state=Asset.State.DRAFT).count()
    return {
        "restored": restored,
        "kept_changes": kept_changes,
        "removed": removed_count,
        "withdrawn": withdrawn,
        "kept_drafts": drafts,
    }
