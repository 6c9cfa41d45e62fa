# SPDX-License-Identifier: EUPL-1.2
"""Who wins when many ask at once: one of them, every time, and nobody meets a deadlock."""

import argparse
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import OperationalError, connection, connections
from psycopg.errors import DeadlockDetected

from benchmarks import _malformed
from benchmarks._report import publish, say, timed
from benchmarks._surroundings import leave_with, throwaway_database
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
from usufruit.bookings.actions import approve_line, request_booking
from usufruit.bookings.models import Booking, BookingLine, LineState
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.models import Organization, Person

ROUND_LIMIT_S = 120
RIVALS = 8  # requests that wait for one slot in a race of approvals
OVERLAPS = """
    SELECT count(*)
      FROM timetable_hold AS one
      JOIN timetable_hold AS other
        ON other.asset_id = one.asset_id AND other.id > one.id
     WHERE one.lanes && other.lanes AND lower(one.span) < upper(other.span)
       AND lower(other.span) < upper(one.span)
"""


@dataclass
class Tally:
    """What the callers saw."""

    deadlocks: int = 0
    errors: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Client:
    """One of those who ask, for a body of their own."""

    person: Person
    body: Organization


class Race:
    """Clients on connections of their own, who all start at the same moment."""

    def __init__(self, clients: int) -> None:
        self.tally = Tally()
        self.clients = [_client() for _ in range(clients)]
        self._start = threading.Barrier(clients)
        self._threads = ThreadPoolExecutor(clients)

    def run(self, attempt: Callable[[int], BookingLine]) -> list[tuple[int, BookingLine]]:
        """Let each client try once, together; return (client, line) of those who were served."""

        def one(number: int) -> BookingLine | None:
            connection.ensure_connection()
            self._start.wait(ROUND_LIMIT_S)
            try:
                return attempt(number)
            except Refusal as refusal:
                self.tally.refusals[refusal.code] += 1
            except OperationalError as error:
                if isinstance(error.__cause__, DeadlockDetected):
                    self.tally.deadlocks += 1
                else:
                    self.tally.errors.append(repr(error))
            except Exception as error:
                self.tally.errors.append(repr(error))
            return None

        lines = list(self._threads.map(one, range(len(self.clients)), timeout=ROUND_LIMIT_S))
        return [(number, line) for number, line in enumerate(lines) if line is not None]

    def close(self) -> None:
        """Close the connection of each thread, then the threads."""

        def leave(_number: int) -> None:
            self._start.wait(ROUND_LIMIT_S)
            connections.close_all()

        list(self._threads.map(leave, range(len(self.clients))))
        self._threads.shutdown()


def main(words: Sequence[str]) -> int:
    """Run the rounds on a database of their own; return 1 when anything went wrong."""
    sizes = _sizes(words)
    with throwaway_database():
        return run(sizes)


