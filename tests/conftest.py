# SPDX-License-Identifier: EUPL-1.2
"""The hostile test bench: what the house rules forbid fails here, in every test."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support import database

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
