# SPDX-License-Identifier: EUPL-1.2
"""The folders of the embedded PostgreSQL: its data, written once, and the one of its socket."""

import os
import shutil
import stat
import subprocess
from importlib.metadata import version
from pathlib import Path

from usufruit.config.confinement import WHEEL, Confinement, EmbeddedError, server_environment

OWNER = "usufruit"
# Who reaches the socket is decided by the folder around it (0700); there is no other way in.
_ACCESS = "# Le socket, dans un dossier 0700, est la seule entrée.\nlocal all all trust\n"
_INITDB_LIMIT_S = 300


def make_data(account: Confinement, *, durable: bool) -> None:
    """Create the data of a cluster where there are none; all or nothing.

    Raises:
        EmbeddedError: when the folder holds something else, or data of another version.
    """
    data_dir = account.data_dir
    if (data_dir / "PG_VERSION").is_file():
        _check_version(data_dir)
        return
    if data_dir.is_dir() and any(data_dir.iterdir()):
        raise EmbeddedError(
            f"{data_dir} contient autre chose que des données de PostgreSQL. "
            "Videz ce dossier ou indiquez-en un autre par USUFRUIT_VAR."
        )
    # A start that is cut short must not leave half a cluster: it grows beside, then moves in.
    draft = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    account.give(draft)
    _initialise(account, draft, durable=durable)
    access = draft / "pg_hba.conf"
    access.write_text(_ACCESS, encoding="utf-8")
    draft.rename(data_dir)


def _initialise(account: Confinement, folder: Path, *, durable: bool) -> None:
    """Run initdb: UTF-8, and an order of characters that no system library can change."""
    command = account.command(
        folder,
        "initdb",
        f"--pgdata={folder}",
        f"--username={OWNER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    )
    result = subprocess.run(  # noqa: S603 - our launcher, our binaries
        command,
        env=server_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_INITDB_LIMIT_S,
        check=False,
    )
    if result.returncode:
        raise EmbeddedError(f"Les données de PostgreSQL n’ont pu être créées.\n{result.stderr}")


def _check_version(data_dir: Path) -> None:
    """Refuse data that another major version wrote; PostgreSQL would, in English."""
    written = (data_dir / "PG_VERSION").read_text(encoding="utf-8").strip()
    ours = version(WHEEL).partition(".")[0]
    if written != ours:
        raise EmbeddedError(
            f"Les données de {data_dir} viennent de PostgreSQL {written}, et le serveur embarqué "
            f"est de version {ours}. Exportez-les avec l’ancienne version, ou déplacez ce dossier."
        )


def make_socket_directory(account: Confinement, folder: Path) -> None:
    """Make the folder of the socket ours alone; it stands where everybody may write.

    Raises:
        EmbeddedError: when somebody else made it first.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
        raise EmbeddedError(f"{folder} appartient à un autre compte. Supprimez ce dossier.")
    folder.chmod(0o700)
    account.give(folder)


def is_trusted(folder: Path) -> bool:
    """Tell whether the folder of a socket cannot have been made by a stranger."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return private and (found.st_uid == os.geteuid() or os.geteuid() == 0)
