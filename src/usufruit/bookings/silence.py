# SPDX-License-Identifier: EUPL-1.2
"""The owner who stays silent: reminded, passed over, and in the end answered for by the clock."""

from __future__ import annotations

from datetime import datetime

from usufruit.bookings.deadlines import DEFAULT_DAYS, Schedule, Stage, schedule
from usufruit.bookings.models import AnsweringRules, BookingLine, Deadline, LineState
from usufruit.bookings.telling import tell_of
from usufruit.kernel.local_time import local_wall
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.queries import holidays_of, opening_calendar, span_of
from usufruit.ui import typography

TOLD = {
    Stage.HALF: "reminder",
    Stage.DAY_BEFORE: "reminder",
    Stage.GONE_UP: "gone_up",
}


def answer_days_of(organization: Organization) -> int:
    """Return how many working days a body gives itself to answer."""
    rules = AnsweringRules.objects.filter(organization=organization).first()
    return rules.answer_days if rules else DEFAULT_DAYS


def schedule_of(line: BookingLine, asked_at: datetime) -> Schedule:
    """Return when a request is due, by the days, the zone and the holidays of who answers."""
    asset = line.assets.select_related("asset__site").order_by("asset_id")[0].asset
    calendar = opening_calendar(asset)
    return schedule(
        asked_at,
        span_of(line.use_span).start,
        days=answer_days_of(line.decider),
        zone=line.decider.time_zone,
        holidays=holidays_of(calendar.holiday_region if calendar else ""),
    )


def open_deadline(line: BookingLine, now: datetime) -> Deadline:
    """Give a new request its deadline."""
    due = schedule_of(line, now)
    return Deadline.objects.create(
        line=line,
        asked_at=due.asked_at,
        answer_by=due.answer_by,
        lapse_at=due.lapse_at,
        next_at=due.next_after(Stage.WAITING),
    )


def close_deadline(line: BookingLine) -> None:
    """Let nothing more happen by the clock: the request has its answer."""
    Deadline.objects.filter(line=line).update(next_at=None)


def reopen_deadline(line: BookingLine) -> None:
    """Let the clock go on for a request whose answer was undone."""
    for deadline in Deadline.objects.filter(line=line):
        deadline.next_at = kept(deadline).next_after(Stage(deadline.stage))
        deadline.save(update_fields=["next_at"])


def extend_deadline(line: BookingLine, now: datetime) -> None:
    """Give the owner who asks a question as long again from now; once."""
    deadline = Deadline.objects.select_for_update().filter(line=line, is_extended=False).first()
    if deadline is None or now >= span_of(line.use_span).start:
        return
    due = schedule_of(line, now)
    deadline.is_extended = True
    if due.answer_by > deadline.answer_by:
        deadline.asked_at, deadline.answer_by, deadline.lapse_at = (
            due.asked_at,
            due.answer_by,
            due.lapse_at,
        )
        deadline.stage = Stage.WAITING
        deadline.next_at = due.next_after(Stage.WAITING)
    deadline.save()


def kept(deadline: Deadline) -> Schedule:
    """Return the schedule a row keeps."""
    return Schedule(deadline.asked_at, deadline.answer_by, deadline.lapse_at)


def until(deadline: Deadline, stage: Stage, zone: str) -> str:
    """Write until when the next answer counts, in the civil time of a place."""
    at = deadline.lapse_at if stage >= Stage.GONE_UP else deadline.answer_by
    return moment_in_words(at, zone)


def moment_in_words(at: datetime, zone: str) -> str:
    """Write an instant as one tells it: « mercredi 2 décembre, 17 h »."""
    wall = local_wall(at, zone)
    return f"{typography.day(wall.date(), has_year=False)}, {typography.clock(wall)}"


def tell_stage(line: BookingLine, deadline: Deadline, stage: Stage, now: datetime) -> None:
    """Tell what the clock brought: a reminder, or the passing over."""
    tell_of(TOLD[stage], line, None, now, until=until(deadline, stage, line.decider.time_zone))


def announce(line: BookingLine, by: Person, now: datetime) -> None:
    """Tell what was just booked, or asked: a request is then awaited until its deadline."""
    if line.state == LineState.CONFIRMED:
        tell_of("booked", line, by, now)
        return
    line.refresh_from_db(fields=["decider"])  # the asset may just have changed hands
    deadline = open_deadline(line, now)
    said = until(deadline, Stage.WAITING, line.decider.time_zone)
    tell_of("requested", line, by, now, until=said)