def run(sizes: argparse.Namespace) -> int:
    """Run the rounds and publish; return 1 when anything went otherwise than it must."""
    race = Race(sizes.clients)
    few = max(1, sizes.rounds // 4)
    with timed(f"{sizes.rounds} tours, une plage pour {sizes.clients}"):
        winners = [one_slot(race, turn) for turn in _told(sizes.rounds)]
    with timed(f"{few} tours, moitiés contre entier"):
        halls = Counter(halves(race, turn) for turn in _told(few))
    with timed(f"{few} tours, approbations rivales"):
        approved = [approvals(race, turn) for turn in _told(few)]
    with timed(f"{few} tours, même demande envoyée {sizes.clients} fois"):
        sent = [double_send(race, turn) for turn in _told(few)]
    race.close()
    refused = _malformed.attempts()
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        overlaps = cursor.fetchone()[0]
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        restarts = cursor.fetchone()[0]
    publish(
        benchmark="race",
        clients=sizes.clients,
        rounds=sizes.rounds,
        winners=sum(winners),
        overlaps=overlaps,
        deadlocks=race.tally.deadlocks,
        notes={
            "rounds_with_one_winner": winners.count(1),
            "half_against_whole": {"rounds": few, **halls},
            "rival_approvals": {"rounds": few, "with_one_winner": approved.count(1)},
            "same_key": {
                "rounds": few,
                "senders": sizes.clients,
                "with_one_booking": sent.count((1, 1)),
            },
            "refusals": dict(race.tally.refusals),
            "errors": race.tally.errors[:5],
            "deadlocks_broken_inside": restarts - race.tally.deadlocks,
            "malformed_holds": refused,
        },
    )
    is_right = (
        set(winners) == set(approved) == {1}
        and set(sent) == {(1, 1)}
        and not halls["wrong"]
        and not overlaps
        and not race.tally.deadlocks
        and not race.tally.errors
        and _malformed.STORED not in refused.values()
    )
    return 0 if is_right else 1


def one_slot(race: Race, turn: int) -> int:
    """Everybody wants the same slot of an asset booked at once; return how many got it."""
    asset = _asset("one_slot")
    wanted = use(24 + 3 * turn)

    def ask(number: int) -> BookingLine:
        client = race.clients[number]
        return _request(asset, client, wanted)

    return len(race.run(ask))


def halves(race: Race, turn: int) -> str:
    """A third of them want one half, a third the other, a third the whole; name who won."""
    asset = _asset("halves", structure="parts", lane_count=2)
    wanted = use(24 + 3 * turn)
    choices = [lanes((0, 1)), lanes((1, 2)), lanes((0, 2))]

    def ask(number: int) -> BookingLine:
        return _request(asset, race.clients[number], wanted, choices[(number + turn) % 3])

    won = sorted((number + turn) % 3 for number, _line in race.run(ask))
    names = {(2,): "whole", (0, 1): "both_halves"}
    return names.get(tuple(won), "wrong")


def approvals(race: Race, turn: int) -> int:
    """Some bodies ask for one slot, then clerks approve all of them at once; return the winners."""
    asset = _asset("approvals", mode=Mode.APPROVAL)
    clerk = _clerk(asset.manager)
    wanted = use(24 + 3 * turn)
    lines = [_request(asset, client, wanted) for client in race.clients[:RIVALS]]

    def approve(number: int) -> BookingLine:
        return approve_line(line=lines[number % len(lines)], by=clerk, now=NOW)

    served = len(race.run(approve))
    states = Counter(
        BookingLine.objects.filter(pk__in=[line.pk for line in lines]).values_list(
            "state", flat=True
        )
    )
    is_settled = states == Counter({LineState.CONFIRMED: 1, LineState.REFUSED: len(lines) - 1})
    return served if is_settled or len(lines) == 1 else -1


def double_send(race: Race, turn: int) -> tuple[int, int]:
    """One person's form arrives many times; return how many lines were answered and stored."""
    asset = _asset("double_send")
    key, sender = uuid4(), race.clients[0]
    wanted = use(24 + 3 * turn)
    answered = race.run(lambda _number: _request(asset, sender, wanted, key=key))
    if len(answered) != len(race.clients):
        return len(answered), -1
    stored = Booking.objects.filter(idempotency_key=key, requester=sender.person).count()
    return len({line.pk for _number, line in answered}), stored


_assets: dict[str, Asset] = {}
_clerks: dict[int, Person] = {}


def _asset(name: str, *, mode: Mode = Mode.INSTANT, **fields) -> Asset:
    """Return the asset of a kind of round, made once."""
    if name not in _assets:
        _assets[name] = make_asset(make_body(), **fields)
        share(_assets[name], mode=mode)
    return _assets[name]


def _clerk(body: Organization) -> Person:
    if body.pk not in _clerks:
        _clerks[body.pk] = make_person(body, Role.DESK_CLERK)
    return _clerks[body.pk]


def _client() -> Client:
    body = make_body()
    return Client(make_person(body, Role.REQUESTER), body)


def _request(asset: Asset, client: Client, wanted, taken=None, key=None) -> BookingLine:
    return request_booking(
        asset=asset,
        lanes=taken or all_lanes(asset),
        use=wanted,
        organization=client.body,
        purpose="Mesurer une course",
        people_count=None,
        key=key or uuid4(),
        by=client.person,
        now=NOW,
    )


def _told(rounds: int):
    """Count the rounds, and say so now and then."""
    for turn in range(rounds):
        if turn and turn % 50 == 0:
            say(f"  {turn} tours")
        yield turn


def _sizes(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=200)
    return parser.parse_args(words)


if __name__ == "__main__":
    leave_with(main)
