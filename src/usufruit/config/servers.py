# SPDX-License-Identifier: EUPL-1.2
"""The processes of a running platform: the web server and the worker, watched over by one parent.

A process that ends by itself is started again, a little later each time; one that never stands is
given up. When the parent is asked to stop, or dies, all of them stop.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from usufruit.config.confinement import LAUNCHER, inherit_owner, make_folder

_LOOK_AGAIN_S = 0.2
_SHORT_LIFE_S = 10.0
_GIVE_UP_AFTER = 5
_RETRY_AFTER_S = 0.5
_GRACE_S = 10.0
_THREADS = 4


class ServerError(RuntimeError):
    """The platform cannot be served; the message says why in French."""


class Stopped(BaseException):
    """Somebody asked this process to stop; like KeyboardInterrupt, no ``except`` swallows it."""


@dataclass
class Service:
    """One process to keep alive.

    Attributes:
        socket: where it listens, if not at a port; what a dead one left there keeps out the next.
    """

    name: str
    command: Sequence[str]
    socket: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    began_s: float = 0.0
    short_lives: int = 0
    not_before_s: float = 0.0

    def start(self) -> None:
        """Start the process, in a session of its own and tied to the life of this one."""
        words = [str(os.getpid()), ".", "same", "0", "0", "--"]
        self.began_s = time.monotonic()
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(  # noqa: S603 - our launcher, our programs
            [sys.executable, "-I", "-S", str(LAUNCHER), *words, *self.command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def keep(self) -> None:
        """Start the process again if it has ended.

        Raises:
            ServerError: when it ended soon after its start too many times in a row.
        """
        if self.process is not None and self.process.poll() is not None:
            lived_s = time.monotonic() - self.began_s
            self.short_lives = self.short_lives + 1 if lived_s < _SHORT_LIFE_S else 0
            if self.short_lives >= _GIVE_UP_AFTER:
                raise ServerError(f"{self.name} s’arrête sans cesse. Lisez les messages ci-dessus.")
            self.not_before_s = time.monotonic() + _RETRY_AFTER_S * self.short_lives
            # What it started may outlive it, and still hold the place where it listened.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process = None
        if self.process is None and time.monotonic() >= self.not_before_s:
            self.start()

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it does and end."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Wait for the end of the process, and end its whole session if it dawdles."""
        if self.process is None:
            return
        try:
            self.process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def services(host: str, port: int, socket: Path | None = None) -> list[Service]:
    """Return the processes of the platform, the web server first.

    It listens at an address, or on a Unix socket that its owner and their group alone may reach.
    """
    workers = min(4, os.cpu_count() or 1)
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    if socket is None:
        web += ["--host", host, "--port", str(port)]
    else:
        web += ["--uds", str(socket), "--uds-permissions", "0o660"]
    web += ["--workers", str(workers)]
    # A thread keeps its connection to PostgreSQL: it lives long, and there are few of them.
    web += ["--blocking-threads", str(_THREADS), "--blocking-threads-idle-timeout", "600"]
    web += ["--backpressure", str(64 * _THREADS), "--respawn-failed-workers"]
    web += ["--log-level", "warning", "usufruit.config.wsgi:application"]
    worker = [sys.executable, "-m", "usufruit.config.worker"]
    return [Service("Le serveur web", web, socket), Service("Le travailleur", worker)]


@contextmanager
def held(state: Path, port: int, socket: Path | None = None) -> Iterator[None]:
    """Keep a port or a socket for this process from before it listens until it has stopped.

    Two starts at the same moment would both find the port free, and share its visitors.

    Raises:
        ServerError: when another start of this platform holds it.
    """
    make_folder(state)
    name = f"port-{port}" if socket is None else f"socket-{socket.name}"
    with (state / f"{name}.lock").open("w") as lock:
        inherit_owner(Path(lock.name))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise port_is_taken(port) if socket is None else socket_is_taken(socket) from None
        yield


def port_is_taken(port: int) -> ServerError:
    """Return the refusal of a port, with its remedy."""
    return ServerError(
        f"Le port {port} est déjà pris, peut-être par une autre démonstration. "
        f"Arrêtez-la, ou ajoutez «\u00a0--port {port + 1}\u00a0»."
    )


def socket_is_taken(socket: Path) -> ServerError:
    """Return the refusal of a socket, with its remedy."""
    return ServerError(f"{socket} sert déjà une plateforme. Arrêtez-la d’abord.")


@contextmanager
def stop_on_signal() -> Iterator[None]:
    """Turn SIGTERM and SIGINT into ``Stopped``, so that everything started is stopped in order."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {
        number: signal.signal(number, stop)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(
    household: list[Service], *, ready: Callable[[], bool], when_ready: Callable[[], int | None]
) -> int:
    """Keep the processes alive; return what ``when_ready`` does, once it returns a number.

    Raises:
        ServerError: when one of them never stands.
    """
    announced = False
    try:
        while True:
            for service in household:
                service.keep()
            if not announced and ready():
                announced = True
                outcome = when_ready()
                if outcome is not None:
                    return outcome
            time.sleep(_LOOK_AGAIN_S)
    finally:
        for service in reversed(household):
            service.ask_to_stop()
        for service in reversed(household):
            service.stop()
