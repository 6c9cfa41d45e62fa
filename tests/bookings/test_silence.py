# SPDX-License-Identifier: EUPL-1.2
"""The owner who stays silent: reminded, passed over, then answered for by the clock."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.support.constraints import violates
from tests.support.pages import read
from tests.support.world import NOW, Role, make_person, use
from usufruit.bookings import tasks
from usufruit.bookings.actions import approve_line, refuse_line, watch_deadlines
from usufruit.bookings.models import AnsweringRules, Deadline, LineState
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.notices.models import Change

pytestmark = pytest.mark.django_db

LONG = use(24 * 60)


def told(line, since):
    found = Change.objects.filter(object_id=str(line.pk), made_at__gte=since).order_by("pk")
    return [change.event for change in found]


def test_a_silent_owner_is_reminded_passed_over_and_answered_for(scene):
    line = scene.ask(span=LONG)
    deadline = line.deadline
    seen = []
    for at in (
        deadline.asked_at + (deadline.answer_by - deadline.asked_at) / 2,
        deadline.answer_by - timedelta(days=1),
        deadline.answer_by,
        deadline.lapse_at,
    ):
        assert watch_deadlines(now=at - timedelta(seconds=1)) == 0
        assert watch_deadlines(now=at) == 1
        assert watch_deadlines(now=at) == 0  # doing it again does nothing
        seen.append(told(line, at))
    assert seen == [["reminder"], ["reminder"], ["gone_up"], ["lapsed", "lapsed_owner"]]
    line.refresh_from_db()
    assert (line.state, line.decided_by) == (LineState.LAPSED, None)
    last = JournalLine.objects.latest("pk")
    assert (last.verb, last.person_id) == ("lapsed_line", None)
    with pytest.raises(Refusal, match="already_decided"):
        approve_line(line=line, by=scene.clerk, now=deadline.lapse_at)


def test_what_was_missed_is_told_once_at_its_last_stage(scene):
    line = scene.ask(span=LONG)
    at = line.deadline.answer_by + timedelta(minutes=1)
    assert watch_deadlines(now=at) == 1
    assert told(line, at) == ["gone_up"]


def test_an_answer_stops_the_clock(scene):
    line = scene.ask(span=LONG)
    refuse_line(line=line, reason=REFUSAL_REASONS[0], explanation="", by=scene.clerk, now=NOW)
    assert watch_deadlines(now=NOW + timedelta(days=50)) == 0
    assert Deadline.objects.get().next_at is None


def test_the_batches_are_bounded_and_the_task_ends_them_all(scene, monkeypatch):
    for hour in range(3):
        scene.ask(span=use(48 + 3 * hour))
    late = NOW + timedelta(days=30)
    assert watch_deadlines(now=late, most=2) == 2
    monkeypatch.setattr(tasks, "now", lambda: late)
    tasks.take_up()
    assert watch_deadlines(now=late) == 0


def test_the_body_chooses_its_delay_and_its_holidays_count(scene):
    AnsweringRules.objects.create(organization=scene.lender, answer_days=1)
    line = scene.ask(span=LONG)
    assert line.deadline.answer_by == NOW + timedelta(days=1, hours=7)  # tomorrow, 17 h
    with violates("answer_days_few"):
        AnsweringRules.objects.update(answer_days=0)
    with violates("deadline_in_order"):
        Deadline.objects.update(answer_by=NOW)


def test_what_books_at_once_waits_for_nobody(scene):
    scene.ask(scene.hall)
    assert not Deadline.objects.exists()


def test_both_sides_read_until_when(client, scene, monkeypatch):
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)
    line = scene.ask(span=LONG)
    client.force_login(scene.member)
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    assert "Réponse attendue d’ici vendredi 4\u00a0décembre, 17\u00a0h." in page.text
    client.force_login(scene.clerk)
    assert (
        "répondre d’ici vendredi 4\u00a0décembre, 17\u00a0h" in read(client.get("/demandes/")).text
    )


def test_a_lapsed_request_is_shown_as_such_to_both(client, scene, monkeypatch):
    line = scene.ask(span=LONG)
    at = line.deadline.lapse_at
    watch_deadlines(now=at)
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: at)
    client.force_login(scene.member)
    page = read(client.get(f"/reservations/{line.booking.reference}/"))
    assert "n’a pas répondu à temps" in page.text
    assert page.select("main .alert a[href*='debut=']")
    client.force_login(make_person(scene.lender, Role.APPROVER))
    page = read(client.get("/demandes/"))
    assert len(page.select(".unanswered")) == 1
    assert not page.select("#decisions")


def test_what_is_due_is_found_by_its_index(scene):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    due = Deadline.objects.filter(next_at__lte=NOW).order_by("next_at", "line_id")
    assert "deadline_next" in due.explain()
