# SPDX-License-Identifier: EUPL-1.2
"""Asking, approving, refusing, withdrawing, cancelling and moving."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404

from tests.support.world import (
    NOW,
    Audience,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import (
    approve_line,
    cancel_line,
    move_line,
    refuse_line,
    request_booking,
    withdraw_line,
)
from usufruit.bookings.models import Booking, LineState
from usufruit.bookings.queries import (
    decided_by,
    history_of,
    inbox_of,
    line_for,
    line_to_decide_for,
    nearest_free,
)
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.inventory.actions import correct_asset, set_asset_state
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def clerk(lender):
    return make_person(lender, Role.DESK_CLERK)


@pytest.fixture
def borrower():
    return make_body("Ville voisine")


@pytest.fixture
def foreman(borrower):
    return make_person(borrower, Role.REQUESTER)


def ask(asset, body, person, span=None, *, key=None, taken=None, now=NOW):
    return request_booking(
        asset=asset,
        lanes=taken or all_lanes(asset),
        use=span or use(24),
        organization=body,
        purpose="Déneiger la rue Principale",
        people_count=None,
        key=key or uuid4(),
        by=person,
        now=now,
    )


def test_instant_rule_confirms_and_holds_with_buffers(lender, borrower, foreman):
    asset = make_asset(lender, buffer_before_min=15, buffer_after_min=30)
    share(asset)
    line = ask(asset, borrower, foreman, use(24, 2))
    assert line.state == LineState.CONFIRMED
    hold = Hold.objects.get(line_id=line.pk)
    assert hold.use_span.lower == NOW + timedelta(hours=24)
    assert hold.span.lower == NOW + timedelta(hours=24) - timedelta(minutes=15)
    assert hold.span.upper == NOW + timedelta(hours=26, minutes=30)


def test_same_key_takes_nothing_twice(lender, borrower, foreman):
    asset, key = make_asset(lender), uuid4()
    share(asset)
    first = ask(asset, borrower, foreman, key=key)
    assert ask(asset, borrower, foreman, key=key).pk == first.pk
    assert (Booking.objects.count(), Hold.objects.count()) == (1, 1)


def test_key_of_another_wish_is_refused(lender, borrower, foreman):
    asset, key = make_asset(lender), uuid4()
    share(asset)
    ask(asset, borrower, foreman, key=key)
    with pytest.raises(Refusal) as refusal:
        ask(asset, borrower, foreman, use(48), key=key)
    assert refusal.value.code == "key_reused"


def test_approval_gives_to_one_and_tells_the_rivals(lender, clerk, borrower, foreman):
    asset = make_asset(lender)
    share(asset, mode=Mode.APPROVAL)
    other_body = make_body()
    other = make_person(other_body, Role.REQUESTER)
    line = ask(asset, borrower, foreman)
    rival = ask(asset, other_body, other, use(25))
    apart = ask(asset, other_body, other, use(72))
    assert Hold.objects.count() == 0  # asking is not holding
    approve_line(line=line, by=clerk, now=NOW)
    rival.refresh_from_db()
    apart.refresh_from_db()
    assert (rival.state, rival.refusal_code) == (LineState.REFUSED, "given_to_another")
    assert apart.state == LineState.REQUESTED
    assert Hold.objects.get().line_id == line.pk
    with pytest.raises(Refusal) as refusal:
        approve_line(line=rival, by=clerk, now=NOW)
    assert refusal.value.code == "already_decided"


def test_half_against_whole_needs_no_code(lender, borrower, foreman):
    asset = make_asset(
        lender,
        structure="parts",
        lane_count=2,
        parts=[("Moitié A", (0, 1), 100), ("Moitié B", (1, 2), 100)],
    )
    share(asset)
    ask(asset, borrower, foreman, taken=lanes((0, 1)))
    ask(asset, borrower, foreman, taken=lanes((1, 2)))
    with pytest.raises(Refusal) as refusal:
        ask(asset, borrower, foreman)
    assert refusal.value.code == "slot_taken"
    assert [a.span.start for a in refusal.value.nearest] == [use(22).start, use(26).start]


def test_refusal_names_the_nearest_yes_inside_windows(lender, borrower, foreman):
    asset = make_asset(lender, opening="tous 8:00-22:00")
    share(asset, windows="me 18:00-22:00")
    with pytest.raises(Refusal) as refusal:
        ask(asset, borrower, foreman, use(24))  # Wednesday 10 h
    assert refusal.value.code == "outside_window"
    # Wednesday 18 h in Toronto is 23 h UTC.
    assert refusal.value.nearest[0].span.start.isoformat() == "2026-12-02T23:00:00+00:00"


@pytest.mark.parametrize(
    ("opening", "hours_ahead", "code"),
    [
        ("tous 8:00-9:00", 24, "closed"),
        (None, 24, "closed"),
        ("tous 0:00-24:00", -2, "starts_in_past"),
    ],
)
def test_refused_when_closed_or_past(lender, borrower, foreman, opening, hours_ahead, code):
    asset = make_asset(lender, opening=opening)
    share(asset)
    with pytest.raises(Refusal) as refusal:
        ask(asset, borrower, foreman, use(hours_ahead))
    assert refusal.value.code == code


def test_refused_to_whom_no_rule_speaks(lender):
    association = make_body("Club de volleyball", "association", is_recognized=True)
    volunteer = make_person(association, Role.REQUESTER)
    asset = make_asset(lender)
    share(asset, Audience.PUBLIC_BODIES)
    with pytest.raises(Refusal) as refusal:
        ask(asset, association, volunteer)
    assert refusal.value.code == "not_open_to_you"


def test_own_people_book_outside_hours_and_rules(lender):
    manager = make_person(lender, Role.ASSET_MANAGER)
    asset = make_asset(lender, opening=None)
    assert ask(asset, lender, manager).state == LineState.CONFIRMED


def test_member_without_the_role_cannot_ask(lender, borrower):
    asset = make_asset(lender)
    share(asset)
    with pytest.raises(Refusal) as refusal:
        ask(asset, borrower, make_person(borrower, Role.MEMBER))
    assert refusal.value.code == "not_a_requester"


def test_refused_line_keeps_its_reason(lender, clerk, borrower, foreman):
    asset = make_asset(lender)
    share(asset, mode=Mode.APPROVAL)
    line = ask(asset, borrower, foreman)
    line = refuse_line(
        line=line, reason=REFUSAL_REASONS[0], explanation="Patinoire ce soir-là", by=clerk, now=NOW
    )
    assert (line.state, line.refusal_code) == (LineState.REFUSED, "needed_by_owner")
    assert line.refusal_reason == "Patinoire ce soir-là"


def test_stranger_cannot_decide(lender, borrower, foreman):
    asset = make_asset(lender)
    share(asset, mode=Mode.APPROVAL)
    line = ask(asset, borrower, foreman)
    with pytest.raises(Refusal) as refusal:
        approve_line(line=line, by=foreman, now=NOW)
    assert refusal.value.code == "not_a_decider"


def hand_over(asset, owner, to):
    """Let the owner give an asset to another manager."""
    steward = make_person(owner, Role.ASSET_MANAGER)
    correct_asset(asset=asset, changes={"manager": to}, by=steward, now=NOW)


def test_a_request_that_waits_goes_with_the_asset_to_its_new_manager(
    lender, clerk, borrower, foreman
):
    asset, other = make_asset(lender), make_body("Régie des loisirs")
    share(asset, mode=Mode.APPROVAL)
    waiting, answered = ask(asset, borrower, foreman), ask(asset, borrower, foreman, use(72))
    approve_line(line=answered, by=clerk, now=NOW)
    hand_over(asset, lender, other)
    reference = waiting.booking.reference
    successor = make_person(other, Role.DESK_CLERK)
    assert list(inbox_of(lender, NOW)) == []
    assert list(inbox_of(other, NOW)) == [waiting]
    assert line_to_decide_for(successor, reference) == waiting
    with pytest.raises(Http404):
        line_for(clerk, reference)
    with pytest.raises(Refusal) as refusal:
        approve_line(line=waiting, by=clerk, now=NOW)
    assert refusal.value.code == "not_a_decider"
    line = approve_line(line=waiting, by=successor, now=NOW)
    assert line.decider == other
    # What was answered stays with the body that answered it.
    assert list(decided_by(lender)) == [answered]
    assert line_for(clerk, answered.booking.reference) == answered
    # Who manages the asset now must know what it will serve, and answers for nothing it said.
    assert line_for(successor, answered.booking.reference) == answered
    with pytest.raises(Http404):
        line_to_decide_for(successor, answered.booking.reference)


def test_a_request_sent_from_a_page_read_before_the_change_finds_the_new_manager(
    lender, borrower, foreman
):
    asset, other = make_asset(lender), make_body("Régie des loisirs")
    share(asset, mode=Mode.APPROVAL)
    read_before = Asset.objects.select_related("manager", "site").get(pk=asset.pk)
    hand_over(asset, lender, other)
    line = ask(read_before, borrower, foreman)
    assert list(inbox_of(other, NOW)) == [line]


def test_withdrawn_and_cancelled_hold_nothing(lender, borrower, foreman):
    slow, quick = make_asset(lender), make_asset(lender)
    share(slow, mode=Mode.APPROVAL)
    share(quick)
    asked, confirmed = ask(slow, borrower, foreman), ask(quick, borrower, foreman)
    assert withdraw_line(line=asked, by=foreman, now=NOW).state == LineState.WITHDRAWN
    assert cancel_line(line=confirmed, by=foreman, now=NOW).state == LineState.CANCELLED
    assert not Hold.objects.exists()
    ask(quick, borrower, foreman)


def test_history_names_the_body_that_did_each_thing(lender, clerk, borrower, foreman):
    asset = make_asset(lender)
    share(asset, mode=Mode.APPROVAL)
    line = ask(asset, borrower, foreman)
    line = approve_line(line=line, by=clerk, now=NOW)
    line = cancel_line(line=line, by=foreman, now=NOW)
    told = [(event.words, event.body) for event in history_of(line)]
    assert told == [
        ("Demande envoyée", borrower.name),
        ("Demande acceptée", lender.name),
        ("Réservation annulée", borrower.name),
    ]


def test_moving_keeps_the_old_time_when_the_new_is_taken(lender, borrower, foreman):
    asset = make_asset(lender)
    share(asset)
    line = ask(asset, borrower, foreman, use(24))
    ask(asset, borrower, foreman, use(30))
    with pytest.raises(Refusal) as refusal:
        move_line(line=line, use=use(29), by=foreman, now=NOW)
    assert refusal.value.code == "slot_taken"
    assert Hold.objects.get(line_id=line.pk).use_span.lower == use(24).start
    move_line(line=line, use=use(25, 3), by=foreman, now=NOW)  # overlaps its own old time
    assert Hold.objects.get(line_id=line.pk).use_span.upper == use(25, 3).end


def test_started_booking_is_not_cancelled(lender, borrower, foreman):
    asset = make_asset(lender)
    share(asset)
    line = ask(asset, borrower, foreman, use(1))
    with pytest.raises(Refusal) as refusal:
        cancel_line(line=line, by=foreman, now=NOW + timedelta(hours=2))
    assert refusal.value.code == "already_started"


def test_a_key_with_other_words_is_refused_not_swallowed(lender, borrower, foreman):
    asset, key = make_asset(lender), uuid4()
    share(asset)
    ask(asset, borrower, foreman, key=key)
    with pytest.raises(Refusal) as refusal:
        request_booking(
            asset=asset,
            lanes=all_lanes(asset),
            use=use(24),
            organization=borrower,
            purpose="Tout autre chose",
            people_count=None,
            key=key,
            by=foreman,
            now=NOW,
        )
    assert refusal.value.code == "key_reused"


def test_a_reference_drawn_twice_is_drawn_again(lender, borrower, foreman, monkeypatch):
    asset, drawn = make_asset(lender), iter([7, 7, 8])
    share(asset)
    monkeypatch.setattr("usufruit.bookings.writing.secrets.randbelow", lambda _most: next(drawn))
    first = ask(asset, borrower, foreman)
    second = ask(asset, borrower, foreman, use(48))
    assert first.booking.reference != second.booking.reference
    assert Booking.objects.count() == 2


def test_a_request_made_before_a_new_division_is_not_given_a_fraction(
    lender, clerk, borrower, foreman
):
    gym = make_asset(lender)
    share(gym, mode=Mode.APPROVAL)
    line = ask(gym, borrower, foreman)
    thirds = [(f"Tiers {n + 1}", (n, n + 1), None) for n in range(3)]
    changes = {"structure": "parts", "lane_count": 3}
    correct_asset(asset=gym, changes=changes, parts=thirds, by=clerk, now=NOW)
    with pytest.raises(Refusal) as refusal:
        approve_line(line=line, by=clerk, now=NOW)
    assert refusal.value.code == "divided_since"
    assert Hold.objects.count() == 0


def test_lanes_read_before_a_new_division_are_not_taken(lender, clerk, borrower, foreman):
    gym = make_asset(lender)
    share(gym)
    read_before = Asset.objects.select_related("manager", "site", "opening").get(pk=gym.pk)
    thirds = [(f"Tiers {n + 1}", (n, n + 1), None) for n in range(3)]
    changes = {"structure": "parts", "lane_count": 3}
    correct_asset(asset=gym, changes=changes, parts=thirds, by=clerk, now=NOW)
    with pytest.raises(Refusal) as refusal:
        ask(read_before, borrower, foreman)
    assert refusal.value.code == "divided_since"
    assert Booking.objects.count() == 0


def test_a_booking_of_a_withdrawn_asset_stands_but_does_not_move(lender, clerk, borrower, foreman):
    asset = make_asset(lender)
    share(asset)
    line = ask(asset, borrower, foreman)
    set_asset_state(asset=asset, state=Asset.State.WITHDRAWN, by=clerk, now=NOW)
    with pytest.raises(Refusal) as refusal:
        move_line(line=line, use=use(48), by=foreman, now=NOW)
    assert refusal.value.code == "not_published"
    assert Hold.objects.get().use == use(24)


def test_looking_for_another_time_asks_the_sheet_once(
    lender, borrower, foreman, django_assert_max_num_queries
):
    hours = "lu-di 8:00-9:00, 10:00-11:00, 12:00-13:00, 14:00-15:00"
    asset = make_asset(lender, opening=hours)
    share(asset)
    share(asset, windows=hours)
    with django_assert_max_num_queries(15):
        assert nearest_free(asset, all_lanes(asset), borrower, use(24, 1), NOW)
