# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages: the clock of requests that wait."""

from __future__ import annotations

from procrastinate.contrib.django import app

from usufruit.bookings.actions import watch_deadlines
from usufruit.kernel.clock import now

WATCH = "bookings.watch_deadlines"


@app.periodic(cron="*/5 * * * *")
@app.task(name=WATCH, queue="bookings", queueing_lock=WATCH)
def watch(timestamp: int) -> None:
    """Remind, pass over and close what is due, a bounded batch at a time."""
    while watch_deadlines(now=now()):
        pass


def take_up() -> None:
    """Watch when a worker starts, rather than five minutes later."""
    watch(timestamp=0)
