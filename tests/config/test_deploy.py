# SPDX-License-Identifier: EUPL-1.2
"""The files an operator copies: what they name exists, and what they close stays closed."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from usufruit.config import cli, environment_file
from usufruit.ui.typography import typography_faults

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
SYSTEMD = shutil.which("systemd-analyze")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
# Exposure as systemd counts it, from 0 to 10.
EXPOSURE_LIMIT = 2.0


def instructions():
    """Yield the instructions of the Containerfile, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, words = line.partition(" ")
            yield name, " ".join(words.split())


def test_the_container_copies_what_exists():
    copied = [
        word
        for name, words in instructions()
        if name == "COPY" and not words.startswith("--from")
        for word in words.split()[:-1]
    ]
    assert {"src", "requirements", "scripts", "Makefile", "package-lock.json"} <= set(copied)
    assert [word for word in copied if not (ROOT / word).exists()] == []


def test_the_container_runs_as_nobody_of_note_and_says_how_it_is():
    told = list(instructions())
    last_stage = told[max(number for number, (name, _) in enumerate(told) if name == "FROM") :]
    words = dict(last_stage)
    assert words["USER"] not in {"", "root", "0"}
    order = [name for name, _ in last_stage]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert not [value for name, value in last_stage[order.index("USER") :] if name == "RUN"]
    assert "usufruit" in words["HEALTHCHECK"]
    assert "health" in words["HEALTHCHECK"]
    assert all(":" in value.split()[0] for name, value in told if name == "FROM")


def commands():
    """Yield each command of ours that a file of ``deploy`` runs, as its words."""
    for unit in UNITS:
        for line in unit.read_text(encoding="utf-8").splitlines():
            if line.startswith("ExecStart="):
                yield line.partition("=")[2].split()[1:]
    words = dict(instructions())
    yield re.findall(r'"([^"]+)"', words["CMD"])
    yield re.findall(r'"([^"]+)"', words["HEALTHCHECK"])[1:]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_each_command_is_one_of_ours(words):
    assert cli._parser().parse_args(words).run is not None


def test_the_example_of_settings_is_read_whole():
    found = environment_file.parse((DEPLOY / "usufruit.env").read_text(encoding="utf-8"))
    assert found == {
        "USUFRUIT_VAR": "/var/lib/usufruit",
        "DATABASE_URL": "host=/var/run/postgresql dbname=usufruit",
        "USUFRUIT_RUN": "/var/lib/usufruit/run",
    }


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_each_unit_is_confined(unit):
    lines = unit.read_text(encoding="utf-8").splitlines()
    for closed in (
        "User=usufruit",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "RestrictNamespaces=yes",
        "UMask=0077",
        "EnvironmentFile=/etc/usufruit/usufruit.env",
    ):
        assert closed in lines


@pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not on this machine")
def test_systemd_understands_each_unit(tmp_path):
    program = tmp_path / "usufruit"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in [*UNITS, *DEPLOY.glob("*.timer")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("/opt/usufruit/.venv/bin/usufruit", str(program))
        (tmp_path / path.name).write_text(text.replace("/opt/usufruit/docs", str(ROOT / "docs")))
    done = subprocess.run(
        [SYSTEMD, "verify", *map(str, sorted(tmp_path.glob("*.service")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for unit in UNITS:
        told = subprocess.run(
            [SYSTEMD, "security", "--offline=yes", "--no-pager", str(unit)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", told)[1])
        assert exposure <= EXPOSURE_LIMIT, told


@pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine")
def test_nginx_understands_its_site(tmp_path):
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"listen (\S*)443 ssl;", r"listen \g<1>8443;", site)
    site = re.sub(r"\n\s*ssl_\w+ .*;", "", site)
    # Nothing outside the folder of the test, neither its own nor root's.
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} "
        f"http {{ access_log off; {folders} {site} }}"
    )
    done = subprocess.run(
        [NGINX, "-t", "-c", str(whole), "-p", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_overwrites_what_a_visitor_claims(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert re.search(r"X-Forwarded-For [${]remote_(addr|host)", text)
    assert "X-Forwarded-Proto https" in text
    assert "/run/usufruit/web.sock" in text


@pytest.mark.parametrize("name", ["installer", "sauvegarder", "mettre-a-jour"])
def test_each_command_of_a_guide_is_one_of_ours(name):
    text = (ROOT / "docs" / "guides" / f"{name}.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    for line in re.findall(r"^(?:sudo -u usufruit )?usufruit (.*)$", blocks, re.MULTILINE):
        words = shlex.split(line)
        assert words[0] == "manage" or cli._parser().parse_args(words).run is not None
    named = re.findall(r"`(deploy/[\w.-]+)`", text) + re.findall(r"\bdeploy/[\w-]+\.\w+", blocks)
    assert [name for name in named if not (ROOT / name).is_file()] == []
    assert typography_faults(re.sub(r"```.*?```|`[^`]*`", "X", text, flags=re.DOTALL)) == []
