# SPDX-License-Identifier: EUPL-1.2
"""Sites shut for a run of time: what is stored, and SQL that says what Python says."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.constraints import violates
from tests.support.world import (
    NOW,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
    use,
)
from usufruit.bookings.queries import usable_spans
from usufruit.bookings.terms import answer
from usufruit.search.free_time import free_times
from usufruit.search.queries import Question, nearest
from usufruit.timetable.closures import shut_during, shut_spans
from usufruit.timetable.models import ClosedSite, Closure
from usufruit.timetable.opening_actions import reopen_sites, shut_sites

pytestmark = pytest.mark.django_db


def shut(body, sites, span, by=None) -> Closure:
    by = by or make_person(body, Role.ASSET_MANAGER)
    return shut_sites(organization=body, sites=sites, span=span, reason="verglas", by=by, now=NOW)


def test_what_is_stored():
    body = make_body()
    site = make_site(body)
    closure = shut(body, [site], use(1))
    with violates("closure_says_why"):
        Closure.objects.filter(pk=closure.pk).update(reason="")
    for span in ("empty", "[2026-12-01,)", "(,2026-12-01)"):
        with violates("closure_has_ends"), connection.cursor() as cursor:
            cursor.execute("UPDATE timetable_closure SET span = %s", [span])
    with violates("closed_site_once"):
        ClosedSite.objects.create(closure=closure, site=site)


def test_reopened_is_shut_no_more_and_only_there():
    body = make_body()
    by, (first, second) = make_person(body, Role.ASSET_MANAGER), (make_site(body), make_site(body))
    closure = shut(body, [first, second], use(1), by)
    assert set(shut_spans([first.pk, second.pk], use(0, 4))) == {first.pk, second.pk}
    assert reopen_sites(closure=closure, sites=[first], by=by, now=NOW) == 1
    assert reopen_sites(closure=closure, sites=[first], by=by, now=NOW) == 0
    assert set(shut_spans([first.pk, second.pk], use(0, 4))) == {second.pk}


HOURS = st.integers(0, 12)


@settings(max_examples=25, deadline=None)
@given(
    closures=st.lists(
        st.tuples(HOURS, st.integers(1, 4), st.booleans(), st.booleans()), max_size=4
    ),
    asked=st.tuples(HOURS, st.integers(1, 3)),
)
def test_sql_and_python_say_the_same_of_closures(closures, asked):
    body, reader = make_body(), make_body()
    by = make_person(body, Role.ASSET_MANAGER)
    assets = [make_asset(body), make_asset(body)]
    for asset in assets:
        share(asset)
    sites = [asset.site for asset in assets]
    expected = {site.pk: [] for site in sites}
    for start, length, is_second, is_reopened in closures:
        span, site = use(24 + start, length), sites[is_second]
        closure = shut(body, [site], span, by)
        if is_reopened:
            reopen_sites(closure=closure, sites=[site], by=by, now=NOW)
        else:
            expected[site.pk].append(span)
    wanted = use(24 + asked[0], asked[1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT sites_shut(tstzrange(%s, %s))", [wanted.start, wanted.end])
        (in_sql,) = cursor.fetchone()
    mine = {pk for pk in in_sql if pk in expected}
    blocked = {pk for pk, spans in expected.items() if any(one.overlaps(wanted) for one in spans)}
    assert mine == blocked == set(shut_spans(expected, wanted))
    for asker in (reader, body):
        question = Question((assets[0].category_id,), 46.5, -72.5, 1, wanted)
        found = {one.asset_id for one in nearest(question, asker, now=NOW, most=200)}
        free = free_times([one.pk for one in assets], asker, wanted, NOW)
        for asset in assets:
            is_open = asset.site_id not in blocked
            assert (asset.pk in found) == is_open
            assert (asset.pk in free) == is_open
            told = answer(asset, all_lanes(asset), asker, wanted, NOW)
            assert (told.mode is not None) == is_open
            usable = usable_spans(asset, asker, NOW, NOW + timedelta(days=3))
            assert any(one.contains(wanted) for one in usable) == is_open


def test_no_span_shuts_nothing():
    body = make_body()
    shut(body, [make_site(body)], use(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sites_shut(NULL)")
        assert cursor.fetchone() == ([],)
    assert not shut_during([], use(1)).exists()
