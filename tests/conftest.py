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
