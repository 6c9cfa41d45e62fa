# SPDX-License-Identifier: EUPL-1.2
"""Which PostgreSQL the platform speaks to: the embedded cluster, or the one of ``DATABASE_URL``."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from usufruit.config.embedded import OWNER, Cluster, socket_directory

DATABASE = "usufruit"
MINIMUM_SERVER_VERSION = 150000
CONNECTION_MAX_AGE_S = 600


def project_directory() -> Path:
    """Return the folder of the checkout, or a folder of the account when installed elsewhere."""
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "pyproject.toml").is_file():
        return checkout
    return Path.home() / ".local" / "share" / "usufruit"


def state_directory(environ: Mapping[str, str]) -> Path:
    """Return where the running platform keeps its files; ``USUFRUIT_VAR`` may move it."""
    chosen = environ.get("USUFRUIT_VAR")
    return Path(chosen).expanduser().resolve() if chosen else project_directory() / "var"


def embedded_data_directory(environ: Mapping[str, str]) -> Path:
    """Return where the embedded cluster keeps its data."""
    return state_directory(environ) / "postgres"


def files_directory(environ: Mapping[str, str]) -> Path:
    """Return where uploaded files are kept."""
    return state_directory(environ) / "files"


def uses_embedded_cluster(environ: Mapping[str, str]) -> bool:
    """Tell whether no other server was chosen by ``DATABASE_URL``."""
    return not environ.get("DATABASE_URL")


def connection_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings of the default connection, without starting or reaching a server.

    ``DATABASE_URL`` is what libpq reads: an address (``postgresql://…``) or ``key=value`` words.

    Raises:
        ImproperlyConfigured: when ``DATABASE_URL`` cannot be read or names no database.
    """
    words = _chosen_server(environ) or {
        "host": str(socket_directory(embedded_data_directory(environ))),
        "user": OWNER,
        "dbname": DATABASE,
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": words.pop("dbname", ""),
        "USER": words.pop("user", ""),
        "PASSWORD": words.pop("password", ""),
        "HOST": words.pop("host", ""),
        "PORT": words.pop("port", ""),
        # A connection outlives its request, so each request asks first whether the server is
        # still the same one: after a restart of PostgreSQL the site answers again by itself.
        "CONN_MAX_AGE": CONNECTION_MAX_AGE_S,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "usufruit", **words},
    }


def _chosen_server(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the connection words of ``DATABASE_URL``, empty when it is not set."""
    address = environ.get("DATABASE_URL", "").strip()
    if not address:
        return {}
    try:
        words = {name: str(value) for name, value in conninfo_to_dict(address).items() if value}
    except psycopg.ProgrammingError as error:
        # The address may hold a password: the message of libpq quotes only the faulty word.
        raise ImproperlyConfigured(f"DATABASE_URL est illisible : {error}") from None
    if not words.keys() & {"dbname", "service"}:
        raise ImproperlyConfigured(
            "DATABASE_URL ne nomme pas de base de données, "
            "par exemple « postgresql://compte@serveur/usufruit »."
        )
    return dict(words)


def conninfo(environ: Mapping[str, str]) -> str:
    """Return the words with which psycopg reaches the database of the settings."""
    settings = connection_settings(environ)
    words = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        **settings["OPTIONS"],
    }
    return make_conninfo(**{name: value for name, value in words.items() if value})


@contextmanager
def available(environ: Mapping[str, str]) -> Iterator[None]:
    """Hold the database ready: the embedded cluster running, or the chosen server answering.

    Raises:
        EmbeddedError: when the embedded cluster cannot run.
        ImproperlyConfigured: when the chosen server does not answer or is too old.
    """
    if not uses_embedded_cluster(environ):
        check_server(environ)
        yield
        return
    cluster = Cluster(embedded_data_directory(environ))
    try:
        cluster.start()
        _ensure_database(cluster)
        yield
    finally:
        cluster.stop()


def check_server(environ: Mapping[str, str]) -> int:
    """Return the version of the chosen server as PostgreSQL counts it (180006 for 18.6).

    Raises:
        ImproperlyConfigured: when it does not answer or is older than the SQL we write.
    """
    try:
        with psycopg.connect(conninfo(environ), connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise ImproperlyConfigured(
            f"La base de données ne répond pas\u00a0: {str(error).strip()}"
        ) from None
    if version < MINIMUM_SERVER_VERSION:
        raise ImproperlyConfigured(
            f"Le serveur est PostgreSQL {version // 10000}; "
            f"il faut la version {MINIMUM_SERVER_VERSION // 10000} ou une plus récente."
        )
    return version


def _ensure_database(cluster: Cluster) -> None:
    """Create our database in a new cluster; two first starts at once create it once."""
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        known = "SELECT FROM pg_database WHERE datname = %s"
        if connection.execute(known, [DATABASE]).fetchone() is None:
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
