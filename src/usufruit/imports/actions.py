# SPDX-License-Identifier: EUPL-1.2
"""What can be done with a file of assets: receive it, check it, apply it, undo it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import DatabaseError, connection

from usufruit.imports.applying import apply_lines, take_back
from usufruit.imports.checking import check_lines, count, source_of
from usufruit.imports.models import ColumnMemory, Import, ImportLine, Outcome, Twin
from usufruit.imports.queries import attribute_codes, remembered
from usufruit.imports.reading import Wanted, describe
from usufruit.imports.recognition import Guess, guesses
from usufruit.imports.rules import signature
from usufruit.imports.understanding import ColumnMapping
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.tables import UnusableSource
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role

logger = logging.getLogger(__name__)

LIKELY_ENOUGH = 0.6
_OURS = "Une erreur est survenue de notre côté. Votre fichier est gardé; recommencez."
_CUT = "Le travail a été interrompu. Rien n’est perdu; reprenez-le."
Status = Import.Status


@verb
def receive_file(
    *,
    organization: Organization,
    upload: File,
    by: Person | None,
    now: datetime,
    wanted: Wanted | None = None,
    titles: dict[str, str] | None = None,
) -> Import:
    """Keep a file of assets, find out how it is written and propose what its columns are.

    Args:
        by: None is the operator, at the command line.
        titles: the title of each field, by name, as a Table Schema gives them.

    Raises:
        Refusal: ``not_a_manager``; ``unreadable_file``, with what mends it.
    """
    if by is not None and not has_role(by, organization, MANAGING_ROLES):
        raise Refusal(
            "not_a_manager",
            f"Votre rôle ne permet pas d’importer des biens de «\u00a0{organization}\u00a0».",
            rule="Rôles de l’organisme",
        )
    batch = Import(
        organization=organization,
        name=str(upload.name or "biens.csv").replace("\\", "/").rpartition("/")[2][-120:],
        size_bytes=upload.size,
        created_by=by,
        created_at=now,
    )
    # The name kept on the disk is ours: theirs may try to climb out of the folder.
    batch.file.save("inventaire", upload, save=False)
    try:
        _read_shape(batch, wanted, titles or {})
    except UnusableSource as told:
        batch.file.delete(save=False)
        raise Refusal("unreadable_file", str(told), rule="Lecture du fichier") from told
    batch.save()
    _journal("receive_file", batch, by, now, {"name": batch.name, "size_bytes": batch.size_bytes})
    return batch


def _read_shape(batch: Import, wanted: Wanted | None, titles: dict[str, str]) -> None:
    """Write on an import how its file is written and what its columns seem to be."""
    shape = describe(source_of(batch), wanted)
    batch.shape = asdict(shape)
    kept = remembered(batch.organization, signature(shape.names))
    found = guesses(
        [titles.get(name, name) for name in shape.names], shape.sample, attribute_codes()
    )
    batch.told = {
        "guesses": [asdict(guess) for guess in found],
        "is_remembered": kept is not None,
    }
    batch.mapping = kept or ColumnMapping(targets=_sure(found)).to_json()


def _sure(found: list[Guess]) -> tuple[str, ...]:
    return tuple(guess.target if guess.confidence >= LIKELY_ENOUGH else "" for guess in found)


@verb
def read_again(*, batch: Import, wanted: Wanted, by: Person, now: datetime) -> Import:
    """Read a file another way: another sheet, header line or separator.

    Raises:
        Refusal: ``unreadable_file``; ``already_applied``.
    """
    _check_open(batch)
    try:
        _read_shape(batch, wanted, {})
    except UnusableSource as told:
        raise Refusal("unreadable_file", str(told), rule="Lecture du fichier") from told
    batch.status = Status.RECEIVED
    batch.save()
    _journal("read_again", batch, by, now, {})
    return batch


@verb
def ask_check(*, batch: Import, mapping: ColumnMapping, by: Person | None, now: datetime) -> Import:
    """Say what the columns are, remember it for the next file of this shape, ask for the check.

    Raises:
        Refusal: ``already_applied``; ``column_twice``; ``no_key``: nothing tells two assets apart.
    """
    present = _check_open(batch)
    _check_targets(mapping)
    present.mapping, present.status, present.failure = mapping.to_json(), Status.QUEUED, ""
    present.save(update_fields=["mapping", "status", "failure"])
    ColumnMemory.objects.update_or_create(
        organization=present.organization,
        signature=signature(present.shape["names"]),
        defaults={"mapping": mapping.to_json(), "used_at": now},
    )
    _journal("ask_check", present, by, now, {})
    return present


def _check_targets(mapping: ColumnMapping) -> None:
    chosen = [target for target in mapping.targets if target]
    twice = {target for target in chosen if chosen.count(target) > 1}
    if twice:
        raise Refusal(
            "column_twice", "Deux colonnes ne donnent pas la même chose. Gardez-en une seule."
        )
    if not {"external_id", "serial_number", "vehicle_number"} & set(chosen):
        raise Refusal(
            "no_key",
            "Choisissez la colonne du numéro d’inventaire, de série ou de plaque\u00a0: elle "
            "distingue vos biens les uns des autres.",
        )


def _check_open(batch: Import) -> Import:
    """Return the import, locked, when its lines may still be read anew."""
    present = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if present.status not in {Status.RECEIVED, Status.CHECKED, Status.FAILED, Status.UNDONE}:
        raise Refusal("already_applied", "Cet import est déjà en cours ou appliqué.")
    if present.applied_through:
        raise Refusal("already_applied", "Une partie de cet import est appliquée. Reprenez-le.")
    return present


def conduct_check(*, batch_id: int) -> None:
    """Check every line of a queued import; the page may be closed meanwhile."""

    def check(batch: Import) -> None:
        check_lines(batch, lambda read: _tell(batch_id, line_count=read))
        batch.status = Status.CHECKED
        batch.save(update_fields=["status", "counts", "told", "line_count"])

    _conduct(batch_id, (Status.QUEUED,), Status.CHECKING, check)


@verb
def ask_apply(*, batch: Import, by: Person | None, now: datetime) -> None:
    """Ask for a checked import to be applied, or one cut short to go on.

    Raises:
        Refusal: ``not_checked``; ``nothing_to_apply``.
    """
    present = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    resumed = present.status == Status.FAILED and present.applied_through
    if present.status != Status.CHECKED and not resumed:
        raise Refusal("not_checked", "Vérifiez les lignes avant de les appliquer.")
    if not resumed and not {"new", "changed"} & set(present.counts):
        raise Refusal("nothing_to_apply", "Aucune ligne n’ajoute ni ne change de bien.")
    present.status, present.applied_at, present.failure = Status.APPLYING, now, ""
    present.save(update_fields=["status", "applied_at", "failure"])
    _journal("apply_import", present, by, now, {"counts": present.counts})


def conduct_apply(*, batch_id: int) -> None:
    """Apply the lines of an import whose application was asked for."""

    def apply(batch: Import) -> None:
        assert batch.applied_at is not None  # noqa: S101 - ``ask_apply`` wrote it
        apply_lines(batch, batch.applied_at, lambda until: _tell(batch_id, applied_through=until))
        batch.status = Status.APPLIED
        batch.save(update_fields=["status", "counts", "applied_through"])

    _conduct(batch_id, (Status.APPLYING,), Status.APPLYING, apply)


@verb
def ask_undo(*, batch: Import, by: Person | None, now: datetime) -> None:
    """Ask for all an import did to be taken back.

    Raises:
        Refusal: ``not_applied``.
    """
    present = Import.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if present.status not in {Status.APPLIED, Status.FAILED} or not present.applied_through:
        raise Refusal("not_applied", "Cet import n’est pas appliqué. Rien n’est à annuler.")
    present.status, present.failure = Status.UNDOING, ""
    present.save(update_fields=["status", "failure"])
    _journal("undo_import", present, by, now, {"counts": present.counts})


def conduct_undo(*, batch_id: int) -> None:
    """Take back what an import did."""

    def undo(batch: Import) -> None:
        told = take_back(batch, lambda after: _tell(batch_id, applied_through=after))
        batch.told = {**batch.told, "undone": told}
        batch.status = Status.UNDONE
        batch.save(update_fields=["status", "told", "applied_through"])

    _conduct(batch_id, (Status.UNDOING,), Status.UNDOING, undo)


@verb
def settle_twin(*, line: ImportLine, asset: Asset | None, by: Person, now: datetime) -> None:
    """Say what a line in doubt is: this asset, or another thing than all it looks like.

    What is said is kept: the next file asks no more.

    Raises:
        Refusal: ``already_applied``; ``another_owner``: the asset belongs to another body.
    """
    batch = _check_open(line.batch)
    if line.owner is None:
        raise Refusal("no_owner", "Cette ligne n’a pas encore d’organisme.")
    if asset is not None and asset.owner_id != line.owner_id:
        raise Refusal(
            "another_owner",
            f"Ce bien est déjà inscrit par «\u00a0{asset.owner}\u00a0», qui seul le corrige. "
            "Retirez la ligne de votre fichier.",
            rule="Propriété du bien",
        )
    for number in line.candidates or ():
        Twin.objects.update_or_create(
            organization=line.owner,
            external_id=line.external_id,
            asset_id=number,
            defaults={"is_same": asset is not None and asset.pk == number},
        )
    line.outcome, line.candidates = Outcome.NEW, None
    if asset is not None:
        line.asset_id = asset.pk
        line.changes = {
            name: [getattr(asset, name), getattr(line, name)]
            for name in ("external_id", "name")
            if getattr(asset, name) != getattr(line, name)
        }
        line.outcome = Outcome.CHANGED if line.changes else Outcome.SAME
    line.save(update_fields=["outcome", "candidates", "asset_id", "changes"])
    count(batch)
    batch.save(update_fields=["counts"])
    detail = {"line": line.number, "asset": asset.pk if asset else None}
    _journal("settle_twin", batch, by, now, detail)


def _tell(batch_id: int, **columns: Any) -> None:  # noqa: ANN401 - columns of Import
    Import.objects.filter(pk=batch_id).update(**columns)


def _conduct(
    batch_id: int,
    awaited: tuple[Import.Status, ...],
    moving: Import.Status,
    work: Callable[[Import], None],
) -> None:
    """Do long work on an import, alone; what breaks it is told on its page."""
    with _alone(batch_id) as is_ours:
        waiting = Import.objects.filter(pk=batch_id, status__in=awaited)
        if not is_ours or not waiting.update(status=moving):
            return
        batch = Import.objects.select_related("organization__territory", "created_by").get(
            pk=batch_id
        )
        try:
            work(batch)
        except UnusableSource as told:
            _tell(batch_id, status=Status.FAILED, failure=str(told))
        except Exception:
            logger.exception("import %s failed", batch_id)
            _tell(batch_id, status=Status.FAILED, failure=_OURS)


@contextmanager
def _alone(batch_id: int) -> Iterator[bool]:
    """Hold an import for this connection, or tell that another does; PostgreSQL sees it end."""
    key = [f"imports.import {batch_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        is_ours = bool(cursor.fetchone()[0])
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(DatabaseError):  # a connection that ended gave it back
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def fail_interrupted_checks() -> None:
    """Say of checks whose process died that they were cut short; they are not run by themselves."""
    for batch_id in Import.objects.filter(status=Status.CHECKING).values_list("pk", flat=True):
        with _alone(batch_id) as is_dead:
            if is_dead:
                _tell(batch_id, status=Status.FAILED, failure=_CUT)


def _journal(
    name: str, batch: Import, by: Person | None, now: datetime, detail: dict[str, Any]
) -> None:
    JournalLine.record(
        name,
        batch,
        at=now,
        person_id=by.pk if by else None,
        organization_id=batch.organization_id,
        detail=detail,
    )
