# SPDX-License-Identifier: EUPL-1.2
"""What is missing or wrong on this machine, in French, each with its remedy."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

import django
import psycopg
from django.contrib.staticfiles.finders import find
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from usufruit.config import assets, backup, confinement, database, loopback, visit
from usufruit.config.confinement import EmbeddedError
from usufruit.kernel.clock import now

PYTHON = (3, 11)
EXTENSIONS = ("btree_gist", "unaccent")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BACKUP_DAYS = 2
FREE_SPACE_BYTES = 1_000_000_000
PORT = 8000
# A sample of the front-end build, one file of each kind.
SERVED = ("ui/vendor/htmx.min.js", "ui/vendor/maplibre-gl.mjs", "ui/icons.svg")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``fact`` says what was found, ``remedy`` how to mend it when wrong."""

    subject: str
    is_good: bool
    fact: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the finding as one line, and its remedy as another."""
        line = f"{'bon' if self.is_good else 'à corriger':<12}{self.subject}\u00a0: {self.fact}"
        return line if self.is_good else f"{line}\n{'':<12}→ {self.remedy}"


def good(subject: str, fact: str) -> Finding:
    """Return a finding that needs no remedy."""
    return Finding(subject, is_good=True, fact=fact)


def wrong(subject: str, fact: str, remedy: str) -> Finding:
    """Return a finding that needs one."""
    return Finding(subject, is_good=False, fact=fact, remedy=remedy)


def main(out: TextIO) -> int:
    """Print every finding; return 0 when all is well, else 1."""
    findings = []
    for finding in examine(os.environ):
        findings.append(finding)
        out.write(f"{finding}\n")
        out.flush()
    faults = sum(not finding.is_good for finding in findings)
    out.write("\nTout est bon.\n" if not faults else f"\nÀ corriger\u00a0: {faults}.\n")
    return 1 if faults else 0


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the findings, what others depend on first."""
    django.setup()
    root = database.project_directory()
    yield python(sys.version_info[:3])
    yield environment(Path(sys.prefix))
    yield requirements(root, Path(sys.prefix))
    yield front_end()
    state = database.state_directory(environ)
    if environ.get("USUFRUIT_HOSTS"):  # a real installation, which runs no tests
        yield gathered()
        yield address(environ)
        yield secret(environ, state)
        yield last_backup(environ, now())
    else:
        yield browser(environ)
    yield writable(state)
    yield disk(state)
    yield network(PORT)
    yield mail(environ)
    if database.uses_embedded_cluster(environ):
        yield account(database.embedded_data_directory(environ))
    yield from served_database(environ)


def python(version: tuple[int, ...]) -> Finding:
    """Look at the version of Python."""
    return Finding(
        "Python",
        version >= PYTHON,
        ".".join(map(str, version)),
        "Installez Python 3.11 ou plus récent, puis relancez «\u00a0make demo\u00a0».",
    )


def environment(prefix: Path) -> Finding:
    """Look whether the command runs in a virtual environment."""
    return Finding(
        "Environnement",
        sys.prefix != sys.base_prefix,
        str(prefix),
        "Lancez «\u00a0make demo\u00a0», puis «\u00a0.venv/bin/usufruit doctor\u00a0».",
    )


def requirements(root: Path, prefix: Path) -> Finding:
    """Compare the packages installed with the locked ones, by the copy kept at installation."""
    for name in ("dev", "base"):
        locked, installed = root / "requirements" / f"{name}.txt", prefix / f"{name}.txt"
        if installed.is_file() and locked.is_file():
            same = locked.read_bytes() == installed.read_bytes()
            fact = (
                f"ceux de requirements/{name}.txt" if same else f"requirements/{name}.txt a changé"
            )
            return Finding(
                "Paquets Python",
                same,
                fact,
                "Relancez «\u00a0make demo\u00a0» ou «\u00a0make test\u00a0».",
            )
    return wrong("Paquets Python", "installation inconnue", "Lancez «\u00a0make demo\u00a0».")


def front_end() -> Finding:
    """Look for the files that the browser needs."""
    missing = [name for name in SERVED if find(name) is None]
    fact = "présents" if not missing else f"il manque {', '.join(missing)}"
    return Finding("Fichiers du navigateur", not missing, fact, "Relancez «\u00a0make demo\u00a0».")


def gathered() -> Finding:
    """Look whether the files served are those of this version."""
    is_fresh = assets.is_fresh()
    fact = "ceux de cette version" if is_fresh else "d’une autre version"
    return Finding("Fichiers servis", is_fresh, fact, "Lancez «\u00a0usufruit init\u00a0».")


def mail(environ: Mapping[str, str]) -> Finding:
    """Say where letters go; without a server their links, which open accounts, are in the log."""
    host = environ.get("USUFRUIT_SMTP_HOST")
    return Finding(
        "Courriels",
        bool(host) or not environ.get("USUFRUIT_HOSTS"),
        f"par {host}" if host else "écrits dans le journal, faute de USUFRUIT_SMTP_HOST",
        "Nommez un serveur d’envoi, puis lancez «\u00a0usufruit mail-test ADRESSE\u00a0».",
    )


def address(environ: Mapping[str, str]) -> Finding:
    """Look under which names the platform answers, and whether a proxy gives it HTTPS."""
    hosts = environ["USUFRUIT_HOSTS"]
    if "*" in hosts.split(","):
        return wrong(
            "Adresse", "n’importe quel nom", "Nommez dans USUFRUIT_HOSTS les seuls noms du site."
        )
    is_https = environ.get("USUFRUIT_HTTPS") == "1"
    return Finding(
        "Adresse",
        is_https,
        f"{hosts}, {'en HTTPS' if is_https else 'sans HTTPS'}",
        "Servez le site en HTTPS (docs/guides/installer.md), puis réglez USUFRUIT_HTTPS=1.",
    )


