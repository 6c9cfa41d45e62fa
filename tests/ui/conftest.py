# SPDX-License-Identifier: EUPL-1.2
"""The pages of the design system, rendered without a database."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from usufruit.ui import samples


@pytest.fixture(autouse=True)
def _plain_static(settings) -> None:
    """Name the served files as they are in the tree: hashed names need a first gathering."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def gallery() -> str:
    """Return the gallery's HTML in French."""
    with translation.override("fr-ca"):
        return render_to_string("ui/gallery/page.html", samples.context())


@pytest.fixture
def short_page() -> str:
    """Return the HTML of a page that holds little besides what frames every page."""
    with translation.override("fr-ca"):
        return render_to_string("404.html", samples.context())
