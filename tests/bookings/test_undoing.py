# SPDX-License-Identifier: EUPL-1.2
"""Ten minutes to think again, whatever others do meanwhile."""

from datetime import timedelta

import pytest
from django.core.mail import get_connection

from tests.bookings.conftest import make_scene
from tests.support.pages import read
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, Role, make_body, make_person, use
from usufruit.bookings.actions import approve_line, cancel_line, refuse_line, withdraw_line
from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.rules import REFUSAL_REASONS, UNDO
from usufruit.bookings.undoing import send_decision, undo_decision, undoable
from usufruit.kernel.refusals import Refusal
from usufruit.notices.actions import deliver
from usufruit.notices.models import Change, Notice
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=5)
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def drain(at):
    return deliver(now=at, mailer=get_connection(NO_MAIL))


def state_of(line):
    line.refresh_from_db()
    return line.state


def test_an_acceptance_undone_gives_the_time_back_and_brings_rivals_back(scene):
    line = scene.ask()
    other = make_body()
    rival = scene.ask(by=make_person(other, Role.REQUESTER), body=other)
    drain(NOW)
    line = approve_line(line=line, by=scene.clerk, now=NOW)
    assert state_of(rival) == LineState.REFUSED
    assert undoable([line, rival], scene.clerk, SOON) == {line.pk}
    undo_decision(line=line, by=scene.clerk, now=SOON)
    assert state_of(line) == state_of(rival) == LineState.REQUESTED
    assert (line.decided_by, line.decided_at, rival.refusal_reason) == (None, None, "")
    assert line.deadline.next_at is not None
    assert not Hold.objects.exists()
    before = Notice.objects.count()
    drain(NOW + UNDO)
    assert Notice.objects.count() == before  # nobody heard of it
    approve_line(line=rival, by=scene.clerk, now=SOON)
    assert state_of(rival) == LineState.CONFIRMED


def test_a_refusal_and_a_withdrawal_are_undone(scene):
    refused, withdrawn = scene.ask(), scene.ask(span=use(60))
    line = refuse_line(
        line=refused, reason=REFUSAL_REASONS[0], explanation="", by=scene.clerk, now=NOW
    )
    undo_decision(line=line, by=scene.clerk, now=SOON)
    withdraw_line(line=withdrawn, by=scene.member, now=NOW)
    undo_decision(line=withdrawn, by=scene.member, now=SOON)
    assert state_of(refused) == state_of(withdrawn) == LineState.REQUESTED


def test_a_cancelled_booking_is_taken_again_or_lost_to_another(scene):
    line = scene.ask(scene.hall)
    cancel_line(line=line, by=scene.member, now=NOW)
    undo_decision(line=line, by=scene.member, now=SOON)
    assert state_of(line) == LineState.CONFIRMED
    assert Hold.objects.get().line_id == line.pk
    cancel_line(line=line, by=scene.member, now=SOON)
    other = make_body()
    scene.ask(scene.hall, by=make_person(other, Role.REQUESTER), body=other, now=SOON)
    with pytest.raises(Refusal, match="taken_since") as refusal:
        undo_decision(line=line, by=scene.member, now=SOON)
    assert refusal.value.nearest
    assert state_of(line) == LineState.CANCELLED
    assert Change.objects.filter(event="cancelled", told_at=None).exists()  # still to be told


def test_who_else_too_late_or_told_is_refused(scene):
    line = scene.ask()
    line = approve_line(line=line, by=scene.clerk, now=NOW)
    colleague = make_person(scene.lender, Role.APPROVER)
    for by, at, code in (
        (colleague, SOON, "not_yours_to_undo"),
        (scene.member, SOON, "not_yours_to_undo"),
        (scene.clerk, NOW + UNDO, "too_late_to_undo"),
    ):
        with pytest.raises(Refusal, match=code):
            undo_decision(line=line, by=by, now=at)
    assert send_decision(line=line, by=scene.clerk, now=SOON) == 1
    drain(SOON)
    assert undoable([line], scene.clerk, SOON) == set()
    with pytest.raises(Refusal, match="already_told"):
        undo_decision(line=line, by=scene.clerk, now=SOON)
    assert state_of(line) == LineState.CONFIRMED


