# SPDX-License-Identifier: EUPL-1.2
"""When nothing is found: which part of the question left nothing, in true facts."""

from datetime import date, timedelta

import pytest

from tests.support.world import (
    NOW,
    Audience,
    Mode,
    all_lanes,
    make_asset,
    make_body,
    make_category,
    make_site,
    share,
    use,
)
from usufruit.kernel.local_time import minute_instant
from usufruit.kernel.spans import Span
from usufruit.search.queries import WIDEST_KM, Question, near_miss, nearest
from usufruit.timetable.actions import WantedHold, take
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db
ZONE = "America/Toronto"
HERE = 46.5, -72.5


def hour_of(day: date, hour: int) -> Span:
    start = minute_instant(day, 60 * hour, ZONE, "start")
    return Span(start, start + timedelta(hours=1))


def ask(span: Span | None, radius_km: float = 10.0, **more) -> Question:
    return Question((make_category("salle").pk,), *HERE, radius_km, span, **more)


@pytest.fixture
def asker():
    return make_body()


def test_the_time_alone_left_nothing(asker):
    asset = make_asset(make_body(), opening="lu 9:00-17:00")
    share(asset)
    question = ask(hour_of(date(2026, 12, 2), 10))  # a Wednesday
    assert nearest(question, asker, now=NOW) == []
    missed = near_miss(question, asker, now=NOW, zone=ZONE)
    assert (missed.whenever_count, missed.wider_count, missed.next_days) == (1, 0, 5)
    assert missed.unfiltered_count == 0


def test_the_next_day_keeps_the_hour_on_the_wall_when_the_clock_changes(asker):
    asset = make_asset(make_body(), opening="di 9:00-10:00")
    share(asset)
    question = ask(hour_of(date(2027, 3, 13), 9))  # the Saturday before the change
    assert near_miss(question, asker, now=NOW, zone=ZONE).next_days == 1
    shifted = Span(question.use.start + timedelta(days=1), question.use.end + timedelta(days=1))
    assert nearest(ask(shifted), asker, now=NOW) == []  # the same instant a day later is 10 h


def test_the_radius_alone_left_nothing(asker):
    lender = make_body()
    near_by = make_site(lender, latitude=HERE[0] + 0.25, longitude=HERE[1])  # 28 km
    share(make_asset(lender, site=near_by))
    missed = near_miss(ask(use(24), 10.0), asker, now=NOW, zone=ZONE)
    assert (missed.whenever_count, missed.wider_count, missed.next_days) == (0, 1, None)
    assert missed.wider_km == 40.0
    assert near_miss(ask(use(24), 400.0), asker, now=NOW, zone=ZONE).wider_km == WIDEST_KM


def test_what_more_was_asked_left_nothing(asker):
    small = make_asset(make_body(), capacity=20)
    share(small, mode=Mode.APPROVAL)
    assert nearest(ask(use(24)), asker, now=NOW)
    for question in (ask(use(24), capacity_min=21), ask(use(24), instant_only=True)):
        assert nearest(question, asker, now=NOW) == []
        assert near_miss(question, asker, now=NOW, zone=ZONE).unfiltered_count == 1
    assert nearest(ask(use(24), capacity_min=20), asker, now=NOW)


def test_nothing_within_two_weeks_says_so(asker):
    asset = make_asset(make_body())
    share(asset)
    long = Span(NOW, NOW + timedelta(days=40))
    wanted = WantedHold(
        asset=asset, lanes=all_lanes(asset), span=long, use=long, reason=Hold.Reason.DOWNTIME
    )
    assert take([wanted], now=NOW)
    assert near_miss(ask(use(24)), asker, now=NOW, zone=ZONE).next_days is None
    assert near_miss(ask(None), asker, now=NOW, zone=ZONE).next_days is None


def test_a_visitor_sees_what_is_open_to_others_and_a_stranger_only_his_own():
    lender = make_body()
    for audience in Audience:
        share(make_asset(lender), audience)
    own = make_asset(lender, opening=None)
    stranger = make_body("Inconnu", "association")
    assert len(nearest(ask(use(24)), None, now=NOW)) == 2
    assert nearest(ask(use(24)), stranger, now=NOW) == []
    results = nearest(ask(use(24)), lender, now=NOW)
    assert len(results) == 4
    assert own.pk in {result.asset_id for result in results}
    assert all(result.is_own and result.mode == "instant" for result in results)
