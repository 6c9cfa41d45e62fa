# SPDX-License-Identifier: EUPL-1.2
"""The process that does the jobs of the night and of the next minute: ``python -m``, no options."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, cast

import django

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector

# An audit that has not ended by then is cut short; the next worker says so on its page.
GRACE_S = 8


def main() -> None:
    """Do the jobs of the queue until asked to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")
    django.setup()
    for room in ("agendas", "audits", "bookings", "exports", "imports", "notices", "timetable"):
        import_module(f"usufruit.{room}.tasks").take_up()
    from procrastinate.contrib.django import app  # noqa: PLC0415 - needs Django set up

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as jobs:
        jobs.run_worker(shutdown_graceful_timeout=GRACE_S, delete_jobs="successful")


if __name__ == "__main__":
    main()
