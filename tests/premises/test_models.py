# SPDX-License-Identifier: EUPL-1.2
"""What the database refuses about facts, secrets, photos and papers."""

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW, make_asset, make_body
from usufruit.premises.models import Fact, Paper, Photo, Secret

pytestmark = pytest.mark.django_db

PICTURE = {
    "digest": "a" * 64,
    "thumbnail_digest": "b" * 64,
    "width": 10,
    "height": 10,
    "thumbnail_width": 10,
    "thumbnail_height": 10,
    "added_at": NOW,
}


@pytest.fixture
def asset():
    return make_asset(make_body())


def test_a_fact_is_of_one_thing_known_and_said_once(asset):
    both = {"asset": asset, "site": asset.site}
    with violates("fact_of_one"):
        Fact.objects.create(**both, code="lift", value=True)
    with violates("fact_of_one"):
        Fact.objects.create(code="lift", value=True)
    with violates("fact_code_known"):
        Fact.objects.create(asset=asset, code="moat", value=True)
    Fact.objects.create(asset=asset, code="lift", value=True)
    Fact.objects.create(site=asset.site, code="lift", value=False)
    with violates("fact_once_per_asset"):
        Fact.objects.create(asset=asset, code="lift", value=False)
    with violates("fact_once_per_site"):
        Fact.objects.create(site=asset.site, code="lift", value=True)


def test_a_secret_is_of_one_thing_and_shown_within_a_week(asset):
    sealed = {"sealed": "x", "changed_at": NOW}
    with violates("secret_of_one"):
        Secret.objects.create(**sealed)
    with violates("secret_within_week"):
        Secret.objects.create(asset=asset, hours_before=169, **sealed)
    Secret.objects.create(asset=asset, **sealed)
    Secret.objects.create(site=asset.site, **sealed)
    with violates("secret_once_per_asset"):
        Secret.objects.create(asset=asset, **sealed)
    with violates("secret_once_per_site"):
        Secret.objects.create(site=asset.site, **sealed)


def test_a_photo_is_of_one_thing_and_shrunk(asset):
    with violates("photo_of_one"):
        Photo.objects.create(**PICTURE)
    with violates("photo_is_shrunk"):
        Photo.objects.create(asset=asset, **{**PICTURE, "width": 1601})


def test_a_paper_has_a_title_and_a_reader(asset):
    kept = {"asset": asset, "digest": "a" * 64, "size_bytes": 1, "added_at": NOW}
    with violates("paper_has_title"):
        Paper.objects.create(title="", **kept)
    with violates("paper_reader_known"):
        Paper.objects.create(title="Plan", reader="toutes", **kept)