def test_who_lost_to_another_is_not_brought_back_alone(scene):
    line, other = scene.ask(), make_body()
    rival = scene.ask(by=make_person(other, Role.REQUESTER), body=other)
    approve_line(line=line, by=scene.clerk, now=NOW)
    rival.refresh_from_db()
    with pytest.raises(Refusal, match="not_yours_to_undo"):
        undo_decision(line=rival, by=scene.clerk, now=SOON)


def test_what_has_begun_is_not_undone(scene):
    line = scene.ask(span=use(0.05))
    line = approve_line(line=line, by=scene.clerk, now=NOW)
    with pytest.raises(Refusal, match="already_started"):
        undo_decision(line=line, by=scene.clerk, now=SOON)


def test_the_pages_offer_it_to_who_decided_alone(client, scene, monkeypatch):
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)
    line = scene.ask()
    client.force_login(scene.clerk)
    address = f"/reservations/{line.booking.reference}/"
    client.post(f"/demandes/{line.booking.reference}/accepter/")
    assert "Défaire" in read(client.get("/demandes/")).text
    page = read(client.get(address))
    assert "Personne n’est averti de votre geste avant" in page.text
    client.force_login(scene.member)
    assert "Défaire" not in read(client.get(address)).text
    assert client.post(f"{address}defaire/").status_code == 409
    client.force_login(scene.clerk)
    assert client.post(f"{address}defaire/").url == address
    assert state_of(line) == LineState.REQUESTED
    client.post(f"/demandes/{line.booking.reference}/accepter/")
    assert client.post(f"{address}annoncer/").url == address
    assert "Défaire" not in read(client.get(address)).text


# At the same moment


def test_undoing_a_cancellation_against_who_books_the_freed_time():
    with committed():
        scene, other = make_scene(), make_body()
        second = make_person(other, Role.REQUESTER)
        for hour in range(24, 40, 4):
            line = scene.ask(scene.hall, span=use(hour))
            cancel_line(line=line, by=scene.member, now=NOW)
            outcomes = outcomes_together(
                [
                    lambda line=line: undo_decision(line=line, by=scene.member, now=SOON),
                    lambda hour=hour: scene.ask(
                        scene.hall, span=use(hour), by=second, body=other, now=SOON
                    ),
                ]
            )
            refusals = [one.code for one in outcomes if isinstance(one, Refusal)]
            assert refusals in (["taken_since"], ["slot_taken"]), outcomes
            held = Hold.objects.get(use_span__startswith=use(hour).start)
            assert BookingLine.objects.get(pk=held.line_id).state == LineState.CONFIRMED


def test_undoing_an_acceptance_against_its_telling_and_its_cancelling():
    with committed():
        scene = make_scene()
        for hour in range(24, 40, 4):
            asked = scene.ask(span=use(hour))
            line = approve_line(line=asked, by=scene.clerk, now=NOW)
            told_at = NOW + UNDO  # a drainer whose clock runs ahead of ours
            outcomes = outcomes_together(
                [
                    lambda line=line: undo_decision(line=line, by=scene.clerk, now=SOON),
                    lambda told_at=told_at: drain(told_at),
                    lambda line=line: cancel_line(line=line, by=scene.member, now=SOON),
                ]
            )
            faults = [one for one in outcomes if isinstance(one, BaseException)]
            assert all(isinstance(one, Refusal) for one in faults), faults
            state = state_of(line)
            has_undone = not isinstance(outcomes[0], Refusal)
            assert state == (LineState.REQUESTED if has_undone else LineState.CANCELLED)
            heard = Change.objects.filter(object_id=str(line.pk), event="confirmed")
            assert heard.exists() != has_undone
            assert not Hold.objects.filter(line_id=line.pk).exists()
