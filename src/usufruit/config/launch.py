# SPDX-License-Identifier: EUPL-1.2
"""Become an account PostgreSQL accepts, then become PostgreSQL: ``launch.py WORDS -- COMMAND…``.

Run as a script by ``python -I -S``, with nothing of ours on the path: between a fork and an exec,
threads make any other Python unsafe. ``exec`` keeps the process number, so whoever started this
script is the parent of the postmaster itself.

The words are ``PARENT FOLDER WAY [UID GID]``. Should the process PARENT die, the server stops as
well. FOLDER becomes the working folder; another account must be able to write in it. WAY is
``same`` to keep the account; ``map`` to enter a user namespace where the present account bears the
numbers given, every file keeping its owner outside; ``account`` to leave root for good.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def _libc() -> ctypes.CDLL:
    """Return the C library, which keeps ``errno`` for us."""
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    """Turn the -1 of a C call into the error it stands for."""
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def enter_namespace(uid: int, gid: int) -> None:
    """Bear the numbers ``uid`` and ``gid`` in a new user namespace, and no capability after exec.

    Raises:
        OSError: when the kernel or its policy forbids user namespaces.
    """
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    _checked(_libc().unshare(CLONE_NEWUSER))
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {outer_uid} 1"),
        ("gid_map", f"{gid} {outer_gid} 1"),
    ):
        # The kernel wants each map in one write, which a buffered file does not promise.
        handle = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


def leave_root(uid: int, gid: int) -> None:
    """Become another account, without the groups of the present one."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int) -> None:
    """Ask the kernel for a fast shutdown when the parent dies, and never gain a privilege again.

    A change of account forgets the request, hence it comes last.
    """
    _checked(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0))
    if os.getppid() != parent:
        sys.exit("the parent died first")


def main(words: list[str]) -> None:
    """Apply the words, then run the command in place of this process."""
    cut = words.index("--")
    (parent, folder, way, *numbers), command = words[:cut], words[cut + 1 :]
    os.umask(0o077)
    if way == "map":
        enter_namespace(*map(int, numbers))
    elif way == "account":
        leave_root(*map(int, numbers))
    os.chdir(folder)
    if way != "same" and not os.access(".", os.W_OK | os.X_OK):
        sys.exit(f"{folder} is not ours to write")
    if sys.platform == "linux":
        die_with(int(parent))
    os.execv(command[0], command)  # noqa: S606 - no shell, and the command is the supervisor's


if __name__ == "__main__":
    main(sys.argv[1:])
