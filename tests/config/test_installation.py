# SPDX-License-Identifier: EUPL-1.2
"""A real platform is set up once, explains each bad answer, and carries nothing invented."""

import getpass
import os
import re
import stat
import sys

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from psycopg.conninfo import make_conninfo

from usufruit.config import cli, founding, installation, loopback
from usufruit.demo.dataset import MRC
from usufruit.inventory.models import Asset, Category
from usufruit.kernel.models import JournalLine
from usufruit.organizations.models import Organization, OrganizationNature, Person, Role
from usufruit.timetable.models import PublicHoliday

pytestmark = pytest.mark.django_db

ANSWERS = {
    "--address": "https://prets.mrc.exemple",
    "--body-name": "MRC des Érables",
    "--body-nature": "mrc",
    "--place": "46.6, -72.7",
    "--admin-email": "Greffe@mrc.exemple",
    "--admin-name": "Camille Roy",
    "--admin-function": "Greffière",
}


@pytest.fixture
def env_file(tmp_path, monkeypatch, settings):
    """A file of settings of this test's own; what is written there does not outlive it."""
    path = tmp_path / "réglages" / "usufruit.env"
    monkeypatch.setenv("USUFRUIT_ENV_FILE", str(path))
    base = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    monkeypatch.setenv("DATABASE_URL", base)
    for name in ("HOSTS", "HTTPS", "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "FROM_EMAIL"):
        monkeypatch.setenv(f"USUFRUIT_{name}", "")
        monkeypatch.delenv(f"USUFRUIT_{name}")
    settings.ALLOWED_HOSTS = ["testserver"]
    return path


def init(**others):
    answers = {**ANSWERS, **{f"--{name.replace('_', '-')}": word for name, word in others.items()}}
    words = [part for pair in answers.items() if pair[1] is not None for part in pair]
    return cli.main(["init", "--no-input", *words])


def test_a_first_setup_enters_one_body_and_who_administers_it(env_file, capsys):
    assert init() == installation.DONE
    body, person = Organization.objects.get(), Person.objects.get()
    assert (body.name, body.slug, body.nature_id) == ("MRC des Érables", "mrc-des-erables", "mrc")
    assert (body.latitude, body.longitude, body.contact) == (46.6, -72.7, "Greffière")
    assert body.time_zone == "America/Toronto"
    assert (person.email, person.full_name) == ("greffe@mrc.exemple", "Camille Roy")
    assert person.is_platform_admin
    assert [role.role for role in person.memberships.all()] == [Role.BODY_ADMIN]
    verbs = set(JournalLine.objects.values_list("verb", flat=True)) - {"load_category"}
    assert verbs == {
        "register_organization",
        "register_person",
        "grant_role",
        "appoint_platform_admin",
    }
    assert not Asset.objects.exists()
    assert Category.objects.count() > 50
    assert PublicHoliday.objects.filter(region="CA-QC").exists()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert env_file.read_text() == (
        "USUFRUIT_HOSTS=prets.mrc.exemple,localhost,127.0.0.1\nUSUFRUIT_HTTPS=1\n"
    )
    assert "Aucun serveur d’envoi n’est réglé" in capsys.readouterr().out


def test_the_link_chooses_a_password_once(env_file, capsys, client):
    init()
    link = re.search(r"testserver(/compte/\S+)", capsys.readouterr().out)[1]
    page = client.get(link, follow=True)
    password = {"password1": "un chemin de halage", "password2": "un chemin de halage"}
    client.post(page.redirect_chain[-1][0], password)
    assert client.login(email="greffe@mrc.exemple", password="un chemin de halage")
    client.logout()
    assert "trop vieux" in client.get(link, follow=True).content.decode()


def test_a_second_setup_says_what_stands_and_changes_nothing(env_file, capsys):
    init()
    before = env_file.read_text(), JournalLine.objects.count()
    capsys.readouterr()
    assert init(body_name="Autre", admin_email="autre@mrc.exemple") == installation.DONE
    told = capsys.readouterr().out
    assert "déjà choisie (prets.mrc.exemple" in told
    assert "Déjà là\u00a0: MRC des Érables; administration\u00a0: greffe@mrc.exemple" in told
    assert "Lien" not in told
    assert (env_file.read_text(), JournalLine.objects.count()) == before


@pytest.mark.parametrize(
    ("option", "word", "told"),
    [
        ("address", None, "Il manque --address"),
        ("address", "prets.mrc.ca", "https://prets.exemple.ca"),
        ("address", "https://mrc.ca/prets", "rien ne suit le nom"),
        ("address", "https://[::1", "Écrivez une adresse entière"),
        ("time_zone", "America/Montrealo", "America/Toronto"),
        ("time_zone", "toronto", "Proches\u00a0: America/Toronto"),
        ("place", "46.6", "latitude puis la longitude"),
        ("place", "nan, 3", "latitude puis la longitude"),
        ("place", "99, 3", "latitude puis la longitude"),
        ("admin_email", "greffe", "n’est pas une adresse courriel"),
        ("smtp_host", "un serveur", "n’est pas un nom de serveur"),
        ("smtp_port", "70000", "de 1 à 65535"),
        ("body_name", "", "au moins un mot"),
        ("admin_name", None, "Il manque --admin-name"),
        ("body_nature", "royaume", "municipality, mrc"),
        ("holidays", "ZZ-QC", "Aucun jour férié"),
    ],
)
def test_a_bad_answer_is_explained_and_enters_nobody(option, word, told, env_file, capsys):
    assert init(**{option: word}) == installation.NOT_UNDERSTOOD
    assert told in capsys.readouterr().err
    assert not Person.objects.exists()
    assert not Organization.objects.exists()


def test_at_a_terminal_each_bad_answer_is_asked_again(env_file, monkeypatch, capsys):
    settings_typed = ["ftp://x", "http://prets.mrc.exemple", "", "ZZ", ""]
    body_typed = ["MRC", "royaume", "MRC", "Nulle/Part", "", ""]
    person_typed = ["greffe", "greffe@mrc.exemple", "", "Camille Roy", "Greffe"]
    typed = iter([*settings_typed, *body_typed, *person_typed])
    secrets = iter(["court", "un chemin de halage", "autre chose", *["un chemin de halage"] * 2])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _words: next(typed))
    monkeypatch.setattr(getpass, "getpass", lambda _words: next(secrets))
    assert cli.main(["init"]) == installation.DONE
    assert list(typed) == list(secrets) == []
    told = capsys.readouterr().out
    for complaint in (
        "adresse entière",
        "férié connu pour",
        "nature connue",
        "Aucun fuseau",
        "pas les mêmes",
    ):
        assert complaint in told
    assert Person.objects.get().check_password("un chemin de halage")
    assert Organization.objects.get().latitude is None
    assert "USUFRUIT_HTTPS" not in env_file.read_text()


