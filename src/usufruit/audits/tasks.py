# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages."""

from procrastinate.contrib.django import app

from usufruit.audits.actions import conduct_audit
from usufruit.kernel.clock import now


@app.task(name="audits.run", queue="audits")
def run(audit_id: int) -> None:
    """Run a queued audit."""
    conduct_audit(audit_id=audit_id, clock=now)
