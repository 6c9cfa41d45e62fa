# SPDX-License-Identifier: EUPL-1.2
"""Erasing, destroying in time, and writing down who read whose data."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session

from tests.support.together import committed, together
from tests.support.world import NOW, Role, all_lanes, make_asset, make_body, make_person, share, use
from usufruit.bookings.actions import request_booking
from usufruit.bookings.models import Booking
from usufruit.kernel.models import ReadingLine
from usufruit.kernel.refusals import Refusal
from usufruit.organizations.absences import record_absence
from usufruit.organizations.actions import note_reading
from usufruit.organizations.models import Membership, Person
from usufruit.privacy import register
from usufruit.privacy.actions import apply_retention, erase_account, record_incident
from usufruit.privacy.models import Incident, RetentionRun
from usufruit.privacy.queries import copy_of, readings_of

YEARS = timedelta(days=366)


def book(body, by, *, now=NOW, purpose="Tournoi", hours=48):
    asset = make_asset(make_body())
    share(asset)
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=use(hours),
        organization=body,
        purpose=purpose,
        people_count=None,
        key=uuid4(),
        by=by,
        now=now,
    )


@pytest.mark.django_db
class TestErasing:
    """An account is emptied; what it did stays, without a name."""

    def test_only_the_number_stays(self):
        body = make_body()
        person = make_person(body, Role.REQUESTER, name="Entraîneuse")
        line = book(body, person)
        erase_account(person=person, by=person, now=NOW)
        person.refresh_from_db()
        assert (person.email, person.full_name, person.is_active) == (None, "", False)
        assert Booking.objects.get(pk=line.booking_id).requester == person
        assert not Membership.objects.filter(person=person).exists()

    def test_a_body_keeps_somebody_to_administer_it(self):
        body = make_body("Ville seule")
        alone = make_person(body, Role.BODY_ADMIN)
        with pytest.raises(Refusal, match="last_administrator") as refused:
            erase_account(person=alone, by=alone, now=NOW)
        assert "Ville seule" in refused.value.message
        make_person(body, Role.BODY_ADMIN)
        erase_account(person=alone, by=alone, now=NOW)

    def test_a_closed_account_administers_nothing(self):
        body = make_body()
        alone, gone = (make_person(body, Role.BODY_ADMIN) for _ in range(2))
        Person.objects.filter(pk=gone.pk).update(is_active=False)
        with pytest.raises(Refusal, match="last_administrator"):
            erase_account(person=alone, by=alone, now=NOW)


def test_two_administrators_who_leave_at_once_leave_one(db):
    with committed():
        body = make_body()
        leaving = [make_person(body, Role.BODY_ADMIN) for _ in range(2)]

        def leave(person):
            try:
                erase_account(person=person, by=person, now=NOW)
            except Refusal as refusal:
                return refusal.code
            return "erased"

        outcomes = together([lambda each=each: leave(each) for each in leaving])
        assert sorted(outcomes) == ["erased", "last_administrator"]


@pytest.mark.django_db
class TestReadings:
    """Who read whose data is written down once a day, and never of oneself."""

    def test_others_are_written_and_oneself_is_not(self):
        body = make_body()
        reader, read = make_person(body, Role.APPROVER), make_person(body, Role.REQUESTER)
        for _ in range(2):
            note_reading(
                subjects=[reader, read, read], page="inbox", by=reader, organization=body, now=NOW
            )
        assert list(readings_of(read).values_list("reader_id", "page")) == [(reader.pk, "inbox")]
        assert not readings_of(reader).exists()
        note_reading(
            subjects=[read], page="inbox", by=reader, organization=body, now=NOW + timedelta(days=1)
        )
        assert readings_of(read).count() == 2

    def test_the_pages_that_show_a_name_write_it(self, client):
        body, lender = make_body(), make_body()
        requester = make_person(body, Role.REQUESTER)
        line = book(body, requester)
        colleague = make_person(body, Role.MEMBER)
        client.force_login(colleague)
        client.get(f"/reservations/{line.booking.reference}/")
        client.get(f"/reservations/{line.booking.reference}/")
        assert [one.page for one in readings_of(requester)] == ["booking"]
        assert lender.pk


@pytest.mark.django_db
class TestRetention:
    """The night destroys what has been kept long enough, and keeps the proof."""

    def test_old_readings_go_and_the_proof_stays(self):
        old, fresh = (
            ReadingLine.objects.create(
                at=at, on=at.date(), reader_id=1, subject_id=2, page="booking"
            )
            for at in (NOW - 3 * YEARS, NOW - YEARS)
        )
        counts = apply_retention(now=NOW)
        assert counts["readings"] == 1
        assert list(ReadingLine.objects.all()) == [fresh]
        run = RetentionRun.objects.get()
        assert (run.code, run.count, run.at) == ("readings", 1, NOW)
        assert old.pk != fresh.pk

    def test_nothing_to_destroy_leaves_no_proof(self):
        assert set(apply_retention(now=NOW).values()) == {0}
        assert not RetentionRun.objects.exists()

    def test_expired_sessions_go(self):
        Session.objects.create(session_key="a", expire_date=NOW - timedelta(seconds=1))
        Session.objects.create(session_key="b", expire_date=NOW + timedelta(days=1))
        apply_retention(now=NOW)
        assert [one.session_key for one in Session.objects.all()] == ["b"]

    @pytest.mark.parametrize(
        ("closed_on", "stays"), [(None, True), (date(2024, 1, 1), True), (date(2021, 1, 1), False)]
    )
    def test_an_incident_is_kept_five_years_once_closed(self, closed_on, stays):
        body = make_body()
        fields = {
            "title": "Perte",
            "data_described": "Clé",
            "circumstances": "Oubli",
            "known_on": date(2020, 6, 1),
            "is_serious": False,
            "measures": "Serrure changée",
            "closed_on": closed_on,
        }
        keeper = make_person(body, Role.BODY_ADMIN)
        record_incident(organization=body, fields=fields, by=keeper, now=NOW)
        apply_retention(now=NOW)
        assert Incident.objects.exists() is stays

    def test_an_account_without_a_body_and_without_use_is_erased(self):
        kept = {
            "with a body": make_person(make_body(), Role.MEMBER),
            "seen lately": make_person(),
            "never seen, new": make_person(),
        }
        idle = make_person(name="Partie depuis longtemps")
        Person.objects.filter(pk=idle.pk).update(last_login=NOW - 4 * YEARS)
        Person.objects.filter(pk=kept["with a body"].pk).update(last_login=NOW - 4 * YEARS)
        Person.objects.filter(pk=kept["seen lately"].pk).update(last_login=NOW - YEARS)
        assert apply_retention(now=NOW)["idle_accounts"] == 1
        idle.refresh_from_db()
        assert idle.erased_at == NOW
        for why, person in kept.items():
            person.refresh_from_db()
            assert person.erased_at is None, why

    def test_who_was_served_without_an_account_is_erased_long_after(self):
        body = make_body()
        caller = make_person(body, Role.REQUESTER)
        book(body, caller, now=NOW - 4 * YEARS, hours=-4 * 366 * 24 + 24)
        recent = make_person(body, Role.REQUESTER)
        book(body, recent)
        Membership.objects.filter(person__in=[caller, recent]).delete()
        assert apply_retention(now=NOW)["idle_accounts"] == 1
        recent.refresh_from_db()
        assert recent.erased_at is None

    def test_every_limit_is_applied(self):
        assert set(apply_retention(now=NOW)) == {limit.code for limit in register.RETENTIONS}


@pytest.mark.django_db
def test_a_copy_holds_what_is_ones_own_and_nothing_of_others():
    body = make_body("Club des neiges")
    person = make_person(body, Role.REQUESTER, name="Entraîneuse")
    other = make_person(body, Role.REQUESTER, name="Quelqu’un d’autre")
    book(body, person, purpose="=1+1")
    book(body, other, purpose="Soirée de l’autre")
    with zipfile.ZipFile(io.BytesIO(copy_of(person))) as archive:
        everything = json.loads(archive.read("tout.json"))
        tables = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert everything["Compte"][0]["full_name"] == "Entraîneuse"
    assert [one["purpose"] for one in everything["Réservations demandées"]] == ["=1+1"]
    table = next(text for name, text in tables.items() if name.endswith("bookings.booking.csv"))
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert rows[1][2] == "'=1+1"
    assert "autre" not in json.dumps(everything, ensure_ascii=False)
    assert "LISEZMOI.txt" in tables


@pytest.mark.django_db
def test_days_of_absence_are_handed_over():
    body = make_body()
    person, other = make_person(body, Role.MEMBER), make_person(body, Role.MEMBER)
    day = (NOW + timedelta(days=2)).date()
    record_absence(
        person=person,
        organization=body,
        replacement=other,
        first_on=day,
        last_on=day,
        by=person,
        now=NOW,
    )
    with zipfile.ZipFile(io.BytesIO(copy_of(other))) as archive:
        assert str(day) in archive.read("tout.json").decode()
