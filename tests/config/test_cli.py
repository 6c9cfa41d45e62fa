# SPDX-License-Identifier: EUPL-1.2
"""The one command speaks French, and hands over what belongs to others."""

import socket
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from usufruit.config import cli, database, doctor, servers
from usufruit.config.confinement import EmbeddedError


@pytest.fixture
def no_server(monkeypatch):
    """Note what would be served, instead of serving it."""
    calls = []
    monkeypatch.setattr(database, "available", lambda _environ: nullcontext())
    monkeypatch.setattr(cli, "prepare", lambda: calls.append("prepare"))
    monkeypatch.setattr(
        cli, "_serve", lambda host, port, *, once: calls.append((host, port, once)) or 0
    )
    return calls


def test_alone_it_lists_its_commands(capsys):
    assert cli.main([]) == 2
    told = capsys.readouterr().out
    assert told.startswith("utilisation\u00a0: usufruit")
    for command in ("demo", "serve", "audit", "doctor", "manage"):
        assert command in told
    for english in ("usage", "positional", "show this"):
        assert english not in told


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["demo", "--prt", "1"], "argument inconnu\u00a0: --prt 1"),
        (["dmo"], "choix inconnu\u00a0: 'dmo'"),
        (["serve", "--port", "x"], "nombre entier attendu, et non 'x'"),
        (["serve", "--port"], "une valeur est attendue"),
    ],
)
def test_words_not_understood_are_refused_in_french(words, refusal, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2
    assert refusal in capsys.readouterr().err


def test_demo_prepares_then_serves(no_server):
    port = cli.loopback.free_port()
    assert cli.main(["demo", "--port", str(port)]) == 0
    assert no_server == ["prepare", ("127.0.0.1", port, False)]


def test_a_check_takes_any_free_port(no_server):
    assert cli.main(["demo", "--check"]) == 0
    prepared, (_, port, once) = no_server
    assert (prepared, once) == ("prepare", True)
    assert port != cli.DEFAULT_PORT


def test_serve_leaves_the_base_as_it_stands(no_server):
    port = cli.loopback.free_port()
    assert cli.main(["serve", "--port", str(port)]) == 0
    assert no_server == [("127.0.0.1", port, False)]


def test_a_port_already_taken_is_said_with_its_remedy(no_server, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert cli.main(["serve", "--port", str(port)]) == 1
    told = capsys.readouterr().err
    assert f"Le port {port} est déjà pris" in told
    assert f"--port {port + 1}" in told
    assert no_server == []


@pytest.mark.parametrize(
    "error",
    [EmbeddedError("raison"), servers.ServerError("raison"), cli.ImproperlyConfigured("raison")],
)
def test_a_refusal_is_one_french_line_without_a_trace(error, no_server, monkeypatch, capsys):
    def refuse(*_words, **_options):
        raise error

    monkeypatch.setattr(cli, "_serve", refuse)
    assert cli.main(["demo", "--check"]) == 1
    assert capsys.readouterr().err == "Erreur\u00a0: raison\n"


def test_a_request_to_stop_is_a_good_end(no_server, monkeypatch, capsys):
    def stop(*_words, **_options):
        raise servers.Stopped

    monkeypatch.setattr(cli, "_serve", stop)
    assert cli.main(["demo", "--check"]) == 0
    assert "Tout est arrêté." in capsys.readouterr().out


def test_an_audit_receives_its_words_untouched_and_needs_no_base(monkeypatch):
    received = []
    audits = SimpleNamespace(main=lambda words: received.append(words) or 1)
    monkeypatch.setitem(sys.modules, "usufruit.audits.cli", audits)
    monkeypatch.setattr(database, "available", lambda _environ: pytest.fail("no base is needed"))
    assert cli.main(["audit", "mesures.csv", "--out", "-h"]) == 1
    assert received == [["mesures.csv", "--out", "-h"]]


@pytest.mark.parametrize(
    ("words", "needs_base"), [(["check"], False), (["migrate", "--plan"], True), ([], False)]
)
def test_commands_of_django_have_a_base_if_they_need_one(words, needs_base, monkeypatch):
    ran, opened = [], []
    monkeypatch.setattr(cli, "execute_from_command_line", ran.append)
    monkeypatch.setattr(database, "available", lambda _environ: opened.append(1) or nullcontext())
    assert cli.main(["manage", *words]) == 0
    assert ran == [["usufruit manage", *words]]
    assert bool(opened) is needs_base


def test_the_doctor_decides_the_exit_code(monkeypatch):
    monkeypatch.setattr(doctor, "main", lambda _out: 1)
    assert cli.main(["doctor"]) == 1


def test_a_reader_who_leaves_early_sees_no_trace():
    command = [sys.executable, "-m", "usufruit", "doctor"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as doctor_run:
        doctor_run.stdout.close()
        assert doctor_run.stderr.read() == b""
    assert doctor_run.returncode == 1


def test_the_module_is_the_command():
    told = subprocess.run(
        [sys.executable, "-m", "usufruit", "demo", "--aide"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert "--check" in told.stdout
