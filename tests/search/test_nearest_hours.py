# SPDX-License-Identifier: EUPL-1.2
"""The search says of opening hours what the rules say, whether or not months are spelled out."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings

from tests.support.world import (
    NOW,
    make_asset,
    make_body,
    make_category,
    share,
    use,
)
from tests.timetable import weeks
from tests.timetable.test_opening_sql import moments, stored, telling_spans
from usufruit.kernel.fields import lanes
from usufruit.kernel.spans import Span
from usufruit.search.queries import Question, nearest
from usufruit.timetable.actions import (
    WantedHold,
    give_opening,
    open_calendar,
    take,
)
from usufruit.timetable.models import Calendar, Hold
from usufruit.timetable.queries import SQL
from usufruit.timetable.rules import ALWAYS_OPEN, is_open_throughout, open_spans

pytestmark = pytest.mark.django_db

HERE = {"latitude": 46.5, "longitude": -72.5, "radius_km": 10}


def found(asset, asker, span: Span) -> bool:
    question = Question(category_ids=(asset.category_id,), use=span, **HERE)
    return [result.asset_id for result in nearest(question, asker, now=NOW)] == [asset.pk]


def spell_out(calendar: Calendar, first: date) -> None:
    parameters = {"calendar_id": calendar.pk, "first_on": first.replace(day=1), "months": 4}
    with connection.cursor() as cursor:
        cursor.execute(SQL["spell_out"], parameters)
    assert calendar.open_months.count() == 4


@pytest.mark.parametrize("as_windows", [False, True], ids=["hours", "windows of a rule"])
@pytest.mark.parametrize("is_spelled", [False, True], ids=["by the rules", "spelled out"])
def test_an_asset_is_found_when_its_calendar_is_open(as_windows, is_spelled):
    asker, lender = make_body(), make_body()
    asset = make_asset(lender, category=make_category(), opening=None)
    always = open_calendar(
        organization=lender, name="Toujours", windows=ALWAYS_OPEN.windows, by=None, now=NOW
    )
    share(asset)
    rule = asset.sharing_rules.get()

    @settings(max_examples=settings().max_examples // 2)
    @given(drawn=weeks.calendars(), spans=moments)
    def agrees(drawn, spans):
        rules, first, last, zone = drawn
        calendar = stored(rules, zone)
        give_opening(asset=asset, calendar=always if as_windows else calendar)
        rule.windows = calendar if as_windows else None
        rule.save()
        if is_spelled:
            spell_out(calendar, first - timedelta(days=40))
        asked = telling_spans(open_spans(rules, first, last, zone)[:3], first, spans)
        wrong = [
            (zone, span)
            for span in asked
            if found(asset, asker, span) != is_open_throughout(rules, span, zone)
        ]
        assert wrong == []

    agrees()


@pytest.mark.parametrize(
    ("taken", "is_found"),
    [(None, True), ((0, 1), True), ((0, 2), False)],
    ids=["free", "half taken", "all taken"],
)
def test_divided_asset_is_found_while_a_part_is_free(taken, is_found):
    asker, lender = make_body(), make_body()
    halves = [("Moitié A", (0, 1), None), ("Moitié B", (1, 2), None)]
    asset = make_asset(
        lender, category=make_category(), structure="parts", lane_count=2, parts=halves
    )
    share(asset)
    if taken:
        hold(asset, lanes(taken))
    assert found(asset, asker, use(24)) is is_found


def test_divided_asset_whose_parts_have_no_name_is_found_whole():
    asker, lender = make_body(), make_body()
    asset = make_asset(lender, category=make_category(), structure="parts", lane_count=2)
    share(asset)
    assert found(asset, asker, use(24))
    hold(asset, lanes((0, 1)))
    assert not found(asset, asker, use(24))


def hold(asset, wanted) -> None:
    span = use(24)
    assert take(
        [WantedHold(asset=asset, lanes=wanted, span=span, use=span, reason=Hold.Reason.OWN_USE)],
        now=NOW,
    )
