# SPDX-License-Identifier: EUPL-1.2
"""Which server the platform speaks to, read from the environment alone."""

from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from usufruit.config import database
from usufruit.config.embedded import Cluster, socket_directory

WORDS = (
    "host=bd.exemple.ca port=5433 dbname=mrc user=greffe sslmode=verify-full "
    "password='mot de passe'"
)


def test_without_a_choice_it_is_the_embedded_cluster(tmp_path):
    settings = database.connection_settings({"USUFRUIT_VAR": str(tmp_path)})
    assert settings["HOST"] == str(socket_directory(tmp_path / "postgres"))
    assert (settings["NAME"], settings["USER"], settings["PORT"]) == ("usufruit", "usufruit", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://greffe:mot%20de%20passe@bd.exemple.ca:5433/mrc?sslmode=verify-full",
        "postgres://greffe:mot%20de%20passe@bd.exemple.ca:5433/mrc?sslmode=verify-full",
        WORDS,
    ],
)
def test_an_address_is_read_as_libpq_reads_it(address):
    settings = database.connection_settings({"DATABASE_URL": address})
    assert settings["NAME"] == "mrc"
    assert settings["USER"] == "greffe"
    assert settings["PASSWORD"] == "mot de passe"
    assert settings["HOST"] == "bd.exemple.ca"
    assert settings["PORT"] == "5433"
    assert settings["OPTIONS"] == {"application_name": "usufruit", "sslmode": "verify-full"}


def test_a_socket_folder_may_hold_a_space():
    address = "postgresql:///mrc?host=/var/run/une%20base"
    assert database.connection_settings({"DATABASE_URL": address})["HOST"] == "/var/run/une base"


def test_connections_last_and_are_checked():
    settings = database.connection_settings({})
    assert settings["CONN_MAX_AGE"] > 0
    assert settings["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize("address", ["mysql://x/y", "postgresql://h/d?nonsense=1", "host"])
def test_an_unreadable_address_is_refused_in_french(address):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL est illisible"):
        database.connection_settings({"DATABASE_URL": address})


def test_a_refusal_does_not_tell_the_password():
    with pytest.raises(ImproperlyConfigured) as refusal:
        database.connection_settings({"DATABASE_URL": "postgresql://u:topsecret@h:x/d?bad=1"})
    assert "topsecret" not in str(refusal.value)


def test_an_address_without_a_base_is_refused():
    with pytest.raises(ImproperlyConfigured, match="ne nomme pas de base"):
        database.connection_settings({"DATABASE_URL": "postgresql://serveur"})


def test_files_may_be_kept_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert database.state_directory({"USUFRUIT_VAR": "ailleurs"}) == tmp_path / "ailleurs"
    assert database.state_directory({}).name == "var"
    assert (database.project_directory() / "src").is_dir()


def test_an_installed_package_keeps_files_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "__file__", str(tmp_path / "a" / "b" / "c" / "d.py"))
    assert database.project_directory().is_relative_to(Path.home())


def test_the_embedded_base_is_created_once(tmp_path):
    environ = {"USUFRUIT_VAR": str(tmp_path)}
    with Cluster(tmp_path / "postgres", throwaway=True):
        for _ in range(2):
            with (
                database.available(environ),
                psycopg.connect(database.conninfo(environ)) as connection,
            ):
                assert connection.info.dbname == "usufruit"
        assert database.check_server(environ) >= database.MINIMUM_SERVER_VERSION


def test_an_absent_server_is_said_in_french():
    environ = {"DATABASE_URL": "host=/nulle-part dbname=mrc user=x"}
    with pytest.raises(ImproperlyConfigured, match="ne répond pas"), database.available(environ):
        pass


def test_a_server_too_old_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "MINIMUM_SERVER_VERSION", 990000)
    environ = {"USUFRUIT_VAR": str(tmp_path)}
    with (
        Cluster(tmp_path / "postgres", throwaway=True) as cluster,
        pytest.raises(ImproperlyConfigured, match=r"PostgreSQL 18.*version 99"),
    ):
        database.check_server({**environ, "DATABASE_URL": cluster.dsn("postgres")})
