# SPDX-License-Identifier: EUPL-1.2
"""Who may accept a request: up to their ceiling, in their own name or for who is away."""

from uuid import uuid4

import pytest

from tests.support.pages import read, words
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
from usufruit.bookings.actions import approve_line, request_booking
from usufruit.kernel import clock
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.absences import record_absence, record_departure
from usufruit.organizations.actions import set_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body("Ville prêteuse")


@pytest.fixture
def borrower():
    return make_body("Ville emprunteuse")


@pytest.fixture
def requester(borrower):
    return make_person(borrower, Role.REQUESTER, name="Demandeuse")


def asked(body, borrower, requester, hours):
    asset = make_asset(body)
    share(asset, Audience.PUBLIC_BODIES, Mode.APPROVAL)
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=use(48, hours),
        organization=borrower,
        purpose="Essai",
        people_count=None,
        key=uuid4(),
        by=requester,
        now=NOW,
    )


def bounded(body, ceiling_h, *roles):
    admin = make_person(body, Role.BODY_ADMIN, name="Greffière")
    person = make_person(body, Role.APPROVER, name="Approbatrice")
    set_roles(
        person=person,
        organization=body,
        roles=[Role.APPROVER, *roles],
        ceiling_h=ceiling_h,
        by=admin,
        now=NOW,
    )
    return person


@pytest.mark.parametrize(
    ("ceiling_h", "roles", "hours", "is_accepted"),
    [
        (4, [], 4, True),
        (4, [], 4.5, False),
        (None, [], 40, True),
        (4, [Role.MEMBER], 5, False),
        (4, [Role.DESK_CLERK], 5, True),
    ],
)
def test_an_approver_accepts_up_to_their_ceiling(
    body, borrower, requester, ceiling_h, roles, hours, is_accepted
):
    person = bounded(body, ceiling_h, *roles)
    line = asked(body, borrower, requester, hours)
    if is_accepted:
        assert approve_line(line=line, by=person, now=NOW).state == "confirmed"
        return
    with pytest.raises(Refusal) as refused:
        approve_line(line=line, by=person, now=NOW)
    assert refused.value.code == "over_your_ceiling"
    assert "4\u00a0h" in refused.value.message
    assert "Greffière" in refused.value.message
    line.refresh_from_db()
    assert line.state == "requested"


def test_who_stands_in_decides_and_the_journal_names_both(body, borrower, requester):
    manager = make_person(body, Role.ASSET_MANAGER)
    other = make_person(body, Role.MEMBER)
    day = local_wall(NOW, body.time_zone).date()
    record_absence(
        person=manager,
        organization=body,
        replacement=other,
        first_on=day,
        last_on=day,
        by=manager,
        now=NOW,
    )
    other.acts_at = NOW
    approve_line(line=asked(body, borrower, requester, 2), by=other, now=NOW)
    told = JournalLine.objects.get(verb="confirmed_line")
    assert (told.person_id, told.detail["replaces"]) == (other.pk, str(manager.pk))


def test_a_booking_says_who_answers_once_its_requester_left(client, body, borrower, requester):
    admin = make_person(borrower, Role.BODY_ADMIN)
    heir = make_person(borrower, Role.REQUESTER, name="Héritier")
    line = asked(body, borrower, requester, 2)
    client.force_login(heir)
    address = f"/reservations/{line.booking.reference}/"
    assert "Répond maintenant" not in words(read(client.get(address)))
    record_departure(
        person=requester,
        organization=borrower,
        leaves_on=local_wall(clock.now(), borrower.time_zone).date(),
        contact=heir,
        by=admin,
        now=clock.now(),
    )
    assert "Répond maintenant\u00a0: Héritier" in words(read(client.get(address)))
