# SPDX-License-Identifier: EUPL-1.2
"""An archive is believed only whole, and the programs that read it fit the server."""

import dataclasses
import zipfile

import pytest

from tests.config.archives import rewritten
from tests.support.world import NOW
from usufruit.config import archive, backup, programs
from usufruit.config.archive import ArchiveError


@pytest.fixture
def whole(tmp_path):
    """A small archive that needs no server."""
    path = tmp_path / "entière.zip"
    with archive.written(path, archive.verify) as writer:
        writer.add(archive.DUMP, [b"PGDMP", b"0" * 5000])
        writer.add(f"{archive.FILES}a/b.txt", [b"bonjour"])
        writer.close(
            archive.Manifest(NOW.isoformat(), "0", 18, 18, [], {}, None, [], writer.members)
        )
    return path


def damage_byte(path):
    content = bytearray(path.read_bytes())
    content[content.index(b"bonjour")] ^= 1
    path.write_bytes(content)


def cut_short(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def slip_in(path):
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("fichiers/de-trop.txt", "x")


def become_text(path):
    path.write_text("ceci n’est pas une archive", encoding="utf-8")


@pytest.mark.parametrize("harm", [damage_byte, cut_short, slip_in, become_text])
def test_an_archive_that_is_not_whole_is_refused(harm, whole):
    assert archive.verify(whole).server == 18
    harm(whole)
    with pytest.raises(ArchiveError, match=r"pas une archive entière.*Rien n’a été touché"):
        archive.verify(whole)


@pytest.mark.parametrize("name", ["fichiers/../../etc/passwd", "/etc/passwd", "fichiers//a", "x"])
def test_no_member_leaves_its_folder(name, tmp_path):
    path = tmp_path / "hostile.zip"
    with archive.written(path, lambda _draft: None) as writer:
        writer.add(archive.DUMP, [b"PGDMP"])
        writer.add(name, [b"x"])
        writer.close(
            archive.Manifest(NOW.isoformat(), "0", 18, 18, [], {}, None, [], writer.members)
        )
    with pytest.raises(ArchiveError, match="sortirait de son dossier"):
        archive.verify(path)


def test_a_format_of_tomorrow_asks_for_an_update(whole):
    later = rewritten(whole, lambda one: dataclasses.replace(one, format=2))
    with pytest.raises(ArchiveError, match="Mettez Usufruit à jour"):
        archive.verify(later)


def test_an_absent_archive_is_said(tmp_path):
    with pytest.raises(ArchiveError, match="n’existe pas"):
        archive.verify(tmp_path / "rien.zip")


@pytest.mark.parametrize(
    ("at_hand", "server", "chosen"),
    [
        ((18, 15), 15, 15),
        ((18, 16), 15, 16),
        ((18, 17), 17, 17),
        ((17, 18), 18, 18),
        ((18,), 15, None),  # what 17 and newer write, 16 and older refuse
        ((15,), 17, None),
        ((), 15, None),
    ],
)
def test_the_program_fits_the_server(at_hand, server, chosen, tmp_path, monkeypatch):
    for version in at_hand:
        folder = tmp_path / str(version) / "bin"
        folder.mkdir(parents=True)
        program = folder / "pg_dump"
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3 (Debian)'\n")
        program.chmod(0o755)
    monkeypatch.setattr(programs, "_folders", lambda: sorted(tmp_path.glob("*/bin")))
    if chosen is None:
        with pytest.raises(ArchiveError, match=f"postgresql-client-{server}"):
            programs.fitting("pg_dump", server=server)
    else:
        assert programs.fitting("pg_dump", server=server).parts[-3] == str(chosen)


def test_no_password_stands_on_a_command_line():
    environ = {"DATABASE_URL": "postgresql://greffe:topsecret@bd.exemple/mrc"}
    words, surroundings = programs.connected(environ, "autre")
    assert "topsecret" not in words
    assert "dbname=autre" in words
    assert surroundings["PGPASSWORD"] == "topsecret"


def test_only_the_last_archives_are_kept(tmp_path):
    names = [f"usufruit-202611{day:02}T030000Z.zip" for day in range(1, 6)]
    for name in [*names, "à-garder.zip"]:
        (tmp_path / name).touch()
    assert [path.name for path in backup.rotate(tmp_path, 2)] == names[:3]
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[3:], "à-garder.zip"]
