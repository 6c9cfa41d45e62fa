# SPDX-License-Identifier: EUPL-1.2
"""One throwaway PostgreSQL for a test session, unless ``DATABASE_URL`` names a server.

Loaded by ``-p`` before Django reads its settings. Its address is known before it runs, so it starts
only when a test asks for the database; under xdist the controller starts it for all its workers.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from usufruit.config import loopback
from usufruit.config.embedded import Cluster

cluster_key = pytest.StashKey[Cluster]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Choose the surroundings before pytest-django, which loads the settings in this hook."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _surround(early_config)
    return (yield)


def _surround(config: pytest.Config) -> None:
    """Give the session files, served files and a server of its own, for its workers as well."""
    loopback.wake()  # asleep under ``unshare -rn``, and browser journeys need it
    folder = tempfile.TemporaryDirectory(prefix="usufruit-essais-")
    config.add_cleanup(folder.cleanup)
    chosen = {
        "USUFRUIT_VAR": folder.name,
        "USUFRUIT_ENV_FILE": os.devnull,
        # Sessions that share pytest's own folder clean it under each other's feet.
        "PYTEST_DEBUG_TEMPROOT": folder.name,
        "USUFRUIT_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    Path(folder.name, "static").mkdir()
    if not os.environ.get("DATABASE_URL"):
        cluster = Cluster(Path(folder.name) / "postgres", throwaway=True)
        config.stash[cluster_key] = cluster
        config.add_cleanup(cluster.stop)
        chosen["DATABASE_URL"] = cluster.dsn()
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name, value in chosen.items():
        patch.setenv(name, value)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server for the workers of xdist, which only know its address."""
    if getattr(session.config.option, "dist", "no") != "no":
        start(session.config)


def start(config: pytest.Config) -> None:
    """Start the server of this session, once; do nothing when it is another process's."""
    cluster = config.stash.get(cluster_key, None)
    if cluster is not None and not config.option.collectonly:
        cluster.start()
