# SPDX-License-Identifier: EUPL-1.2
"""What a backup gives back: a site under bookings is saved, killed, erased, then restored.

The archive is written while the site takes bookings. The server and PostgreSQL are then killed at
once, as a power cut would, and their folder is removed. The archive alone brings everything back.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections

from benchmarks._browser import Browser
from benchmarks._report import publish, say, timed
from benchmarks._surroundings import leave_with, migrate
from benchmarks._writers import (
    RETURN_LIMIT_S,
    WRITERS,
    Acknowledged,
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
from usufruit.config import archive, backup, confinement, database, leftovers, loopback
from usufruit.config.archive import Manifest
from usufruit.organizations.models import Organization, Person

STEADY_ACKS = 10
UPLOADED = "epreuve/photo.jpg"
UPLOADED_BYTES = 3_000_000


@dataclass
class Drill:
    """What was saved, lost and found."""

    seconds: float
    target: Path
    ledger: Ledger = field(default_factory=Ledger)
    backup_s: float = 0.0
    restore_s: float = 0.0

    @property
    def manifest(self) -> Manifest:
        """Return what the archive says of itself."""
        return archive.verify(self.target)

    @property
    def before(self) -> list[Acknowledged]:
        """Return the bookings acknowledged before the snapshot, in order."""
        taken_at = datetime.fromisoformat(self.manifest.taken_at)
        return [ack for ack in self.ledger.acks if ack.answered_at < taken_at]


def main(words: Sequence[str]) -> int:
    """Save under load, lose everything, restore; return 1 when anything is lost or doubled."""
    drill = Drill(_sizes(words).seconds, Path(os.environ["USUFRUIT_VAR"]).with_suffix(".zip"))
    loopback.wake()
    with timed("Base et territoire"), database.available(os.environ):
        migrate()
        person, body, assets = make_world()
        connections.close_all()
    photo = database.files_directory(os.environ) / UPLOADED
    photo.parent.mkdir(parents=True)
    photo.write_bytes(picture := os.urandom(UPLOADED_BYTES))
    try:
        _save_and_lose(drill, person, body, assets)
        drill.restore_s = _command("restore", str(drill.target))
        with database.available(os.environ):
            found = _look(drill)
            connections.close_all()
        served_again = _serve_again(drill, person)
        archive_bytes = drill.target.stat().st_size
        is_right = _tell(
            drill,
            found,
            {
                **served_again,
                "uploaded_file_is_back": photo.read_bytes() == picture,
                "archive_bytes": archive_bytes,
            },
        )
    finally:
        drill.target.unlink(missing_ok=True)
    return 0 if is_right else 1


def _save_and_lose(drill: Drill, person: Person, body: Organization, assets: list[int]) -> None:
    """Book, save meanwhile, go on, cut the power and erase the disk."""
    with served(loopback.free_port()) as (address, household):
        browser = Browser(address)
        browser.sign_in(person.email, PASSWORD)
        with writing(drill.ledger, browser, body, assets):
            _keep_writing(drill.ledger, drill.seconds / 2)
            drill.backup_s = _command("backup", "--to", str(drill.target))
            _keep_writing(drill.ledger, drill.seconds / 2)
            os.kill(postmaster(), signal.SIGKILL)
            household.kill()
            household.wait()
    _erase_everything()
    wait_until(_is_alone, 30, "la plateforme vit encore")


def _look(drill: Drill) -> dict[str, Any]:
    """Compare what stands with what was told, before anything else is served."""
    lost, doubled = compare(drill.before)
    connection.ensure_connection()
    counted = backup.count_tables(connection.connection)
    manifest = drill.manifest
    return {
        "lost": lost,
        "doubled": doubled,
        "last_acknowledged": {
            "before": drill.before[-1].reference,
            "restored": _stored(drill.before[-1]),
        },
        "tables_not_equal": sorted(
            name
            for name in {*counted, *manifest.tables}
            if counted.get(name) != manifest.tables.get(name)
        ),
    }


def _serve_again(drill: Drill, person: Person) -> dict[str, bool]:
    """Serve what was restored: a booking sent again is the same one, a lost one is made anew."""
    last, first_lost = drill.before[-1], drill.ledger.acks[-1]
    with served(loopback.free_port()) as (address, _household):
        browser = Browser(address)
        browser.sign_in(person.email, PASSWORD)
        _, again = browser.book(last.wish)
        _, anew = browser.book(first_lost.wish)
        return {
            "same_booking_when_sent_again": again == last.reference,
            "books_anew": bool(anew),
        }


def _tell(drill: Drill, found: dict[str, Any], notes: dict[str, Any]) -> bool:
    """Print the line; return whether it is the one hoped for."""
    apart = found.pop("tables_not_equal")
    manifest = drill.manifest
    publish(
        benchmark="restore",
        seconds=drill.seconds,
        acknowledged=len(drill.ledger.acks),
        acknowledged_before_snapshot=len(drill.before),
        **found,
        backup_s=drill.backup_s,
        restore_s=drill.restore_s,
        notes={
            "writers": WRITERS,
            "acknowledged_during_backup": _during(drill),
            "tables": len(manifest.tables),
            "rows": sum(manifest.tables.values()),
            "tables_not_equal": apart,
            "unexpected": drill.ledger.errors[:5],
            **notes,
        },
    )
    last = found["last_acknowledged"]
    is_whole = not (found["lost"] or found["doubled"] or apart or drill.ledger.errors)
    return is_whole and last["before"] == last["restored"] and all(notes.values())


def _keep_writing(ledger: Ledger, seconds: float) -> None:
    """Let the writers book for so long, and something at least."""
    wait_for_acks(ledger, STEADY_ACKS)
    ends_s = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= ends_s, seconds + RETURN_LIMIT_S, "le temps s’arrête")


def _command(*words: str) -> float:
    """Run a command of the product as an operator does; return its seconds."""
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "usufruit", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    say(f"usufruit {words[0]}\n{done.stdout}{done.stderr}")
    if done.returncode:
        raise RuntimeError(f"usufruit {words[0]} ended with {done.returncode}")
    return round(time.monotonic() - began_s, 2)


def _erase_everything() -> None:
    """Leave nothing of the platform on the disk; wait for the children of the dead server."""
    data = confinement.choose(database.embedded_data_directory(os.environ)).data_dir
    wait_until(lambda: not leftovers.processes_of(data), 30, "PostgreSQL vit encore")
    state = database.state_directory(os.environ)
    for path in state.iterdir():
        if path.is_dir() and path.name != "static":
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _is_alone() -> bool:
    """Tell whether every process of the platform has ended: one left would open the new base."""
    mine = f"{os.environ['USUFRUIT_VAR']}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.name != str(os.getpid()) and mine in (process / "environ").read_bytes():
                return False
    return True


def _stored(ack: Acknowledged) -> str:
    """Return the reference of the booking stored under the key of an acknowledged one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference FROM bookings_booking WHERE idempotency_key = %s", [ack.wish.key]
        )
        found = cursor.fetchone()
    return found[0] if found else ""


def _during(drill: Drill) -> int:
    """Return how many bookings the site acknowledged while the archive was being written."""
    began_at = datetime.fromisoformat(drill.manifest.taken_at)
    ended_at = began_at + timedelta(seconds=drill.backup_s)
    return sum(began_at <= ack.answered_at <= ended_at for ack in drill.ledger.acks)


def _sizes(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.restore", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of bookings, in all")
    return parser.parse_args(words)


if __name__ == "__main__":
    leave_with(main)
