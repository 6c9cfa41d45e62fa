# SPDX-License-Identifier: EUPL-1.2
"""The drainer: a thread of the worker, so that no long job keeps letters waiting."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.core.mail import get_connection
from django.db import close_old_connections, connection

from usufruit.kernel.clock import now
from usufruit.notices.actions import deliver

logger = logging.getLogger(__name__)

LOOK_AGAIN_S = 2.0


def take_up() -> None:
    """Begin to drain when a worker starts; the thread ends with its process."""
    Thread(target=keep_draining, args=(Event(),), name="notices", daemon=True).start()


def keep_draining(stop: Event) -> None:
    """Deliver what is due, look again every two seconds; a failure waits for the next look."""
    while not stop.is_set():
        try:
            close_old_connections()
            deliver(now=now(), mailer=get_connection())
        except Exception:
            logger.exception("les avis ne sont pas distribués")
            connection.close()
        stop.wait(LOOK_AGAIN_S)
