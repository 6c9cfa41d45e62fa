# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages."""

from procrastinate.contrib.django import app

from usufruit.audits.actions import conduct_audit, fail_interrupted_audits
from usufruit.audits.queries import queued_audits
from usufruit.kernel.clock import now


@app.task(name="audits.run", queue="audits")
def run(audit_id: int) -> None:
    """Run a queued audit."""
    conduct_audit(audit_id=audit_id, clock=now)


def take_up() -> None:
    """Put things right when a worker starts: close what was cut short, queue what never was.

    A page may have died between entering an audit and queueing it. An audit queued twice runs once.
    """
    fail_interrupted_audits(now=now())
    for audit in queued_audits():
        run.defer(audit_id=audit.pk)
