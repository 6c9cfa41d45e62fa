# SPDX-License-Identifier: EUPL-1.2
"""Before refusing, ask: the words both sides exchange, and the time they give."""

from datetime import timedelta

import pytest
from django.core.mail import get_connection

from tests.support.constraints import violates
from tests.support.pages import read
from tests.support.world import NOW, Role, make_body, make_person, use
from usufruit.bookings.actions import refuse_line
from usufruit.bookings.exchanges import ask_precision, erase_message, give_precision
from usufruit.bookings.letters import write
from usufruit.bookings.models import Message
from usufruit.bookings.rules import REFUSAL_REASONS
from usufruit.kernel.refusals import Refusal
from usufruit.notices.actions import deliver
from usufruit.notices.models import Notice
from usufruit.privacy.actions import erase_account

pytestmark = pytest.mark.django_db

LONG = use(24 * 60)
LATER = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    for reader in ("bookings.views", "config.shell"):
        monkeypatch.setattr(f"usufruit.{reader}.now", lambda: NOW)


def letters(person, event, at=NOW):
    deliver(now=at, mailer=get_connection("django.core.mail.backends.dummy.EmailBackend"))
    notices = Notice.objects.filter(person=person, change__event=event).select_related("change")
    return [write(notice, at) for notice in notices.order_by("pk")]


def test_a_question_reaches_the_asker_and_its_answer_the_owner(scene):
    line = scene.ask(span=LONG)
    ask_precision(line=line, text="Avec du <son>?", by=scene.clerk, now=NOW)
    assert [letter.quote for letter in letters(scene.member, "question")] == ["Avec du <son>?"]
    given = give_precision(line=line, text="Sans", by=scene.member, now=NOW)
    assert [letter.quote for letter in letters(scene.clerk, "reply")] == ["Sans"]
    erase_message(message=given, by=scene.member, now=NOW)
    assert [letter.quote for letter in letters(scene.clerk, "reply")] == [""]


def test_the_first_question_gives_more_time_and_no_other(scene):
    line = scene.ask(span=LONG)
    first = line.deadline.answer_by
    ask_precision(line=line, text="Avec du son?", by=scene.clerk, now=LATER)
    line.deadline.refresh_from_db()
    extended = line.deadline.answer_by
    assert extended > first
    assert line.deadline.next_at > LATER
    ask_precision(line=line, text="Et la lumière?", by=scene.clerk, now=LATER + timedelta(days=1))
    line.deadline.refresh_from_db()
    assert line.deadline.answer_by == extended


def test_who_may_not_write_is_refused(scene):
    line = scene.ask(span=LONG)
    stranger = make_person(make_body(), Role.DESK_CLERK)
    with pytest.raises(Refusal, match="not_a_decider"):
        ask_precision(line=line, text="?", by=stranger, now=NOW)
    with pytest.raises(Refusal, match="not_a_requester"):
        give_precision(line=line, text="!", by=stranger, now=NOW)
    asked = ask_precision(line=line, text="Avec du son?", by=scene.clerk, now=NOW)
    with pytest.raises(Refusal, match="not_your_message"):
        erase_message(message=asked, by=scene.member, now=NOW)
    refuse_line(line=line, reason=REFUSAL_REASONS[0], explanation="", by=scene.clerk, now=NOW)
    with pytest.raises(Refusal, match="already_decided"):
        give_precision(line=line, text="Trop tard", by=scene.member, now=NOW)


def test_words_and_news_go_with_the_account_of_their_author(scene):
    line = scene.ask(span=LONG)
    ask_precision(line=line, text="Avec du son?", by=scene.clerk, now=NOW)
    letters(scene.clerk, "request_received")
    erase_account(person=scene.clerk, by=scene.clerk, now=NOW)
    message = Message.objects.get()
    assert (message.text, message.erased_at) == ("", NOW)
    assert not Notice.objects.filter(person=scene.clerk).exists()


def test_a_request_bears_few_and_short_messages(scene):
    line = scene.ask(span=LONG)
    for _ in range(20):
        give_precision(line=line, text="Encore", by=scene.member, now=NOW)
    with pytest.raises(Refusal, match="too_many_messages"):
        give_precision(line=line, text="Encore", by=scene.member, now=NOW)
    message = Message.objects.latest("pk")
    with violates("message_says_or_is_erased"):
        Message.objects.filter(pk=message.pk).update(text="")
    with violates("message_is_short"):
        Message.objects.filter(pk=message.pk).update(text="é" * 1001)


def test_both_write_on_the_page_of_the_request(client, scene):
    line = scene.ask(span=LONG)
    address = f"/reservations/{line.booking.reference}/"
    client.force_login(scene.clerk)
    read(client.get(address))
    sent = client.post(f"{address}ecrire/", {"text": "<b>Avec du son?</b>"})
    assert sent.url == f"{address}#echanges"
    client.force_login(scene.member)
    page = read(client.get(address))
    assert "<b>Avec du son?</b>" in page.select_one("#echanges").text
    assert not page.select("#echanges form[action*='effacer']")
    wrong = read(client.post(f"{address}ecrire/", {"text": " "}))
    assert wrong.select("#echanges .field--wrong")
    client.post(f"{address}ecrire/", {"text": "Sans"})
    page = read(client.get(address))
    form = page.select_one("#echanges form[action*='effacer']")
    assert client.post(form["action"]).status_code == 302
    assert "Message effacé par son auteur." in read(client.get(address)).text
