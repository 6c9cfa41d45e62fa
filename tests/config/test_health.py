# SPDX-License-Identifier: EUPL-1.2
"""The page of health tells a stranger one word, and the machine itself what is wrong."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from django.db import connection

from usufruit.config import cli, health, visit
from usufruit.kernel import clock


@pytest.fixture
def worker(db):
    """A worker heard so many seconds ago."""

    def heard(seconds):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
                [clock.now() - timedelta(seconds=seconds)],
            )

    return heard


def test_all_is_well(client, worker):
    worker(7)
    page = client.get("/sante/", headers={"host": "un-autre-nom"})
    assert page.status_code == 200
    told = page.json()
    assert told["etat"] == told["base"]["etat"] == told["tables"]["etat"] == "bon"
    assert told["travailleur"]["constat"].startswith("entendu il y a 7")
    assert page["Cache-Control"] == "no-store"


def test_a_stranger_learns_one_word(client, worker):
    worker(300)
    page = client.get("/sante/", headers={"x-forwarded-for": "203.0.113.9"})
    assert (page.status_code, page.json()) == (503, {"etat": "en panne"})


@pytest.mark.parametrize(("silence", "status"), [(55, 200), (65, 503)])
def test_a_worker_is_silent_for_a_minute_at_most(silence, status, client, worker):
    worker(silence)
    assert client.get("/sante/").status_code == status


def test_no_worker_is_no_health(client, db):
    told = client.get("/sante/").json()
    assert told["travailleur"] == {"etat": "en panne", "constat": "aucun"}


def test_a_waiting_migration_is_no_health(client, worker):
    worker(1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0001_nearest'")
    page = client.get("/sante/")
    assert page.status_code == 503
    assert page.json()["tables"]["constat"] == "1 migrations attendent"


def test_a_database_that_is_gone_is_said_even_to_who_is_signed_in(client, db, monkeypatch):
    client.cookies["sessionid"] = "une-session"
    gone = connection.copy()
    gone.settings_dict = {**gone.settings_dict, "HOST": "/nulle-part"}
    monkeypatch.setattr(health, "connection", gone)
    page = client.get("/sante/")
    assert page.status_code == 503
    assert page.json()["base"]["etat"] == "en panne"
    assert "tables" not in page.json()


class Page(BaseHTTPRequestHandler):
    """Answers as a platform that is not well."""

    def do_GET(self):
        body = json.dumps({"etat": "en panne"}).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass

    def address_string(self):
        return ""


def test_the_command_asks_on_the_socket(tmp_path, capsys):
    path = tmp_path / "web.sock"
    with socketserver.UnixStreamServer(str(path), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert visit.answers(str(path))
        assert cli.main(["health", "--socket", str(path)]) == 1
        server.shutdown()
    assert json.loads(capsys.readouterr().out) == {"etat": "en panne"}
    path.unlink()
    assert cli.main(["health", "--socket", str(path)]) == 1
    assert "ne répond pas" in capsys.readouterr().err


PRODUCTION = {"USUFRUIT_HOSTS": "prets.mrc.exemple", "USUFRUIT_HTTPS": "1"}


def test_nothing_is_left_to_say_about_production_settings():
    done = subprocess.run(
        [sys.executable, "-m", "usufruit", "manage", "check", "--deploy", "--fail-level=INFO"],
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("is_told", [True, False])
def test_a_proxy_is_believed_only_when_told_so(is_told):
    script = (
        "import django; django.setup(); from django.test import Client\n"
        "page = Client().get('/ui/absente/', headers={'x-forwarded-proto': 'https',"
        " 'host': 'prets.mrc.exemple'})\n"
        "plain = Client().get('/ui/absente/', headers={'host': 'prets.mrc.exemple'})\n"
        "from django.conf import settings as chosen\n"
        "print(page.status_code, page.wsgi_request.is_secure(), page.has_header("
        "'Strict-Transport-Security'), plain.status_code, chosen.SESSION_COOKIE_SECURE,"
        " chosen.CSRF_COOKIE_SECURE, chosen.ALLAUTH_TRUSTED_PROXY_COUNT)"
    )
    environ = {**PRODUCTION, "USUFRUIT_HTTPS": "1" if is_told else ""}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environ, "DJANGO_SETTINGS_MODULE": "usufruit.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = "404 True True 301 True True 1" if is_told else "404 False False 404 False False 0"
    assert done.stdout.strip() == expected, done.stderr
