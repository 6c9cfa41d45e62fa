# SPDX-License-Identifier: EUPL-1.2
"""What a server that was killed leaves behind: living children, and a file that names a dead one.

PostgreSQL refuses to start while a child of its predecessor lives, and while the process number in
``postmaster.pid`` is alive, even when that number now belongs to somebody else.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LOOK_AGAIN_S = 0.05


def clear(data_dir: Path, *, patience_s: float) -> None:
    """Wait for the processes of a former server of these data, then insist; mend its pid file.

    The caller holds the lock of the cluster, so no other supervisor runs a server on them. Where
    ``/proc`` does not exist nothing is done: PostgreSQL's own checks then refuse, and the next
    attempt succeeds once the children are gone.
    """
    for insistence in (None, signal.SIGQUIT, signal.SIGKILL):
        if insistence is not None:
            _send(processes_of(data_dir), insistence)
        deadline = time.monotonic() + patience_s
        while (alive := processes_of(data_dir)) and time.monotonic() < deadline:
            time.sleep(_LOOK_AGAIN_S)
        if not alive:
            break
    _forget_stranger(data_dir / "postmaster.pid")


def processes_of(data_dir: Path) -> list[int]:
    """Return the numbers of the living PostgreSQL processes that work in this folder."""
    return [int(entry.name) for entry in _PROC.glob("[0-9]*") if _works_in(entry, data_dir)]


def _works_in(entry: Path, data_dir: Path) -> bool:
    """Tell whether a process is PostgreSQL at work in the folder; each of its processes is."""
    try:
        name = (entry / "comm").read_text(encoding="utf-8").strip()
        return name == "postgres" and (entry / "cwd").readlink() == data_dir
    except OSError:  # It ended meanwhile, or is none of ours.
        return False


def _send(numbers: list[int], insistence: signal.Signals) -> None:
    """Send a signal to each process that is still there."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, insistence)


def _forget_stranger(pid_file: Path) -> None:
    """Remove a pid file whose number now belongs to a process that is not PostgreSQL.

    A file that names a dead process stays: PostgreSQL replaces it after checks of its own.
    """
    try:
        number = pid_file.read_text(encoding="utf-8").split()[0]
        name = (_PROC / number / "comm").read_text(encoding="utf-8").strip()
    except (OSError, IndexError):
        return
    if name != "postgres":
        pid_file.unlink(missing_ok=True)
