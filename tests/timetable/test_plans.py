# SPDX-License-Identifier: EUPL-1.2
"""A question about one asset's time reads that asset's rectangles, whatever the others hold."""

import pytest
from django.db import connection

from tests.support.world import NOW, make_asset, make_body, use
from usufruit.timetable.queries import holds_meeting

pytestmark = pytest.mark.django_db


def test_the_asset_is_a_condition_of_the_index():
    asset = make_asset(make_body())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = holds_meeting(asset, use(24), NOW).explain()
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "asset_id = " in condition, plan
    assert "span && " in condition, plan