def secret(environ: Mapping[str, str], state: Path) -> Finding:
    """Look whether the signing key is chosen, or kept where this account alone reads it."""
    if environ.get("USUFRUIT_SECRET_KEY"):
        return good("Clé", "dans USUFRUIT_SECRET_KEY")
    kept = state / "secret-key"
    if not kept.exists():
        return wrong("Clé", "aucune encore", "Lancez «\u00a0usufruit init\u00a0».")
    is_ours = not kept.stat().st_mode & 0o077
    fact = str(kept) if is_ours else f"{kept} se lit par d’autres comptes"
    return Finding("Clé", is_ours, fact, f"Lancez «\u00a0chmod 600 {kept}\u00a0».")


def last_backup(environ: Mapping[str, str], at: datetime) -> Finding:
    """Look when the last archive was written, and whether it is still where it was."""
    remedy = "Lancez «\u00a0usufruit backup\u00a0», puis chaque nuit (docs/guides/sauvegarder.md)."
    written = backup.last(environ)
    if written is None:
        return wrong("Sauvegarde", "aucune", remedy)
    written_at, path = written
    days = (at - written_at).days
    fact = f"{path}, {f'il y a {days} jours' if days else 'moins d’un jour'}"
    return Finding("Sauvegarde", days <= BACKUP_DAYS, fact, remedy)


def browser(environ: Mapping[str, str]) -> Finding:
    """Look for the browser of the tests."""
    names = filter(None, (environ.get("CHROMIUM"), *BROWSERS))
    found = next(filter(None, map(shutil.which, names)), None)
    return Finding(
        "Navigateur des essais",
        found is not None,
        found or "aucun",
        "Installez le paquet Debian chromium, ou indiquez un navigateur par CHROMIUM.",
    )


def writable(state: Path) -> Finding:
    """Look whether the platform can keep its files."""
    folder = next(each for each in (state, *state.parents) if each.exists())
    return Finding(
        "Dossier des données",
        os.access(folder, os.W_OK | os.X_OK),
        str(state),
        "Rendez ce dossier inscriptible, ou indiquez-en un autre par USUFRUIT_VAR.",
    )


def disk(state: Path) -> Finding:
    """Look at the space that is left."""
    folder = next(each for each in (state, *state.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        "Espace disque",
        free >= FREE_SPACE_BYTES,
        f"{free / 1e9:.1f} Go libres".replace(".", ","),
        "Libérez au moins 1 Go.",
    )


def network(port: int) -> Finding:
    """Look whether the platform may listen where it usually does."""
    subject = f"Port {port}"
    if not loopback.wake():
        return wrong(subject, "127.0.0.1 est éteint", "Allumez l’interface lo.")
    if not loopback.is_taken(loopback.LOOPBACK, port):
        return good(subject, "libre")
    if _is_usufruit(visit.address_of(loopback.LOOPBACK, port)):
        return good(subject, "Usufruit y répond déjà")
    remedy = f"Lancez «\u00a0make demo PORT={port + 1}\u00a0»."
    return wrong(subject, "pris par un autre programme", remedy)


def _is_usufruit(address: str) -> bool:
    """Tell whether the server at an address is this platform."""
    try:
        return "Usufruit" in visit.fetch(address, limit_s=5)
    except (OSError, ValueError):
        return False


def account(data_dir: Path) -> Finding:
    """Look under which account the embedded PostgreSQL would run."""
    try:
        confinement.make_folder(data_dir.parent)
        way = confinement.choose(data_dir).way
    except (EmbeddedError, OSError) as error:
        return wrong("Compte de PostgreSQL", "aucun ne convient", str(error))
    return good("Compte de PostgreSQL", _WAYS[way])


_WAYS = {
    "same": "celui de cette commande",
    "map": "un espace de noms sans privilège",
    "account": "un compte ordinaire du système",
}


def served_database(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at the server, its extensions and our tables."""
    try:
        with database.available(environ):
            yield server(database.check_server(environ))
            yield extensions(environ)
            yield migrations()
    except (EmbeddedError, ImproperlyConfigured) as error:
        remedy = "Vérifiez DATABASE_URL." if environ.get("DATABASE_URL") else "Lisez ce message."
        yield wrong("PostgreSQL", str(error), remedy)


def server(version: int) -> Finding:
    """Name the version of the server, as PostgreSQL counts it (180006 for 18.6)."""
    return good("PostgreSQL", f"{version // 10000}.{version % 10000}")


def extensions(environ: Mapping[str, str]) -> Finding:
    """Look for the extensions that the tables need."""
    with psycopg.connect(database.conninfo(environ)) as connection:
        rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    missing = set(EXTENSIONS) - {name for (name,) in rows}
    fact = ", ".join(EXTENSIONS) if not missing else f"il manque {', '.join(sorted(missing))}"
    remedy = "Installez le paquet des extensions du serveur (Debian\u00a0: postgresql-contrib)."
    return Finding("Extensions", not missing, fact, remedy)


def migrations() -> Finding:
    """Look whether the tables are those of this version."""
    connection = connections["default"]
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return wrong("Tables", str(error).strip(), "Lancez «\u00a0usufruit manage migrate\u00a0».")
    finally:
        connection.close()
    fact = "à jour" if not waiting else f"{len(waiting)} migrations attendent"
    return Finding("Tables", not waiting, fact, "Lancez «\u00a0usufruit manage migrate\u00a0».")
