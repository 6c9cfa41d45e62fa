# SPDX-License-Identifier: EUPL-1.2
"""Let the territory live: past and coming bookings, waiting requests, own use, repairs.

Each thing is done at its own moment, in order, by the person whose business it is: the clock is an
argument of every action. What a rule refuses on that day (a holiday, say) simply does not happen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from psycopg.types.multirange import Multirange

from usufruit.bookings.actions import (
    approve_line,
    cancel_line,
    refuse_line,
    request_booking,
    watch_deadlines,
    withdraw_line,
)
from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import usable_spans
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.demo import journeys
from usufruit.demo.building import ZONE, World
from usufruit.inventory.models import Asset, Category
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span, intersect
from usufruit.needs.actions import meet_need, report_need
from usufruit.organizations.models import Organization
from usufruit.privacy.actions import record_incident
from usufruit.search.places import default_place
from usufruit.sharing.queries import audiences_of
from usufruit.timetable.actions import block_time
from usufruit.timetable.models import Hold

SEED = 20_270_105
DAYS_BEHIND, DAYS_AHEAD = 49, 38
HALF_HOUR_S = 1800
WATCH_EVERY = timedelta(hours=12)
SILENT_ONE_IN = 3  # of the requests that nobody decided in the story
WAKING_HOURS = (7 * 60, 22 * 60)
REASONS = {reason.code: reason for reason in REFUSAL_REASONS}


@dataclass(frozen=True)
class Wish:
    """A request and what became of it.

    Attributes:
        outcome: confirmed, requested, refused, cancelled or withdrawn.
        why: code of the reason of a refusal, and the words that went with it.
    """

    asset: str
    body: str
    use: Span
    purpose: str
    people: int | None = None
    part: str = ""
    outcome: str = "confirmed"
    why: tuple[str, str] = ("other", "")


@dataclass(order=True)
class Event:
    """Something done at a moment; the rank keeps the order of what is done at the same one."""

    at: datetime
    rank: int
    wish_number: int
    step: str


def live(life: dict[str, Any], world: World) -> int:
    """Play everything in order of time; return how many bookings were made."""
    dice = random.Random(SEED)  # noqa: S311 - the same territory for all
    days = _story_days(world)
    for row in life["block"]:
        _block(row, world, days)
    wishes = [
        *(_wish(row, world, days) for row in life["wish"]),
        *(wish for row in life["series"] for wish in _series(row, world)),
    ]
    wishes += _habits(life["habit"], world, days, dice)
    events = sorted(
        event for number, wish in enumerate(wishes) for event in _events(number, wish, world, dice)
    )
    made: dict[int, BookingLine] = {}
    watched_at = events[0].at
    for event in events:
        if event.at - watched_at >= WATCH_EVERY:
            watched_at = event.at
            watch_deadlines(now=watched_at)
        _play(event, wishes[event.wish_number], made, world)
    watch_deadlines(now=world.now)
    for row in life["need"]:
        _tell(row, world, days)
    for row in life["incident"]:
        _own_up(row, world)
    return len(made)


def _story_days(world: World) -> dict[str, date]:
    return {
        "plough": journeys.plough_day(world.today),
        "gym": journeys.gym_evening(world.today, world.assets[journeys.GYM]),
    }


# What the data say


def _day(told: int | str | list[int], world: World, days: dict[str, date]) -> date:
    """Return a day told in days from today, as [week, weekday] or by the name of a story's day."""
    if isinstance(told, str):
        return days[told]
    if isinstance(told, int):
        return world.today + timedelta(days=told)
    week, weekday = told
    return _monday(world) + timedelta(weeks=week, days=weekday)


def _monday(world: World) -> date:
    return world.today - timedelta(days=world.today.weekday())


def _use(first_on: date, last_on: date, hours: list[str]) -> Span:
    start, end = (int(h) * 60 + int(m) for h, m in (told.split(":") for told in hours))
    days_later = (last_on - first_on).days
    return journeys.local_use(first_on, (start, end + 1440 * days_later), ZONE)


def _wish(row: dict[str, Any], world: World, days: dict[str, date]) -> Wish:
    on = _day(row["day"], world, days)
    told = {name: value for name, value in row.items() if name not in {"day", "hours", "nights"}}
    if "why" in told:
        told["why"] = tuple(told["why"])
    last_on = on + timedelta(days=row.get("nights", 0))
    return Wish(**told, use=_use(on, last_on, row["hours"]))


