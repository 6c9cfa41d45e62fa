# SPDX-License-Identifier: EUPL-1.2
"""What the public is told of free and taken: by half-days, late, to come, and nothing finer."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.support.world import NOW, Role, all_lanes, make_asset, make_body, make_person, use
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.timetable.actions import block_time, unblock_time
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import half_days_shown, known_to_public
from usufruit.timetable.rules import HalfDayState, half_day_state, half_days_to_come

ZONES = st.sampled_from(["America/Toronto", "America/Halifax", "Europe/Paris", "America/St_Johns"])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
START = datetime(2026, 11, 30, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@st.composite
def spans(draw):
    """Draw spans of minutes within the three days around a change of the clock or not."""
    found = draw(st.lists(st.tuples(st.integers(0, 4300), st.integers(1, 700)), max_size=6))
    return [
        Span(START + timedelta(minutes=a), START + timedelta(minutes=a + length))
        for a, length in found
    ]


HALF_DAYS = half_days_to_come(date(2026, 11, 30), date(2026, 12, 2), "America/Toronto", LONG_AGO)


@given(DAYS, st.integers(0, 9), ZONES)
def test_half_days_cover_each_local_day_once_whole(first_on, days, zone):
    every = half_days_to_come(first_on, first_on + timedelta(days=days), zone, LONG_AGO)
    assert len(every) == 3 * (days + 1)
    assert all(a.span.end == b.span.start for a, b in pairwise(every))


@given(DAYS, ZONES, st.integers(0, 4000))
def test_nothing_that_has_begun_is_shown(first_on, zone, minutes):
    now = datetime(first_on.year, first_on.month, first_on.day, tzinfo=UTC) + timedelta(
        minutes=minutes
    )
    shown = half_days_to_come(first_on, first_on + timedelta(days=3), zone, now)
    assert all(each.span.start >= now for each in shown)


def told(opening, usable, taken):
    return [half_day_state(each, opening, usable, taken) for each in HALF_DAYS]


@given(spans(), spans(), spans())
def test_no_boundary_finer_than_the_half_day_is_told(opening, usable, taken):
    """Uses blown up to all the half-days they touch read the same: their length cannot be told."""
    opening = merge(opening)
    usable = intersect(opening, merge(usable))
    blown = [each.span for each in HALF_DAYS if any(each.span.overlaps(one) for one in taken)]
    assert told(opening, usable, taken) == told(opening, usable, blown)


@given(spans(), spans(), spans())
def test_a_half_day_told_free_holds_nothing_that_was_known(opening, usable, taken):
    opening = merge(opening)
    usable = intersect(opening, merge(usable))
    for each, state in zip(HALF_DAYS, told(opening, usable, taken), strict=True):
        if state == HalfDayState.FREE:
            assert not intersect([each.span], taken)
            assert intersect(usable, [each.span])
        if state == HalfDayState.CLOSED:
            assert subtract([each.span], opening) == [each.span]


# What is known, and when


@pytest.fixture
def asset(db):
    return make_asset(make_body())


def block(asset, taken_at, hours_ahead=48):
    keeper = make_person(asset.manager, Role.ASSET_MANAGER)
    number = block_time(
        asset=asset,
        lanes=all_lanes(asset),
        use=use(hours_ahead),
        reason=Hold.Reason.OWN_USE,
        note="",
        by=keeper,
        now=taken_at,
    )
    return Hold.objects.get(pk=number), keeper


def known(asset, at=NOW):
    return known_to_public([asset.pk], use(0, 24 * 30), at)[asset.pk]


@pytest.mark.django_db
def test_what_was_taken_less_than_a_day_ago_does_not_show_yet(asset):
    hold, _keeper = block(asset, NOW)
    assert known(asset, NOW + timedelta(hours=23, minutes=59)) == []
    assert [span for _lanes, span in known(asset, NOW + timedelta(hours=24))] == [hold.use]


@pytest.mark.django_db
def test_what_was_given_back_less_than_a_day_ago_still_shows(asset):
    hold, keeper = block(asset, NOW - timedelta(days=3))
    unblock_time(hold=hold, by=keeper, now=NOW)
    with connection.cursor() as cursor:  # the history dates itself by the server's clock
        cursor.execute("UPDATE timetable_holdevent SET pgh_created_at = %s", [NOW])
    assert len(known(asset, NOW + timedelta(hours=23))) == 1
    assert known(asset, NOW + timedelta(hours=24)) == []


@pytest.mark.django_db
def test_what_came_and_went_within_the_day_never_shows(asset):
    hold, keeper = block(asset, NOW)
    unblock_time(hold=hold, by=keeper, now=NOW + timedelta(hours=1))
    assert known(asset, NOW + timedelta(hours=2)) == []
    assert known(asset, NOW + timedelta(days=2)) == []


@pytest.mark.django_db
def test_the_public_sees_no_further_than_the_setting_says(settings):
    settings.PUBLIC_DAYS = 3
    today = date(2026, 12, 1)
    shown = half_days_shown(today, today + timedelta(days=30), "America/Toronto", NOW)
    assert (shown[0].on, shown[0].part) == (today, "afternoon")
    assert shown[-1].on == today + timedelta(days=3)
