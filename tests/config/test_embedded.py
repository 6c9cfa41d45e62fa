# SPDX-License-Identifier: EUPL-1.2
"""The supervisor of the embedded PostgreSQL: real servers, really killed."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from usufruit.config import confinement, launch, leftovers, storage
from usufruit.config.embedded import Cluster, EmbeddedError, socket_directory

SOURCE = Path(storage.__file__).parents[2]
PATIENCE_S = 30


@pytest.fixture(scope="session")
def written_once(tmp_path_factory):
    """Data written by initdb once, and copied for each test: a second saved each time."""
    data_dir = tmp_path_factory.mktemp("modele") / "postgres"
    storage.make_data(confinement.choose(data_dir), durable=False)
    return data_dir


@pytest.fixture
def data_dir(written_once, tmp_path):
    """Data of a new cluster in a path with a space, far longer than a socket's may be."""
    folder = tmp_path / "Dossier partagé" / ("long" * 30)
    folder.mkdir(parents=True)
    shutil.copytree(written_once, folder / "postgres")
    return folder / "postgres"


@pytest.fixture
def cluster(data_dir):
    with Cluster(data_dir) as running:
        yield running


def ask(cluster, question):
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def mode_of(path):
    return path.stat().st_mode & 0o777


def landlock_version():
    return launch._call(launch._CREATE_RULESET, None, ctypes.c_size_t(0), launch._ASK_VERSION)


def supervise_elsewhere(data_dir):
    """Run a supervisor in a process of its own and return it once its server answers."""
    script = (
        "import signal, sys, time; from pathlib import Path\n"
        "from usufruit.config.embedded import Cluster\n"
        # As at a terminal, even where the tests themselves run behind another command.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "Cluster(Path(sys.argv[1])).start(); print('prêt', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline().decode().strip() == "prêt"
    process.stdout.close()
    return process


def test_only_the_socket_lets_in_and_only_us(cluster):
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert mode_of(cluster.socket_dir) == 0o700
    assert mode_of(cluster.data_dir) == 0o700
    rules = "SELECT string_agg(type || ' ' || auth_method, ', ') FROM pg_hba_file_rules"
    assert ask(cluster, rules) == "local trust"


def test_text_does_not_depend_on_the_system(cluster):
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SELECT datlocprovider FROM pg_database LIMIT 1") == "b"
    assert ask(cluster, "SELECT upper('déneigeuse à Bécancour')") == "DÉNEIGEUSE À BÉCANCOUR"
    assert ask(cluster, "SHOW timezone") == "UTC"


def test_acknowledged_data_are_safe(cluster):
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert ask(cluster, f"SHOW {setting}") == "on"


def test_the_server_is_our_child(cluster):
    status = Path(f"/proc/{cluster.postmaster}/status").read_text()
    assert f"PPid:\t{os.getpid()}\n" in status


def test_the_server_has_no_privilege(cluster):
    status = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{cluster.postmaster}/status").read_text().splitlines()
        if ":\t" in line
    )
    assert int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"] == "1"


@pytest.mark.skipif(landlock_version() < 2, reason="this kernel has no Landlock")
def test_the_server_writes_in_its_own_folders_only(cluster, tmp_path):
    outside = tmp_path / "dehors"
    with pytest.raises(psycopg.errors.Error):
        ask(cluster, f"COPY (SELECT 1) TO PROGRAM 'cat > \"{outside}\"'")
    assert not outside.exists()
    inside = cluster.data_dir / "base" / "dedans"
    ask(cluster, f"COPY (SELECT 1) TO PROGRAM 'cat > \"{inside}\"'")
    assert inside.read_text() == "1\n"


def test_a_killed_server_comes_back_with_its_data(cluster, caplog):
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS value")
    dead = cluster.postmaster
    os.kill(dead, signal.SIGKILL)
    wait_for(lambda: cluster.postmaster not in {None, dead} and cluster.answers())
    assert ask(cluster, "SELECT value FROM kept") == 42
    assert "redémarrage" in caplog.text


def test_it_comes_back_while_a_child_of_the_dead_one_is_busy(cluster):
    busy = psycopg.connect(cluster.dsn("postgres"))
    child = busy.info.backend_pid
    os.kill(child, signal.SIGSTOP)
    try:
        os.kill(cluster.postmaster, signal.SIGKILL)
        time.sleep(0.5)
        assert not cluster.answers(), "two servers would write the same files"
    finally:
        os.kill(child, signal.SIGCONT)
        busy.close()
    wait_for(cluster.answers)


