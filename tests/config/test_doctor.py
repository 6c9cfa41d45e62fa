# SPDX-License-Identifier: EUPL-1.2
"""The doctor names what is wrong and its remedy, in French."""

import io
import json
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.support.world import NOW
from usufruit.config import doctor


def test_each_finding_is_good_or_has_a_remedy(monkeypatch):
    monkeypatch.setattr(
        doctor,
        "examine",
        lambda _environ: iter(
            [doctor.good("Python", "3.11"), doctor.wrong("Port", "pris", "Ici.")]
        ),
    )
    out = io.StringIO()
    assert doctor.main(out) == 1
    assert out.getvalue() == (
        "bon         Python\u00a0: 3.11\n"
        "à corriger  Port\u00a0: pris\n"
        "            → Ici.\n"
        "\nÀ corriger\u00a0: 1.\n"
    )


def test_all_good_is_a_success(monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda _environ: iter([doctor.good("Python", "3.11")]))
    out = io.StringIO()
    assert doctor.main(out) == 0
    assert out.getvalue().endswith("Tout est bon.\n")


@pytest.mark.parametrize(("version", "good"), [((3, 10, 9), False), ((3, 11, 0), True)])
def test_an_old_python_is_wrong(version, good):
    assert doctor.python(version).is_good is good


def test_packages_are_those_of_the_lock(tmp_path):
    (tmp_path / "requirements").mkdir()
    locked = tmp_path / "requirements" / "base.txt"
    locked.write_text("django==5.2\n")
    venv = tmp_path / ".venv"
    venv.mkdir()
    assert not doctor.requirements(tmp_path, venv).is_good
    (venv / "base.txt").write_text("django==5.1\n")
    assert "a changé" in doctor.requirements(tmp_path, venv).fact
    (venv / "base.txt").write_text("django==5.2\n")
    assert doctor.requirements(tmp_path, venv).is_good


def test_a_missing_front_end_names_the_files(monkeypatch):
    monkeypatch.setattr(doctor, "find", lambda name: None if name.endswith(".mjs") else name)
    assert doctor.front_end().fact == "il manque ui/vendor/maplibre-gl.mjs"


def test_the_browser_may_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not doctor.browser({}).is_good
    chosen = tmp_path / "navigateur"
    chosen.touch(mode=0o755)
    assert doctor.browser({"CHROMIUM": str(chosen)}).fact == str(chosen)


def test_a_full_disk_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=4.2e8))
    finding = doctor.disk(tmp_path / "absent" / "var")
    assert not finding.is_good
    assert finding.fact == "0,4 Go libres"


@pytest.mark.parametrize(
    ("environ", "told"),
    [({}, "écrits dans le journal"), ({"USUFRUIT_SMTP_HOST": "courriel.exemple"}, "par courriel")],
)
def test_where_letters_go_is_told(environ, told):
    assert told in doctor.mail(environ).fact


def test_a_real_installation_sends_letters():
    assert doctor.mail({}).is_good
    assert not doctor.mail({"USUFRUIT_HOSTS": "prets.mrc.exemple"}).is_good


@pytest.mark.parametrize(
    ("hosts", "https", "is_good"),
    [("prets.mrc.exemple", "1", True), ("prets.mrc.exemple", "", False), ("a,*", "1", False)],
)
def test_a_real_installation_has_its_names_and_https(hosts, https, is_good):
    environ = {"USUFRUIT_HOSTS": hosts, "USUFRUIT_HTTPS": https}
    assert doctor.address(environ).is_good is is_good


def test_a_key_that_others_read_is_wrong(tmp_path):
    assert doctor.secret({"USUFRUIT_SECRET_KEY": "x"}, tmp_path).is_good
    assert "init" in doctor.secret({}, tmp_path).remedy
    key = tmp_path / "secret-key"
    key.touch(mode=0o600)
    assert doctor.secret({}, tmp_path).is_good
    key.chmod(0o644)
    assert f"chmod 600 {key}" in doctor.secret({}, tmp_path).remedy


@pytest.mark.parametrize(("days", "is_good"), [(0, True), (2, True), (3, False)])
def test_an_old_backup_is_wrong(days, is_good, tmp_path):
    environ = {"USUFRUIT_VAR": str(tmp_path)}
    assert doctor.last_backup(environ, NOW).fact == "aucune"
    words = {"at": (NOW - timedelta(days=days)).isoformat(), "archive": "/mnt/a.zip"}
    (tmp_path / "last-backup.json").write_text(json.dumps(words))
    assert doctor.last_backup(environ, NOW).is_good is is_good


def test_served_files_of_another_version_are_wrong(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert not doctor.gathered().is_good
    (tmp_path / ".fingerprint").write_text(doctor.assets._fingerprint())
    assert doctor.gathered().is_good


def test_a_free_port_is_good():
    assert doctor.network(doctor.loopback.free_port()).fact == "libre"


def test_a_port_held_by_us_is_good(monkeypatch):
    monkeypatch.setattr(doctor.loopback, "is_taken", lambda _host, _port: True)
    monkeypatch.setattr(doctor.visit, "fetch", lambda _address, limit_s: "<title>Usufruit</title>")
    assert doctor.network(8000).is_good
    monkeypatch.setattr(doctor.visit, "fetch", lambda _address, limit_s: "<title>Autre</title>")
    assert "PORT=8001" in doctor.network(8000).remedy


def test_an_absent_server_is_one_finding():
    environ = {"DATABASE_URL": "host=/nulle-part dbname=mrc user=x"}
    (finding,) = doctor.served_database(environ)
    assert not finding.is_good
    assert finding.remedy == "Vérifiez DATABASE_URL."


@pytest.mark.django_db
def test_a_served_base_is_looked_into(monkeypatch):
    monkeypatch.setattr(doctor, "EXTENSIONS", ("btree_gist", "absente"))
    ours = connection.settings_dict["NAME"]
    environ = {"DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=ours)}
    found = {finding.subject: finding for finding in doctor.served_database(environ)}
    assert found["PostgreSQL"].is_good
    assert found["Extensions"].fact == "il manque absente"
    assert found["Tables"].is_good


def test_the_account_of_the_server_is_named(tmp_path):
    finding = doctor.account(tmp_path / "var" / "postgres")
    assert finding.is_good
    assert finding.fact
