# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of an import, and of what it brings."""

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW, make_asset, make_body
from usufruit.imports.models import ColumnMemory, Import, ImportLine, Twin
from usufruit.inventory.models import Asset, AssetFinance

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset():
    return make_asset(make_body(), opening=None)


@pytest.fixture
def batch(asset):
    return Import.objects.create(
        organization=asset.owner, name="biens.csv", file="x", size_bytes=1, created_at=NOW
    )


def test_states_and_outcomes_are_known(batch):
    with violates("import_status_known"):
        Import.objects.update(status="lost")
    with violates("line_outcome_known"):
        ImportLine.objects.create(batch=batch, number=1, outcome="maybe")


def test_what_is_remembered_is_remembered_once(asset):
    ColumnMemory.objects.create(organization=asset.owner, signature="a", mapping={}, used_at=NOW)
    Twin.objects.create(organization=asset.owner, external_id="1", asset=asset, is_same=True)
    with violates("columns_remembered_once"):
        ColumnMemory.objects.create(
            organization=asset.owner, signature="a", mapping={}, used_at=NOW
        )
    with violates("twin_told_once"):
        Twin.objects.create(organization=asset.owner, external_id="1", asset=asset, is_same=False)


def keep(asset: Asset, **columns: str) -> None:
    """Change a row past every check that is not the database's."""
    Asset.objects.filter(pk=asset.pk).update(**columns)


def test_a_number_is_one_asset_s_of_its_owner(asset):
    other = make_asset(asset.owner, opening=None)
    keep(asset, serial_number="AB12", vehicle_number="FX99")
    with violates("asset_serial_number_once"):
        keep(other, serial_number="AB12")
    with violates("asset_vehicle_number_once"):
        keep(other, vehicle_number="FX99")
    keep(make_asset(make_body(), opening=None), serial_number="AB12", vehicle_number="FX99")


@pytest.mark.parametrize("column", ["serial_number", "vehicle_number"])
@pytest.mark.parametrize("written", ["ab12", "AB 12", "AB\n12"])
def test_a_number_is_in_capitals_without_spaces(asset, column, written):
    with violates("asset_numbers_are_plain"):
        keep(asset, **{column: written})


def test_money_is_plausible(asset):
    def enter(**columns):
        AssetFinance.objects.create(asset=asset, **columns)

    with violates("finance_not_negative"):
        enter(cost=-1)
    with violates("finance_not_negative"):
        enter(net_value=-1)
    with violates("finance_net_below_cost"):
        enter(cost=10, net_value=11)
    with violates("finance_life_is_plausible"):
        enter(life_years=0)
    with violates("finance_life_is_plausible"):
        enter(life_years=201)
    with violates("finance_currency_is_a_code"):
        enter(currency="cad")
    with violates("finance_acquired_in_history"):
        enter(acquired_on="1599-12-31")
    enter(cost=10, net_value=10, life_years=200, acquired_on="1600-01-01")
