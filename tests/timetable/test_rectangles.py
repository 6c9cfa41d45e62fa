# SPDX-License-Identifier: EUPL-1.2
"""The sheet of paper: what PostgreSQL refuses to store on it, and the one door to it (T1 to T9)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.support.constraints import violates
from tests.support.sql_snapshot import recorded
from tests.support.together import apart
from tests.support.world import (
    NOW,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    share,
    use,
)
from usufruit.bookings.actions import request_booking
from usufruit.bookings.models import BookingLine, LineAsset
from usufruit.inventory.models import Asset
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.timetable.actions import (
    WantedHold,
    block_time,
    move,
    release,
    take,
    unblock_time,
)
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import free_of_holds, held_span, holds_meeting, is_taken, span_of

pytestmark = pytest.mark.django_db

GOOD = {
    "lane_count": "2",
    "lanes": "'{[0,1)}'",
    "span": "'[2027-01-04 10:00Z,2027-01-04 12:00Z)'",
    "use_span": "'[2027-01-04 10:00Z,2027-01-04 12:00Z)'",
    "reason": "'own_use'",
    "expires_at": "NULL",
    "line_id": "NULL",
    "note": "''",
}


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def hall(lender):
    halves = [("Moitié A", (0, 1), None), ("Moitié B", (1, 2), None)]
    return make_asset(lender, structure="parts", lane_count=2, parts=halves)


@pytest.fixture
def plough(lender):
    return make_asset(lender)


@pytest.fixture
def manager(lender):
    return make_person(lender, Role.ASSET_MANAGER)


def write(asset: Asset, **columns: str) -> None:
    """Write a hold by hand, as no code of ours may; each column is SQL."""
    values = {**GOOD, **columns}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO timetable_hold (asset_id, {', '.join(values)})"
            f" VALUES ({asset.pk}, {', '.join(values.values())})"
        )


def wanted(asset: Asset, span: Span, part=None, **columns) -> WantedHold:
    return WantedHold(
        asset=asset,
        lanes=part or all_lanes(asset),
        span=held_span(asset, span),
        use=span,
        reason=columns.pop("reason", Hold.Reason.OWN_USE),
        **columns,
    )


def test_a_whole_rectangle_is_stored(hall):
    write(hall)
    hold = Hold.objects.get()
    assert span_of(hold.span) == span_of(hold.use_span)
    assert hold.lanes == lanes((0, 1))


@pytest.mark.parametrize(
    "text",
    [
        "'empty'",
        "'[2027-01-04 10:00Z,2027-01-04 10:00Z)'",  # empty as well
        "'[2027-01-04 10:00Z,2027-01-04 12:00Z]'",
        "'(2027-01-04 10:00Z,2027-01-04 12:00Z)'",
        "'[2027-01-04 10:00Z,)'",
        "'(,2027-01-04 12:00Z)'",
        "'[-infinity,2027-01-04 12:00Z)'",
        "'[2027-01-04 10:00Z,infinity)'",
    ],
)
def test_a_span_that_is_not_finite_and_half_open_is_refused(hall, text):
    with violates("hold_span_half_open"):
        write(hall, span=text, use_span="'[2027-01-04 10:30Z,2027-01-04 11:00Z)'")


@pytest.mark.parametrize(
    "text", ["'{}'", "'{[0,3)}'", "'{[2,3)}'", "'{[-1,1)}'", "'{[0,1),[5,6)}'"]
)
def test_lanes_that_do_not_exist_are_refused(hall, text):
    with violates("hold_lanes_exist"):
        write(hall, lanes=text)


@pytest.mark.parametrize(
    "text",
    [
        "'empty'",
        "'[2027-01-04 09:59Z,2027-01-04 12:00Z)'",
        "'[2027-01-04 10:00Z,2027-01-04 12:00:01Z)'",
        "'[2027-01-04 10:00Z,2027-01-04 11:00Z]'",
        "'[2027-01-04 10:00Z,)'",
    ],
)
def test_a_use_outside_what_is_held_is_refused(hall, text):
    with violates("hold_use_inside"):
        write(hall, use_span=text)


@pytest.mark.parametrize("column", ["lane_count", "lanes", "span", "use_span", "reason"])
def test_nothing_of_a_rectangle_may_be_unknown(hall, column):
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        write(hall, **{column: "NULL"})
    assert raised.value.__cause__.diag.column_name == column


def test_a_hold_cannot_lie_about_the_lanes_of_its_asset(hall):
    with violates("hold_of_asset_lanes"):
        write(hall, lane_count="3", lanes="'{[2,3)}'")


def test_an_unknown_reason_is_refused(hall):
    with violates("hold_reason_known"):
        write(hall, reason="'holiday'")


@pytest.mark.parametrize(("reason", "line"), [("'booking'", "NULL"), ("'own_use'", "1")])
def test_a_booking_names_its_line_and_nothing_else_does(hall, reason, line):
    with violates("hold_booking_names_line"):
        write(hall, reason=reason, line_id=line)


def test_a_hold_names_a_line_that_exists(hall):
    with violates("hold_names_line"):
        write(hall, reason="'booking'", line_id="999999")


def test_lanes_neither_shrink_nor_grow_under_what_is_held(lender):
    """Shrunk, a hold would lie outside; grown, the whole of four would be two thirds of six."""
    hall = make_asset(lender, structure="parts", lane_count=4)
    Asset.objects.filter(pk=hall.pk).update(lane_count=5)
    Asset.objects.filter(pk=hall.pk).update(lane_count=4)
    write(hall, lane_count="4", lanes="'{[2,3)}'")
    with violates("hold_lanes_exist"):
        Asset.objects.filter(pk=hall.pk).update(lane_count=2)
    for lane_count in (3, 6):
        with violates("hold_lanes_stay"):
            Asset.objects.filter(pk=hall.pk).update(lane_count=lane_count)


@pytest.mark.parametrize(
    ("lane_text", "span_text"),
    [
        ("'{[0,2)}'", GOOD["span"]),
        ("'{[0,1)}'", "'[2027-01-04 11:59:59Z,2027-01-04 13:00Z)'"),
        ("'{[0,2)}'", "'[2027-01-04 09:00Z,2027-01-04 10:00:01Z)'"),
        ("'{[0,1)}'", "'[2027-01-04 10:30Z,2027-01-04 11:00Z)'"),
    ],
)
def test_rectangles_never_overlap(hall, lane_text, span_text):
    write(hall)
    with violates("hold_no_overlap"):
        write(hall, lanes=lane_text, span=span_text, use_span=span_text)


def test_the_other_half_the_next_hour_and_another_asset_are_free(hall, plough):
    write(hall)
    write(hall, lanes="'{[1,2)}'")
    next_hour = "'[2027-01-04 12:00Z,2027-01-04 13:00Z)'"
    write(hall, lanes="'{[0,2)}'", span=next_hour, use_span=next_hour)
    write(plough, lane_count="1")
    assert Hold.objects.count() == 4


def test_the_guard_cannot_be_put_off_until_commit():
    with connection.cursor() as cursor:
        cursor.execute("SELECT condeferrable FROM pg_constraint WHERE conname = 'hold_no_overlap'")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = 'timetable_hold'::regclass"
        )
        assert cursor.fetchall() == []  # a hold may be deleted whoever looks (T2)


# The door


def test_half_against_whole_needs_no_code(hall):
    half, other, whole = lanes((0, 1)), lanes((1, 2)), lanes((0, 2))
    assert len(take([wanted(hall, use(24), half)], now=NOW)) == 1
    assert take([wanted(hall, use(24), whole)], now=NOW) == []
    assert len(take([wanted(hall, use(24), other)], now=NOW)) == 1
    assert take([wanted(hall, use(25, 1), whole)], now=NOW) == []
    assert len(take([wanted(hall, use(26), whole)], now=NOW)) == 1


def test_what_meets_another_of_the_same_wish_is_left_out(plough):
    taken = take([wanted(plough, use(24)), wanted(plough, use(25))], now=NOW)
    assert len(taken) == Hold.objects.count() == 1


def test_a_malformed_wish_is_an_error_not_a_silence(hall):
    with violates("hold_lanes_exist"):
        take([wanted(hall, use(24), lanes((0, 3)))], now=NOW)
    outside = WantedHold(
        asset=hall,
        lanes=lanes((0, 1)),
        span=use(24),
        use=use(23),
        reason=Hold.Reason.OWN_USE,
    )
    with violates("hold_use_inside"):
        take([outside], now=NOW)


def verb_of(statement: str) -> str:
    return next(word for word in statement.split() if word in {"SELECT", "INSERT", "DELETE"})


def test_holds_are_taken_in_one_insert_in_the_order_of_locks(hall, plough):
    wishes = [
        wanted(plough, use(40)),
        wanted(hall, use(30), lanes((1, 2))),
        wanted(plough, use(24)),
        wanted(hall, use(30), lanes((0, 1))),
        wanted(hall, use(24)),
    ]
    with recorded() as queries:
        take(wishes, now=NOW)
    assert [verb_of(query.statement) for query in queries.sent] == ["DELETE", "INSERT"]
    assert "ON CONFLICT ON CONSTRAINT hold_no_overlap DO NOTHING" in queries.sent[1].statement
    stored = Hold.objects.order_by("pk")
    first, second = sorted([hall, plough], key=lambda asset: asset.pk)
    order = [(h.asset_id, h.span.lower, h.lanes[0].lower) for h in stored]
    assert order == sorted(order)
    assert {order[0][0], order[-1][0]} == {first.pk, second.pk}


def test_outside_a_transaction_nothing_is_taken(plough):
    with pytest.raises(transaction.TransactionManagementError, match="inside a verb"):
        apart(lambda: take([wanted(plough, use(24))], now=NOW))


# What is released is gone from the sheet, not from memory


def test_history_keeps_what_was_released(plough, manager):
    pk = block_time(
        asset=plough,
        lanes=all_lanes(plough),
        use=use(24),
        reason=Hold.Reason.DOWNTIME,
        note="Vidange",
        by=manager,
        now=NOW,
    )
    unblock_time(hold=Hold.objects.get(pk=pk), by=manager, now=NOW)
    assert not Hold.objects.exists()
    history = Hold._meta.get_field("events").related_model.objects.order_by("pgh_id")
    assert [(event.pgh_label, event.note) for event in history] == [
        ("insert", "Vidange"),
        ("delete", "Vidange"),
    ]
    assert history[1].pgh_obj_id == pk
    assert span_of(history[1].span) == use(24)


def test_a_booking_s_time_is_not_unblocked_by_hand(plough, manager):
    hold = Hold(asset=plough, reason=Hold.Reason.BOOKING)
    with pytest.raises(Refusal) as refusal:
        unblock_time(hold=hold, by=manager, now=NOW)
    assert refusal.value.code == "held_by_booking"


def test_blocking_what_is_taken_is_refused(plough, manager):
    words = {"lanes": all_lanes(plough), "note": "", "by": manager, "now": NOW}
    words["reason"] = Hold.Reason.OWN_USE
    block_time(asset=plough, use=use(24), **words)
    with pytest.raises(Refusal) as refusal:
        block_time(asset=plough, use=use(25), **words)
    assert refusal.value.code == "slot_taken"


# Options that run out (T8)


def test_an_option_blocks_until_it_expires_and_the_next_insert_deletes_it(plough):
    option = wanted(plough, use(24), expires_at=NOW + timedelta(minutes=15))
    take([option], now=NOW)
    before, after = NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)
    assert is_taken(plough, all_lanes(plough), use(24), before)
    assert free_of_holds(plough, all_lanes(plough), [use(24)], before) == []
    assert take([wanted(plough, use(24))], now=before) == []
    # At its last minute it is over for readers, though the row still stands.
    assert not is_taken(plough, all_lanes(plough), use(24), after)
    assert free_of_holds(plough, all_lanes(plough), [use(24)], after) == [use(24)]
    assert not holds_meeting(plough, use(24), after).exists()
    assert Hold.objects.count() == 1
    (taken,) = take([wanted(plough, use(24))], now=after)
    assert Hold.objects.get().pk == taken[0]


def test_only_options_that_stand_in_the_way_are_deleted(plough, hall):
    expiry = NOW + timedelta(minutes=15)
    take(
        [wanted(plough, use(48), expires_at=expiry), wanted(hall, use(24), expires_at=expiry)],
        now=NOW,
    )
    take([wanted(plough, use(24))], now=NOW + timedelta(hours=1))
    assert Hold.objects.filter(expires_at__isnull=False).count() == 2


def test_what_never_expires_is_never_deleted(plough):
    take([wanted(plough, use(24))], now=NOW)
    assert take([wanted(plough, use(24))], now=NOW + timedelta(days=400)) == []


# Buffers and moves, on the sheet alone


def test_buffers_are_never_shared(lender):
    hall = make_asset(lender, buffer_before_min=15, buffer_after_min=30)
    take([wanted(hall, use(24))], now=NOW)
    for gap_min, is_free in [(0, False), (30, False), (44, False), (45, True)]:
        after = use(26 + gap_min / 60)
        assert is_taken(hall, all_lanes(hall), held_span(hall, after), NOW) is not is_free
        assert bool(take([wanted(hall, after)], now=NOW)) is is_free
    before = Span(
        use(24).start - timedelta(hours=2, minutes=45), use(24).start - timedelta(minutes=45)
    )
    assert len(take([wanted(hall, before)], now=NOW)) == 1


@pytest.fixture
def line(plough, lender):
    """A confirmed line, since only such a line holds time."""
    share(plough)
    body = make_body()
    return request_booking(
        asset=plough,
        lanes=all_lanes(plough),
        use=use(24),
        organization=body,
        purpose="Essai",
        people_count=None,
        key=uuid4(),
        by=make_person(body, Role.REQUESTER),
        now=NOW,
    )


def of_line(asset: Asset, span: Span, line) -> WantedHold:
    return wanted(asset, span, reason=Hold.Reason.BOOKING, line_id=line.pk)


def test_a_move_that_fails_leaves_the_old_rectangles(plough, hall, line):
    take([wanted(hall, use(40))], now=NOW)
    before = list(Hold.objects.order_by("pk").values())
    assert not move(
        line.pk, [of_line(plough, use(40), line), of_line(hall, use(40), line)], now=NOW
    )
    assert list(Hold.objects.order_by("pk").values()) == before


def test_a_move_over_its_own_time_succeeds(plough, line):
    assert move(line.pk, [of_line(plough, use(25), line)], now=NOW)
    moved = Hold.objects.get()
    assert span_of(moved.use_span) == use(25)
    BookingLine.objects.update(use_span=moved.use_span)  # what its room writes beside a move
    LineAsset.objects.update(held_span=moved.span)
    with violates("line_confirmed_is_held"):
        assert release([line.pk]) == 1
