# SPDX-License-Identifier: EUPL-1.2
"""News reach who is concerned, once, at the rhythm each chose, whatever the mail server does."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.core.mail import get_connection
from django.db import connection, transaction

from tests.support import mail
from tests.support.together import apart, committed, together
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.config import loopback
from usufruit.kernel.refusals import Refusal
from usufruit.notices import tasks
from usufruit.notices.actions import (
    choose_rhythms,
    deliver,
    hurry,
    read_all,
    read_notices,
    take_back,
    tell,
    try_again,
)
from usufruit.notices.models import Audience, Change, Family, Notice, Rhythm
from usufruit.notices.queries import unread_count
from usufruit.notices.rules import WAITS_MIN

pytestmark = pytest.mark.django_db


def sent_by(box, at=NOW):
    before = len(box.messages)
    deliver(now=at, mailer=box.mailer())
    return [message["To"] for message in box.messages[before:]]


def test_the_people_of_the_body_are_told_once(box, body, clerk, news):
    other = make_person(body, Role.APPROVER)
    make_person(body, Role.REQUESTER)
    make_person(make_body(), Role.DESK_CLERK)
    tell([news()])
    assert sorted(sent_by(box)) == sorted([clerk.email, other.email])
    assert sent_by(box, NOW + timedelta(days=9)) == []
    assert mail.read(box.messages[0]).subject == "Usufruit – Une chose arrive"
    assert unread_count(clerk) == 1


def test_nothing_leaves_before_its_time_unless_hurried(box, clerk, news):
    later = NOW + timedelta(minutes=10)
    tell([news(due_at=later), news(due_at=later)])
    first, second = Change.objects.order_by("pk")
    assert sent_by(box) == []
    assert hurry(changes=[first], now=NOW) == 1
    assert sent_by(box) == [clerk.email]
    assert take_back(changes=[first, second]) is False  # one of them is told
    assert take_back(changes=[second]) is True
    assert sent_by(box, later) == []


def test_a_server_that_is_down_loses_nothing_and_costs_no_try(box, clerk, news):
    tell([news()])
    away = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=loopback.LOOPBACK,
        port=loopback.free_port(),
    )
    for hour in range(3):
        assert deliver(now=NOW + timedelta(hours=hour), mailer=away) == 0
    notice = Notice.objects.get()
    assert (notice.attempts, notice.given_up_at, unread_count(clerk)) == (0, None, 1)
    assert sent_by(box, NOW + timedelta(days=30)) == [clerk.email]


def test_a_letter_refused_for_now_is_tried_later_and_later_then_given_up(box, clerk, news):
    tell([news()])
    box.answer = "451 Revenez plus tard"
    at = NOW
    for _ in WAITS_MIN:
        assert sent_by(box, at) == []
        assert sent_by(box, at) == []  # not before its next time
        notice = Notice.objects.get()
        assert notice.given_up_at is None
        at = notice.mail_at
    sent_by(box, at)
    notice.refresh_from_db()
    assert (notice.given_up_at, notice.mail_at) == (at, None)
    assert notice.error == "SMTPDataError 451"
    box.answer = ""
    operator = make_person(None)
    operator.is_platform_admin = True
    operator.save()
    with pytest.raises(Refusal, match="not_platform_admin"):
        try_again(by=clerk, now=at)
    assert try_again(by=operator, now=at) == 1
    assert sent_by(box, at) == [clerk.email]


def test_a_letter_refused_for_good_is_given_up_at_once_and_names_no_address(box, clerk, news):
    tell([news()])
    box.answer = f"550 {clerk.email} n’existe pas".replace("’", "'")
    sent_by(box)
    notice = Notice.objects.get()
    assert notice.given_up_at == NOW
    assert notice.error == "SMTPDataError 550"


def test_a_letter_that_cannot_be_written_keeps_no_other_waiting(box, clerk, news):
    tell([news(event="broken"), news()])
    assert sent_by(box) == [clerk.email]
    broken = Notice.objects.get(change__event="broken")
    assert (broken.error, broken.sent_at) == ("ValueError", None)


def test_a_process_that_dies_while_it_sends_sends_again_under_the_same_name(
    box, clerk, news, monkeypatch
):
    tell([news()])

    def die(*_args, **_values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("usufruit.notices.actions._settle", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(now=NOW, mailer=box.mailer())
    assert sent_by(box) == []  # it counts as tried
    sent_by(box, NOW + timedelta(minutes=WAITS_MIN[0]))
    assert len(box.messages) == 2
    assert len({message["Message-ID"] for message in box.messages}) == 1


def test_each_person_has_the_rhythm_they_chose(box, body, clerk, news):
    calm, silent = make_person(body, Role.APPROVER), make_person(body, Role.BODY_ADMIN)
    choose_rhythms(rhythms={Family.CHANGES: Rhythm.DIGEST}, by=calm, now=NOW)
    choose_rhythms(rhythms={Family.CHANGES: Rhythm.PRODUCT}, by=silent, now=NOW)
    tell([news(title="Une"), news(title="Deux"), news(title="Trois", made_at=NOW)])
    assert sent_by(box) == [clerk.email] * 3
    read = Notice.objects.get(person=calm, change__title="Deux")
    read_notices(notices=[read.pk], by=calm, now=NOW)
    six = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)  # 6 h in Toronto
    assert sent_by(box, six - timedelta(seconds=1)) == []
    assert sent_by(box, six) == [calm.email]
    digest = mail.read(box.messages[-1])
    assert [link.text for link in digest.html.select("main li a")] == ["Une", "Trois"]
    assert "2\u00a0avis" in digest.subject or "2 avis" in digest.subject
    assert sent_by(box, six + timedelta(days=2)) == []
    assert [unread_count(person) for person in (calm, silent)] == [2, 3]


def test_the_account_is_told_at_once_whatever_was_chosen(box, body, clerk, news):
    everything = {family: Rhythm.PRODUCT for family in Family if family != Family.ACCOUNT}
    choose_rhythms(rhythms=everything, by=clerk, now=NOW)
    tell([news(), news(family=Family.ACCOUNT)])
    assert sent_by(box) == [clerk.email]
    assert box.messages[-1]["List-Unsubscribe"] is None


def test_a_person_is_told_for_the_body_they_were_named_for(box, body, clerk, news):
    elsewhere = make_person(make_body(), Role.REQUESTER)
    tell([news(audience=Audience.PERSON, person=elsewhere)])
    assert sent_by(box) == []  # theirs no more, and nobody administers the body
    tell([news(audience=Audience.PERSON, person=clerk)])
    assert sent_by(box) == [clerk.email]


def test_who_has_no_address_still_has_notices(box, body, news):
    person = make_person(body, Role.DESK_CLERK)
    type(person).objects.filter(pk=person.pk).update(email=None)
    tell([news()])
    assert sent_by(box) == []
    assert unread_count(person) == 1


def test_all_is_read_at_once(box, clerk, news):
    tell([news(), news()])
    sent_by(box)
    assert read_all(by=clerk, now=NOW) == 2
    assert unread_count(clerk) == 0


def test_two_drainers_share_the_work(box):
    with committed():
        body = make_body("Ville de Saint-Essai")
        make_person(body, Role.DESK_CLERK)
        change = {
            "event": "happened",
            "family": Family.CHANGES,
            "audience": Audience.DECIDERS,
            "organization": body,
            "object_type": "things.thing",
            "title": "Une chose arrive",
            "path": "/compte/",
            "made_at": NOW,
            "due_at": NOW,
        }
        tell([Change(object_id=str(n), **change) for n in range(20)])
        counts = together([lambda: deliver(now=NOW, mailer=box.mailer()) for _ in range(4)])
        assert sum(counts) == len(box.messages) == 20
        assert len({message["Message-ID"] for message in box.messages}) == 20


def test_told_and_taken_back_at_once_one_of_the_two_wins(box, monkeypatch):
    with committed():
        body = make_body()
        make_person(body, Role.DESK_CLERK)
        for _ in range(4):
            box.messages.clear()
            change = Change(
                event="happened",
                family=Family.CHANGES,
                audience=Audience.DECIDERS,
                organization=body,
                object_type="things.thing",
                object_id="1",
                title="Une chose arrive",
                path="/compte/",
                made_at=NOW,
                due_at=NOW,
            )
            apart(lambda change=change: tell([change]))
            taken, sent = together(
                [
                    lambda change=change: take_back(changes=[change]),
                    lambda: deliver(now=NOW, mailer=box.mailer()),
                ]
            )
            assert (taken, sent) in {(True, 0), (False, 1)}
            assert len(box.messages) == sent


def test_the_drainer_goes_on_after_a_fault(monkeypatch):
    stop, seen = Event(), []

    def fail_then_stop(**_values):
        seen.append(1)
        if len(seen) == 2:
            stop.set()
        raise ValueError("a fault")

    monkeypatch.setattr(tasks, "deliver", fail_then_stop)
    monkeypatch.setattr(tasks, "LOOK_AGAIN_S", 0)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    monkeypatch.setattr(tasks.connection, "close", lambda: None, raising=False)
    tasks.keep_draining(stop)
    assert len(seen) == 2


def test_the_rows_to_drain_are_found_by_their_index(news):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        due = Change.objects.filter(told_at=None, due_at__lte=NOW).order_by("due_at", "id")
        assert "change_due" in due.explain()
        letters = Notice.objects.filter(mail_at__lte=NOW).order_by("mail_at", "id")
        assert "notice_to_mail" in letters.explain()
