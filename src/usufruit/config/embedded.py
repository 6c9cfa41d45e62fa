# SPDX-License-Identifier: EUPL-1.2
"""The embedded PostgreSQL and its supervisor: start, wait for a real answer, mend, stop.

The supervisor is a thread of this process, which is therefore the parent of the postmaster. Who
holds the lock beside the data runs the server; another start of the same cluster follows it, and
takes over when the first one leaves. The address depends on the folder of the data alone, so both
know it without a word.
"""

import atexit
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import psycopg
from psycopg.conninfo import make_conninfo

from usufruit.config import confinement, leftovers, storage
from usufruit.config.confinement import Confinement, EmbeddedError, server_environment
from usufruit.config.storage import OWNER

__all__ = ["OWNER", "Cluster", "EmbeddedError", "socket_directory"]

PORT = "5432"  # Names the socket file; nothing listens on TCP.

_log = logging.getLogger(__name__)
_START_LIMIT_S = 60.0
_RETRY_S = 0.02
_FOLLOW_S = 0.5
_BACKOFF_S = 0.5
_SHORT_LIFE_S = 2.0
_LOG_LIMIT_BYTES = 10_000_000

_SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}


def socket_directory(data_dir: Path) -> Path:
    """Return the folder of the server's socket: short, since a socket's path ends at 107 bytes.

    It is named after the data: every account and every namespace finds the same one. Where each
    service has a ``/tmp`` of its own, ``USUFRUIT_RUN`` names a folder that all of them see.
    """
    name = sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    folder = os.environ.get("USUFRUIT_RUN") or "/tmp"  # noqa: S108 - 0700, its owner is verified
    return Path(folder).resolve() / f"usufruit-{name}"


