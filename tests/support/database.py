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

from usufruit.config.embedded import Cluster

cluster_key = pytest.StashKey[Cluster]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Name the server before pytest-django, which loads the settings in this hook."""
    if not os.environ.get("DATABASE_URL"):
        folder = tempfile.TemporaryDirectory(prefix="usufruit-essais-")
        early_config.add_cleanup(folder.cleanup)
        cluster = Cluster(Path(folder.name) / "postgres", throwaway=True)
        early_config.stash[cluster_key] = cluster
        early_config.add_cleanup(cluster.stop)
        os.environ["DATABASE_URL"] = cluster.dsn()
        early_config.add_cleanup(lambda: os.environ.pop("DATABASE_URL", None))
    return (yield)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server for the workers of xdist, which only know its address."""
    if getattr(session.config.option, "dist", "no") != "no":
        start(session.config)


def start(config: pytest.Config) -> None:
    """Start the server of this session, once; do nothing when it is another process's."""
    cluster = config.stash.get(cluster_key, None)
    if cluster is not None and not config.option.collectonly:
        cluster.start()
