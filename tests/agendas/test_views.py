# SPDX-License-Identifier: EUPL-1.2
"""Agendas as an owner follows, imports and settles them, without a script."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from tests.agendas.test_actions import ADDRESS, HALVES, book, follow, held, text_of
from tests.support.owner import assert_only_managers, make_owned
from tests.support.pages import read, words
from tests.support.sql_snapshot import recorded
from tests.support.world import Role, make_asset, make_body, make_person
from usufruit.agendas import actions, tasks
from usufruit.agendas.feeds import Answer, FeedTrouble
from usufruit.agendas.models import Agenda, AgendaImport, AgendaWaiver
from usufruit.agendas.queries import conflicts
from usufruit.kernel.clock import now
from usufruit.kernel.spans import Span
from usufruit.timetable.models import Hold

pytestmark = pytest.mark.django_db
SECRET = "secret"


@pytest.fixture
def owned(client):
    owned = make_owned(client)
    owned.asset = make_asset(owned.body, site=owned.site, name="Salle des Pins")
    return owned


@pytest.fixture(autouse=True)
def jobs():
    with app.replace_connector(InMemoryConnector()) as replaced:
        yield replaced.connector.jobs


def ahead(hours, length=2):
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    return Span(start, start + timedelta(hours=length))


def said(asset, *spans, **more):
    agenda = follow(asset, **more)
    answer = Answer(text_of(*spans))
    actions.receive(agenda_id=agenda.pk, answer=answer, now=now(), chance=0.5)
    return agenda


def at(owned, path=""):
    return f"/mes-biens/{owned.asset.pk}/agendas/{path}"


def test_only_managers_enter(owned):
    agenda = said(owned.asset, ahead(24))
    assert_only_managers(owned, at(owned))
    assert_only_managers(owned, at(owned, "importer/"))
    for verb in ("relire", "accepter", "oublier"):
        assert_only_managers(owned, f"/mes-biens/agendas/{agenda.pk}/{verb}/", method="post")
    other = Client()
    other.force_login(make_person(make_body(), Role.ASSET_MANAGER))
    assert other.get("/mes-biens/agendas/").status_code == 200
    assert owned.client.get(f"/mes-biens/agendas/{10**6}/oublier/").status_code == 404


def test_an_agenda_is_followed_and_its_address_never_shown_again(owned, jobs):
    page = read(owned.client.get(at(owned)))
    assert "Aucun agenda" in words(page)
    sent = {"name": "Outlook", "address": ADDRESS.replace("https", "webcal")}
    assert owned.client.post(at(owned), sent).status_code == 302
    agenda = Agenda.objects.get()
    assert agenda.address == ADDRESS
    assert [job["args"] for job in jobs.values()] == [{"agenda_id": agenda.pk}]
    page = read(owned.client.get(at(owned)))
    assert "agenda.exemple.test/…" in words(page)
    assert SECRET not in str(page.select_one("main article"))
    assert SECRET not in str(read(owned.client.get("/mes-biens/agendas/")))
    again = read(owned.client.post(at(owned), sent))
    assert "Ce bien suit déjà cet agenda." in again.select_one(".error-summary").text


@pytest.mark.parametrize(
    "address",
    ["salle.ics", "file:///etc/passwd", "https://moi:mot@x/a", "https://[x", "https://a b"],
)
def test_addresses_that_are_not_taken(owned, address):
    page = read(owned.client.post(at(owned), {"name": "x", "address": address}))
    assert page.select_one(".error-summary a[href='#id_address']")
    assert not Agenda.objects.exists()


def test_a_conflict_is_listed_and_settled(owned):
    line = book(owned.asset, ahead(25, 1))
    agenda = said(owned.asset, ahead(24, 4))
    home = read(owned.client.get("/mes-biens/agendas/"))
    assert line.booking.reference in home.select_one("main .table").text
    page = read(owned.client.get(at(owned)))
    assert "Un conflit à régler" in words(page)
    assert page.select_one(f"main a[href='/reservations/{line.booking.reference}/']")
    assert page.select_one("nav .count, header .count").text == "1"
    address = page.select_one("main .table form")["action"]
    assert owned.client.post(address).status_code == 302
    page = read(owned.client.get(at(owned)))
    assert "conflit" not in words(page).lower().replace("revenir au conflit", "")
    assert "Heures que l’agenda a cédées" in words(page)
    assert owned.client.post(address).status_code == 404
    waiver = AgendaWaiver.objects.get()
    assert owned.client.post(f"/mes-biens/agendas/cedees/{waiver.pk}/reprendre/").status_code == 302
    assert len(conflicts(owned.body, now())) == 1
    assert len(held(agenda)) == 2


def test_strangers_settle_nothing(owned):
    book(owned.asset, ahead(25, 1))
    said(owned.asset, ahead(24, 4))
    (conflict,) = conflicts(owned.body, now())
    address = f"/mes-biens/agendas/conflits/{conflict.event_id}/{conflict.hold_id}/garder/"
    assert_only_managers(owned, address, method="post")
    assert len(conflicts(owned.body, now())) == 1


def test_a_doubt_is_told_and_accepted(owned, jobs):
    agenda = said(owned.asset, ahead(24), ahead(30))
    actions.receive(agenda_id=agenda.pk, answer=Answer(text_of()), now=now(), chance=0.5)
    assert "En doute" in words(read(owned.client.get("/mes-biens/agendas/")))
    page = read(owned.client.get(at(owned)))
    address = page.select_one("main .alert--warn form")["action"]
    assert owned.client.post(address).status_code == 302
    agenda.refresh_from_db()
    assert agenda.accepted_count == 0
    assert jobs
    assert owned.client.post(address).status_code == 409


def test_an_agenda_that_is_not_read_any_more_says_why(owned):
    agenda = said(owned.asset, ahead(24))
    for _ in range(3):
        actions.note_failure(
            agenda_id=agenda.pk, reason="Le serveur ne répond pas.", now=now(), chance=0
        )
    page = read(owned.client.get(at(owned)))
    assert "Plus lu" in words(page)
    assert "Le serveur ne répond pas." in page.select_one("main .alert--err").text
    assert owned.client.post(f"/mes-biens/agendas/{agenda.pk}/relire/").status_code == 302


def test_forgetting_says_what_it_frees_first(owned):
    agenda = said(owned.asset, ahead(24), ahead(30))
    page = read(owned.client.get(f"/mes-biens/agendas/{agenda.pk}/oublier/"))
    assert "2 plages à venir" in words(page)
    assert Hold.objects.count() == 2
    assert owned.client.post(f"/mes-biens/agendas/{agenda.pk}/oublier/").status_code == 302
    assert not Hold.objects.exists()


def test_the_blocked_time_of_an_agenda_leads_to_it(owned):
    said(owned.asset, ahead(24))
    page = read(owned.client.get(f"/mes-biens/{owned.asset.pk}/bloquer/"))
    row = page.select_one("main .table tbody")
    assert "Outlook" in row.text
    assert row.select_one(f"a[href='{at(owned)}']")
    assert not row.select("form")


def test_a_part_is_chosen(owned):
    hall = make_asset(owned.body, structure="parts", lane_count=2, parts=HALVES)
    east = hall.parts.order_by("rank")[0]
    sent = {"name": "x", "address": ADDRESS, "part": east.pk}
    assert owned.client.post(f"/mes-biens/{hall.pk}/agendas/", sent).status_code == 302
    assert Agenda.objects.get().part == east


# Files


def upload(content, name="salle.ics"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_is_looked_at_applied_and_undone(owned):
    line = book(owned.asset, ahead(25, 1))
    content = text_of(ahead(24, 4), ahead(40, 1))
    sent = owned.client.post(at(owned, "importer/"), upload(content))
    assert sent.status_code == 302
    page = read(owned.client.get(sent.url))
    assert "Nouvelles\u00a0: 1. Déjà là\u00a0: 0. En conflit\u00a0: 1." in page.text
    assert line.booking.reference in page.select_one("main .table").text
    assert Hold.objects.count() == 1
    assert owned.client.post(f"{sent.url}appliquer/").status_code == 302
    assert Hold.objects.filter(reason="external").count() == 3
    page = read(owned.client.get(sent.url))
    assert "Annuler tout l’import" in words(page)
    assert owned.client.post(f"{sent.url}appliquer/").status_code == 409
    assert owned.client.post(f"{sent.url}annuler/").status_code == 302
    assert not Hold.objects.filter(reason="external").exists()
    assert "Annulé" in words(read(owned.client.get("/mes-biens/agendas/")))
    stranger = Client()
    stranger.force_login(make_person(make_body(), Role.ASSET_MANAGER))
    assert stranger.get(sent.url).status_code == 404
    assert stranger.post(f"{sent.url}appliquer/").status_code == 404


@pytest.mark.parametrize("content", [b"<html>", b"\x00" * 50, text_of()])
def test_a_file_of_nothing_says_so(owned, content):
    page = read(owned.client.post(at(owned, "importer/"), upload(content)))
    assert page.select_one(".error-summary a[href='#id_file']")
    assert not AgendaImport.objects.exists()


def test_lines_that_cannot_be_read_are_told(owned):
    broken = b"BEGIN:VEVENT\nUID:x\nSUMMARY:Sans d\xc3\xa9but\nEND:VEVENT\nEND:VCALENDAR"
    content = text_of(ahead(24)).replace(b"END:VCALENDAR", broken)
    sent = owned.client.post(at(owned, "importer/"), upload(content))
    page = read(owned.client.get(sent.url))
    assert "Sans début" in page.select_one("[aria-labelledby=refusees]").text


# The queue


def test_the_queue_reads_what_is_due_and_remembers_a_failure(owned, jobs, monkeypatch):
    agenda = follow(owned.asset)
    Agenda.objects.filter(pk=agenda.pk).update(next_read_at=now())
    asked = []

    def answer(address, **known):
        asked.append((address, known["etag"]))
        if len(asked) > 1:
            raise FeedTrouble("Le serveur de l’agenda ne répond pas.")
        return Answer(text_of(ahead(24)), '"1"')

    monkeypatch.setattr(tasks, "fetch", answer)
    tasks.read(agenda_id=agenda.pk)
    assert Hold.objects.filter(agenda_id=agenda.pk).count() == 1
    tasks.read(agenda_id=agenda.pk)
    agenda.refresh_from_db()
    assert agenda.failure_count == 1
    assert asked == [(ADDRESS, '"1"'), (ADDRESS, '"1"')]
    tasks.read(agenda_id=10**6)


def test_each_agenda_due_has_a_job_of_its_own(owned, jobs):
    class Context:
        def should_abort(self):
            return False

    agenda = follow(owned.asset)
    Agenda.objects.filter(pk=agenda.pk).update(next_read_at=now())
    tasks.read_due(Context(), 0)
    assert [job["args"] for job in jobs.values()] == [{"agenda_id": agenda.pk}]


def test_what_was_contested_is_laid_again_within_the_minute(owned):
    class Context:
        def should_abort(self):
            return False

    line = book(owned.asset, ahead(25, 1))
    agenda = said(owned.asset, ahead(24, 4))
    line.refresh_from_db()
    from usufruit.bookings.actions import cancel_line

    cancel_line(line=line, by=make_person(line.booking.organization, Role.REQUESTER), now=now())
    tasks.read_due(Context(), 0)
    assert held(agenda) == [ahead(24, 4)]


def test_queries_do_not_grow_with_what_agendas_say(owned):
    few, many = make_asset(owned.body), make_asset(owned.body)
    said(few, ahead(24))
    said(many, *(ahead(24 + 3 * number) for number in range(20)))
    owned.client.get(f"/mes-biens/{few.pk}/agendas/")
    with recorded() as first:
        owned.client.get(f"/mes-biens/{few.pk}/agendas/")
    with recorded() as second:
        owned.client.get(f"/mes-biens/{many.pk}/agendas/")
    assert [author for author, _ in first.shapes()] == [author for author, _ in second.shapes()]
