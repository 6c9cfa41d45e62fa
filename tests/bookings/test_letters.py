# SPDX-License-Identifier: EUPL-1.2
"""What leaves by e-mail when something happens to a booking, read from a real mail server."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support import mail
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
from usufruit.bookings.actions import (
    approve_line,
    cancel_line,
    move_line,
    refuse_line,
    request_booking,
    withdraw_line,
)
from usufruit.bookings.rules import REFUSAL_REASONS, UNDO
from usufruit.notices.actions import deliver
from usufruit.notices.models import Change, Notice
from usufruit.organizations.actions import erase_person

pytestmark = pytest.mark.django_db

LATER = NOW + UNDO


@pytest.fixture(scope="module")
def server():
    with mail.sink() as sink:
        yield sink


@pytest.fixture
def box(server):
    server.messages.clear()
    server.answer = ""
    return server


@pytest.fixture
def lender():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def clerk(lender):
    return make_person(lender, Role.DESK_CLERK)


@pytest.fixture
def gym(lender, clerk):
    asset = make_asset(
        lender, name="Gymnase des Saules", conditions="Chaussures propres\nFermer à clé"
    )
    share(asset, mode=Mode.APPROVAL)
    return asset


@pytest.fixture
def hall(lender, clerk):
    asset = make_asset(lender, name="Salle des Pins")
    share(asset)
    return asset


@pytest.fixture
def borrower():
    return make_body("Club voisin")


@pytest.fixture
def member(borrower):
    return make_person(borrower, Role.REQUESTER)


def ask(asset, body, by, span=None, purpose="Tournoi <b>des</b> jeunes"):
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span or use(48),
        organization=body,
        purpose=purpose,
        people_count=None,
        key=uuid4(),
        by=by,
        now=NOW,
    )


def received(box, at=NOW):
    """Deliver what is due and return what each address received, read."""
    box.messages.clear()
    deliver(now=at, mailer=box.mailer())
    return {message["To"]: mail.read(message) for message in box.messages}


def test_a_request_is_told_to_who_asks_and_to_who_answers(box, gym, borrower, member, clerk):
    line = ask(gym, borrower, member)
    told = received(box)
    assert set(told) == {member.email, clerk.email}
    sent, asked = told[member.email], told[clerk.email]
    assert sent.subject.startswith("Usufruit – Demande envoyée\u00a0: Gymnase des Saules, jeudi")
    assert asked.subject.startswith("Usufruit – «\u00a0Club voisin\u00a0» demande")
    assert "Tournoi <b>des</b> jeunes" in asked.text
    assert "<b>des</b>" not in str(asked.html)
    assert f"/reservations/{line.booking.reference}/" in asked.text
    assert "parce que vous répondez aux demandes faites à «\u00a0Ville de Saint-Essai\u00a0»" in (
        asked.text
    )
    assert (sent.calendar["METHOD"], asked.calendar) == ("REQUEST", None)
    assert sent.calendar.events[0]["STATUS"] == "TENTATIVE"
    assert received(box, LATER) == {}  # once


def test_the_agenda_follows_the_booking_to_its_end(box, gym, borrower, member, clerk):
    line = ask(gym, borrower, member)
    events = [received(box)[member.email].calendar.events[0]]
    approve_line(line=line, by=clerk, now=NOW)
    assert received(box, NOW + timedelta(minutes=9)) == {}  # it may still be undone
    accepted = received(box, LATER)
    assert set(accepted) == {member.email}
    assert "Chaussures propres" in accepted[member.email].text
    events.append(accepted[member.email].calendar.events[0])
    cancel_line(line=line, by=member, now=LATER)
    given_up = received(box, LATER + UNDO)
    assert set(given_up) == {member.email, clerk.email}
    calendar = given_up[member.email].calendar
    assert calendar["METHOD"] == "CANCEL"
    events.append(calendar.events[0])
    assert [event["STATUS"] for event in events] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert len({event["UID"] for event in events}) == 1
    sequences = [event["SEQUENCE"] for event in events]
    assert sequences == sorted(set(sequences))
    assert {str(event["ATTENDEE"]) for event in events} == {f"mailto:{member.email}"}
    assert all(event["DTSTART"].dt.utcoffset() == timedelta(0) for event in events)


def test_the_letters_of_a_booking_make_one_thread(box, gym, borrower, member, clerk):
    line = ask(gym, borrower, member)
    received(box)
    first = list(box.messages)
    refuse_line(line=line, reason=REFUSAL_REASONS[0], explanation="", by=clerk, now=NOW)
    received(box, LATER)
    messages = first + box.messages
    roots = {message["References"] for message in messages}
    assert roots == {f"<reservation-{line.booking.reference}@localhost>"}
    assert {message["In-Reply-To"] for message in messages} == roots
    numbers = [message["Message-ID"] for message in messages]
    assert len(set(numbers)) == len(messages) == 3


def test_a_refusal_brings_its_reason_and_the_nearest_yes(box, gym, borrower, member, clerk):
    line = ask(gym, borrower, member)
    received(box)
    refuse_line(
        line=line,
        reason=REFUSAL_REASONS[0],
        explanation="Les finales\nont lieu ce soir-là",
        by=clerk,
        now=NOW,
    )
    told = received(box, LATER)[member.email]
    assert "Les finales" in told.text
    assert told.html.select("main li a[href*='/biens/'][href*='debut=']")
    assert told.calendar["METHOD"] == "CANCEL"


def test_who_loses_a_slot_hears_it_with_the_reason(box, gym, borrower, member, clerk):
    rivals = make_body("Autre club")
    rival = make_person(rivals, Role.REQUESTER)
    line = ask(gym, borrower, member)
    ask(gym, rivals, rival)
    received(box)
    approve_line(line=line, by=clerk, now=NOW)
    told = received(box, LATER)
    assert "Demande non retenue" in told[rival.email].subject
    assert "La plage a été accordée à une autre demande" in told[rival.email].text


def test_withdrawing_booking_at_once_and_moving_are_told(box, gym, hall, borrower, member, clerk):
    withdrawn = ask(gym, borrower, member)
    moved = ask(hall, borrower, member)
    received(box)
    withdraw_line(line=withdrawn, by=member, now=NOW)
    told = received(box, LATER)
    assert "retire sa demande" in told[clerk.email].subject
    move_line(line=moved, use=use(72), by=member, now=NOW)
    told = received(box, NOW)
    assert "déplacée" in told[member.email].subject
    assert "Avant\u00a0: jeudi 3" in told[member.email].text
    assert told[member.email].calendar.events[0]["DTSTART"].dt == use(72).start


def test_who_left_or_was_erased_receives_nothing(box, gym, borrower, member, clerk):
    second = make_person(gym.manager, Role.APPROVER)
    chief = make_person(borrower, Role.BODY_ADMIN)
    ask(gym, borrower, member)
    clerk.memberships.all().delete()
    erase_person(person=second, by=chief, now=NOW)
    member.memberships.all().delete()
    told = received(box)
    assert set(told) == {chief.email}  # what was asked in the name of the body stays its business
    assert "parce que vous administrez «\u00a0Club voisin\u00a0»" in told[chief.email].text


def test_who_may_no_longer_look_when_the_letter_leaves_receives_none(
    box, gym, borrower, member, clerk
):
    ask(gym, borrower, member)
    box.answer = "451 plus tard"
    received(box)
    assert Notice.objects.exclude(error="").count() == 2
    clerk.memberships.all().delete()
    box.answer = ""
    assert set(received(box, NOW + timedelta(minutes=2))) == {member.email}
    assert not Notice.objects.filter(mail_at__isnull=False).exists()


def test_who_does_it_is_not_told_with_colleagues(box, lender, gym, clerk):
    steward = make_person(lender, Role.ASSET_MANAGER)
    ask(gym, lender, steward)
    told = received(box)
    assert set(told) == {steward.email}


def test_what_is_refused_leaves_no_news(box, hall, borrower, member):
    ask(hall, borrower, member)
    before = Change.objects.count()
    with pytest.raises(Exception, match="slot_taken"):
        ask(hall, borrower, member)
    assert Change.objects.count() == before


def test_news_hold_no_data_of_a_person(box, gym, borrower, member, clerk):
    ask(gym, borrower, member, purpose="Fête de Rosalie Tremblay")
    received(box)
    for row in [*Change.objects.order_by("pk").values(), *Notice.objects.order_by("pk").values()]:
        assert "Rosalie" not in str(row)
        assert "@" not in str(row)
