# SPDX-License-Identifier: EUPL-1.2
"""What a booking opens: facts, papers, the code for a while; and what it may not exceed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.support.pages import read, words
from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
    use,
)
from usufruit.bookings.actions import cancel_line, request_booking
from usufruit.bookings.models import Booking
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.premises.actions import add_paper, seal_secret, state_facts
from usufruit.premises.facts import Reader
from usufruit.premises.papers import PDF

pytestmark = pytest.mark.django_db

CODE = "4512#"


@pytest.fixture
def at(monkeypatch):
    """Return a way to move the clock of the pages, in hours after NOW."""

    def move(hours):
        monkeypatch.setattr("usufruit.bookings.views.now", lambda: NOW + timedelta(hours=hours))

    move(0)
    return move


@pytest.fixture
def hall():
    lender = make_body("Ville de Saint-Essai")
    asset = make_asset(lender, site=make_site(lender, name="Centre"), name="Salle des Pins")
    share(asset)
    values = {
        "key_place": "Comptoir des loisirs",
        "parking": "Cour arrière",
        "fire_limit": 60,
        "banquet": 40,
        "theatre": 55,
    }
    state_facts(place=asset.site, values=values, by=None, now=NOW)
    seal_secret(place=asset.site, text=CODE, hours_before=12, by=None, now=NOW)
    return asset


@pytest.fixture
def borrower():
    return make_body("Club voisin")


@pytest.fixture
def member(client, borrower):
    person = make_person(borrower, Role.REQUESTER)
    client.force_login(person)
    return person


def book(asset, by, body, hours=32, **words_):
    return request_booking(
        **{
            "asset": asset,
            "lanes": all_lanes(asset),
            "use": use(hours),
            "organization": body,
            "purpose": "Souper",
            "people_count": None,
            "key": uuid4(),
            "by": by,
            "now": NOW,
            **words_,
        }
    )


def code_page(client, line):
    return client.post(f"/reservations/{line.booking.reference}/code/")


def test_the_code_is_shown_around_the_use_and_each_reading_is_journalled(
    client, member, borrower, hall, at
):
    line = book(hall, member, borrower)  # from 32 h to 34 h
    address = f"/reservations/{line.booking.reference}/"
    assert "se montre ici à partir de" in words(read(client.get(address)))
    for hours, status in ((0, 409), (19.9, 409), (20, 200), (33.9, 200), (34, 409)):
        at(hours)
        answer = code_page(client, line)
        assert answer.status_code == status, hours
        assert (CODE in answer.content.decode()) == (status == 200)
    read_at = JournalLine.objects.filter(verb="read_secret")
    assert [(one.person_id, one.organization_id, one.detail) for one in read_at] == [
        (member.pk, borrower.pk, {"why": line.booking.reference})
    ] * 2
    at(20)
    page = client.get(address)
    assert "Voir le code de la porte" in words(read(page))
    assert CODE not in page.content.decode()
    assert "no-store" in code_page(client, line)["Cache-Control"]


def test_the_code_is_for_the_body_that_booked_and_managers_alone(
    client, member, borrower, hall, at
):
    line = book(hall, member, borrower)
    at(30)
    stranger, clerk, manager, analyst = Client(), Client(), Client(), Client()
    stranger.force_login(make_person(make_body(), Role.BODY_ADMIN))
    clerk.force_login(make_person(hall.manager, Role.APPROVER))
    manager.force_login(make_person(hall.manager, Role.ASSET_MANAGER))
    analyst.force_login(make_person(borrower, Role.ANALYST))
    assert code_page(Client(), line).status_code == 302
    assert code_page(stranger, line).status_code == 404
    assert code_page(clerk, line).status_code == 404
    assert code_page(analyst, line).status_code == 404
    assert code_page(manager, line).status_code == 200


def test_a_request_or_a_cancelled_booking_opens_nothing(client, member, borrower, hall, at):
    line = book(hall, member, borrower)
    cancel_line(line=line, by=member, now=NOW)
    at(30)
    assert code_page(client, line).status_code == 409
    gym = make_asset(hall.manager, site=hall.site)
    share(gym, mode=Mode.APPROVAL)
    assert code_page(client, book(gym, member, borrower)).status_code == 409
    bare = make_asset(make_body())
    share(bare)
    assert code_page(client, book(bare, member, borrower)).status_code == 404


def test_where_the_key_is_comes_with_a_booking(client, member, borrower, hall, at):
    address = f"/biens/{hall.pk}/"
    before = words(read(client.get(address)))
    assert "Cour arrière" in before
    assert "Comptoir des loisirs" not in before
    line = book(hall, member, borrower)
    assert "Comptoir des loisirs" in words(read(client.get(address)))
    assert "Comptoir des loisirs" in words(
        read(client.get(f"/reservations/{line.booking.reference}/"))
    )
    assert "Comptoir des loisirs" not in words(read(Client().get(address)))
    at(40)
    assert "Comptoir des loisirs" not in words(read(client.get(address)))


def test_a_manual_is_for_its_readers_and_only_ever_downloaded(client, member, borrower, hall, at):
    papers = {
        reader: add_paper(
            asset=hall,
            title=f"Plan “{reader}”/<b>",
            content=b"%PDF-1.7",
            media_type=PDF,
            reader=reader,
            by=None,
            now=NOW,
        )
        for reader in Reader
    }
    manager = Client()
    manager.force_login(make_person(hall.manager, Role.ASSET_MANAGER))

    def opened(asked):
        return [
            asked.get(f"/documents/{papers[reader].pk}/").status_code == 200 for reader in Reader
        ]

    assert opened(Client()) == opened(client) == [True, False, False]
    assert len(read(client.get(f"/biens/{hall.pk}/")).select("a[download]")) == 1
    book(hall, member, borrower)
    assert opened(client) == [True, True, False]
    assert opened(manager) == [True, True, True]
    answer = Client().get(f"/documents/{papers[Reader.ALL].pk}/")
    assert answer["Content-Type"] == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="plan-allb.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_party_passes_the_fire_limit_nor_its_set_up(member, borrower, hall):
    with pytest.raises(Refusal) as fire:
        book(hall, member, borrower, people_count=61)
    assert fire.value.code == "over_fire_limit"
    with pytest.raises(Refusal) as banquet:
        book(hall, member, borrower, people_count=50, set_up="banquet")
    assert banquet.value.code == "over_set_up"
    assert [one.label for one in banquet.value.nearest] == ["Théâtre\u00a0: 55\u00a0personnes"]
    with pytest.raises(Refusal) as none:
        book(hall, member, borrower, set_up="standing")
    assert none.value.code == "no_such_set_up"
    assert not Booking.objects.exists()
    line = book(hall, member, borrower, people_count=40, set_up="banquet")
    assert line.booking.set_up == "banquet"


def test_the_set_up_is_chosen_when_booking(client, member, hall, at):
    slot = {"le": "2026-12-02", "debut": "18:00", "duree": "120"}
    page = read(client.get(f"/biens/{hall.pk}/reserver/", slot))
    assert [one.text for one in page.select("[name=set_up] option")] == [
        "Sans préférence",
        "Théâtre, 55\u00a0personnes",
        "Banquet, 40\u00a0personnes",
    ]
    sent = {one["name"]: one.get("value", "") for one in page.select("main form input[name]")}
    sent |= {"purpose": "Souper", "set_up": "banquet", "people_count": "41"}
    assert "au plus 40\u00a0personnes" in words(
        read(client.post(f"/biens/{hall.pk}/reserver/", sent), status=409)
    )
    done = client.post(f"/biens/{hall.pk}/reserver/", {**sent, "people_count": "40"}, follow=True)
    assert "Banquet" in words(read(done))
