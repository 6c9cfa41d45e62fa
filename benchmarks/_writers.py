# SPDX-License-Identifier: EUPL-1.2
"""A platform under bookings: who writes, what they were told, what stands afterwards."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from benchmarks._browser import Browser, Wish
from benchmarks._report import say, timed
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
RETRY_S = 0.05


@dataclass(frozen=True)
class Acknowledged:
    """A booking the site said yes to.

    Attributes:
        sent_s, answered_s: of the sending that was answered, on the monotonic clock.
        answered_at: the same moment, on the clock of the archive.
    """

    wish: Wish
    reference: str
    sent_s: float
    answered_s: float
    answered_at: datetime


@dataclass
class Ledger:
    """What the writers were told, as they were told it."""

    acks: list[Acknowledged] = field(default_factory=list)
    failures: int = 0
    resent: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    errors: list[str] = field(default_factory=list)


def make_world() -> tuple[Person, Organization, list[int]]:
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
def writing(ledger: Ledger, browser: Browser, body: Organization, assets: list[int]):
    """Let a writer book each asset meanwhile."""
    writers = [
        threading.Thread(target=_write, args=(ledger, browser, body, asset), daemon=True)
        for asset in assets
    ]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        ledger.stopping.set()
        for writer in writers:
            writer.join(RETURN_LIMIT_S)


@contextmanager
def served(port: int) -> Iterator[tuple[str, subprocess.Popen]]:
    """Serve the product by its own command; yield its address and process once it answers."""
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
                wait_until(lambda: visit.answers(address), START_LIMIT_S, "le site ne répond pas")
            yield address, household
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
            ledger.acks.append(Acknowledged(wish, reference, sent_s, time.monotonic(), now()))
            ledger.resent += attempts > 1
            return True
        ledger.failures += 1
        if status is not None and status < 500:
            ledger.errors.append(f"{status} {wish}")
            return False
        time.sleep(RETRY_S)
    return False


def postmaster() -> int:
    """Return the process number that the server of our own data wrote."""
    data_dir = confinement.choose(database.embedded_data_directory(os.environ)).data_dir
    return int((data_dir / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def wait_for_acks(ledger: Ledger, count: int) -> None:
    goal = len(ledger.acks) + count
    wait_until(
        lambda: len(ledger.acks) >= goal or bool(ledger.errors), RETURN_LIMIT_S, "rien ne s’écrit"
    )


def wait_until(is_so, limit_s: float, complaint: str) -> None:
    """Look again until it is so.

    Raises:
        TimeoutError: when it never is.
    """
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{complaint} en {limit_s:.0f} s")
        time.sleep(0.01)


STORED = """
    SELECT booking.idempotency_key::text, booking.reference, count(hold.id)
      FROM bookings_booking AS booking
      JOIN bookings_bookingline AS line ON line.booking_id = booking.id AND line.state = 'confirmed'
      JOIN timetable_hold AS hold ON hold.line_id = line.id
     GROUP BY booking.id
"""


def compare(acks: list[Acknowledged]) -> tuple[int, int]:
    """Return how many acknowledged bookings are missing, and how many stand twice."""
    with connection.cursor() as cursor:
        cursor.execute(STORED)
        rows = cursor.fetchall()
    stored: dict[str, list[tuple[str, int]]] = {}
    for key, reference, holds in rows:
        stored.setdefault(key, []).append((reference, holds))
    lost = sum(
        ack.reference not in [reference for reference, _ in stored.get(str(ack.wish.key), [])]
        for ack in acks
    )
    doubled = sum(len(found) > 1 or found[0][1] > 1 for found in stored.values())
    references = [ack.reference for ack in acks]
    return lost, doubled + len(references) - len(set(references))
