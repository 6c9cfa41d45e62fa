# SPDX-License-Identifier: EUPL-1.2
"""Who is away is replaced on those days alone; who leaves holds nothing any more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.range import DateRange

from tests.support.constraints import violates
from tests.support.pages import read, words
from tests.support.together import committed, outcomes_together
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.kernel import clock
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.absences import end_absence, record_absence, record_departure
from usufruit.organizations.actions import set_roles
from usufruit.organizations.bodies import name_stewards
from usufruit.organizations.models import Absence, Departure, Membership, Organization
from usufruit.organizations.queries import (
    administers,
    administrators_of,
    answering_now,
    replaces,
    roles_in,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def body():
    return make_body("Ville de Saint-Essai")


@pytest.fixture
def admin(body):
    return make_person(body, Role.BODY_ADMIN, name="Greffière")


@pytest.fixture
def manager(body):
    return make_person(body, Role.ASSET_MANAGER, Role.FINANCE, name="Contremaître")


@pytest.fixture
def member(body):
    return make_person(body, Role.MEMBER, name="Relève")


def away(person, body, replacement, first_on=TODAY, last_on=TODAY, by=None):
    return record_absence(
        person=person,
        organization=body,
        replacement=replacement,
        first_on=first_on,
        last_on=last_on,
        by=by or person,
        now=NOW,
    )


def leave(person, body, admin, contact, leaves_on=TODAY):
    return record_departure(
        person=person,
        organization=body,
        leaves_on=leaves_on,
        contact=contact,
        by=admin,
        now=NOW,
    )


def at(person, moment):
    person.acts_at = moment
    return person


def test_a_replacement_decides_and_manages_and_no_more(body, manager, member):
    away(manager, body, member)
    assert roles_in(at(member, NOW), body) == {"member", "asset_manager"}
    assert roles_in(at(manager, NOW), body) == {"asset_manager", "finance"}
    assert roles_in(at(member, NOW + A_DAY), body) == {"member"}
    assert roles_in(at(member, NOW), make_body()) == frozenset()


def test_administering_people_is_not_lent(body, admin, member):
    away(admin, body, member)
    assert roles_in(at(member, NOW), body) == {"member", "asset_manager"}
    assert not administers(member, body)


def test_a_replacement_of_a_replacement_inherits_nothing(body, manager, member):
    third = make_person(body, Role.MEMBER)
    away(manager, body, member)
    away(member, body, third)
    assert roles_in(at(third, NOW), body) == {"member"}


def test_the_journal_knows_for_whom(body, manager, member):
    away(manager, body, member)
    assert replaces(at(member, NOW), body, [Role.ASSET_MANAGER]) == manager.pk
    assert replaces(at(manager, NOW), body, [Role.ASSET_MANAGER]) is None
    assert replaces(at(member, NOW), body, [Role.APPROVER]) is None


@given(
    zone=st.sampled_from(
        ["America/Toronto", "America/Halifax", "Europe/Paris", "Pacific/Auckland"]
    ),
    first=st.integers(-3, 3),
    length=st.integers(0, 3),
    minutes=st.integers(-5 * 1440, 5 * 1440),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_days_are_those_of_the_body(body, manager, member, zone, first, length, minutes):
    Organization.objects.filter(pk=body.pk).update(time_zone=zone)
    Absence.objects.all().delete()
    start = date(2026, 11, 1) + timedelta(days=first)  # clocks change on that day in Toronto
    last = start + timedelta(days=length)
    days = DateRange(start, last + A_DAY)
    Absence.objects.create(organization=body, person=manager, replacement=member, days=days)
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    is_lent = "asset_manager" in roles_in(at(member, moment), body)
    assert is_lent is (start <= local_wall(moment, zone).date() <= last)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"replacement": "manager"}, "replaced_by_oneself"),
        ({"replacement": "stranger"}, "replacement_not_here"),
        ({"last_on": TODAY - A_DAY, "first_on": TODAY}, "days_reversed"),
        ({"first_on": TODAY - 3 * A_DAY, "last_on": TODAY - A_DAY}, "days_over"),
        ({"last_on": TODAY + timedelta(days=900)}, "absence_too_long"),
        ({"first_on": TODAY + A_DAY, "last_on": TODAY + 9 * A_DAY}, "absence_overlaps"),
        ({"by": "member"}, "not_an_administrator"),
    ],
)
def test_absences_refused(body, manager, member, changes, code):
    people = {"manager": manager, "member": member, "stranger": make_person()}
    away(manager, body, member, TODAY + 4 * A_DAY, TODAY + 5 * A_DAY)
    values = {"replacement": member, **changes}
    named = {
        name: people.get(one, one) if isinstance(one, str) else one for name, one in values.items()
    }
    with pytest.raises(Refusal) as refused:
        away(manager, body, **named)
    assert refused.value.code == code


def test_what_an_absence_can_never_be(body, manager, member):
    one = away(manager, body, member)
    found = Absence.objects.filter(pk=one.pk)
    with violates("absence_no_overlap"):
        Absence.objects.create(organization=body, person=manager, replacement=member, days=one.days)
    for days in (DateRange(TODAY, TODAY), DateRange(TODAY, None), DateRange(None, TODAY)):
        with violates("absence_has_days"):
            found.update(days=days)
    with violates("absence_replaced_by_another"):
        found.update(replacement=manager)


def test_two_absences_said_at_once_for_the_same_days_make_one():
    with committed():
        body = make_body()
        person, other = (make_person(body, Role.MEMBER) for _ in range(2))
        outcomes = outcomes_together([lambda: away(person, body, other)] * 2)
        assert [one.code for one in outcomes if isinstance(one, Refusal)] == ["absence_overlaps"]


def test_an_absence_is_lifted_or_cut(body, manager, member):
    later = away(manager, body, member, TODAY + 9 * A_DAY, TODAY + 9 * A_DAY)
    end_absence(absence=later, by=manager, now=NOW)
    begun = away(manager, body, member, TODAY, TODAY + 5 * A_DAY)
    end_absence(absence=begun, by=manager, now=NOW + 2 * A_DAY)
    assert [one.last_on for one in Absence.objects.all()] == [TODAY + A_DAY]
    with pytest.raises(Refusal):
        end_absence(absence=begun, by=member, now=NOW)


def test_absence_from_form_to_home_page(client, body, manager, member):
    client.force_login(manager)
    read(client.get("/organisme/absences/"))
    today = clock.now().date()
    sent = {"first_on": today - A_DAY, "last_on": today + A_DAY, "replacement": manager.pk}
    page = read(client.post("/organisme/absences/", sent))
    assert page.select(".error-summary")
    answer = client.post("/organisme/absences/", {**sent, "replacement": member.pk})
    assert answer.url == "/organisme/absences/"
    assert "remplacement\u00a0: Relève" in words(read(client.get(answer.url)))
    client.force_login(member)
    home = read(client.get("/"))
    assert "Vous remplacez Contremaître" in words(home)
    assert home.select(".site-nav a[href='/mes-biens/']")
    absence = Absence.objects.get()
    assert client.post(f"/organisme/absences/{absence.pk}/lever/").status_code == 404


def test_roles_end_on_the_day_of_the_departure(body, admin, manager, member):
    leave(manager, body, admin, member, TODAY + 3 * A_DAY)
    assert roles_in(at(manager, NOW + 2 * A_DAY), body) == {"asset_manager", "finance"}
    assert roles_in(at(manager, NOW + 3 * A_DAY), body) == frozenset()
    assert list(Organization.objects.of_person(manager)) == []
    assert answering_now(manager, body, NOW) is None


def test_a_departure_today_ends_all_at_once(client, body, admin, manager, member):
    third = make_person(body, Role.MEMBER)
    away(manager, body, member, TODAY - A_DAY, TODAY + A_DAY)
    away(member, body, manager, TODAY + A_DAY, TODAY + A_DAY)
    name_stewards(organization=body, steward=manager, deputy=admin, function="F", by=admin, now=NOW)
    client.force_login(manager)
    leave(manager, body, admin, third)
    assert not Membership.objects.filter(person=manager).exists()
    assert not Session.objects.filter(pk=client.session.session_key).exists()
    assert [one.last_on for one in Absence.objects.all()] == [TODAY - A_DAY]
    body.refresh_from_db()
    assert (body.steward_id, body.deputy_id) == (None, admin.pk)
    assert answering_now(manager, body, NOW) == third
    leave(third, body, admin, member)
    assert answering_now(manager, body, NOW) == member
    assert JournalLine.objects.filter(verb="record_departure").count() == 2


@pytest.mark.parametrize(
    ("who", "contact", "day", "code"),
    [
        ("admin", "member", TODAY, "last_administrator"),
        ("member", "member", TODAY, "contact_not_here"),
        ("member", "stranger", TODAY, "contact_not_here"),
        ("member", "admin", TODAY - A_DAY, "leaves_in_past"),
        ("stranger", "admin", TODAY, "not_a_member"),
    ],
)
def test_departures_refused(body, admin, member, who, contact, day, code):
    people = {"admin": admin, "member": member, "stranger": make_person()}
    with pytest.raises(Refusal) as refused:
        leave(people[who], body, admin, people[contact], day)
    assert refused.value.code == code


def test_a_departure_is_recorded_once(body, admin, member, manager):
    leave(member, body, admin, manager, TODAY + A_DAY)
    with pytest.raises(Refusal) as refused:
        leave(member, body, admin, manager, TODAY + A_DAY)
    assert refused.value.code == "departure_recorded"
    with violates("departure_once_a_day"):
        Departure.objects.create(
            organization=body, person=member, contact=admin, leaves_on=TODAY + A_DAY
        )
    with violates("departure_answered_by_another"):
        Departure.objects.update(contact=member)


def test_two_administrators_leave_at_once_and_one_stays():
    with committed():
        body = make_body()
        one, two = (make_person(body, Role.BODY_ADMIN) for _ in range(2))
        member = make_person(body, Role.MEMBER)
        outcomes = outcomes_together(
            [
                lambda: leave(one, body, one, member, TODAY + A_DAY),
                lambda: leave(two, body, two, member),
            ]
        )
        codes = [each.code for each in outcomes if isinstance(each, Refusal)]
        assert codes == ["last_administrator"]
        assert administrators_of(body).count() == 1


def test_departure_from_form_to_history(client, body, admin, member, manager):
    client.force_login(admin)
    address = f"/organisme/personnes/{member.pk}/depart/"
    read(client.get(address))
    page = read(client.post(address, {"leaves_on": "demain", "contact": ""}))
    assert "Ce jour n’existe pas." in page.text
    today = clock.now().date() - A_DAY * 2
    page = read(client.post(address, {"leaves_on": today, "contact": manager.pk}))
    assert "aujourd’hui ou plus tard" in page.select_one(".error-summary").text
    sent = {"leaves_on": local_wall(clock.now(), body.time_zone).date(), "contact": manager.pk}
    client.post(address, sent)
    page = read(client.get("/organisme/personnes/"))
    assert "Répond maintenant\u00a0: Contremaître" in words(page)
    assert client.get(address).status_code == 404


def test_an_approver_has_a_ceiling_and_nobody_else(client, body, admin, member):
    client.force_login(admin)
    address = f"/organisme/personnes/{member.pk}/roles/"
    client.post(address, {"roles": ["approver", "member"], "ceiling_h": "4"})
    held = dict(Membership.objects.filter(person=member).values_list("role", "ceiling_h"))
    assert held == {"approver": 4, "member": None}
    assert "Plafond\u00a0: 4\u00a0h" in words(read(client.get("/organisme/personnes/")))
    for values in ({"role": "member"}, {"ceiling_h": 0}):
        with violates("membership_ceiling_of_approver"):
            Membership.objects.filter(person=member, role="approver").update(**values)
    set_roles(person=member, organization=body, roles=["approver"], by=admin, now=NOW)
    assert Membership.objects.get(person=member).ceiling_h is None
