# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages."""

from contextlib import suppress

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from usufruit.kernel.clock import now
from usufruit.timetable.actions import spell_out_calendars

SPELL_OUT = "timetable.spell_out"


@app.periodic(cron="*/10 * * * *")
@app.task(name=SPELL_OUT, queue="timetable", queueing_lock=SPELL_OUT, pass_context=True)
def spell_out(context: JobContext, timestamp: int) -> None:
    """Spell out the hours of the calendars whose months lack; searches read them."""
    spell_out_calendars(now=now(), should_stop=context.should_abort)


@app.periodic(cron="20 8 * * *")  # in UTC: the small hours of Québec
@app.task(name="timetable.spell_out_afresh", queue="timetable", pass_context=True)
def spell_out_afresh(context: JobContext, timestamp: int) -> None:
    """Spell out all hours again: the rules of a time zone may have changed with an update."""
    spell_out_calendars(now=now(), is_afresh=True, should_stop=context.should_abort)


def take_up() -> None:
    """Spell out when a worker starts, rather than ten minutes later."""
    with suppress(AlreadyEnqueued):
        app.configure_task(SPELL_OUT, queueing_lock=SPELL_OUT).defer(
            timestamp=int(now().timestamp())
        )
