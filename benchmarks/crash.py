# SPDX-License-Identifier: EUPL-1.2
"""What survives ``kill -9`` of PostgreSQL under bookings: every one that was acknowledged, once."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection, connections

from benchmarks._browser import Browser, Wish
from benchmarks._report import percentile, publish, say, timed
from benchmarks._surroundings import leave_with, migrate
from tests.support.world import PASSWORD, Role, make_asset, make_body, share
from usufruit.config import confinement, database, loopback, visit
from usufruit.kernel.clock import now
from usufruit.kernel.local_time import local_wall
from usufruit.organizations.actions import grant_role, register_person
from usufruit.organizations.models import Organization, Person

WRITERS = 4
SLOT_MIN = 15
FIRST_HOUR, SLOTS_A_DAY = 5, 72  # from 5 h to 23 h: no clock changes then
START_LIMIT_S = 90
RETURN_LIMIT_S = 120
STEADY_ACKS = 20  # between two kills
RETRY_S = 0.05


@dataclass(frozen=True)
class Acknowledged:
    """A booking the site said yes to.

    Attributes:
        sent_s, answered_s: of the sending that was answered, on the monotonic clock.
    """

    wish: Wish
    reference: str
    sent_s: float
    answered_s: float


@dataclass
class Ledger:
    """What the writers were told, as they were told it."""

    acks: list[Acknowledged] = field(default_factory=list)
    failures: int = 0
    resent: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    errors: list[str] = field(default_factory=list)


def main(words: Sequence[str]) -> int:
    """Serve, write, kill, look; return 1 when a booking was lost or doubled, or nobody answered."""
    sizes = _sizes(words)
    loopback.wake()
    with timed("Base et territoire"), database.available(os.environ):
        migrate()
        person, body, assets = _world()
        connections.close_all()
    port = loopback.free_port()
    with _served(port) as address:
        browser = Browser(address)
        browser.sign_in(person.email, PASSWORD)
        ledger = Ledger()
        writers = [
            threading.Thread(target=_write, args=(ledger, browser, body, asset), daemon=True)
            for asset in assets
        ]
        for writer in writers:
            writer.start()
        try:
            delays_s = [_kill_once(ledger, number) for number in range(1, sizes.kills + 1)]
            _wait_for_acks(ledger, STEADY_ACKS)
        finally:
            ledger.stopping.set()
            for writer in writers:
                writer.join(RETURN_LIMIT_S)
        say("Comptes…")
        stored = {name: _count(statement) for name, statement in CHECKS.items()}
        lost, doubled = _compare(ledger)
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


def _world() -> tuple[Person, Organization, list[int]]:
    """Make one who books, and an asset for each writer, open day and night, booked at once."""
    body = make_body()
    person = register_person(
        email="course@exemple.test", full_name="Banc", password=PASSWORD, by=None, now=now()
    )
    grant_role(person=person, organization=body, role=Role.REQUESTER, by=None, now=now())
    lender = make_body()
    assets = [make_asset(lender) for _ in range(WRITERS)]
    for asset in assets:
        share(asset)
    return person, body, [asset.pk for asset in assets]


@contextmanager
def _served(port: int) -> Iterator[str]:
    """Serve the product by its own command; yield its address once it answers."""
    address = visit.address_of(loopback.LOOPBACK, port)
    log = Path(os.environ["USUFRUIT_VAR"], "serve.log")
    with log.open("wb") as output:
        household = subprocess.Popen(
            [sys.executable, "-m", "usufruit", "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            with timed("Premier départ"):
                _wait_until(lambda: visit.answers(address), START_LIMIT_S, "le site ne répond pas")
            yield address
        except BaseException:
            say(log.read_text(encoding="utf-8", errors="replace")[-3000:])
            raise
        finally:
            household.send_signal(signal.SIGTERM)
            try:
                household.wait(45)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(household.pid, signal.SIGKILL)
                household.wait()


def _write(ledger: Ledger, browser: Browser, body: Organization, asset: int) -> None:
    """Book one slot after another; what failed is sent again under the same key."""
    first_on = local_wall(now(), "America/Toronto").date() + timedelta(days=2)
    for number in range(700 * SLOTS_A_DAY):
        day, slot = divmod(number, SLOTS_A_DAY)
        minutes = 60 * FIRST_HOUR + SLOT_MIN * slot
        wish = Wish(
            asset=asset,
            body=body.pk,
            on=first_on + timedelta(days=day),
            at=f"{minutes // 60:02}:{minutes % 60:02}",
            length_min=SLOT_MIN,
        )
        if not _insist(ledger, browser, wish):
            return


def _insist(ledger: Ledger, browser: Browser, wish: Wish) -> bool:
    """Send a wish until it is acknowledged; return False when it is time to stop."""
    attempts = 0
    while not ledger.stopping.is_set():
        attempts += 1
        sent_s = time.monotonic()
        status, reference = browser.book(wish)
        if reference:
            ledger.acks.append(Acknowledged(wish, reference, sent_s, time.monotonic()))
            ledger.resent += attempts > 1
            return True
        ledger.failures += 1
        if status is not None and status < 500:
            ledger.errors.append(f"{status} {wish}")
            return False
        time.sleep(RETRY_S)
    return False


def _kill_once(ledger: Ledger, number: int) -> float | None:
    """Kill the postmaster in the middle of the writing; return the seconds to the next success.

    A success counts when it was sent after the kill. None when there was none in time.
    """
    _wait_for_acks(ledger, STEADY_ACKS)
    pid = _postmaster()
    killed_s = time.monotonic()
    os.kill(pid, signal.SIGKILL)

    def after() -> list[float]:
        return [ack.answered_s for ack in list(ledger.acks) if ack.sent_s > killed_s]

    try:
        _wait_until(lambda: bool(after()), RETURN_LIMIT_S, "le site ne revient pas")
    except TimeoutError as error:
        say(str(error))
        return None
    delay_s = round(min(after()) - killed_s, 2)
    say(f"Mort {number}\u00a0: première réservation après {delay_s} s")
    return delay_s


def _postmaster() -> int:
    """Return the process number that the server of our own data wrote."""
    data_dir = confinement.choose(database.embedded_data_directory(os.environ)).data_dir
    return int((data_dir / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def _wait_for_acks(ledger: Ledger, count: int) -> None:
    goal = len(ledger.acks) + count
    _wait_until(
        lambda: len(ledger.acks) >= goal or bool(ledger.errors), RETURN_LIMIT_S, "rien ne s’écrit"
    )


def _wait_until(is_so, limit_s: float, complaint: str) -> None:
    """Look again until it is so.

    Raises:
        TimeoutError: when it never is.
    """
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{complaint} en {limit_s:.0f} s")
        time.sleep(0.01)


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
STORED = """
    SELECT booking.idempotency_key::text, booking.reference, count(hold.id)
      FROM bookings_booking AS booking
      JOIN bookings_bookingline AS line ON line.booking_id = booking.id AND line.state = 'confirmed'
      JOIN timetable_hold AS hold ON hold.line_id = line.id
     GROUP BY booking.id
"""


def _compare(ledger: Ledger) -> tuple[int, int]:
    """Return how many acknowledged bookings are missing, and how many stand twice."""
    with connection.cursor() as cursor:
        cursor.execute(STORED)
        rows = cursor.fetchall()
    stored: dict[str, list[tuple[str, int]]] = {}
    for key, reference, holds in rows:
        stored.setdefault(key, []).append((reference, holds))
    lost = sum(
        ack.reference not in [reference for reference, _ in stored.get(str(ack.wish.key), [])]
        for ack in ledger.acks
    )
    doubled = sum(len(found) > 1 or found[0][1] > 1 for found in stored.values())
    references = [ack.reference for ack in ledger.acks]
    return lost, doubled + len(references) - len(set(references))


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
