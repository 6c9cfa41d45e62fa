# SPDX-License-Identifier: EUPL-1.2
"""The processes of a running platform are kept alive, and leave nothing when they stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from usufruit.config import servers
from usufruit.config.servers import ServerError, Service, Stopped

SOURCE = Path(servers.__file__).parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
FAIL = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.fixture(autouse=True)
def _short_delays(monkeypatch):
    monkeypatch.setattr(servers, "_LOOK_AGAIN_S", 0.02)
    monkeypatch.setattr(servers, "_RETRY_AFTER_S", 0.01)
    monkeypatch.setattr(servers, "_GRACE_S", 3.0)


def is_alive(number):
    try:
        return " Z " not in f" {Path(f'/proc/{number}/stat').read_text().rsplit(')', 1)[1]}"
    except FileNotFoundError:
        return False


def test_runs_until_told_that_it_is_enough():
    service = Service("Le dormeur", SLEEP)
    outcome = servers.run([service], ready=lambda: True, when_ready=lambda: 7)
    assert outcome == 7
    assert service.process.returncode is not None


def test_a_process_that_dies_is_started_again():
    service = Service("Le dormeur", SLEEP)
    seen = []

    def look():
        if service.process is None:
            return False
        seen.append(service.process.pid)
        if len(seen) == 1:
            service.process.kill()
            service.process.wait()
        return len(set(seen)) == 2

    assert servers.run([service], ready=look, when_ready=lambda: 0) == 0


def test_what_a_dead_process_started_does_not_outlive_it(tmp_path):
    note = tmp_path / "enfant"
    script = (
        "import pathlib, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "note, draft = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1] + '.new')\n"
        "draft.write_text(str(child.pid)); draft.rename(note); child.wait()"
    )
    service = Service("Le parent", [sys.executable, "-c", script, str(note)])
    seen = []

    def look():
        if service.process is None or not note.exists():
            return False
        if not seen:
            seen.append((service.process.pid, note.read_text()))
            service.process.kill()
            service.process.wait()
            note.unlink()
        return service.process.pid != seen[0][0] and not is_alive(seen[0][1])

    assert servers.run([service], ready=look, when_ready=lambda: 0) == 0


def test_a_socket_that_a_dead_server_left_is_no_obstacle(tmp_path):
    left = tmp_path / "web.sock"
    with socket.socket(socket.AF_UNIX) as former:
        former.bind(str(left))
    web, _worker = servers.services("", 0, left)
    assert str(left) in web.command
    service = Service("Le dormeur", SLEEP, web.socket)
    assert servers.run([service], ready=lambda: not left.exists(), when_ready=lambda: 0) == 0


def test_a_socket_serves_one_platform(tmp_path):
    place = tmp_path / "web.sock"
    with (
        servers.held(tmp_path, 0, place),
        pytest.raises(ServerError, match=r"web\.sock sert déjà"),
        servers.held(tmp_path, 0, place),
    ):
        pass


def test_a_process_that_never_stands_is_given_up():
    healthy = Service("Le dormeur", SLEEP)
    with pytest.raises(ServerError, match="Le fragile s’arrête sans cesse"):
        servers.run(
            [healthy, Service("Le fragile", FAIL)], ready=lambda: False, when_ready=lambda: None
        )
    assert healthy.process.returncode is not None


def test_a_process_that_ignores_the_request_is_killed(monkeypatch):
    monkeypatch.setattr(servers, "_GRACE_S", 0.3)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True)\n"
    service = Service("Le sourd", [sys.executable, "-c", deaf + "time.sleep(600)"])
    began = time.monotonic()
    servers.run([service], ready=lambda: time.monotonic() > began + 0.5, when_ready=lambda: 0)
    assert service.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_unwinds_everything(number):
    service = Service("Le dormeur", SLEEP)
    before = signal.getsignal(number)
    with pytest.raises(Stopped), servers.stop_on_signal():
        servers.run(
            [service],
            ready=lambda: True,
            when_ready=lambda: os.kill(os.getpid(), number),
        )
    assert service.process.returncode is not None
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("handler", ["SIG_DFL", "SIG_IGN"])
def test_a_killed_parent_takes_its_processes_along(handler):
    """At a terminal, and behind a shell's « & », which has its commands ignore an interruption."""
    script = (
        "import signal, sys, time; from usufruit.config.servers import Service\n"
        f"signal.signal(signal.SIGINT, signal.{handler})\n"
        "service = Service('x', [sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "service.start(); print(service.process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
    )
    with parent.stdout as line:
        child = int(line.readline())
    time.sleep(0.3)  # the launcher asks the kernel before it becomes the program
    assert is_alive(child)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


def test_two_starts_at_the_same_moment_do_not_share_a_port(tmp_path):
    with servers.held(tmp_path / "var", 8123):
        with pytest.raises(ServerError, match="8123"), servers.held(tmp_path / "var", 8123):
            pass
        with servers.held(tmp_path / "var", 8124):
            pass
    with servers.held(tmp_path / "var", 8123):
        pass


def test_pages_and_jobs_are_served():
    web, worker = servers.services("127.0.0.1", 8123)
    assert "granian" in web.command
    assert "8123" in web.command
    assert "usufruit.config.worker" in worker.command
