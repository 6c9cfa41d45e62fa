# SPDX-License-Identifier: EUPL-1.2
"""The fictitious territory behind a server: raised once a session, copied in a moment for each use.

PostgreSQL copies a whole database in about the time of a page, so every journey starts from the
same territory and may change all of it.
"""

import fcntl
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.signals import got_request_exception
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from psycopg import sql

from usufruit.demo.seed import audit_schools, seed
from usufruit.kernel.clock import now

RAISED = "usufruit_territory"


@contextmanager
def administration() -> Iterator[psycopg.Connection]:
    """Give a connection that stands in none of our databases."""
    words = connection.get_connection_params()
    words = {name: words[name] for name in ("host", "port", "user", "password") if words.get(name)}
    with psycopg.connect(dbname="postgres", autocommit=True, **words) as administrator:
        yield administrator


def copy(source: str, name: str) -> None:
    """Make a database the copy of another that nobody stands in."""
    drop(name)
    with administration() as administrator:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        administrator.execute(words.format(sql.Identifier(name), sql.Identifier(source)))


def drop(name: str) -> None:
    """Drop a database, whoever stands in it."""
    with administration() as administrator:
        words = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        administrator.execute(words.format(sql.Identifier(name)))


def exists(name: str) -> bool:
    """Tell whether a database is there."""
    with administration() as administrator:
        found = administrator.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


@contextmanager
def standing_in(name: str) -> Iterator[None]:
    """Speak to a database in every thread, then to the one of before again."""
    words = connection.settings_dict
    before = {"NAME": words["NAME"], "CONN_MAX_AGE": words["CONN_MAX_AGE"]}
    connections.close_all()
    words.update(NAME=name, CONN_MAX_AGE=0)  # a thread that ends leaves no connection behind
    try:
        yield
    finally:
        connections.close_all()
        words.update(before)


def raise_once(folder: Path) -> str:
    """Return the name of the database where the territory stands, raised by the first who asks.

    Args:
        folder: a folder all processes of this session share.
    """
    name = f"{RAISED}_{os.environ.get('PYTEST_XDIST_TESTRUNUID', str(os.getpid()))[:12]}"
    with (folder / "territory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not exists(name):
            unfinished = f"{name}_unfinished"
            copy("template0", unfinished)
            with standing_in(unfinished):
                call_command("migrate", interactive=False, verbosity=0)
                seed(now=now(), say=_say_nothing)
                audit_schools(now=now(), say=_say_nothing)
            with administration() as administrator:
                words = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                old, new = sql.Identifier(unfinished), sql.Identifier(name)
                administrator.execute(words.format(old, new))
    return name


def _say_nothing(_line: str) -> None:
    """Keep quiet."""


@contextmanager
def served(note: Callable[[str], None]) -> Iterator[str]:
    """Serve the site from threads of this process, under its strict bench; give its address.

    Args:
        note: called with the words of each error that the site did not expect.
    """
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    def noting(application: Any) -> Callable[..., Any]:
        site = StaticFilesHandler(application)

        def answer(*request: Any) -> Any:
            try:
                return site(*request)
            except BaseException as failure:  # what pytest.fail raises is no Exception
                note(f"{type(failure).__name__}: {failure}")
                raise

        return answer

    def failed(**_about: object) -> None:
        note(traceback.format_exc())

    got_request_exception.connect(failed)
    thread = LiveServerThread("127.0.0.1", noting)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        got_request_exception.disconnect(failed)
