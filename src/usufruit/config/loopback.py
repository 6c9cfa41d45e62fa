# SPDX-License-Identifier: EUPL-1.2
"""The machine's way to itself: asleep in a new network namespace, woken when that is ours to do."""

import fcntl
import socket
import struct

LOOPBACK = "127.0.0.1"
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


def is_up() -> bool:
    """Tell whether this machine reaches itself: a sleeping interface lets a server listen."""
    try:
        with (
            socket.create_server((LOOPBACK, 0)) as server,
            socket.create_connection(server.getsockname(), timeout=5),
        ):
            return True
    except OSError:
        return False


def wake() -> bool:
    """Wake the loopback interface where it sleeps, as under ``unshare -rn``; tell whether it is up.

    ``ip link set lo up`` in two system calls, for a machine without that program.
    """
    if is_up():
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        try:
            answer = fcntl.ioctl(control, _SIOCGIFFLAGS, request)
            (flags,) = struct.unpack_from("h", answer, 16)
            fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
        except OSError:
            return False
    return is_up()


def free_port() -> int:
    """Return a port on which nobody listens at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_taken(host: str, port: int) -> bool:
    """Tell whether another server already holds this address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a connection that has just ended does not hold the address.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