def _series(row: dict[str, Any], world: World) -> Iterator[Wish]:
    """Yield one wish a week, from so many weeks ago to so many ahead."""
    first, last = row["weeks"]
    for week in range(first, last + 1):
        on = _monday(world) + timedelta(weeks=week, days=row["weekday"])
        yield Wish(
            asset=row["asset"],
            part=row.get("part", ""),
            body=row["body"],
            use=_use(on, on, row["hours"]),
            purpose=row["purpose"],
            people=row.get("people"),
        )


def _block(row: dict[str, Any], world: World, days: dict[str, date]) -> None:
    """Take time for the owner, in one go or on some weekdays of a run of days."""
    first_on, last_on = (_day(told, world, days) for told in row["days"])
    uses = [_use(first_on, last_on, row["hours"])]
    if "weekdays" in row:
        run = [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]
        uses = [_use(on, on, row["hours"]) for on in run if on.weekday() in row["weekdays"]]
    asset = world.assets[row["asset"]]
    for use in uses:
        block_time(
            asset=asset,
            lanes=_lanes(world, row["asset"], row.get("part", "")),
            use=use,
            reason=Hold.Reason(row["reason"]),
            note=row["note"],
            by=world.deciders[asset.manager.slug],
            now=world.now - timedelta(days=60),
        )


def _lanes(world: World, number: str, part: str) -> Multirange[int]:
    return lanes(world.parts[number, part]) if part else all_lanes(world.assets[number])


# What chance adds


def _habits(
    rows: list[dict[str, Any]], world: World, days: dict[str, date], dice: random.Random
) -> list[Wish]:
    """Draw ordinary bookings within opening hours and sharing windows."""
    kept = {
        (journeys.PLOUGH, days["plough"]),
        (journeys.GYM, days["gym"]),
    }
    wishes: list[Wish] = []
    for row in rows:
        assets = [
            (number, asset)
            for number, asset in world.assets.items()
            if asset.category.code in row["categories"] and asset.state == Asset.State.PUBLISHED
        ]
        for _ in range(row["count"]):
            number, asset = dice.choice(assets)
            borrower = _borrower(asset, world, dice)
            on = world.today + timedelta(days=dice.randint(-DAYS_BEHIND, DAYS_AHEAD))
            if borrower is None or (number, on) in kept:
                continue
            use = _some_use(asset, borrower, on, row["hours"], dice)
            if use is None:
                continue
            wishes.append(
                Wish(
                    asset=number,
                    body=borrower.slug,
                    use=use,
                    purpose=dice.choice(row["purposes"]),
                    people=_people(asset, row, dice),
                    outcome=_outcome(dice),
                    why=tuple(dice.choice(row.get("refusals", [["other", ""]]))),
                )
            )
    return wishes


def _borrower(asset: Asset, world: World, dice: random.Random) -> Organization | None:
    """Draw a body that some rule of the asset speaks to; the nearest come up more often."""
    audiences = {rule.audience for rule in asset.sharing_rules.all()}
    bodies = [
        body
        for slug, body in world.bodies.items()
        if slug in world.borrowers
        and body.pk not in {asset.owner_id, asset.manager_id}
        and audiences & set(audiences_of(body))
    ]
    if not bodies:
        return None
    farness = [
        1 + 40 * (abs(b.latitude - asset.latitude) + abs(b.longitude - asset.longitude))
        for b in bodies
        if b.latitude is not None and b.longitude is not None
    ]
    return dice.choices(bodies, weights=[1 / far for far in farness])[0]


def _some_use(
    asset: Asset, borrower: Organization, on: date, hours: list[int], dice: random.Random
) -> Span | None:
    """Draw a use of a day, on the half hour, where the body could book; None where it could not."""
    waking = journeys.local_use(on, WAKING_HOURS, ZONE)
    usable = intersect(usable_spans(asset, borrower, waking.start, waking.end), [waking])
    length_s = 3600 * dice.randint(*hours)
    room = [span for span in usable if span.duration_s >= min(length_s, 7200)]
    if not room:
        return None
    span = dice.choice(room)
    length_s = min(length_s, span.duration_s)
    steps = (span.duration_s - length_s) // HALF_HOUR_S
    start = span.start + timedelta(seconds=HALF_HOUR_S * dice.randint(0, steps))
    return Span(start, start + timedelta(seconds=length_s))


