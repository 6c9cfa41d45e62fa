# SPDX-License-Identifier: EUPL-1.2
"""When a letter leaves and when it is tried again, whatever the database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from usufruit.kernel.local_time import local_wall
from usufruit.notices.rules import WAITS_MIN, next_digest, next_try

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 5 * 366 * 1440).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
zones = st.sampled_from(["America/Toronto", "America/Halifax", "America/Blanc-Sablon"])


@given(moments, zones)
def test_a_digest_leaves_at_six_within_a_day_whatever_the_clock_does(now, zone):
    moment = next_digest(now, zone)
    assert now < moment <= now + timedelta(hours=25)
    assert (local_wall(moment, zone).hour, local_wall(moment, zone).minute) == (6, 0)


@given(moments)
def test_each_try_waits_at_least_as_long_as_the_one_before_then_comes_the_end(now):
    waits = [next_try(attempts, now) - now for attempts in range(1, len(WAITS_MIN) + 1)]
    assert waits == sorted(waits)
    assert sum(waits, timedelta(0)) > timedelta(days=2)  # a week-end without a server
    assert next_try(len(WAITS_MIN) + 1, now) is None
