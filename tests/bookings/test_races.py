# SPDX-License-Identifier: EUPL-1.2
"""Clients at the same moment, each on its own connection: one winner, and no deadlock seen."""

import threading
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tests.support.together import apart, committed, outcomes_together, together
from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import approve_line, cancel_line, move_line, request_booking
from usufruit.bookings.models import Booking, BookingLine, LineState
from usufruit.inventory.actions import correct_asset
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.timetable import actions as timetable
from usufruit.timetable.actions import release
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import span_of

CLIENTS = 8
ROUNDS = 4


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _for_real(db):
    with committed():
        yield


class World:
    """A lender with its clerk, a hall in halves, and as many borrowers as clients."""

    def __init__(self, mode: Mode = Mode.INSTANT) -> None:
        self.lender = make_body()
        self.clerks = [make_person(self.lender, Role.DESK_CLERK) for _ in range(CLIENTS)]
        self.hall = make_asset(
            self.lender,
            structure="parts",
            lane_count=2,
            parts=[("A", (0, 1), None), ("B", (1, 2), None)],
            buffer_after_min=15,
        )
        share(self.hall, mode=mode)
        self.bodies = [make_body() for _ in range(CLIENTS)]
        self.people = [make_person(body, Role.REQUESTER) for body in self.bodies]

    def ask(self, client: int, span, part=None, key=None) -> BookingLine:
        return request_booking(
            asset=self.hall,
            lanes=part or all_lanes(self.hall),
            use=span,
            organization=self.bodies[client],
            purpose="Essai",
            people_count=None,
            key=key or uuid4(),
            by=self.people[client],
            now=NOW,
        )


def codes(outcomes) -> Counter:
    """Count the winners, and the refusals by their code; anything else is raised."""
    counted: Counter = Counter()
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            counted[outcome.code] += 1
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            counted["won"] += 1
    return counted


def overlaps() -> int:
    """Count the pairs of holds that meet, as a reader who trusts no constraint would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM timetable_hold AS a JOIN timetable_hold AS b"
            " ON a.id < b.id AND a.asset_id = b.asset_id"
            " AND a.lanes && b.lanes AND a.span && b.span"
        )
        return cursor.fetchone()[0]


def test_eight_clients_one_slot_one_winner():
    world = World()
    for hour in range(24, 24 + 4 * ROUNDS, 4):
        outcomes = outcomes_together(
            [
                lambda client=client, hour=hour: world.ask(client, use(hour))
                for client in range(CLIENTS)
            ]
        )
        assert codes(outcomes) == {"won": 1, "slot_taken": CLIENTS - 1}
    assert (Hold.objects.count(), overlaps()) == (ROUNDS, 0)
    # What lost left nothing behind: no booking, no line, no wish.
    assert Booking.objects.count() == BookingLine.objects.count() == ROUNDS


def test_halves_against_the_whole():
    world = World()
    whole, a, b = lanes((0, 2)), lanes((0, 1)), lanes((1, 2))
    seen = set()
    for hour in range(24, 24 + 4 * ROUNDS, 4):
        parts = [whole, a, b, whole, a, b, a, b]
        outcomes = outcomes_together(
            [
                lambda n=n, part=part, hour=hour: world.ask(n, use(hour), part)
                for n, part in enumerate(parts)
            ]
        )
        won = codes(outcomes)["won"]
        winners = [
            part
            for part, outcome in zip(parts, outcomes, strict=True)
            if not isinstance(outcome, Refusal)
        ]
        assert winners == [whole] or sorted(winners, key=str) in ([a, b], [a], [b])
        assert sum(codes(outcomes).values()) == CLIENTS
        seen.add(won)
    assert overlaps() == 0
    assert seen <= {1, 2}


def test_rivals_approved_at_the_same_moment():
    world = World(Mode.APPROVAL)
    for hour in range(24, 24 + 6 * ROUNDS, 6):
        # A chain: each request meets its neighbours only, so that the sets to lock differ.
        asked = [world.ask(n, use(hour + n / 4, 1)) for n in range(CLIENTS)]
        outcomes = outcomes_together(
            [
                lambda line=line, clerk=clerk: approve_line(line=line, by=clerk, now=NOW)
                for line, clerk in zip(asked, world.clerks, strict=True)
            ]
        )
        counted = codes(outcomes)
        assert set(counted) <= {"won", "already_decided", "slot_taken"}
        lines = BookingLine.objects.filter(pk__in=[line.pk for line in asked])
        assert counted["won"] == lines.filter(state=LineState.CONFIRMED).count() >= 1
    confirmed = set(
        BookingLine.objects.filter(state=LineState.CONFIRMED).values_list("pk", flat=True)
    )
    assert set(Hold.objects.values_list("line_id", flat=True)) == confirmed
    assert overlaps() == 0
    refused = BookingLine.objects.filter(state=LineState.REFUSED)
    assert set(refused.values_list("refusal_code", flat=True)) <= {"given_to_another"}


def test_rivals_for_one_slot_leave_one_confirmed_and_the_others_refused():
    world = World(Mode.APPROVAL)
    asked = [world.ask(n, use(24)) for n in range(CLIENTS)]
    outcomes = outcomes_together(
        [
            lambda line=line, clerk=clerk: approve_line(line=line, by=clerk, now=NOW)
            for line, clerk in zip(asked, world.clerks, strict=True)
        ]
    )
    assert codes(outcomes) == {"won": 1, "already_decided": CLIENTS - 1}
    states = Counter(BookingLine.objects.values_list("state", "refusal_code"))
    assert states == {
        (LineState.CONFIRMED, ""): 1,
        (LineState.REFUSED, "given_to_another"): CLIENTS - 1,
    }


def test_a_key_sent_many_times_at_once_books_once():
    world, key = World(), uuid4()
    lines = together([lambda: world.ask(0, use(24), key=key) for _ in range(CLIENTS)])
    assert len({line.pk for line in lines}) == 1
    assert Booking.objects.count() == BookingLine.objects.count() == Hold.objects.count() == 1


def test_a_key_of_a_refused_wish_may_serve_again():
    world, key = World(), uuid4()
    world.ask(1, use(24))
    outcomes = outcomes_together([lambda: world.ask(0, use(24), key=key) for _ in range(4)])
    assert codes(outcomes) == {"slot_taken": 4}
    assert apart(lambda: world.ask(0, use(30), key=key)).state == LineState.CONFIRMED


def test_a_move_against_bookings():
    world = World()
    for hour in range(24, 24 + 8 * ROUNDS, 8):
        line = world.ask(0, use(hour))
        outcomes = outcomes_together(
            [
                lambda line=line, hour=hour: move_line(
                    line=line, use=use(hour + 4), by=world.people[0], now=NOW
                ),
                *[
                    lambda n=n, hour=hour: world.ask(n, use(hour + 4 * (n % 2)))
                    for n in range(1, CLIENTS)
                ],
            ]
        )
        codes(outcomes)
        line.refresh_from_db()
        hold = Hold.objects.get(line_id=line.pk)
        has_moved = not isinstance(outcomes[0], Refusal)
        expected = use(hour + 4) if has_moved else use(hour)
        # The line never loses its time: it is at the new place or still at the old one.
        assert span_of(line.use_span) == span_of(hold.use_span) == expected
        assert overlaps() == 0
    assert Hold.objects.count() == BookingLine.objects.filter(state=LineState.CONFIRMED).count()


def test_two_bookings_that_would_swap_places_see_no_deadlock(monkeypatch):
    """Each gives its own time back, then asks for the other's: PostgreSQL breaks one of them."""
    world = World()
    first, second = world.ask(0, use(24)), world.ask(1, use(30))
    both_released = threading.Barrier(2, timeout=20)
    released = []

    def release_then_meet(line_ids):
        count = release(line_ids)
        released.append(line_ids)
        if len(released) <= 2:
            both_released.wait()
        return count

    monkeypatch.setattr(timetable, "release", release_then_meet)
    outcomes = outcomes_together(
        [
            lambda: move_line(line=first, use=use(30), by=world.people[0], now=NOW),
            lambda: move_line(line=second, use=use(24), by=world.people[1], now=NOW),
        ]
    )
    assert len(released) == 3  # one of the two verbs was broken and started again
    assert set(codes(outcomes)) <= {"won", "slot_taken"}
    assert (Hold.objects.count(), overlaps()) == (2, 0)
    for line in (first, second):
        line.refresh_from_db()
        assert span_of(Hold.objects.get(line_id=line.pk).use_span) == span_of(line.use_span)


