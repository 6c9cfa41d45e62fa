# SPDX-License-Identifier: EUPL-1.2
"""Bring a saved platform back, whole or not at all.

The archive is read through before anything is touched. It is then loaded into a fresh database and
a fresh folder, beside those in use; counted again; brought up to this version. Only then do both
take the place of the old ones: the folder by a rename, the database by two renames in one
transaction. Until that moment, whatever goes wrong leaves everything as it was.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import make_conninfo

from usufruit.config import archive, backup, database, programs
from usufruit.config.archive import DUMP, FILES, ArchiveError, Manifest
from usufruit.config.confinement import make_folder

Say = Callable[[str], None]

# PostgreSQL cuts longer names, and ours must stay apart.
_NAME_LIMIT = 63


def restore(
    environ: Mapping[str, str], path: Path, *, is_replacing: bool, now: datetime, say: Say
) -> Manifest:
    """Bring back the platform an archive holds, and return its manifest.

    Raises:
        ArchiveError: when it cannot; the platform is then as it was before.
    """
    say("Lecture de l’archive…")
    manifest = archive.verify(path)
    _check_schema(manifest)
    server = database.check_server(environ) // 10000
    if server < manifest.server:
        raise ArchiveError(
            f"L’archive vient de PostgreSQL {manifest.server}, et le serveur est de version "
            f"{server}. Restaurez sur un serveur de version {manifest.server} ou plus récente."
        )
    program = programs.fitting("pg_restore", server=max(server, manifest.program))
    _check_place(environ, is_replacing=is_replacing)
    try:
        with _fresh_files(environ, now) as files, _fresh_database(environ, now) as name:
            say("Chargement…")
            _load(environ, path, name, files, program)
            say("Comptes…")
            _compare(environ, name, manifest)
            if set(_known_migrations()) - set(manifest.migrations):
                say("Mise à jour des tables…")
                _migrate(environ, name)
            _swap(environ, name, files, now)
    except (OSError, psycopg.Error) as error:
        raise ArchiveError(f"La restauration a échoué\u00a0: {str(error).strip()}") from error
    return manifest


def _check_schema(manifest: Manifest) -> None:
    """Refuse what a newer version wrote: we would not know what its columns mean."""
    unknown = sorted(set(manifest.migrations) - set(_known_migrations()))
    if unknown:
        raise ArchiveError(
            f"L’archive vient d’une version plus récente ({manifest.release})\u00a0: "
            f"cette installation ne connaît pas {unknown[0]}. Mettez d’abord Usufruit à jour."
        )


def _known_migrations() -> Iterator[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    for room, name in {*loader.disk_migrations, *replaced}:
        yield f"{room}.{name}"


def _check_place(environ: Mapping[str, str], *, is_replacing: bool) -> None:
    """Refuse to write over a platform that nobody said to replace, or that serves."""
    folder = database.files_directory(environ)
    with psycopg.connect(database.conninfo(environ)) as connection:
        is_empty = not backup.count_tables(connection)
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
    if (not is_empty or (folder.is_dir() and any(folder.iterdir()))) and not is_replacing:
        raise ArchiveError(
            "Une plateforme est déjà là, base ou fichiers. Rien n’a été touché. "
            "Ajoutez «\u00a0--replace\u00a0» pour la remplacer par l’archive."
        )
    if others and others[0]:
        raise ArchiveError(
            "La base est en usage. Arrêtez la plateforme "
            "(«\u00a0systemctl stop usufruit\u00a0»), puis recommencez."
        )


@contextmanager
def _fresh_database(environ: Mapping[str, str], now: datetime) -> Iterator[str]:
    """Make an empty database beside ours, and remove it unless it took our place."""
    name = _beside(_our_name(environ), "neuve", now)
    with _maintenance(environ) as connection:
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
        except psycopg.errors.InsufficientPrivilege:
            raise ArchiveError(
                "Ce compte de PostgreSQL ne peut pas créer de base. Accordez-lui ce droit\u00a0: "
                "«\u00a0ALTER ROLE … CREATEDB\u00a0»."
            ) from None
    try:
        yield name
    finally:
        with _maintenance(environ) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@contextmanager
def _fresh_files(environ: Mapping[str, str], now: datetime) -> Iterator[Path]:
    """Make an empty folder beside ours, and remove it unless it took its place."""
    folder = database.files_directory(environ)
    fresh = folder.with_name(_beside(folder.name, "neuf", now))
    make_folder(fresh)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _load(environ: Mapping[str, str], path: Path, name: str, files: Path, program: Path) -> None:
    """Load the dump into the fresh database, and the files into the fresh folder."""
    with archive.opened(path) as opened:
        for member in opened.namelist():
            if member.startswith(FILES):
                archive.extract(opened, member, files / member.removeprefix(FILES))
        with tempfile.TemporaryDirectory(dir=files.parent, prefix=".restauration-") as scratch:
            dump, contents = Path(scratch, DUMP), Path(scratch, "contenu")
            archive.extract(opened, DUMP, dump)
            contents.write_text(_contents(program, dump), encoding="utf-8")
            words, surroundings = programs.connected(environ, name)
            options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
            options += ["--no-password", f"--use-list={contents}", f"--dbname={words}"]
            programs.run([str(program), *options, str(dump)], surroundings)


def _contents(program: Path, dump: Path) -> str:
    """Return the list of what to load: all but the words about extensions, which are not ours."""
    listed = programs.run([str(program), "--list", str(dump)], dict(os.environ))
    return "\n".join(line for line in listed.splitlines() if " COMMENT - EXTENSION " not in line)


def _compare(environ: Mapping[str, str], name: str, manifest: Manifest) -> None:
    """Count the rows again, and refuse what is not what was saved."""
    with psycopg.connect(make_conninfo(database.conninfo(environ), dbname=name)) as connection:
        counted = backup.count_tables(connection)
        booking = backup.last_booking(connection)
    apart = sorted(
        table
        for table in {*counted, *manifest.tables}
        if counted.get(table) != manifest.tables.get(table)
    )
    if apart:
        raise ArchiveError(f"Les comptes diffèrent du manifeste\u00a0: {', '.join(apart)}.")
    if booking != (tuple(manifest.last_booking) if manifest.last_booking else None):
        raise ArchiveError("La dernière réservation n’est pas celle du manifeste.")


def _migrate(environ: Mapping[str, str], name: str) -> None:
    """Bring the fresh database up to this version, in a process that knows no other."""
    fresh = make_conninfo(database.conninfo(environ), dbname=name)
    command = [sys.executable, "-m", "usufruit", "manage", "migrate", "--no-input", "-v", "0"]
    programs.run(command, {**os.environ, **environ, "DATABASE_URL": fresh})


def _swap(environ: Mapping[str, str], name: str, files: Path, now: datetime) -> None:
    """Let the fresh ones take the names of the old ones, then remove the old ones."""
    ours, folder = _our_name(environ), database.files_directory(environ)
    old_name, old_folder = _beside(ours, "ancienne", now), files.with_name(f"{files.name}.ancien")
    make_folder(folder)
    folder.rename(old_folder)
    files.rename(folder)
    try:
        _rename_both(environ, ours, name, old_name)
    except BaseException:
        folder.rename(files)
        old_folder.rename(folder)
        raise
    shutil.rmtree(old_folder)
    with _maintenance(environ) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old_name)))


def _rename_both(environ: Mapping[str, str], ours: str, fresh: str, old: str) -> None:
    """Exchange the names of two databases in one transaction."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _maintenance(environ) as connection, connection.transaction():
        for before, after in ((ours, old), (fresh, ours)):
            connection.execute(rename.format(sql.Identifier(before), sql.Identifier(after)))


@contextmanager
def _maintenance(environ: Mapping[str, str]) -> Iterator[psycopg.Connection]:
    """Connect beside our database, which cannot be renamed from within."""
    words = make_conninfo(database.conninfo(environ), dbname="postgres")
    with psycopg.connect(words, autocommit=True) as connection:
        yield connection


def _our_name(environ: Mapping[str, str]) -> str:
    with psycopg.connect(database.conninfo(environ)) as connection:
        return connection.info.dbname


def _beside(name: str, word: str, now: datetime) -> str:
    """Return a name for what stands beside ours meanwhile."""
    ending = f"_{word}_{now:%Y%m%d%H%M%S}"
    return name[: _NAME_LIMIT - len(ending)] + ending
