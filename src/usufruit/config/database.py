# SPDX-License-Identifier: EUPL-1.2
"""Which PostgreSQL the platform speaks to: the embedded cluster, or the one of ``DATABASE_URL``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from usufruit.config.embedded import OWNER, socket_directory

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


def conninfo(environ: Mapping[str, str], *, dbname: str | None = None) -> str:
    """Return the words with which psycopg reaches the chosen server, or another base of it."""
    settings = connection_settings(environ)
    words = {
        "dbname": dbname or settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        **settings["OPTIONS"],
    }
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in words.items() if value})
