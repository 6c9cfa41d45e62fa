# SPDX-License-Identifier: EUPL-1.2
"""The calendar a school keeps of its gymnasium, brought from a file; one evening disagrees."""

from __future__ import annotations

from datetime import date, timedelta

from usufruit.agendas.imports import apply_import, propose_import, read_ics_file
from usufruit.demo.building import ZONE, World
from usufruit.demo.journeys import GYM, IDLE_GYM
from usufruit.timetable.actions import add_exception
from usufruit.timetable.rules import DatedException
from usufruit.timetable.shared_days import proposals, share_days, start_following

FILE = "agenda-du-gymnase.ics"
_EVENTS = (  # title, weekday, weeks ahead, hours, how it repeats
    ("Ligue d’improvisation", 3, 1, ("183000", "203000"), "RRULE:FREQ=WEEKLY;COUNT=6"),
    ("Conseil d’établissement", 0, 2, ("200000", "220000"), ""),
)


def bring_agenda(world: World) -> None:
    """Import the gymnasium's calendar: an evening of its council meets the volleyball's."""
    gym = world.assets[GYM]
    by = world.deciders[gym.manager.slug]
    read = read_ics_file(_calendar(world.today).encode(), gym, None, world.now)
    proposed = propose_import(
        organization=gym.manager, file_name=FILE, read=read, by=by, now=world.now
    )
    apply_import(proposed=proposed, by=by, now=world.now)


def type_shared_days(world: World) -> None:
    """Let the schools type the construction holiday once, and a gymnasium's hours follow it."""
    gym = world.assets[IDLE_GYM]
    by = world.deciders[gym.manager.slug]
    days = share_days(organization=gym.manager, name="Calendrier scolaire", by=by, now=world.now)
    found = next(one for one in proposals(world.today) if one.key == "construction")
    add_exception(
        calendar=days,
        exception=DatedException(found.first_on, found.last_on, reason=found.label),
    )
    start_following(
        calendar=gym.opening.calendar, shared=days, accepts_outside=True, by=by, now=world.now
    )


def _calendar(today: date) -> str:
    """Return the calendar as the school's own software exports it."""
    monday = today - timedelta(days=today.weekday())
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, (title, weekday, weeks, (start, end), rule) in enumerate(_EVENTS):
        on = f"{monday + timedelta(weeks=weeks, days=weekday):%Y%m%d}"
        times = [f"DTSTART;TZID={ZONE}:{on}T{start}", f"DTEND;TZID={ZONE}:{on}T{end}"]
        named = [f"UID:{number}@ecole.exemple.test", f"SUMMARY:{title}"]
        lines += ["BEGIN:VEVENT", *named, *times, *filter(None, [rule]), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