def test_a_cancelled_slot_goes_to_one_of_those_who_wait():
    world = World()
    line = world.ask(0, use(24))
    outcomes = outcomes_together(
        [
            lambda: cancel_line(line=line, by=world.people[0], now=NOW),
            *[lambda n=n: world.ask(n, use(24)) for n in range(1, CLIENTS)],
        ]
    )
    counted = codes(outcomes)
    assert counted["won"] in {1, 2}  # the cancelling, and one who came after it
    assert counted["won"] + counted["slot_taken"] == CLIENTS
    assert Hold.objects.count() == counted["won"] - 1
    assert span_of(line.use_span).end - span_of(line.use_span).start == timedelta(hours=2)


def test_a_request_sent_while_the_asset_changes_hands_reaches_the_new_manager():
    world = World(Mode.APPROVAL)
    steward = make_person(world.lender, Role.ASSET_MANAGER)
    for hour in range(24, 24 + 4 * ROUNDS, 4):
        heir = make_body()
        hall = Asset.objects.select_related("site").get(pk=world.hall.pk)
        asked = outcomes_together(
            [
                lambda hall=hall, heir=heir: correct_asset(
                    asset=hall, changes={"manager": heir}, by=steward, now=NOW
                ),
                *[lambda n=n, hour=hour: world.ask(n, use(hour)) for n in range(4)],
            ]
        )
        assert codes(asked) == {"won": 5}
        deciders = set(BookingLine.objects.values_list("decider", flat=True))
        assert deciders == {heir.pk}


def test_a_booking_against_a_new_division_is_refused_not_broken():
    """The division is changed but not yet committed when the booking takes the lanes it read."""
    world = World()
    steward = make_person(world.lender, Role.ASSET_MANAGER)
    thirds = [(f"Tiers {n + 1}", (n, n + 1), None) for n in range(3)]
    divided = threading.Event()

    def divide() -> None:
        hall = Asset.objects.select_related("site").get(pk=world.hall.pk)
        with transaction.atomic():
            correct_asset(asset=hall, changes={"lane_count": 3}, parts=thirds, by=steward, now=NOW)
            divided.set()
            wait_until_someone_waits()

    def ask() -> BookingLine:
        divided.wait(timeout=20)
        return world.ask(0, use(24))

    outcomes = outcomes_together([divide, ask])
    assert codes(outcomes) == {"won": 1, "divided_since": 1}
    assert (Booking.objects.count(), Hold.objects.count()) == (0, 0)


def wait_until_someone_waits() -> None:
    """Return once another connection waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()), pg_sleep(0.01)"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
