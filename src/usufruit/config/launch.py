# SPDX-License-Identifier: EUPL-1.2
"""Become an account PostgreSQL accepts, then become PostgreSQL: ``launch.py WORDS -- COMMAND…``.

Run as a script by ``python -I -S``, with nothing of ours on the path: between a fork and an exec,
threads make any other Python unsafe. ``exec`` keeps the process number, so whoever started this
script is the parent of the postmaster itself.

The words are ``PARENT FOLDER WAY UID GID [WRITABLE…]``. Should the process PARENT die, the server
stops as well. FOLDER becomes the working folder; another account must be able to write in it. WAY
is ``same`` to keep the account, whatever the numbers; ``map`` to enter a user namespace where the
present account bears them, every file keeping its owner outside; ``account`` to leave root for
good. When folders WRITABLE are named, nothing is written outside them, where the kernel can see to
it: in a namespace, root's files are still root's to write.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38

# Landlock, which needs no privilege; the numbers are those of linux/landlock.h.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_BENEATH = 1

_WRITE_FILE = 1 << 1
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_REFER = 1 << 13  # to move a file from one folder to another, since version 2
_TRUNCATE = 1 << 14  # since version 3

# What PostgreSQL writes outside its data: shared memory, and words nobody reads.
_ALWAYS = ("/dev/shm", "/dev/null")  # noqa: S108 - named to the kernel, not used here


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

    A change of account forgets the request, hence it comes last. A shell that starts us in the
    background has us ignore this very signal, and so would the command.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _checked(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked(_libc().prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0))
    if os.getppid() != parent:
        sys.exit("the parent died first")


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def write_only_in(folders: list[str]) -> bool:
    """Refuse this process and its children every write outside; return whether the kernel can.

    ``PR_SET_NO_NEW_PRIVS`` comes first. What is already open stays so.
    """
    version = _call(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 2:  # Without REFER every move between folders would be refused.
        return False
    in_files = _WRITE_FILE | (_TRUNCATE if version >= 3 else 0)
    in_folders = in_files | _REMOVE_AND_MAKE | _REFER
    rules = _Ruleset(in_folders)
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), 0)
    for path in (*folders, *filter(os.path.exists, _ALWAYS)):
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = _PathBeneath(in_folders if Path(path).is_dir() else in_files, handle)
        added = _call(_ADD_RULE, ruleset, _BENEATH, ctypes.byref(rule), 0)
        os.close(handle)
        if added < 0:
            return False
    return _call(_RESTRICT_SELF, ruleset, 0) == 0


def _call(number: int, *arguments: object) -> int:
    """Call the kernel by number: the C library has no names for Landlock. Return -1 on refusal."""
    return int(_libc().syscall(number, *arguments))


def main(words: list[str]) -> None:
    """Apply the words, then run the command in place of this process."""
    cut = words.index("--")
    (parent, folder, way, uid, gid, *writable), command = words[:cut], words[cut + 1 :]
    os.umask(0o077)
    if way == "map":
        enter_namespace(int(uid), int(gid))
    elif way == "account":
        leave_root(int(uid), int(gid))
    os.chdir(folder)
    if way != "same" and not os.access(".", os.W_OK | os.X_OK):
        sys.exit(f"{folder} is not ours to write")
    if sys.platform == "linux":
        die_with(int(parent))
        if writable:
            write_only_in(writable)
    os.execv(command[0], command)  # noqa: S606 - no shell, and the command is the supervisor's


if __name__ == "__main__":
    main(sys.argv[1:])
