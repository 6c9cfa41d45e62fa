# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of a booking: above all, a confirmed line holds its assets (T3, T7)."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection
from psycopg.types.range import Range

from tests.support.constraints import violates
from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import request_booking
from usufruit.bookings.models import Booking, BookingLine, LineAsset, LineState
from usufruit.bookings.queries import decided_by
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.actions import grant_role
from usufruit.timetable.actions import WantedHold, take
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import held_span, time_range

pytestmark = pytest.mark.django_db


@pytest.fixture
def borrower():
    return make_body()


@pytest.fixture
def foreman(borrower):
    return make_person(borrower, Role.REQUESTER)


def ask(mode: Mode, borrower, foreman, asset=None, **changes) -> BookingLine:
    if asset is None:
        asset = make_asset(make_body())
        share(asset, mode=mode)
    words = {
        "asset": asset,
        "lanes": all_lanes(asset),
        "use": use(24),
        "organization": borrower,
        "purpose": "Essai",
        "people_count": None,
        "key": uuid4(),
        "by": foreman,
        "now": NOW,
    }
    return request_booking(**{**words, **changes})


@pytest.fixture
def confirmed(borrower, foreman):
    return ask(Mode.INSTANT, borrower, foreman)


@pytest.fixture
def requested(borrower, foreman):
    return ask(Mode.APPROVAL, borrower, foreman)


def held_for(line: BookingLine, asset) -> WantedHold:
    return WantedHold(
        asset=asset,
        lanes=all_lanes(asset),
        span=held_span(asset, use(24)),
        use=use(24),
        reason=Hold.Reason.BOOKING,
        line_id=line.pk,
    )


def test_a_confirmed_line_cannot_lose_its_hold(confirmed):
    with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
        Hold.objects.filter(line_id=confirmed.pk).delete()


def test_a_line_cannot_be_confirmed_without_its_hold(requested):
    with violates("line_confirmed_is_held"):
        BookingLine.objects.filter(pk=requested.pk).update(state=LineState.CONFIRMED)


def test_a_line_cannot_be_born_confirmed_without_assets(requested):
    with violates("line_confirmed_is_held"):
        BookingLine.objects.create(
            booking=requested.booking,
            decider=requested.decider,
            use_span=time_range(use(24)),
            state=LineState.CONFIRMED,
        )


@pytest.mark.parametrize(
    "state", [LineState.REFUSED, LineState.WITHDRAWN, LineState.CANCELLED, LineState.REQUESTED]
)
def test_no_other_state_keeps_time(confirmed, state):
    with violates("line_confirmed_is_held"):
        BookingLine.objects.filter(pk=confirmed.pk).update(
            state=state, refusal_code="other", refusal_reason="Autre"
        )


def test_a_request_cannot_hold(requested):
    asset = requested.assets.get().asset
    with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
        assert take([held_for(requested, asset)], now=NOW)


def test_a_confirmed_line_holds_each_of_its_assets_once(confirmed):
    with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
        assert take([held_for(confirmed, make_asset(make_body()))], now=NOW)


def test_an_asset_cannot_join_or_leave_a_confirmed_line_alone(confirmed):
    with violates("asset_of_confirmed_line_is_held", raised_as="line_confirmed_is_held"):
        LineAsset.objects.create(
            line=confirmed,
            asset=make_asset(make_body()),
            lane_count=1,
            lanes=lanes((0, 1)),
            held_span=time_range(use(24)),
        )
    with violates("asset_of_confirmed_line_is_held", raised_as="line_confirmed_is_held"):
        confirmed.assets.all().delete()


def moved(hold: Hold, **changes) -> None:
    """Write a hold anew, as only the door to the sheet does."""
    Hold.objects.filter(pk=hold.pk).update(**changes)