def test_who_leaves_the_terminal_loses_nothing_of_what_is_done(env_file, monkeypatch, capsys):
    def leave(_words):
        raise EOFError

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", leave)
    with pytest.raises(SystemExit) as end:
        cli.main(["init", "--address", "https://prets.mrc.exemple", "--smtp-host", "localhost"])
    assert end.value.code == 1
    assert "Relancez-la" in capsys.readouterr().out


def test_the_demonstration_is_no_installation(env_file, capsys):
    nature = OrganizationNature.objects.get(code="mrc")
    Organization.objects.create(name="Inventée", slug=MRC, nature=nature)
    assert init() == installation.NOT_UNDERSTOOD
    assert "contient la démonstration" in capsys.readouterr().err


def test_the_demonstration_does_not_enter_an_installation(env_file, capsys):
    init()
    assert cli.main(["demo", "--check"]) == 1
    assert "vraie installation" in capsys.readouterr().err


class Desk:
    """A mail server that keeps what it is given."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def desk(settings):
    keeper = Desk()
    controller = Controller(keeper, hostname="127.0.0.1", port=loopback.free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield keeper
    controller.stop()


def test_the_test_letter_brings_the_link(env_file, desk, capsys):
    assert init() == installation.DONE
    ((to, letter),) = desk.letters
    link = re.search(r"testserver(/compte/\S+)", capsys.readouterr().out)[0]
    assert to == ["greffe@mrc.exemple"]
    assert link in letter


def test_a_letter_refused_undoes_nothing(env_file, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", loopback.free_port()
    assert init() == installation.LETTER_REFUSED
    told = capsys.readouterr().out
    assert "Rien n’écoute à ce port" in told
    assert "mail-test greffe@mrc.exemple" in told
    assert founding.standing()
    assert cli.main(["mail-test", "greffe@mrc.exemple"]) == 1
    assert "Vérifiez USUFRUIT_SMTP_PORT" in capsys.readouterr().err


def test_letters_leave_when_asked(env_file, desk):
    env_file.parent.mkdir()
    env_file.touch()
    assert cli.main(["mail-test", "ti@mrc.exemple"]) == 0
    assert desk.letters[0][0] == ["ti@mrc.exemple"]