def _people(asset: Asset, row: dict[str, Any], dice: random.Random) -> int | None:
    if "people" not in row or not asset.capacity:
        return None
    fewest, most = row["people"]
    return min(dice.randint(fewest, most), asset.capacity)


def _outcome(dice: random.Random) -> str:
    return dice.choices(
        ("confirmed", "requested", "refused", "cancelled", "withdrawn"), weights=(70, 8, 8, 9, 5)
    )[0]


# When each thing is done


def _events(number: int, wish: Wish, world: World, dice: random.Random) -> list[Event]:
    """Return the moments of a wish: asked, then answered, then given up, all before now."""
    latest = min(world.now, wish.use.start) - timedelta(minutes=30)
    asked_at = wish.use.start - timedelta(hours=dice.randint(60, 320))
    asked_at = min(asked_at, latest - timedelta(hours=dice.randint(30, 90)))
    if wish.outcome == "requested":
        asked_at = latest - timedelta(hours=dice.randint(1, 70))
    asked = Event(asked_at, 0, number, "ask")
    is_silent = wish.use.start > world.now or number % SILENT_ONE_IN == 0
    if wish.outcome == "requested" and is_silent:
        return [asked]
    answered_at = min(asked_at + timedelta(hours=dice.randint(2, 28)), latest)
    step = {"refused": "refuse", "withdrawn": "withdraw"}.get(wish.outcome, "approve")
    events = [asked, Event(answered_at, 1, number, step)]
    if wish.outcome == "cancelled":
        events.append(Event(latest, 2, number, "cancel"))
    return events


def _play(event: Event, wish: Wish, lines: dict[int, BookingLine], world: World) -> None:
    """Do one thing; a refusal of the trade means that it did not happen."""
    step: Callable[[], BookingLine]
    if event.step == "ask":
        step = lambda: _ask(event, wish, world)  # noqa: E731 - the other branches are alike
    elif event.wish_number not in lines:
        return
    else:
        step = lambda: _follow_up(event, wish, lines[event.wish_number], world)  # noqa: E731
    try:
        lines[event.wish_number] = step()
    except Refusal:
        return


def _ask(event: Event, wish: Wish, world: World) -> BookingLine:
    asset = world.assets[wish.asset]
    return request_booking(
        asset=asset,
        lanes=_lanes(world, wish.asset, wish.part),
        use=wish.use,
        organization=world.bodies[wish.body],
        purpose=wish.purpose,
        people_count=wish.people,
        key=uuid5(NAMESPACE_URL, f"demo:{event.wish_number}:{wish.asset}:{wish.use.start}"),
        by=world.borrowers[wish.body],
        now=event.at,
    )


def _follow_up(event: Event, wish: Wish, line: BookingLine, world: World) -> BookingLine:
    borrower = world.borrowers[wish.body]
    decider = world.deciders[world.assets[wish.asset].manager.slug]
    if event.step == "refuse":
        code, words = wish.why
        return refuse_line(
            line=line, reason=REASONS[code], explanation=words, by=decider, now=event.at
        )
    if event.step == "withdraw":
        return withdraw_line(line=line, by=borrower, now=event.at)
    if event.step == "cancel":
        return cancel_line(line=line, by=borrower, now=event.at)
    return approve_line(line=line, by=decider, now=event.at)


def _tell(row: dict[str, Any], world: World, days: dict[str, date]) -> None:
    """Tell a need as it was told, and meet it when it was."""
    body = world.bodies[row["body"]]
    person = world.borrowers[row["body"]]
    told_at = world.now + timedelta(days=row["told"])
    use = None
    if "days" in row:
        on = _day(row["days"], world, days)
        use = _use(on, on, row["hours"])
    place = default_place(body)
    if place is None:
        return
    need = report_need(
        organization=body,
        category=Category.objects.filter(code=row.get("category", "")).first(),
        words=row["words"],
        use=use,
        place=place,
        radius_km=row["radius"],
        purpose=row["purpose"],
        by=person,
        now=told_at,
    )
    if row.get("outcome") == "met":
        meet_need(need=need, by=person, now=told_at + timedelta(days=2))


def _own_up(row: dict[str, Any], world: World) -> None:
    """Enter in the register an incident known some days ago."""
    known_at = world.now + timedelta(days=row["known"])
    told = {name: value for name, value in row.items() if name not in {"body", "by", "known"}}
    record_incident(
        organization=world.bodies[row["body"]],
        fields={**told, "known_on": known_at.date()},
        by=world.persons[row["by"]],
        now=known_at,
    )
