# SPDX-License-Identifier: EUPL-1.2
"""The long work on imports, done behind the pages."""

from procrastinate.contrib.django import app

from usufruit.imports.actions import (
    conduct_apply,
    conduct_check,
    conduct_undo,
    fail_interrupted_checks,
)
from usufruit.imports.models import Import
from usufruit.imports.queries import queued_imports


@app.task(name="imports.check", queue="imports")
def check(batch_id: int) -> None:
    """Check the lines of an import."""
    conduct_check(batch_id=batch_id)


@app.task(name="imports.apply", queue="imports")
def apply(batch_id: int) -> None:
    """Apply an import."""
    conduct_apply(batch_id=batch_id)


@app.task(name="imports.undo", queue="imports")
def undo(batch_id: int) -> None:
    """Take an import back."""
    conduct_undo(batch_id=batch_id)


def take_up() -> None:
    """Put things right when a worker starts: what was cut short is told, or goes on.

    Applying and undoing know how far they went; a job queued twice runs once.
    """
    fail_interrupted_checks()
    for batch in queued_imports():
        check.defer(batch_id=batch.pk)
    for status, job in ((Import.Status.APPLYING, apply), (Import.Status.UNDOING, undo)):
        for batch in Import.objects.filter(status=status).order_by("pk"):
            job.defer(batch_id=batch.pk)
