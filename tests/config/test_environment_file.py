# SPDX-License-Identifier: EUPL-1.2
"""One file of settings, read by every command as systemd reads it."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.config import cli, environment_file
from usufruit.config.environment_file import EnvironmentFileError

TEXT = """# Réglages
USUFRUIT_HTTPS=1

; autre commentaire
DATABASE_URL="host=/var/run/postgresql dbname=usufruit"
USUFRUIT_SMTP_PASSWORD='$mot "entre" quotes'
USUFRUIT_FROM_EMAIL=
"""


def test_a_file_is_read_as_systemd_reads_it():
    assert environment_file.parse(TEXT) == {
        "USUFRUIT_HTTPS": "1",
        "DATABASE_URL": "host=/var/run/postgresql dbname=usufruit",
        "USUFRUIT_SMTP_PASSWORD": '$mot "entre" quotes',
        "USUFRUIT_FROM_EMAIL": "",
    }


@pytest.mark.parametrize("line", ["export A=1", "A", 'A="ouvert', 'A="deux" mots', "a=1"])
def test_a_line_that_is_none_is_named(line):
    with pytest.raises(EnvironmentFileError, match="ligne 2"):
        environment_file.parse(f"B=1\n{line}\n")


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f\x85\u2028\u2029")))
def test_what_is_written_is_read_again(value):
    line = f"USUFRUIT_SMTP_PASSWORD={environment_file._quoted(value)}"
    assert environment_file.parse(line) == {"USUFRUIT_SMTP_PASSWORD": value}


def test_the_environment_wins(tmp_path):
    path = tmp_path / "usufruit.env"
    path.write_text("USUFRUIT_HOSTS=a\nUSUFRUIT_HTTPS=1\n")
    environ = {"USUFRUIT_ENV_FILE": str(path), "USUFRUIT_HOSTS": "b"}
    environment_file.load(environ)
    assert (environ["USUFRUIT_HOSTS"], environ["USUFRUIT_HTTPS"]) == ("b", "1")


def test_a_file_that_was_named_must_be_there_but_at_the_first_setup(tmp_path):
    environ = {"USUFRUIT_ENV_FILE": str(tmp_path / "absent")}
    with pytest.raises(EnvironmentFileError, match="illisibles"):
        environment_file.load(environ)
    environment_file.load(environ, is_first_setup=True)


def test_the_command_says_what_is_wrong_with_the_file(tmp_path, monkeypatch, capsys):
    path = tmp_path / "usufruit.env"
    path.write_text("n’importe quoi")
    monkeypatch.setenv("USUFRUIT_ENV_FILE", str(path))
    assert cli.main(["doctor"]) == 1
    assert "ligne 1" in capsys.readouterr().err


def test_settings_are_added_after_those_that_stand(tmp_path):
    path = tmp_path / "a" / "usufruit.env"
    environment_file.add(path, {"USUFRUIT_HTTPS": "1"})
    path.write_text(path.read_text().rstrip())
    environment_file.add(path, {"USUFRUIT_FROM_EMAIL": 'a "b"'})
    assert path.read_text() == 'USUFRUIT_HTTPS=1\nUSUFRUIT_FROM_EMAIL="a \\"b\\""\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["usufruit.env"]
    with pytest.raises(EnvironmentFileError, match="USUFRUIT_ENV_FILE"):
        environment_file.add(path / "x" / "y.env", {"A": "1"})
