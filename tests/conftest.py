# SPDX-License-Identifier: EUPL-1.2
"""The hostile test bench: what the house rules forbid fails here, in every test.

Warnings are errors and undefined template variables fail by pytest's own settings, in
``pyproject.toml``.
"""

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support import bench, database

settings.register_profile(
    "ci",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("ci"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Start the throwaway server when the first test asks for the database."""
    database.start(request.config)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Keep every test on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        bench.block_network(patch)
        yield


@pytest.fixture(autouse=True)
def _rows_in_any_order() -> Iterator[None]:
    """Shuffle rows whose order nobody asked for; pytest-randomly seeds the dice."""
    with pytest.MonkeyPatch.context() as patch:
        bench.shuffle_unordered_rows(patch, random.Random(random.getrandbits(64)))
        yield


# Tests that share what is long to prepare stay in one process; the longest rows begin first.
ROWS = {
    "tests/journeys/test_every_page.py": "journeys-2",
    "tests/journeys/test_shapes.py": "journeys-2",
    "tests/journeys/test_keyboard.py": "journeys-2",
    "tests/journeys/": "journeys",
    "tests/demo/test_seed.py": "demo",
    "tests/ui/test_in_browser.py": "gallery",
}


class ByRow(LoadScopeScheduling):
    """Hand tests out one by one, but those of a row together.

    ``--dist loadgroup`` would, were the name of a group still read where pytest 9.2 keeps it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((row for path, row in ROWS.items() if nodeid.startswith(path)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByRow:
    """Choose the order of the tests among the processes."""
    return ByRow(config, log)
