# SPDX-License-Identifier: EUPL-1.2
"""Reading agendas, one job each: a slow server keeps no other waiting."""

import logging
import random
from contextlib import suppress

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from usufruit.agendas import queries
from usufruit.agendas.actions import lay, note_failure, receive
from usufruit.agendas.feeds import FeedTrouble, fetch
from usufruit.agendas.imports import forget_proposals
from usufruit.agendas.models import Agenda
from usufruit.kernel.clock import now

READ_DUE = "agendas.read_due"
logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500


@app.periodic(cron="* * * * *")
@app.task(name=READ_DUE, queue="agendas", queueing_lock=READ_DUE, pass_context=True)
def read_due(context: JobContext, timestamp: int) -> None:
    """Queue the reading of each agenda whose time has come; lay again those that met something."""
    for agenda in queries.due(now())[:MOST_AT_ONCE]:
        with suppress(AlreadyEnqueued):
            read.configure(queueing_lock=f"agenda-{agenda.pk}").defer(agenda_id=agenda.pk)
    for agenda in queries.contested():
        if context.should_abort():
            return
        lay(agenda=agenda, now=now())


@app.task(name="agendas.read", queue="agendas")
def read(agenda_id: int) -> None:
    """Read one agenda from its server, and take in what it says."""
    agenda = Agenda.objects.filter(pk=agenda_id).exclude(address="").first()
    if agenda is None:
        return
    chance = random.random()  # noqa: S311 - so that servers are not all asked at once
    try:
        answer = fetch(
            agenda.address,
            etag=agenda.etag,
            last_modified=agenda.last_modified,
            allowed_hosts=settings.AGENDA_HOSTS,
        )
    except FeedTrouble as trouble:
        note_failure(agenda_id=agenda_id, reason=str(trouble), now=now(), chance=chance)
        return
    try:
        receive(agenda_id=agenda_id, answer=answer, now=now(), chance=chance)
    except Exception:
        # Whatever a stranger's calendar does to us, its owner is told and it is asked less often.
        logger.exception("agenda %s cannot be read", agenda_id)
        reason = _("Cet agenda contient quelque chose que nous ne savons pas lire.")
        note_failure(agenda_id=agenda_id, reason=reason, now=now(), chance=chance)


@app.periodic(cron="40 8 * * *")  # in UTC: the small hours of Québec
@app.task(name="agendas.forget_proposals", queue="agendas")
def tidy(timestamp: int) -> None:
    """Delete the imports that nobody applied."""
    forget_proposals(now=now())


def take_up() -> None:
    """Look for agendas to read when a worker starts, rather than a minute later."""
    with suppress(AlreadyEnqueued):
        app.configure_task(READ_DUE, queueing_lock=READ_DUE).defer(timestamp=int(now().timestamp()))
