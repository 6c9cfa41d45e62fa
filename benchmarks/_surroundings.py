# SPDX-License-Identifier: EUPL-1.2
"""A folder, a PostgreSQL and a Django of their own, for one measure; all of it goes at the end."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import django
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from benchmarks._report import say
from usufruit.config import database, servers
from usufruit.config.embedded import Cluster


def surround() -> None:
    """Point this process at a new folder, where the embedded cluster will be; start nothing yet."""
    if apps.ready:  # a test that imports a measure keeps its own surroundings
        return
    folder = tempfile.mkdtemp(prefix="usufruit-mesure-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.pop("DATABASE_URL", None)
    os.environ["USUFRUIT_VAR"] = folder
    os.environ["USUFRUIT_ENV_FILE"] = os.devnull
    os.environ["USUFRUIT_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "usufruit.config.settings")
    Path(folder, "static").mkdir()
    django.setup()


@contextmanager
def throwaway_database() -> Iterator[Cluster]:
    """Run a migrated database that trades safety for speed; yield its cluster."""
    cluster = Cluster(database.embedded_data_directory(os.environ), throwaway=True)
    say("PostgreSQL…")
    with cluster:
        with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database.DATABASE}")
        try:
            migrate()
            yield cluster
        finally:
            connections.close_all()


def migrate() -> None:
    """Bring the database of the settings up to date."""
    say("Migrations…")
    call_command("migrate", interactive=False, verbosity=0)


def leave_with(main: Callable[[Sequence[str]], int]) -> NoReturn:
    """Run a measure on the words of the command line; stopped or not, it leaves nothing behind."""
    try:
        with servers.stop_on_signal():
            sys.exit(main(sys.argv[1:]))
    except servers.Stopped:
        sys.exit(130)
