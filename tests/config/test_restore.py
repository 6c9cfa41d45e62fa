# SPDX-License-Identifier: EUPL-1.2
"""The drill: saved while people book, lost, brought back on an empty server, and counted."""

import dataclasses
import os
import stat
import threading
import zipfile
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo

from tests.config.archives import rewritten
from tests.support.together import committed, together
from tests.support.world import NOW, Role, all_lanes, make_asset, make_body, make_person, share, use
from usufruit.audits.models import EvidenceFile
from usufruit.bookings.actions import request_booking
from usufruit.bookings.models import Booking
from usufruit.config import archive, backup, database, programs, restore
from usufruit.config.archive import ArchiveError
from usufruit.config.embedded import Cluster
from usufruit.kernel import clock

pytestmark = pytest.mark.django_db

WRITERS = 3
AFTER = 12  # bookings of each writer once the archive is begun


@pytest.fixture(autouse=True)
def _for_real(db):
    with committed():
        yield


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another server, which holds nothing of ours."""
    with Cluster(tmp_path_factory.mktemp("ailleurs") / "postgres", throwaway=True) as cluster:
        yield cluster


@pytest.fixture
def ours(tmp_path):
    """The surroundings of the platform to save: the base of the tests, files of its own."""
    name = connection.settings_dict["NAME"]
    photo = tmp_path / "nous" / "files" / "lieux" / "gymnase é.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(os.urandom(70_000))
    return {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "USUFRUIT_VAR": str(tmp_path / "nous"),
    }


@pytest.fixture
def theirs(tmp_path, elsewhere):
    """The surroundings of an empty place."""
    with psycopg.connect(elsewhere.dsn("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS usufruit")
        server.execute("CREATE DATABASE usufruit")
    return {"DATABASE_URL": elsewhere.dsn(), "USUFRUIT_VAR": str(tmp_path / "ailleurs")}


def save(environ, name="archive.zip"):
    target = backup.place(environ, None, clock.now()).with_name(name)
    backup.save(environ, target, now=clock.now())
    return target


def bring_back(environ, path, **options):
    options = {"is_replacing": False, "now": NOW, "say": lambda _line: None, **options}
    return restore.restore(environ, path, **options)


def asked(environ, question):
    with psycopg.connect(environ["DATABASE_URL"]) as base:
        return base.execute(question).fetchall()


def databases(environ):
    return {name for (name,) in asked(environ, "SELECT datname FROM pg_database")}


class Writer:
    """Books one slot after another on an asset of its own, and notes each as it is told."""

    def __init__(self):
        self.body, lender = make_body(), make_body()
        self.person = make_person(self.body, Role.REQUESTER)
        self.asset = make_asset(lender)
        share(self.asset)
        self.told = []
        self.has_begun = threading.Event()

    def book(self):
        line = request_booking(
            asset=self.asset,
            lanes=all_lanes(self.asset),
            use=use(24 + len(self.told), 1),
            organization=self.body,
            purpose="Essai",
            people_count=None,
            key=uuid4(),
            by=self.person,
            now=NOW,
        )
        self.told.append((clock.now(), line.booking.reference))

    def book_until(self, begun):
        self.book()
        self.book()
        self.has_begun.set()
        begun.wait(20)
        for _ in range(AFTER):
            self.book()


def test_what_was_acknowledged_before_the_snapshot_comes_back_once(ours, theirs, monkeypatch):
    writers = [Writer() for _ in range(WRITERS)]
    begun = threading.Event()

    def save_meanwhile():
        for writer in writers:
            writer.has_begun.wait(20)
        dump = backup._dump

        def told(*words):
            begun.set()  # the snapshot is taken: what is booked from now on is not in it
            yield from dump(*words)

        monkeypatch.setattr(backup, "_dump", told)
        return save(ours)

    path, *_ = together(
        [save_meanwhile, *[lambda each=writer: each.book_until(begun) for writer in writers]]
    )
    manifest = bring_back(theirs, path)
    told = sorted(one for writer in writers for one in writer.told)
    before = [reference for at, reference in told if at.isoformat() < manifest.taken_at]
    stored = [
        name for (name,) in asked(theirs, "SELECT reference FROM bookings_booking ORDER BY id")
    ]
    assert len(before) >= 2 * WRITERS
    assert set(before) <= set(stored)
    assert len(stored) == len(set(stored)) == manifest.tables["bookings_booking"]
    assert stored[-1] == manifest.last_booking[1]
    assert len(stored) < len(told) == Booking.objects.count()
    with psycopg.connect(theirs["DATABASE_URL"]) as base:
        assert backup.count_tables(base) == manifest.tables
    photo = "lieux/gymnase é.jpg"
    files = [database.files_directory(environ) / photo for environ in (ours, theirs)]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert databases(theirs) == {"postgres", "template0", "template1", "usufruit"}


def test_a_restored_base_refuses_an_overlap_as_before(ours, theirs):
    writer = Writer()
    writer.book()
    bring_back(theirs, save(ours))
    (triggers,) = asked(ours, "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
    assert asked(theirs, "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal") == [triggers]
    again = (
        "INSERT INTO timetable_hold SELECT (jsonb_populate_record(hold, '{\"id\": 999999}')).*"
        " FROM timetable_hold AS hold LIMIT 1"
    )
    with (
        pytest.raises(psycopg.errors.IntegrityError),
        psycopg.connect(theirs["DATABASE_URL"]) as base,
    ):
        base.execute(again)


def test_an_archive_is_for_its_owner_alone_and_nothing_else_is_written(ours):
    path = save(ours)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert backup.last(ours)[1] == str(path)
    with zipfile.ZipFile(path) as opened:
        assert not [name for name in opened.namelist() if "secret" in name]
    with pytest.raises(ArchiveError, match="existe déjà"):
        save(ours)


def test_a_dump_that_fails_leaves_nothing(ours, tmp_path, monkeypatch):
    false = tmp_path / "pg_dump"
    false.write_text("#!/bin/sh\necho moitié; echo 'disque plein' >&2; exit 1\n")
    false.chmod(0o700)
    monkeypatch.setattr(programs, "fitting", lambda _name, server: false)
    with pytest.raises(ArchiveError, match="disque plein"):
        save(ours)
    assert list((tmp_path / "nous" / "backups").iterdir()) == []
    assert backup.last(ours) is None


def test_a_file_that_a_row_names_and_nobody_has_is_listed(ours):
    body = make_body()
    EvidenceFile.objects.create(
        organization=body,
        name="perdue.csv",
        sha256="0" * 64,
        size_bytes=1,
        file="evidence/perdue.csv",
        uploaded_by=make_person(body),
        uploaded_at=NOW,
    )
    assert archive.verify(save(ours)).missing_files == ["evidence/perdue.csv"]


def test_a_platform_that_stands_is_replaced_only_when_told(ours, theirs):
    path = save(ours)
    bring_back(theirs, path)
    Writer().book()
    newer = save(ours, "nouvelle.zip")
    with pytest.raises(ArchiveError, match="--replace"):
        bring_back(theirs, newer)
    assert asked(theirs, "SELECT count(*) FROM bookings_booking") == [(0,)]
    stray = database.files_directory(theirs) / "de-trop.txt"
    stray.touch()
    with (
        psycopg.connect(theirs["DATABASE_URL"]),
        pytest.raises(ArchiveError, match="Arrêtez la plateforme"),
    ):
        bring_back(theirs, newer, is_replacing=True)
    bring_back(theirs, newer, is_replacing=True)
    assert asked(theirs, "SELECT count(*) FROM bookings_booking") == [(1,)]
    assert not stray.exists()
    assert databases(theirs) == {"postgres", "template0", "template1", "usufruit"}


def test_files_without_a_base_are_not_written_over(ours, theirs):
    kept = database.files_directory(theirs) / "preuve.csv"
    kept.parent.mkdir(parents=True)
    kept.touch()
    with pytest.raises(ArchiveError, match="base ou fichiers"):
        bring_back(theirs, save(ours))
    assert kept.exists()


def test_counts_that_differ_leave_everything_as_it_was(ours, theirs):
    path = save(ours)
    bring_back(theirs, path)
    before = database.files_directory(theirs).stat().st_ino
    lying = rewritten(
        path, lambda one: dataclasses.replace(one, tables={**one.tables, "bookings_booking": 7})
    )
    with pytest.raises(ArchiveError, match="bookings_booking"):
        bring_back(theirs, lying, is_replacing=True)
    assert database.files_directory(theirs).stat().st_ino == before
    assert databases(theirs) == {"postgres", "template0", "template1", "usufruit"}
    assert [each.name for each in database.files_directory(theirs).parent.iterdir()] == ["files"]


def test_a_newer_platform_is_not_restored(ours, theirs):
    newer = rewritten(
        save(ours),
        lambda one: dataclasses.replace(one, migrations=[*one.migrations, "audits.0999_demain"]),
    )
    with pytest.raises(ArchiveError, match=r"plus récente.*audits\.0999_demain"):
        bring_back(theirs, newer)
    assert asked(theirs, "SELECT count(*) FROM pg_class WHERE relname = 'bookings_booking'") == [
        (0,)
    ]


def test_a_newer_server_is_not_restored_on_an_older_one(ours, theirs):
    newer = rewritten(save(ours), lambda one: dataclasses.replace(one, server=99))
    with pytest.raises(ArchiveError, match="PostgreSQL 99"):
        bring_back(theirs, newer)


def test_an_older_platform_is_brought_up_to_date(ours, theirs):
    last = ("search", MigrationLoader(None).graph.leaf_nodes("search")[0][1])
    with psycopg.connect(ours["DATABASE_URL"], autocommit=True) as base:
        base.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", last)
        try:
            path = save(ours)
        finally:
            base.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", last
            )
    manifest = bring_back(theirs, path)
    assert ".".join(last) not in manifest.migrations
    done = asked(theirs, "SELECT app, name FROM django_migrations")
    assert last in done
