# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of an asset, its parts, its site and its category."""

import pytest
from django.db import connection

from tests.support.constraints import violates
from tests.support.world import make_asset, make_body, make_category, make_site
from usufruit.inventory.models import Asset, AttributeDefinition, Category, Part, Site
from usufruit.kernel.fields import lanes

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def asset(body):
    return make_asset(body)


@pytest.fixture
def hall(body):
    return make_asset(body, structure="parts", lane_count=2, parts=[("A", (0, 1), None)])


def change(asset: Asset, **columns) -> None:
    """Change a row past every check that is not the database's."""
    Asset.objects.filter(pk=asset.pk).update(**columns)


@pytest.mark.parametrize("column", ["name", "external_id"])
def test_an_asset_has_a_name_and_a_number(asset, column):
    with violates("asset_is_named"):
        change(asset, **{column: ""})


@pytest.mark.parametrize(
    ("structure", "lane_count"),
    [("single", 0), ("single", 2), ("parts", 1), ("parts", 61), ("pool", 1)],
)
def test_lanes_fit_the_structure(asset, structure, lane_count):
    with violates("asset_lanes_fit_structure"):
        change(asset, structure=structure, lane_count=lane_count)


def test_the_state_is_known(asset):
    with violates("asset_state_known"):
        change(asset, state="lost")


@pytest.mark.parametrize("column", ["buffer_before_min", "buffer_after_min"])
def test_a_buffer_lasts_a_day_at_most(asset, column):
    with violates("asset_buffers_within_day"):
        change(asset, **{column: 1441})


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(85.1, 0), (-85.1, 0), (0, 180.1), (0, -180.1), (float("nan"), 0)]
)
def test_a_place_is_on_the_map(asset, latitude, longitude):
    with violates("asset_place_exists"):
        change(asset, latitude=latitude, longitude=longitude)
    with violates("site_place_exists"):
        Site.objects.filter(pk=asset.site_id).update(latitude=latitude, longitude=longitude)


def test_an_inventory_number_is_used_once_by_its_owner(body, asset):
    with violates("asset_external_id_once"):
        change(make_asset(body), external_id=asset.external_id)
    change(make_asset(make_body()), external_id=asset.external_id)


def test_the_pair_other_tables_refer_to_stays_unique():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(confkey) = 2"
            " AND confrelid = 'inventory_asset'::regclass AND confupdtype = 'c' ORDER BY 1"
        )
        assert [row[0] for row in cursor.fetchall()] == [
            "hold_of_asset_lanes",
            "part_of_asset_lanes",
        ]


@pytest.mark.parametrize("bounds", ["{}", "{[0,3)}", "{[2,3)}"])
def test_a_part_lies_within_its_asset(hall, bounds):
    part = Part.objects.create(asset=hall, lane_count=2, name="B", lanes=lanes((1, 2)))
    with violates("part_lanes_exist"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_part SET lanes = %s::int4multirange WHERE id = %s", [bounds, part.pk]
        )


def test_a_part_cannot_lie_about_the_lanes_of_its_asset(hall):
    with violates("part_of_asset_lanes"):
        Part.objects.create(asset=hall, lane_count=3, name="B", lanes=lanes((2, 3)))


def test_an_asset_cannot_shrink_under_its_parts(body):
    hall = make_asset(body, structure="parts", lane_count=4, parts=[("C", (2, 3), None)])
    with violates("part_lanes_exist"):
        change(hall, lane_count=2)
    change(hall, lane_count=3)
    assert hall.parts.get().lane_count == 3


def test_a_part_is_named_once(hall):
    with violates("part_name_once"):
        Part.objects.create(asset=hall, lane_count=2, name="A", lanes=lanes((1, 2)))


def test_a_site_is_named_once_by_its_body(body):
    site = make_site(body)
    with violates("site_name_once"):
        Site.objects.create(organization=body, name=site.name, latitude=46, longitude=-72)


def test_a_category_is_of_a_known_kind_and_not_its_own_parent():
    category = make_category("essai")
    with violates("category_kind_known"):
        Category.objects.filter(pk=category.pk).update(kind="animal")
    with violates("category_not_its_own_parent"):
        Category.objects.filter(pk=category.pk).update(parent=category)


def test_an_attribute_is_asked_once_and_only_numbers_have_units():
    words = {"category": make_category("essai"), "code": "puissance", "name": "Puissance"}
    AttributeDefinition.objects.create(**words, value_type="number", unit="kW")
    with violates("attribute_once_per_category"):
        AttributeDefinition.objects.create(**words, value_type="number")
    words["code"] = "marque"
    with violates("attribute_unit_of_number"):
        AttributeDefinition.objects.create(**words, value_type="text", unit="kW")


def test_keys_and_points_are_the_database_s(asset):
    change(asset, name="L’Œuvre d’Été", latitude=0, longitude=0)
    asset.refresh_from_db()
    assert asset.sort_key == "l'oeuvre d'ete"
    with connection.cursor() as cursor:
        cursor.execute("SELECT point::text FROM inventory_asset WHERE id = %s", [asset.pk])
        x, y = cursor.fetchone()[0].strip("()").split(",")
        assert abs(float(x)) + abs(float(y)) < 1e-9
