# SPDX-License-Identifier: EUPL-1.2
"""A body with the tree of the start, and the way from a file to its inventory."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.support.world import NOW, Role, make_body, make_person
from usufruit.imports import actions
from usufruit.imports.models import Import
from usufruit.imports.words import mapping_of
from usufruit.inventory.actions import load_categories
from usufruit.organizations.models import Organization, Person


@pytest.fixture
def body(db: None, settings: Any, tmp_path: Path) -> Organization:
    settings.MEDIA_ROOT = tmp_path
    load_categories(now=NOW)
    return make_body("Municipalité de Saint-Exemple")


@pytest.fixture
def manager(body: Organization) -> Person:
    return make_person(body, Role.ASSET_MANAGER)


@pytest.fixture
def checked(body: Organization, manager: Person) -> Callable[..., Import]:
    """Receive and check a file: ``checked("numéro;nom\\n…", default_category="gymnase")``."""

    def check(
        content: str | bytes, name: str = "biens.csv", by: Person | None = manager, **said: Any
    ) -> Import:
        plain = content.encode() if isinstance(content, str) else content
        batch = actions.receive_file(
            organization=body, upload=ContentFile(plain, name), by=by, now=NOW
        )
        mapping = mapping_of(batch, json.loads(json.dumps(said)))
        actions.ask_check(batch=batch, mapping=mapping, by=by, now=NOW)
        actions.conduct_check(batch_id=batch.pk)
        batch.refresh_from_db()
        return batch

    return check


def apply(batch: Import) -> Import:
    actions.ask_apply(batch=batch, by=batch.created_by, now=NOW)
    actions.conduct_apply(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def undo(batch: Import) -> Import:
    actions.ask_undo(batch=batch, by=batch.created_by, now=NOW)
    actions.conduct_undo(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def real_file(name: str) -> Path:
    """Return a file of the real data sets, or skip."""
    folder = os.environ.get("USUFRUIT_DATA", "")
    path = Path(folder, name)
    if not folder or not path.is_file():
        pytest.skip("USUFRUIT_DATA ne nomme pas le dossier des données réelles")
    return path
