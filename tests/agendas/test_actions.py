# SPDX-License-Identifier: EUPL-1.2
"""What agendas say is held as the union of their events, and never over what stands (T17)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.constraints import violates
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, Role, all_lanes, make_asset, make_body, make_person, share, use
from usufruit.agendas import actions, imports
from usufruit.agendas.feeds import Answer
from usufruit.agendas.ics import Moment
from usufruit.agendas.models import Agenda, AgendaEvent, AgendaImport, AgendaWaiver
from usufruit.agendas.queries import conflicts, to_look_at, waiting_count
from usufruit.agendas.rules import is_doubtful, next_wait, pieces
from usufruit.bookings.actions import cancel_line, request_booking
from usufruit.kernel.fields import lanes
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.timetable.actions import block_time, unblock_time
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import span_of

pytestmark = pytest.mark.django_db
ADDRESS = "https://agenda.exemple.test/secret/salle.ics"
HALVES = [("Moitié est", (0, 1), None), ("Moitié ouest", (1, 2), None)]


@pytest.fixture
def hall():
    return make_asset(make_body())


def manager_of(asset):
    return make_person(asset.manager, Role.ASSET_MANAGER)


def follow(asset, *spans, part=None, address=ADDRESS):
    agenda = actions.follow_agenda(
        asset=asset, part=part, name="Outlook", address=address, by=manager_of(asset), now=NOW
    )
    say(agenda, *spans)
    return agenda


def text_of(*spans):
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}@essai\nSUMMARY:Réunion {number}\n"
        f"DTSTART:{span.start:%Y%m%dT%H%M%SZ}\nDTEND:{span.end:%Y%m%dT%H%M%SZ}\nEND:VEVENT\n"
        for number, span in enumerate(spans)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n".encode()


def say(agenda, *spans, now=NOW):
    answer = Answer(text_of(*spans), etag='"1"')
    actions.receive(agenda_id=agenda.pk, answer=answer, now=now, chance=0.5)
    agenda.refresh_from_db()


def book(asset, span, taken=None):
    if not asset.sharing_rules.exists():
        share(asset)
    body = make_body()
    return request_booking(
        asset=asset,
        lanes=taken or all_lanes(asset),
        use=span,
        organization=body,
        purpose="Entraînement",
        people_count=None,
        key=uuid4(),
        by=make_person(body, Role.REQUESTER),
        now=NOW,
    )


def held(agenda):
    rows = Hold.objects.filter(agenda_id=agenda.pk).order_by("span")
    return [span_of(hold.span) for hold in rows]


def found(asset):
    return conflicts(asset.manager, NOW, asset=asset)


spans = st.builds(
    lambda start, length: use(start / 4, length / 4), st.integers(0, 80), st.integers(1, 20)
)


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=5), st.integers(0, 60))
def test_pieces_cover_the_union_where_nothing_stands(events, standing, buffer_min):
    buffer = timedelta(minutes=buffer_min)
    found = pieces(events, standing, buffer, buffer)
    held_spans = [piece.span for piece in found]
    wanted = [Span(one.start - buffer, one.end + buffer) for one in events]
    assert held_spans == subtract(wanted, standing)
    assert intersect(held_spans, standing) == []
    assert all(piece.span.contains(piece.use) for piece in found)
    assert merge(held_spans) == held_spans


def test_one_hold_for_each_maximal_interval(hall):
    agenda = follow(hall, use(24, 2), use(25, 3), use(28, 1), use(40, 1))
    assert held(agenda) == [use(24, 5), use(40, 1)]
    assert agenda.events.count() == 4
    assert not found(hall)


def test_buffers_join_the_events_they_lie_between():
    hall = make_asset(make_body(), buffer_before_min=30, buffer_after_min=30)
    agenda = follow(hall, use(24, 1), use(26, 1))
    (hold,) = Hold.objects.filter(agenda_id=agenda.pk)
    assert span_of(hold.span) == use(23.5, 4)
    assert hold.use == use(24, 3)


def test_a_part_takes_its_own_lanes():
    hall = make_asset(make_body(), structure="parts", lane_count=2, parts=HALVES)
    east = hall.parts.get(name="Moitié est")
    agenda = follow(hall, use(24, 2), part=east)
    assert Hold.objects.get(agenda_id=agenda.pk).lanes == lanes((0, 1))
    assert book(hall, use(24, 2), lanes((1, 2))).state == "confirmed"
    assert not found(hall)


def test_a_booking_is_kept_and_the_rest_of_the_event_blocked(hall):
    line = book(hall, use(25, 1))
    agenda = follow(hall, use(24, 4))
    assert held(agenda) == [use(24, 1), use(26, 2)]
    (conflict,) = found(hall)
    assert (conflict.event, conflict.use) == (use(24, 4), use(25, 1))
    assert conflict.note == line.booking.reference
    assert conflict.seen_at == NOW
    assert waiting_count(hall.manager, NOW) == 1


def test_nobody_books_over_an_agenda(hall):
    follow(hall, use(24, 2))
    with pytest.raises(Refusal) as refused:
        book(hall, use(25, 2))
    assert refused.value.code == "slot_taken"


def test_keeping_the_booking_is_remembered_by_the_next_readings(hall):
    book(hall, use(25, 1))
    agenda = follow(hall, use(24, 4))
    (conflict,) = found(hall)
    waiver = actions.keep_what_stands(conflict=conflict, by=manager_of(hall), now=NOW)
    assert not found(hall)
    say(agenda, use(24, 4))
    assert not found(hall)
    assert held(agenda) == [use(24, 1), use(26, 2)]
    actions.take_back_hours(waiver=waiver, by=manager_of(hall), now=NOW)
    assert len(found(hall)) == 1


def test_a_conflict_goes_when_the_booking_does(hall):
    line = book(hall, use(25, 1))
    agenda = follow(hall, use(24, 4))
    by = make_person(line.booking.organization, Role.REQUESTER)
    cancel_line(line=line, by=by, now=NOW)
    assert not found(hall)
    actions.lay(agenda=agenda, now=NOW)
    assert held(agenda) == [use(24, 4)]
    agenda.refresh_from_db()
    assert not agenda.is_contested


def test_a_conflict_goes_when_the_event_does(hall):
    book(hall, use(25, 1))
    agenda = follow(hall, use(24, 4), use(40, 1))
    say(agenda, use(40, 1))
    assert not found(hall)
    assert held(agenda) == [use(40, 1)]


def test_what_the_owner_blocked_is_a_conflict_too_and_another_agenda_is_none(hall):
    by = manager_of(hall)
    block_time(
        asset=hall,
        lanes=all_lanes(hall),
        use=use(24, 2),
        reason=Hold.Reason.OWN_USE,
        note="",
        by=by,
        now=NOW,
    )
    first = follow(hall, use(25, 2))
    second = follow(hall, use(26, 3), address=ADDRESS + "?2")
    assert [one.reason for one in found(hall)] == ["own_use"]
    assert held(first) == [use(26, 1)]
    assert held(second) == [use(27, 2)]
    actions.forget_agenda(agenda=first, by=by, now=NOW)
    assert held(second) == [use(26, 3)]


def test_a_hold_of_an_agenda_is_changed_in_the_agenda(hall):
    agenda = follow(hall, use(24, 2))
    hold = Hold.objects.get(agenda_id=agenda.pk)
    with pytest.raises(Refusal) as refused:
        unblock_time(hold=hold, by=manager_of(hall), now=NOW)
    assert refused.value.code == "held_by_agenda"


def test_what_is_past_stays_on_the_sheet(hall):
    agenda = follow(hall, use(1, 2), use(24, 2))
    later = NOW + timedelta(hours=10)
    say(agenda, use(30, 2), now=later)
    assert held(agenda) == [use(1, 2), use(30, 2)]


def test_an_event_that_stays_keeps_when_it_was_first_seen(hall):
    agenda = follow(hall, use(24, 2))
    say(agenda, use(24, 2), use(30, 1), now=NOW + timedelta(hours=1))
    seen = list(agenda.events.order_by("span").values_list("seen_at", flat=True))
    assert seen == [NOW, NOW + timedelta(hours=1)]


def test_a_following_is_refused_twice(hall):
    follow(hall)
    with pytest.raises(Refusal) as refused:
        follow(hall)
    assert refused.value.code == "agenda_followed"


# Doubt


@pytest.mark.parametrize(
    ("known", "read", "accepted", "expected"),
    [
        (0, 0, None, False),
        (1, 0, None, True),
        (3, 1, None, False),
        (10, 4, None, True),
        (10, 5, None, False),
        (10, 4, 4, False),
        (10, 3, 4, True),
        (10, 0, 0, False),
    ],
)
def test_losing_most_at_once_is_doubtful(known, read, accepted, expected):
    assert is_doubtful(known, read, accepted) is expected


def test_an_agenda_suddenly_empty_frees_nothing_before_its_manager_says_so(hall):
    agenda = follow(hall, use(24, 2), use(30, 1))
    say(agenda)
    assert agenda.doubted_count == 0
    assert agenda.etag == '"1"'
    assert held(agenda) == [use(24, 2), use(30, 1)]
    assert list(to_look_at(hall.manager)) == [agenda]
    assert waiting_count(hall.manager, NOW) == 1
    actions.accept_loss(agenda=agenda, by=manager_of(hall), now=NOW)
    agenda.refresh_from_db()
    assert (agenda.etag, agenda.next_read_at) == ("", NOW)
    say(agenda)
    assert held(agenda) == []
    assert waiting_count(hall.manager, NOW) == 0


def test_a_doubt_goes_when_the_events_come_back(hall):
    agenda = follow(hall, use(24, 2))
    say(agenda)
    say(agenda, use(24, 2))
    assert agenda.doubted_count is None
    with pytest.raises(Refusal):
        actions.accept_loss(agenda=agenda, by=manager_of(hall), now=NOW)


@pytest.mark.parametrize("content", [b"<html>", b"", text_of(use(24))[:-20]])
def test_what_cannot_be_read_changes_nothing(hall, content):
    agenda = follow(hall, use(24, 2))
    for count in range(1, 4):
        actions.receive(agenda_id=agenda.pk, answer=Answer(content), now=NOW, chance=0.5)
        agenda.refresh_from_db()
        assert agenda.failure_count == count
    assert agenda.trouble
    assert held(agenda) == [use(24, 2)]
    assert list(to_look_at(hall.manager)) == [agenda]
    assert agenda.next_read_at > NOW + timedelta(hours=3)
    say(agenda, use(24, 2))
    assert (agenda.failure_count, agenda.trouble) == (0, "")


def test_an_unchanged_agenda_is_read_and_nothing_is_written(hall):
    agenda = follow(hall, use(24, 2))
    before = list(Hold.objects.filter(agenda_id=agenda.pk).order_by("pk").values_list("pk"))
    later = NOW + timedelta(hours=1)
    actions.receive(agenda_id=agenda.pk, answer=Answer(None), now=later, chance=0.5)
    say(agenda, use(24, 2))
    assert list(Hold.objects.filter(agenda_id=agenda.pk).order_by("pk").values_list("pk")) == before


def test_waits_grow_and_are_bounded():
    waits = [next_wait(count, 0.5) for count in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=30)
    assert waits[-1] == timedelta(hours=24)
    assert next_wait(0, 0.0) < next_wait(0, 0.99)


def test_a_reading_that_comes_after_the_agenda_is_forgotten_does_nothing(hall):
    agenda = follow(hall, use(24, 2))
    actions.forget_agenda(agenda=agenda, by=manager_of(hall), now=NOW)
    number = AgendaEvent.objects.count()
    actions.receive(agenda_id=10**6, answer=Answer(text_of(use(24))), now=NOW, chance=0)
    actions.note_failure(agenda_id=10**6, reason="x", now=NOW, chance=0)
    assert AgendaEvent.objects.count() == number == 0
    assert not Hold.objects.exists()


# At the same moment


@pytest.mark.parametrize("attempt", range(3))
def test_of_a_booking_and_an_event_at_the_same_instant_one_holds_and_the_other_is_told(attempt):
    with committed():
        hall = make_asset(make_body())
        share(hall)
        agenda = actions.follow_agenda(
            asset=hall, part=None, name="A", address=ADDRESS, by=manager_of(hall), now=NOW
        )

        def read():
            answer = Answer(text_of(use(24, 4)))
            actions.receive(agenda_id=agenda.pk, answer=answer, now=NOW, chance=0.5)
            return "read"

        outcomes = outcomes_together([read, lambda: book(hall, use(25, 1))])
        assert outcomes[0] == "read"
        is_booked = not isinstance(outcomes[1], Refusal)
        if not is_booked:
            assert outcomes[1].code == "slot_taken"
        actions.lay(agenda=agenda, now=NOW)
        expected = [use(24, 1), use(26, 2)] if is_booked else [use(24, 4)]
        assert held(agenda) == expected
        assert len(found(hall)) == is_booked


def test_two_readings_at_the_same_instant_hold_once():
    with committed():
        hall = make_asset(make_body())
        agenda = actions.follow_agenda(
            asset=hall, part=None, name="A", address=ADDRESS, by=manager_of(hall), now=NOW
        )

        def read():
            answer = Answer(text_of(use(24, 4), use(30, 1)))
            actions.receive(agenda_id=agenda.pk, answer=answer, now=NOW, chance=0.5)

        assert outcomes_together([read, read, read]) == [None] * 3
        assert held(agenda) == [use(24, 4), use(30, 1)]
        assert agenda.events.count() == 2


# Files


def propose(hall, *spans, now=NOW):
    read = imports.read_ics_file(text_of(*spans), hall, None, now)
    return imports.propose_import(
        organization=hall.manager, file_name="salle.ics", read=read, by=manager_of(hall), now=now
    )


def test_a_file_takes_nothing_before_it_is_applied_and_leaves_nothing_once_undone(hall):
    by = manager_of(hall)
    book(hall, use(25, 1))
    follow(hall, use(40, 1))
    proposed = propose(hall, use(24, 3), use(30, 2), use(40, 1), use(-5, 1))
    assert Hold.objects.exclude(reason="booking").count() == 1
    rows = imports.check(proposed, NOW)
    assert [row.verdict for row in rows] == ["conflict", "new", "known"]
    assert dict(imports.counted(rows)) == {"new": 1, "known": 1, "conflict": 1}
    assert imports.apply_import(proposed=proposed, by=by, now=NOW) == 2
    agenda = Agenda.objects.get(batch=proposed)
    assert held(agenda) == [use(24, 1), use(26, 1), use(30, 2)]
    assert len(found(hall)) == 1
    proposed.refresh_from_db()
    assert proposed.proposals == []
    with pytest.raises(Refusal, match="import_applied"):
        imports.apply_import(proposed=proposed, by=by, now=NOW)
    imports.undo_import(proposed=proposed, by=by, now=NOW)
    assert held(agenda) == []
    assert not found(hall)
    with pytest.raises(Refusal, match="import_not_applied"):
        imports.undo_import(proposed=proposed, by=by, now=NOW)


def test_the_same_file_twice_brings_nothing_more(hall):
    by = manager_of(hall)
    imports.apply_import(proposed=propose(hall, use(24, 3)), by=by, now=NOW)
    again = propose(hall, use(24, 3))
    assert [row.verdict for row in imports.check(again, NOW)] == ["known"]
    assert imports.apply_import(proposed=again, by=by, now=NOW) == 0


def test_a_file_of_the_past_or_of_nothing_is_refused(hall):
    with pytest.raises(Refusal, match="empty_import"):
        propose(hall, use(-5, 1))
    with pytest.raises(Refusal, match="unreadable_agenda"):
        imports.read_ics_file(b"<html>", hall, None, NOW)


def test_proposals_nobody_applied_are_forgotten(hall):
    propose(hall, use(24, 3))
    imports.forget_proposals(now=NOW + timedelta(days=6))
    assert AgendaImport.objects.count() == 1
    imports.forget_proposals(now=NOW + timedelta(days=8))
    assert not AgendaImport.objects.exists()


# What can never be stored


def test_agendas_hold_to_their_shape(hall):
    agenda = follow(hall, use(24, 2))
    batch = AgendaImport.objects.create(organization=hall.manager, file_name="x", created_at=NOW)
    with violates("agenda_has_one_source"):
        Agenda.objects.create(asset=hall, name="ni l’un ni l’autre")
    with violates("agenda_has_one_source"):
        Agenda.objects.create(asset=hall, name="les deux", address="https://x", batch=batch)
    with violates("agenda_followed_once"):
        Agenda.objects.create(asset=hall, name="encore", address=ADDRESS)
    with violates("agendaimport_undone_once_applied"):
        AgendaImport.objects.filter(pk=batch.pk).update(undone_at=NOW)
    event = agenda.events.get()
    kept = {"agenda": agenda, "uid": event.uid}
    with violates("agendaevent_once"):
        AgendaEvent.objects.create(**kept, span=event.span, seen_at=NOW)
    with violates("agendaevent_lasts"):
        AgendaEvent.objects.create(**kept, span=(NOW, NOW), seen_at=NOW)
    with violates("agendaevent_lasts"):
        AgendaEvent.objects.create(**kept, span=(NOW, None), seen_at=NOW)
    AgendaWaiver.objects.create(**kept, span=event.span)
    with violates("agendawaiver_once"):
        AgendaWaiver.objects.create(**kept, span=event.span)
    with violates("agendawaiver_lasts"):
        AgendaWaiver.objects.create(**kept, span=(None, NOW))


def test_a_hold_of_an_agenda_names_it(hall):
    agenda = follow(hall, use(24, 2))
    with violates("hold_external_names_agenda"):
        Hold.objects.filter(agenda_id=agenda.pk).update(agenda_id=None)
    with violates("hold_external_names_agenda"):
        Hold.objects.filter(agenda_id=agenda.pk).update(reason="own_use")


def test_a_moment_is_ordered_by_time():
    assert sorted([Moment(use(2), "b"), Moment(use(1), "c")])[0].uid == "c"
