# SPDX-License-Identifier: EUPL-1.2
"""Save the platform while it serves: one archive, taken from one snapshot of the database.

The database comes first, the files after. A file is stored before the row that names it is
committed, under a name that is never used twice: every file that a row of the snapshot names is
therefore already there when the copying begins. The other order would lose the file of a row
committed in between. What was uploaded meanwhile is copied too and named by no row: it takes a
little room and does no harm. What was erased meanwhile is listed in the manifest.

The archive holds no secret: neither the signing key nor the settings. Both are kept apart.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db.models import FileField
from psycopg import IsolationLevel, sql

from usufruit.config import archive, database, programs
from usufruit.config.archive import DUMP, FILES, ArchiveError, Manifest
from usufruit.config.confinement import inherit_owner, make_folder

_NAME = re.compile(r"usufruit-\d{8}T\d{6}Z\.zip")
_LAST = "last-backup.json"

_TABLES = """
    SELECT relation.relname
      FROM pg_class AS relation
      JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace
     WHERE schema.nspname = 'public' AND relation.relkind IN ('r', 'p')
     ORDER BY relation.relname
"""


def place(environ: Mapping[str, str], chosen: Path | None, now: datetime) -> Path:
    """Return where to write: the file chosen, or a dated name in the folder chosen or in ours."""
    folder = chosen or database.state_directory(environ) / "backups"
    if chosen and not chosen.is_dir():
        return chosen.resolve()
    make_folder(folder)
    return folder.resolve() / f"usufruit-{now:%Y%m%dT%H%M%SZ}.zip"


def save(environ: Mapping[str, str], target: Path, *, now: datetime) -> Manifest:
    """Write the archive of the platform, read it again, and return its manifest.

    Raises:
        ArchiveError: when it cannot be whole; nothing stays then.
    """
    if target.exists():
        raise ArchiveError(f"{target} existe déjà. Choisissez un autre nom.")
    server = database.check_server(environ) // 10000
    program = programs.fitting("pg_dump", server=server)
    try:
        with archive.written(target, _prove) as writer:
            manifest = _fill(environ, writer, program, server, now)
        inherit_owner(target)
    except OSError as error:
        raise ArchiveError(f"L’archive n’a pu être écrite\u00a0: {error}.") from error
    _remember(environ, target, now)
    return manifest


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the last archives that bear a dated name; return what was removed."""
    dated = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    gone = dated[:-keep]
    for path in gone:
        path.unlink()
    return gone


def last(environ: Mapping[str, str]) -> tuple[datetime, str] | None:
    """Return when the last archive was written and where, None when none ever was."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        words = json.loads((database.state_directory(environ) / _LAST).read_text("utf-8"))
        return datetime.fromisoformat(words["at"]), words["archive"]
    return None


def count_tables(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table of ours holds, in the snapshot of this transaction."""
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {name: int(_scalar(connection, _COUNT, name)) for name in names}


def last_booking(connection: psycopg.Connection) -> tuple[int, str] | None:
    """Return the number and the reference of the last booking."""
    found = connection.execute(
        "SELECT id, reference FROM bookings_booking ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return (found[0], found[1]) if found else None


def applied_migrations(connection: psycopg.Connection) -> list[str]:
    """Return the migrations a database has been through."""
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{room}.{name}" for room, name in rows]


_COUNT = sql.SQL("SELECT count(*) FROM public.{}")


def _fill(
    environ: Mapping[str, str],
    writer: archive.Writer,
    program: Path,
    server: int,
    now: datetime,
) -> Manifest:
    """Write every member of the archive, the manifest last."""
    with psycopg.connect(database.conninfo(environ)) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute("SELECT set_config(%s, '0', true)", [name])
        snapshot = str(_scalar(connection, sql.SQL("SELECT pg_export_snapshot()")))
        try:
            migrations = applied_migrations(connection)
        except psycopg.errors.UndefinedTable:
            raise ArchiveError(
                "Cette base est vide\u00a0: il n’y a rien à sauvegarder. "
                "Lancez d’abord «\u00a0usufruit init\u00a0»."
            ) from None
        writer.add(DUMP, _dump(environ, program, snapshot))
        tables, booking = count_tables(connection), last_booking(connection)
        named = _named_files(connection)
    folder = database.files_directory(environ)
    for path in _files(folder):
        with suppress(FileNotFoundError), path.open("rb") as file:
            writer.add(f"{FILES}{path.relative_to(folder).as_posix()}", archive.chunks_of(file))
    manifest = Manifest(
        taken_at=now.isoformat(),
        release=archive.release(),
        server=server,
        program=programs.major(program),
        migrations=migrations,
        tables=tables,
        last_booking=booking,
        missing_files=sorted(name for name in named if f"{FILES}{name}" not in writer.members),
        members=writer.members,
    )
    writer.close(manifest)
    return manifest


def _dump(environ: Mapping[str, str], program: Path, snapshot: str) -> Iterator[bytes]:
    """Yield what ``pg_dump`` writes of the snapshot, and fail if it failed."""
    words, surroundings = programs.connected(environ)
    options = ["--format=custom", "--no-password", f"--snapshot={snapshot}", f"--dbname={words}"]
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            [program, *options], env=surroundings, stdout=subprocess.PIPE, stderr=complaints
        ) as dump:
            if dump.stdout is not None:
                yield from archive.chunks_of(dump.stdout)
        if dump.returncode:
            complaints.seek(0)
            told = complaints.read().decode("utf-8", "replace").strip()
            raise ArchiveError(f"pg_dump a échoué.\n{told}")


def _prove(draft: Path) -> None:
    """Read the archive again, whole, then let ``pg_restore`` list what the dump holds.

    Raises:
        ArchiveError: when the one or the other finds it wanting.
    """
    manifest = archive.verify(draft)
    with archive.opened(draft) as written, written.open(DUMP) as dump:
        programs.listing(dump, server=manifest.server, program=manifest.program)


def _named_files(connection: psycopg.Connection) -> set[str]:
    """Return the names of the files that rows name, whatever the model."""
    named: set[str] = set()
    for model in apps.get_models():
        for column in (each for each in model._meta.concrete_fields if isinstance(each, FileField)):  # noqa: SLF001 - Django's public convention
            question = sql.SQL("SELECT {column} FROM {table} WHERE {column} <> ''").format(
                column=sql.Identifier(str(column.column)),
                table=sql.Identifier(model._meta.db_table),  # noqa: SLF001
            )
            named.update(name for (name,) in connection.execute(question))
    return named


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of the platform; what is not a plain file is none of its own."""
    if folder.is_dir():
        yield from sorted(
            path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
        )


def _remember(environ: Mapping[str, str], target: Path, now: datetime) -> None:
    """Note the last success, for the doctor to look at."""
    mark = database.state_directory(environ) / _LAST
    mark.write_text(json.dumps({"at": now.isoformat(), "archive": str(target)}), encoding="utf-8")
    inherit_owner(mark)


def _scalar(connection: psycopg.Connection, question: sql.SQL, *names: str) -> Any:  # noqa: ANN401 - a column of any type
    found = connection.execute(question.format(*map(sql.Identifier, names))).fetchone()
    return found[0] if found else None
