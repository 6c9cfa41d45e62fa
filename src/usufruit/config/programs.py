# SPDX-License-Identifier: EUPL-1.2
"""The programs of PostgreSQL that save and load, chosen to fit the server they speak to.

Those of the wheel come first, then those of Debian (one folder a version), then the ones on
``PATH``. A program reads any server older than itself, but what a program of version 17 or newer
writes begins with a word (``transaction_timeout``) that servers up to 16 refuse: on each side of
17, both must stand on the same side.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from usufruit.config.archive import ArchiveError
from usufruit.config.confinement import EmbeddedError, wheel_binaries
from usufruit.config.database import conninfo

_DEBIAN = Path("/usr/lib/postgresql")
_WATERSHED = 17
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def fitting(name: str, *, server: int) -> Path:
    """Return the oldest ``pg_dump`` or ``pg_restore`` at hand that fits a server's major version.

    Raises:
        ArchiveError: when none does, with the package that brings it.
    """
    found = {version: path for path, version in reversed(list(_at_hand(name)))}
    fit = [version for version in found if _fits(version, server)]
    if not fit:
        raise ArchiveError(
            f"Aucun «\u00a0{name}\u00a0» ne convient à PostgreSQL {server} (trouvés\u00a0: "
            f"{', '.join(map(str, sorted(found))) or 'aucun'}). "
            f"Installez le paquet Debian postgresql-client-{server}."
        )
    return found[min(fit)]


def major(program: Path) -> int:
    """Return the major version of a program, 0 when it does not say."""
    try:
        told = subprocess.run(  # noqa: S603 - a program of PostgreSQL
            [program, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
    except OSError:
        return 0
    found = _VERSION.search(told)
    return int(found[1]) if found else 0


def connected(environ: Mapping[str, str], dbname: str = "") -> tuple[str, dict[str, str]]:
    """Return the words that lead a program to our database, and the environment it runs in.

    The password travels in the environment: everybody may read the words of a command.
    """
    words = {name: str(word) for name, word in conninfo_to_dict(conninfo(environ)).items()}
    if dbname:
        words["dbname"] = dbname
    password = words.pop("password", "")
    secret = {"PGPASSWORD": password} if password else {}
    return make_conninfo(**words), {**os.environ, "LC_ALL": "C", **secret}


def run(command: Sequence[str], surroundings: Mapping[str, str]) -> str:
    """Run a program to its end and return what it printed.

    Raises:
        ArchiveError: when it failed, with its last words.
    """
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, or ours
        command,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ArchiveError(
            f"«\u00a0{Path(command[0]).name}\u00a0» a échoué.\n{done.stderr.strip()[-2000:]}"
        )
    return done.stdout


def listing(dump: IO[bytes], *, server: int, program: int) -> str:
    """Return what ``pg_restore`` lists of a dump.

    Raises:
        ArchiveError: when it cannot read it.
    """
    reader = fitting("pg_restore", server=max(server, program))
    with tempfile.TemporaryFile() as said:
        reading = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            [reader, "--list"],
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
        )
        # It reads the heading, where the list stands, and leaves.
        with reading, suppress(BrokenPipeError), cast("IO[bytes]", reading.stdin) as stdin:
            shutil.copyfileobj(dump, stdin)
        said.seek(0)
        told = said.read().decode("utf-8", "replace")
    if reading.returncode:
        raise ArchiveError(f"pg_restore ne lit pas l’archive.\n{told.strip()}")
    return told


def _fits(version: int, server: int) -> bool:
    return version >= server and (version >= _WATERSHED) == (server >= _WATERSHED)


def _at_hand(name: str) -> Iterator[tuple[Path, int]]:
    """Yield the programs of that name with their major versions, the ones we trust most first."""
    for folder in _folders():
        program = folder / name
        if program.is_file() and (version := major(program)):
            yield program, version


def _folders() -> Iterator[Path]:
    with suppress(EmbeddedError):
        yield wheel_binaries()
    yield from sorted(_DEBIAN.glob("*/bin"))
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
