# SPDX-License-Identifier: EUPL-1.2
"""When an owner must answer: for any request, any zone, any holidays, any change of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usufruit.bookings.deadlines import Stage, schedule
from usufruit.kernel.local_time import local_wall

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 1440).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
notices = st.one_of(st.integers(1, 600), st.integers(1, 90 * 1440)).map(
    lambda minutes: timedelta(minutes=minutes)
)
zones = st.sampled_from(
    ["America/Toronto", "America/Halifax", "America/Blanc-Sablon", "Europe/Paris"]
)
holidays = st.frozensets(
    st.integers(0, 3 * 365).map(lambda n: date(2026, 1, 1) + timedelta(days=n)), max_size=60
)
days = st.integers(1, 20)


@given(moments, notices, days, zones, holidays)
def test_the_moments_come_in_order_and_before_the_use(asked, notice, count, zone, closed):
    due = schedule(asked, asked + notice, days=count, zone=zone, holidays=closed)
    told = list(due.moments().values())
    assert [asked, *told, asked + notice] == sorted({asked, *told, asked + notice})
    assert asked + notice - due.lapse_at >= min(timedelta(hours=2), notice / 4)


@given(moments, days, zones, holidays)
def test_with_time_ahead_it_ends_a_working_day_at_seventeen(asked, count, zone, closed):
    due = schedule(asked, asked + timedelta(days=200), days=count, zone=zone, holidays=closed)
    for at in (due.answer_by, due.lapse_at):
        wall = local_wall(at, zone)
        assert (wall.hour, wall.minute) == (17, 0)
        assert wall.weekday() < 5
        assert wall.date() not in closed
    first, last = local_wall(asked, zone).date(), local_wall(due.answer_by, zone).date()
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(on.weekday() < 5 and on not in closed for on in between) == count


@given(moments, notices, days, zones, moments)
def test_a_stage_once_come_stays_and_the_next_is_ahead(asked, notice, count, zone, now):
    due = schedule(asked, asked + notice, days=count, zone=zone)
    stage = due.stage_at(now)
    later = due.next_after(stage)
    assert (later is None) == (stage == Stage.LAPSED)
    assert later is None or later > now
    assert due.stage_at(now + timedelta(hours=5)) >= stage


def test_three_working_days_pass_over_a_week_end_and_a_holiday():
    asked = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)  # a Wednesday
    due = schedule(
        asked,
        asked + timedelta(days=40),
        days=3,
        zone="America/Toronto",
        holidays={date(2026, 12, 25), date(2027, 1, 1)},
    )
    assert due.answer_by == datetime(2026, 12, 29, 22, 0, tzinfo=UTC)  # 24, 28, 29
    assert due.lapse_at == datetime(2026, 12, 30, 22, 0, tzinfo=UTC)


def test_short_of_time_the_owner_has_three_quarters_of_what_remains():
    asked = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    due = schedule(asked, asked + timedelta(hours=4), days=3, zone="America/Toronto")
    assert due.lapse_at == asked + timedelta(hours=3)
    assert due.answer_by == asked + timedelta(hours=2, minutes=15)
    assert Stage.DAY_BEFORE not in due.moments()


def test_a_request_comes_before_its_use():
    with pytest.raises(ValueError, match="before its use"):
        schedule(EPOCH, EPOCH, days=3, zone="America/Toronto")
