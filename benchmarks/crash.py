# SPDX-License-Identifier: EUPL-1.2
"""What survives ``kill -9`` of PostgreSQL under bookings: every one that was acknowledged, once."""

import argparse
import os
import signal
import time
from collections.abc import Sequence

from django.db import connection, connections

from benchmarks._browser import Browser
from benchmarks._report import percentile, publish, say, timed
from benchmarks._surroundings import leave_with, migrate
from benchmarks._writers import (
    RETURN_LIMIT_S,
    WRITERS,
    Ledger,
    compare,
    make_world,
    postmaster,
    served,
    wait_for_acks,
    wait_until,
    writing,
)
from tests.support.world import PASSWORD
from usufruit.config import database, loopback, visit

STEADY_ACKS = 20  # between two kills


def main(words: Sequence[str]) -> int:
    """Serve, write, kill, look; return 1 when a booking was lost or doubled, or nobody answered."""
    sizes = _sizes(words)
    loopback.wake()
    with timed("Base et territoire"), database.available(os.environ):
        migrate()
        person, body, assets = make_world()
        connections.close_all()
    port = loopback.free_port()
    with served(port) as (address, _household):
        browser = Browser(address)
        browser.sign_in(person.email, PASSWORD)
        ledger = Ledger()
        with writing(ledger, browser, body, assets):
            delays_s = [_kill_once(ledger, number) for number in range(1, sizes.kills + 1)]
            wait_for_acks(ledger, STEADY_ACKS)
        say("Comptes…")
        stored = {name: _count(statement) for name, statement in CHECKS.items()}
        lost, doubled = compare(ledger.acks)
        connections.close_all()
        answers = visit.answers(address)
    known_s = [delay for delay in delays_s if delay is not None]
    publish(
        benchmark="crash",
        kills=sizes.kills,
        acknowledged=len(ledger.acks),
        lost=lost,
        doubled=doubled,
        delays_s=delays_s,
        notes={
            "writers": WRITERS,
            "booking_p50_ms": _booking_p50_ms(ledger),
            "answers_that_failed": ledger.failures,
            "wishes_sent_again": ledger.resent,
            "unexpected": ledger.errors[:5],
            "site_answers_at_the_end": answers,
            **stored,
        },
    )
    is_right = (
        not lost
        and not doubled
        and answers
        and len(known_s) == sizes.kills
        and not ledger.errors
        and not stored["holds_without_confirmed_line"]
        and not stored["confirmed_lines_without_hold"]
    )
    return 0 if is_right else 1


def _kill_once(ledger: Ledger, number: int) -> float | None:
    """Kill the postmaster in the middle of the writing; return the seconds to the next success.

    A success counts when it was sent after the kill. None when there was none in time.
    """
    wait_for_acks(ledger, STEADY_ACKS)
    pid = postmaster()
    killed_s = time.monotonic()
    os.kill(pid, signal.SIGKILL)

    def after() -> list[float]:
        return [ack.answered_s for ack in list(ledger.acks) if ack.sent_s > killed_s]

    try:
        wait_until(lambda: bool(after()), RETURN_LIMIT_S, "le site ne revient pas")
    except TimeoutError as error:
        say(str(error))
        return None
    delay_s = round(min(after()) - killed_s, 2)
    say(f"Mort {number}\u00a0: première réservation après {delay_s} s")
    return delay_s


CHECKS = {
    "bookings_stored": "SELECT count(*) FROM bookings_booking",
    "holds_stored": "SELECT count(*) FROM timetable_hold",
    "holds_without_confirmed_line": """
        SELECT count(*) FROM timetable_hold AS hold
          LEFT JOIN bookings_bookingline AS line ON line.id = hold.line_id
         WHERE line.state IS DISTINCT FROM 'confirmed'""",
    "confirmed_lines_without_hold": """
        SELECT count(*) FROM bookings_bookingline AS line
         WHERE line.state = 'confirmed'
           AND NOT EXISTS (SELECT FROM timetable_hold AS hold WHERE hold.line_id = line.id)""",
    "fsync_and_synchronous_commit": """
        SELECT current_setting('fsync') || ', ' || current_setting('synchronous_commit')""",
}


def _count(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _booking_p50_ms(ledger: Ledger) -> float:
    return round(1000 * percentile([ack.answered_s - ack.sent_s for ack in ledger.acks], 0.5), 1)


def _sizes(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    return parser.parse_args(words)


if __name__ == "__main__":
    leave_with(main)
