# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages."""

from procrastinate.contrib.django import app

from usufruit.exports.actions import build_export, drop_expired_exports, fail_interrupted_exports
from usufruit.exports.queries import waiting_exports
from usufruit.kernel.clock import now


@app.task(name="exports.build", queue="exports")
def build(export_id: int) -> None:
    """Build a queued archive."""
    build_export(export_id=export_id, clock=now)


@app.periodic(cron="10 * * * *")
@app.task(name="exports.drop_expired", queue="exports")
def drop_expired(timestamp: int) -> None:
    """Delete the archives whose days are over."""
    drop_expired_exports(now=now())


def take_up() -> None:
    """Put things right when a worker starts: close what was cut short, queue what never was."""
    fail_interrupted_exports()
    for export in waiting_exports():
        build.defer(export_id=export.pk)