class Cluster:
    """One embedded PostgreSQL: started, watched over and stopped by this process.

    A ``throwaway`` cluster trades safety for speed and removes its files when it stops.
    """

    def __init__(self, data_dir: Path, *, throwaway: bool = False) -> None:
        """Name the cluster by the folder of its data; nothing is touched yet."""
        self.data_dir = data_dir.resolve()
        self.throwaway = throwaway
        self.socket_dir = socket_directory(self.data_dir)
        self.log_path = self.data_dir.with_name(f"{self.data_dir.name}.log")
        self._lock_path = self.data_dir.with_name(f"{self.data_dir.name}.lock")
        self._lock: int | None = None
        self._account: Confinement | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._settled = threading.Event()
        self._stopping = threading.Event()
        self._failure: EmbeddedError | None = None
        self._deadline = 0.0
        self._process = os.getpid()

    def __enter__(self) -> Self:
        """Start the cluster."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the cluster, whatever happened."""
        self.stop()

    @property
    def is_ours(self) -> bool:
        """Tell whether this process runs the server, rather than follows another's."""
        return self._lock is not None

    @property
    def postmaster(self) -> int | None:
        """Return the process number of the server this process runs, or None."""
        return self._server.pid if self._server and self._server.poll() is None else None

    def dsn(self, dbname: str = "usufruit") -> str:
        """Return the words with which libpq reaches a base of this cluster."""
        return make_conninfo(host=str(self.socket_dir), user=OWNER, dbname=dbname)

    def start(self) -> Self:
        """Start the server, or find it running, and return once it answered a query.

        Raises:
            EmbeddedError: when it cannot run; the message says why in French.
        """
        if self._thread is not None:
            return self
        self._settled.clear()
        self._stopping.clear()
        self._failure = None
        self._deadline = time.monotonic() + _START_LIMIT_S
        # The kernel's request "stop when my parent dies" watches the thread that starts the
        # server, so one thread starts it, restarts it and outlives it.
        self._thread = threading.Thread(target=self._watch, name="embedded-postgres", daemon=True)
        self._thread.start()
        atexit.register(self.stop)
        self._settled.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure
        return self

    def stop(self) -> None:
        """Stop the server if this process runs it, and leave no process behind."""
        atexit.unregister(self.stop)
        if self._thread is None or self._process != os.getpid():
            return
        self._stopping.set()
        began = time.monotonic()
        while self._thread.is_alive():
            self._signal(self._farewell(time.monotonic() - began))
            self._thread.join(0.25)
        self._thread = None

    def _farewell(self, waited_s: float) -> signal.Signals:
        """Return how firmly to ask: fast shutdown, then immediate, then none can refuse."""
        if waited_s > 30:
            return signal.SIGKILL
        if waited_s > 20 or self.throwaway:
            return signal.SIGQUIT
        return signal.SIGINT

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to the server, if it still runs."""
        if self._server is not None:
            self._server.send_signal(number)

    def _watch(self) -> None:
        """Run or follow the server until asked to stop."""
        try:
            confinement.make_folder(self.data_dir.parent)
            while not self._stopping.is_set():
                if self._take_lock():
                    self._serve()
                else:
                    self._follow()
        except EmbeddedError as error:
            self._failure = error
        except OSError as error:
            self._failure = EmbeddedError(f"PostgreSQL ne peut pas démarrer\u00a0: {error}")
        finally:
            self._leave()
            self._settled.set()

    def _take_lock(self) -> bool:
        """Become the one that runs this cluster, unless another process already is."""
        if self._lock is None:
            handle = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            self._lock = handle
            confinement.inherit_owner(self._lock_path)
        return True

    def _leave(self) -> None:
        """Remove what must not stay, then let the next process run the cluster."""
        if self._lock is None:
            return
        if self.throwaway:
            data_dir = self._account.data_dir if self._account else self.data_dir
            for folder in (data_dir, self.socket_dir):
                shutil.rmtree(folder, ignore_errors=True)
            self.log_path.unlink(missing_ok=True)
            self._lock_path.unlink(missing_ok=True)
        with suppress(OSError):
            self.socket_dir.rmdir()
        os.close(self._lock)
        self._lock = None

    def _follow(self) -> None:
        """Wait for the server that another process runs, and report once it answers."""
        if not self._settled.is_set() and storage.is_trusted(self.socket_dir) and self.answers():
            self._settled.set()
        if not self._settled.is_set() and time.monotonic() > self._deadline:
            raise EmbeddedError(
                f"Une autre commande tient déjà les données de {self.data_dir}, mais son serveur "
                "ne répond pas. Arrêtez-la, puis recommencez."
            )
        self._stopping.wait(_FOLLOW_S if self._settled.is_set() else _RETRY_S)

    def _serve(self) -> None:
        """Run the server from one start to its end; return for the next attempt."""
        account = self._account = self._account or confinement.choose(self.data_dir)
        storage.make_data(account, durable=not self.throwaway)
        confinement.make_folder(self.socket_dir.parent)
        storage.make_socket_directory(account, self.socket_dir)
        leftovers.clear(account.data_dir, patience_s=10)
        began = time.monotonic()
        code = self._run(account)
        if self._stopping.is_set():
            return
        if not self._settled.is_set() and time.monotonic() > self._deadline:
            raise EmbeddedError(f"PostgreSQL ne démarre pas.\n{self._last_words()}")
        _log.warning("PostgreSQL s’est arrêté (code %s)\u00a0: redémarrage.", code)
        if time.monotonic() - began < _SHORT_LIFE_S:
            self._stopping.wait(_BACKOFF_S)

    def _run(self, account: Confinement) -> int:
        """Start the postmaster, say when it answers, and wait for its end."""
        settings = {
            **_SETTINGS,
            **(_THROWAWAY_SETTINGS if self.throwaway else {}),
            "unix_socket_directories": str(self.socket_dir),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        folder = account.data_dir
        command = account.command(
            folder, "postgres", "-D", str(folder), *options, writable=[self.socket_dir]
        )
        with self._open_log() as log:
            # A session of its own: Ctrl-C reaches this process, which stops things in order.
            self._server = subprocess.Popen(  # noqa: S603 - our launcher, our binaries
                command,
                env=server_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while self._server.poll() is None and not self._done_waiting():
            if self.answers():
                self._settled.set()
            self._stopping.wait(_RETRY_S)
        return self._server.wait()

    def _done_waiting(self) -> bool:
        """Tell whether nobody waits any more for a first answer."""
        return self._settled.is_set() or self._stopping.is_set()

    def answers(self) -> bool:
        """Tell whether the server answers a query: an open socket proves nothing."""
        try:
            with psycopg.connect(self.dsn("postgres"), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _open_log(self) -> BinaryIO:
        """Open the server's journal, and begin a new one when it has grown long."""
        if self.log_path.exists() and self.log_path.stat().st_size > _LOG_LIMIT_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        log = self.log_path.open("ab")
        self.log_path.chmod(0o600)
        confinement.inherit_owner(self.log_path)
        return log

    def _last_words(self) -> str:
        """Return the end of the server's journal."""
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-5:])