def test_a_stopped_server_leaves_nothing(data_dir):
    with Cluster(data_dir) as cluster:
        assert leftovers.processes_of(data_dir)
    assert leftovers.processes_of(data_dir) == []
    assert not (data_dir / "postmaster.pid").exists()
    assert not cluster.socket_dir.exists()


def test_it_starts_again_after_a_stop(data_dir):
    cluster = Cluster(data_dir)
    for expected in (1, 2):
        with cluster:
            ask(cluster, "CREATE TABLE IF NOT EXISTS starts (at int)")
            ask(cluster, "INSERT INTO starts VALUES (1)")
            assert ask(cluster, "SELECT count(*) FROM starts") == expected


def test_a_throwaway_leaves_no_file(tmp_path):
    with Cluster(tmp_path / "postgres", throwaway=True) as cluster:
        assert ask(cluster, "SHOW fsync") == "off"
    assert list(tmp_path.iterdir()) == []
    assert not cluster.socket_dir.exists()


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_dead_supervisor_leaves_no_process(data_dir, way):
    supervisor = supervise_elsewhere(data_dir)
    assert leftovers.processes_of(data_dir)
    supervisor.send_signal(way)
    supervisor.wait(PATIENCE_S)
    wait_for(lambda: not leftovers.processes_of(data_dir))
    with suppress(FileNotFoundError):  # a supervisor that could still act removed it itself
        socket_directory(data_dir).rmdir()


def test_the_second_start_follows_the_first_then_takes_over(data_dir):
    supervisor = supervise_elsewhere(data_dir)
    with Cluster(data_dir) as second:
        assert not second.is_ours
        assert second.postmaster is None
        ask(second, "CREATE TABLE shared AS SELECT 7 AS value")
        supervisor.kill()
        supervisor.wait(PATIENCE_S)
        wait_for(lambda: second.is_ours and second.answers())
        assert ask(second, "SELECT value FROM shared") == 7


def test_a_follower_that_leaves_stops_nothing(cluster):
    with Cluster(cluster.data_dir) as second:
        assert not second.is_ours
    assert cluster.answers()


def stale_pid_file(data_dir, number):
    lines = [number, data_dir, 1700000000, 5432, socket_directory(data_dir), "", "1 1", "ready"]
    (data_dir / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")


def test_a_pid_file_of_a_dead_process_is_no_obstacle(data_dir):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    stale_pid_file(data_dir, ended.pid)
    with Cluster(data_dir) as cluster:
        assert cluster.answers()


def test_a_pid_file_whose_number_was_given_to_a_stranger_is_no_obstacle(data_dir):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        stale_pid_file(data_dir, stranger.pid)
        with Cluster(data_dir) as cluster:
            assert cluster.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_cut_short_begins_anew(tmp_path):
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Cluster(tmp_path / "postgres", throwaway=True) as cluster:
        assert cluster.answers()
    assert not half.exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    precious = tmp_path / "postgres" / "photo.jpg"
    precious.parent.mkdir()
    precious.write_text("x")
    with pytest.raises(EmbeddedError, match="autre chose"):
        Cluster(precious.parent).start()
    assert precious.read_text() == "x"


def test_data_of_another_version_are_refused_in_french(data_dir):
    (data_dir / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedError, match="viennent de PostgreSQL 14"):
        Cluster(data_dir).start()


def test_a_socket_folder_made_by_somebody_else_is_refused(data_dir, tmp_path):
    trap = tmp_path / "piege"
    trap.mkdir(mode=0o700)
    place = socket_directory(data_dir)
    place.symlink_to(trap)
    try:
        with pytest.raises(EmbeddedError, match="appartient à un autre compte"):
            Cluster(data_dir).start()
    finally:
        place.unlink()
    assert list(trap.iterdir()) == []


def test_a_server_that_cannot_start_says_why(data_dir, monkeypatch):
    monkeypatch.setattr("usufruit.config.embedded._START_LIMIT_S", 0.5)
    (data_dir / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(EmbeddedError, match=r"ne démarre pas(.|\n)*nonsense"):
        Cluster(data_dir).start()


def test_the_socket_is_short_and_known_without_a_server(tmp_path):
    place = socket_directory(tmp_path / ("x" * 200))
    assert len(os.fsencode(place / ".s.PGSQL.5432")) < 107
    assert place == socket_directory(tmp_path / "y" / ".." / ("x" * 200))
    assert place != socket_directory(tmp_path / "x")