def test_a_confirmed_line_holds_what_it_names_and_not_as_much_elsewhere(borrower, foreman):
    halves = [("A", (0, 1), None), ("B", (1, 2), None)]
    hall = make_asset(make_body(), structure="parts", lane_count=2, parts=halves)
    share(hall)
    line = ask(Mode.INSTANT, borrower, foreman, hall, lanes=lanes((0, 1)))
    hold = Hold.objects.get(line_id=line.pk)
    later = time_range(use(48))
    for changes in (
        {"asset": make_asset(make_body(), structure="parts", lane_count=2)},
        {"lanes": lanes((1, 2))},
        {"span": later, "use_span": later},
        {"span": time_range(use(24, 3))},
        {"use_span": time_range(use(24, 1))},
    ):
        with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
            moved(hold, **changes)
    with violates("asset_of_confirmed_line_is_held", raised_as="line_confirmed_is_held"):
        line.assets.update(held_span=later)
    with violates("line_confirmed_is_held"):
        BookingLine.objects.filter(pk=line.pk).update(use_span=later)


def test_a_hold_that_goes_to_another_line_leaves_the_first_without(confirmed, borrower, foreman):
    asset = confirmed.assets.get().asset
    rule = asset.sharing_rules.get()
    rule.mode = Mode.APPROVAL
    rule.save()
    rival = ask(Mode.APPROVAL, borrower, foreman, asset, use=use(48))
    BookingLine.objects.filter(pk=rival.pk).update(use_span=confirmed.use_span)
    rival.assets.update(held_span=confirmed.assets.get().held_span)
    with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
        BookingLine.objects.filter(pk=rival.pk).update(state=LineState.CONFIRMED)
        moved(Hold.objects.get(line_id=confirmed.pk), line_id=rival.pk)


def test_what_a_confirmed_line_holds_does_not_expire(confirmed):
    with violates("hold_belongs_to_confirmed_line", raised_as="line_confirmed_is_held"):
        moved(Hold.objects.get(line_id=confirmed.pk), expires_at=NOW)


def test_two_holds_on_one_asset_do_not_stand_for_two(confirmed):
    second = make_asset(make_body())
    wish = confirmed.assets.get()
    with violates("asset_of_confirmed_line_is_held", raised_as="line_confirmed_is_held"):
        LineAsset.objects.create(
            line=confirmed,
            asset=second,
            lane_count=1,
            lanes=lanes((0, 1)),
            held_span=wish.held_span,
        )
        after = replace(held_for(confirmed, wish.asset), span=use(48), use=use(48))
        assert take([after], now=NOW)


def test_an_asset_is_once_in_a_line(requested):
    twice = requested.assets.get()
    with violates("line_asset_once"):
        LineAsset.objects.create(
            line=requested,
            asset=twice.asset,
            lane_count=twice.lane_count,
            lanes=twice.lanes,
            held_span=twice.held_span,
        )


@pytest.mark.parametrize(
    "span",
    [Range(empty=True), Range(NOW, None), Range(None, NOW), Range(NOW, NOW), Range(None, None)],
)
def test_a_use_has_a_beginning_and_an_end(requested, span):
    with violates("line_use_has_ends"):
        BookingLine.objects.filter(pk=requested.pk).update(use_span=span)


def test_the_state_is_known(requested):
    with violates("line_state_known"):
        BookingLine.objects.filter(pk=requested.pk).update(state="lost")


@pytest.mark.parametrize(("code", "reason"), [("", "Autre"), ("other", ""), ("", "")])
def test_a_refusal_gives_its_reason(requested, code, reason):
    with violates("line_refusal_has_reason"):
        BookingLine.objects.filter(pk=requested.pk).update(
            state=LineState.REFUSED, refusal_code=code, refusal_reason=reason
        )


def test_a_booking_has_a_purpose_and_is_sent_once(requested):
    with violates("booking_has_purpose"):
        Booking.objects.filter(pk=requested.booking_id).update(purpose="")
    with violates("booking_sent_once"):
        Booking.objects.create(
            reference="222-222",
            organization=requested.booking.organization,
            requester=requested.booking.requester,
            purpose="Essai",
            idempotency_key=requested.booking.idempotency_key,
            created_at=NOW,
        )


