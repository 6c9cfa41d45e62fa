# SPDX-License-Identifier: EUPL-1.2
"""The work done behind the pages."""

from procrastinate.contrib.django import app

from usufruit.kernel.clock import now
from usufruit.timetable.actions import spell_out_calendars
from usufruit.timetable.models import OpenMonth


@app.periodic(cron="*/10 * * * *")
@app.task(name="timetable.spell_out", queue="timetable", lock="timetable.spell_out")
def spell_out(timestamp: int) -> None:
    """Spell out the hours of the calendars whose months lack; searches read them."""
    spell_out_calendars(now=now())


@app.periodic(cron="20 3 * * *")
@app.task(name="timetable.spell_out_afresh", queue="timetable", lock="timetable.spell_out")
def spell_out_afresh(timestamp: int) -> None:
    """Spell out all hours again: the rules of a time zone may have changed with an update."""
    OpenMonth.objects.all().delete()
    spell_out_calendars(now=now())


def take_up() -> None:
    """Spell out when a worker starts, rather than ten minutes later."""
    app.configure_task("timetable.spell_out").defer(timestamp=int(now().timestamp()))
