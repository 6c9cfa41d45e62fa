# SPDX-License-Identifier: EUPL-1.2
"""A territory, its server and as many visitors as a journey needs."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser

from tests.support import browser, territory
from usufruit.organizations.models import Person
from usufruit.ui import charts

Arrive = Callable[..., browser.Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and keep them out of a bare checkout."""
    here = Path(__file__).parent
    is_bare = not (charts.STYLES / "vendor/stamp").exists()
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.journey)
        if is_bare:
            item.add_marker(pytest.mark.skip(reason="make installs the front-end packages first"))


@dataclass(frozen=True)
class Site:
    """A site of one's own: its address and where it keeps its files."""

    address: str
    files: Path
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return the browser of all journeys; Django may be used beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with browser.chromium() as opened:
            yield opened


@pytest.fixture(scope="session")
def raised(django_db_modify_db_settings, django_db_blocker) -> str:
    """Return the name of the database where the territory stands untouched."""
    with django_db_blocker.unblock():
        return territory.raise_once(Path(os.environ["USUFRUIT_VAR"]))


@pytest.fixture
def site(raised, django_db_blocker, tmp_path, settings) -> Iterator[Site]:
    """Serve a fresh territory, with the pictures and papers that were hung when it was raised."""
    hung = Path(settings.MEDIA_ROOT, "premises")
    if hung.exists():
        copytree(hung, tmp_path / "premises")
    settings.MEDIA_ROOT = tmp_path
    name = f"journey_{os.getpid()}"
    with django_db_blocker.unblock():
        territory.copy(raised, name)
        errors: list[str] = []
        with territory.standing_in(name), territory.served(errors.append) as address:
            yield Site(address, tmp_path, errors)
        territory.drop(name)


@pytest.fixture
def arrive(chromium, site) -> Iterator[Arrive]:
    """Let somebody come: ``arrive("benevole", width=390, theme="dark")``; nobody leaves faults."""
    visitors: list[browser.Visitor] = []

    def come(account: str = "", **options: object) -> browser.Visitor:
        cookies = [session_of(account, site.address)] if account else None
        visitor = browser.arrive(chromium, site.address, cookies=cookies, **options)
        visitors.append(visitor)
        return visitor

    yield come
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.close()
    assert not site.errors, "\n".join(site.errors)
    assert faults == []


def session_of(account: str, address: str) -> dict[str, str]:
    """Return the cookie of an account that has signed in."""
    client = Client()
    client.force_login(Person.objects.get(email=f"{account}@exemple.test"))
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