# Who answers what waits


def test_the_migration_brings_waiting_requests_to_their_manager_and_leaves_answers(
    requested, confirmed
):
    step = import_module("usufruit.bookings.migrations.0004_waiting_follows_manager")
    manager, former = requested.decider, make_body()
    BookingLine.objects.update(decider=former)
    with connection.cursor() as cursor:
        cursor.execute(step.BRING)
    deciders = dict(BookingLine.objects.values_list("pk", "decider"))
    assert deciders == {requested.pk: manager.pk, confirmed.pk: former.pk}


# One key, one wish


def test_a_key_sent_again_for_another_part_is_refused(borrower, foreman):
    halves = [("A", (0, 1), None), ("B", (1, 2), None)]
    hall = make_asset(make_body(), structure="parts", lane_count=2, parts=halves)
    share(hall)
    key = uuid4()
    first = ask(Mode.INSTANT, borrower, foreman, hall, lanes=lanes((0, 1)), key=key)
    assert ask(Mode.INSTANT, borrower, foreman, hall, lanes=lanes((0, 1)), key=key) == first
    with pytest.raises(Refusal) as refusal:
        ask(Mode.INSTANT, borrower, foreman, hall, lanes=lanes((1, 2)), key=key)
    assert refusal.value.code == "key_reused"


def test_a_key_sent_again_for_another_body_is_refused(borrower, foreman, confirmed):
    other = make_body()
    grant_role(person=foreman, organization=other, role=Role.REQUESTER, by=None, now=NOW)
    with pytest.raises(Refusal) as refusal:
        ask(
            Mode.INSTANT,
            other,
            foreman,
            confirmed.assets.get().asset,
            key=confirmed.booking.idempotency_key,
        )
    assert refusal.value.code == "key_reused"


# The nearest yes is a yes


def test_every_time_proposed_would_be_granted(borrower, foreman):
    asset = make_asset(make_body(), opening="tous 8:00-22:00", buffer_after_min=30)
    share(asset, mode=Mode.INSTANT, windows="tous 8:00-11:00")
    share(asset, mode=Mode.INSTANT, windows="tous 11:00-13:00")
    words = {
        "asset": asset,
        "lanes": all_lanes(asset),
        "organization": borrower,
        "purpose": "Essai",
        "people_count": None,
        "by": foreman,
        "now": NOW,
    }
    with pytest.raises(Refusal) as refusal:  # from 10 h to 12 h: each rule covers half of it
        request_booking(use=use(24), key=uuid4(), **words)
    assert refusal.value.code == "outside_window"
    assert [near.span for near in refusal.value.nearest] == [use(23), use(25)]
    for near in refusal.value.nearest:
        line = request_booking(use=near.span, key=uuid4(), **words)
        assert line.state == LineState.CONFIRMED
        Hold.objects.all().delete()
        BookingLine.objects.filter(pk=line.pk).update(state=LineState.CANCELLED)


def test_proposals_stay_within_two_weeks_and_ahead_of_now(borrower, foreman):
    asset = make_asset(make_body(), opening="tous 8:00-22:00")
    share(asset, mode=Mode.INSTANT, windows="lu 8:00-9:00")
    with pytest.raises(Refusal) as refusal:
        ask(Mode.INSTANT, borrower, foreman, asset, use=use(24, 1), key=uuid4())
    for near in refusal.value.nearest:
        assert near.span.start >= NOW
        assert abs(near.span.start - use(24).start) <= timedelta(days=14)


# The lists of a body stay fast as they grow


def test_the_last_answers_are_read_by_their_index(requested):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = decided_by(requested.decider)[:10].explain()
    assert "line_decided" in plan
    assert "Sort" not in plan
