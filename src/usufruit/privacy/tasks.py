# SPDX-License-Identifier: EUPL-1.2
"""What the night destroys."""

from procrastinate.contrib.django import app

from usufruit.kernel.clock import now
from usufruit.privacy.actions import apply_retention


@app.periodic(cron="40 7 * * *")  # in UTC: the small hours of Québec
@app.task(name="privacy.retain", queue="privacy", queueing_lock="privacy.retain")
def retain(timestamp: int) -> None:
    """Destroy what has been kept long enough."""
    apply_retention(now=now())
