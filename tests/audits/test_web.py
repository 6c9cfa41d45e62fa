# SPDX-License-Identifier: EUPL-1.2
"""Evidence sent from a page, audited by the worker's verb, opened as a sharing rule."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.support.pages import read, words
from tests.support.world import (
    NOW,
    Audience,
    Mode,
    Role,
    make_asset,
    make_body,
    make_category,
    make_person,
)
from usufruit.audits import tasks
from usufruit.audits.actions import conduct_audit, publish_window, send_evidence
from usufruit.audits.keeping import report_folder
from usufruit.audits.models import Audit, EvidenceFile, Finding
from usufruit.kernel.refusals import Refusal
from usufruit.sharing.models import SharingRule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def school():
    return make_body("Centre de services scolaire des Essais", "school_service_centre")


@pytest.fixture
def administrator(school):
    return make_person(school, Role.BODY_ADMIN)


@pytest.fixture
def gym(school):
    return make_asset(
        school, name="Gymnase de l’école Essai", external_id="GYM-1", opening="lu-di 8:00-22:00"
    )


def bookings_csv(weeks: int = 13) -> bytes:
    """Book the gym every evening but Tuesday, for some weeks from Monday 2026-08-03."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(["bien", "début", "fin"])
    for number in range(7 * weeks):
        on = date(2026, 8, 3) + timedelta(days=number)
        rows.writerow(["GYM-1", f"{on} 08:00", f"{on} 18:00"])
        if on.weekday() != 1:
            rows.writerow(["GYM-1", f"{on} 18:00", f"{on} 22:00"])
    rows.writerow(["GYM-1", "pas une date", "2026-08-03 22:00"])
    return text.getvalue().encode()


def clock() -> datetime:
    return datetime(2026, 12, 1, 16, tzinfo=UTC)


def audited(school, administrator) -> Audit:
    audit = send_evidence(
        organization=school,
        uploads=[SimpleUploadedFile("gymnase.csv", bookings_csv())],
        period=None,
        sense=None,
        by=administrator,
        now=NOW,
    )
    conduct_audit(audit_id=audit.pk, clock=clock)
    return Audit.objects.get(pk=audit.pk)


def test_audit_finds_the_free_evening_and_keeps_the_bad_line(school, administrator, gym):
    audit = audited(school, administrator)
    assert (audit.status, audit.failure, audit.rejected_count) == (Audit.Status.DONE, "", 1)
    finding = audit.findings.get()
    assert finding.asset == gym
    window = finding.content["idle_windows"][0]
    assert (window["weekday"], window["start_min"], window["end_min"]) == (1, 18 * 60, 22 * 60)
    assert audit.rejected_lines.get().line_number == 7 * 13 * 2 - 13 + 2


def test_running_twice_changes_nothing(school, administrator, gym):
    audit = audited(school, administrator)
    conduct_audit(audit_id=audit.pk, clock=clock)
    assert audit.findings.count() == 1


def test_same_bytes_are_kept_once(school, administrator, gym):
    audited(school, administrator)
    audited(school, administrator)
    assert EvidenceFile.objects.count() == 1


def test_unusable_file_fails_with_a_sentence(school, administrator):
    audit = send_evidence(
        organization=school,
        uploads=[SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00")],
        period=None,
        sense=None,
        by=administrator,
        now=NOW,
    )
    conduct_audit(audit_id=audit.pk, clock=clock)
    audit.refresh_from_db()
    assert audit.status == Audit.Status.FAILED
    assert "photo.csv" in audit.failure
    assert not audit.findings.exists()


def test_window_becomes_a_rule_once(school, administrator, gym):
    finding = audited(school, administrator).findings.get()
    terms = {
        "finding": finding,
        "number": 0,
        "audience": Audience.RECOGNIZED,
        "mode": Mode.INSTANT,
        "by": administrator,
        "now": NOW,
    }
    rule = publish_window(**terms).rule
    hours = rule.windows.seasons.get().hours.get()
    assert (hours.weekday, hours.start_min, hours.end_min) == (1, 1080, 1320)
    with pytest.raises(Refusal) as refusal:
        publish_window(**terms)
    assert refusal.value.code == "already_open"
    assert SharingRule.objects.count() == 1


def test_only_managers_open(school, administrator, gym):
    finding = audited(school, administrator).findings.get()
    with pytest.raises(Refusal) as refusal:
        publish_window(
            finding=finding,
            number=0,
            audience=Audience.RECOGNIZED,
            mode=Mode.INSTANT,
            by=make_person(school, Role.ANALYST),
            now=NOW,
        )
    assert refusal.value.code == "not_a_manager"


def test_journey_through_the_pages(client, school, administrator, gym, monkeypatch):
    client.force_login(administrator)
    deferred = []
    monkeypatch.setattr(
        "usufruit.audits.tasks.run.defer",
        lambda **arguments: deferred.append(arguments["audit_id"]),
    )
    answer = client.post(
        reverse("new_audit"),
        {"evidence": [SimpleUploadedFile("gymnase.csv", bookings_csv())], "sense": ""},
    )
    page = reverse("audit", args=deferred)
    assert answer.headers["Location"] == page
    assert "attend son tour" in client.get(page).content.decode()
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith("<section")
    conduct_audit(audit_id=deferred[0], clock=clock)
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    finding = Finding.objects.get()
    pages = [
        page,
        reverse("audits"),
        reverse("finding", args=[finding.pk]),
        reverse("asset_use", args=[gym.pk]),
    ]
    for address in pages:
        page_words = words(read(client.get(address)))
        assert "Gymnase" in page_words or address == reverse("audits")
    address = reverse("publish_window", args=[finding.pk])
    terms = {"audience": "recognized", "mode": "instant"}
    assert "Choisissez une plage." in words(read(client.post(address, terms)))
    opened = client.post(address, {**terms, "window": 0})
    assert opened.headers["Location"].endswith("#plage-0")
    again = read(client.post(address, {**terms, "window": 0}), status=409)
    assert "déjà ouverte" in words(again)
    assert again.select_one("input[name=window][checked]")["value"] == "0"
    assert (
        "Ouverte à ce public" in client.get(reverse("finding", args=[finding.pk])).content.decode()
    )
    for name in ("rapport.html", "constats.csv", "rejets.csv", "constats.json"):
        answer = client.get(reverse("audit_file", args=[deferred[0], name]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


def test_pages_say_what_would_settle_each_verdict(client, school, administrator):
    arena = make_category("arena", name="Aréna")
    room = make_category("reunion", name="Salle de réunion")
    for number, category in (("GYM-1", arena), ("A-2", arena), ("R-3", room)):
        make_asset(school, external_id=number, category=category, capacity=12)
    lines = "".join(
        f"{number};2026-08-03 08:00;2026-10-25 22:00\n" for number in ("GYM-1", "A-2", "R-3")
    )
    file = SimpleUploadedFile("agenda.csv", f"bien;début;fin\n{lines}".encode())
    audit = queued(school, administrator, file)
    conduct_audit(audit_id=audit.pk, clock=clock)
    client.force_login(administrator)
    limits = words(read(client.get(reverse("audit", args=[audit.pk]))).select_one(".limits"))
    both = (
        "Un seuil reconnu pour cette sorte de bien et huit semaines de comptage de présence "
        "permettraient de trancher."
    )
    counts = "Huit semaines de comptage de présence permettraient de trancher."
    assert f"2 biens\u00a0: {both}" in limits
    assert f"1 bien\u00a0: {counts}" in limits
    for number, said in (("GYM-1", both), ("R-3", counts)):
        finding = audit.findings.get(external_id=number)
        page = read(client.get(reverse("finding", args=[finding.pk])))
        assert said in page.select_one(".prose").text
    finding.content.pop("decided_by")  # as audits of before kept it
    finding.save()
    assert said not in read(client.get(reverse("finding", args=[finding.pk]))).text


def test_an_error_of_the_window_leads_to_a_window_not_yet_open(client, school, administrator, gym):
    client.force_login(administrator)
    finding = audited(school, administrator).findings.get()
    finding.content["idle_windows"] *= 3
    finding.save()
    page = reverse("finding", args=[finding.pk])
    assert "Ouvrir une des 3 plages libres" in words(read(client.get(page)))
    address = reverse("publish_window", args=[finding.pk])
    refused = read(client.post(address, {"audience": "recognized", "mode": "instant"}))
    target = refused.select_one(".error-summary a")["href"]
    assert refused.select_one(target)["type"] == "radio"
    for number, left in enumerate(("Ouvrir une des 2 plages libres", "Ouvrir la plage libre", "")):
        publish_window(
            finding=finding,
            number=number,
            audience=Audience.RECOGNIZED,
            mode=Mode.APPROVAL,
            by=administrator,
            now=NOW,
        )
        links = read(client.get(page)).select("a[href='#plages']")
        assert [words(link) for link in links] == ([left] if left else [])


def test_bad_forms_say_what_to_do(client, administrator):
    client.force_login(administrator)
    answer = client.post(reverse("new_audit"), {"first_on": "2026-02-30"})
    text = answer.content.decode()
    assert "Joignez au moins un fichier." in text
    answer = client.post(
        reverse("new_audit"),
        {
            "evidence": [SimpleUploadedFile("a.csv", b"bien;date;kWh\n")],
            "first_on": "2026-03-01",
            "last_on": "2026-02-01",
        },
    )
    assert "finit avant son début" in answer.content.decode()
    assert not Audit.objects.exists()


@pytest.mark.parametrize("name", ["audit", "finding"])
def test_strangers_see_nothing(client, school, administrator, gym, name):
    audit = audited(school, administrator)
    pk = audit.pk if name == "audit" else audit.findings.get().pk
    assert client.get(reverse(name, args=[pk])).status_code == 302
    client.force_login(make_person(make_body(), Role.BODY_ADMIN))
    assert client.get(reverse(name, args=[pk])).status_code == 404
    client.force_login(make_person(school, Role.MEMBER))
    assert client.get(reverse(name, args=[pk])).status_code == 404


def queued(school, administrator, file=None) -> Audit:
    return send_evidence(
        organization=school,
        uploads=[file or SimpleUploadedFile("gymnase.csv", bookings_csv())],
        period=None,
        sense=None,
        by=administrator,
        now=NOW,
    )


def test_findings_that_cannot_be_stored_fail_the_audit(school, administrator, gym, monkeypatch):
    def full(*_arguments):
        raise OSError("no space left on device")

    monkeypatch.setattr("usufruit.audits.actions.keep_files", full)
    audit = queued(school, administrator)
    conduct_audit(audit_id=audit.pk, clock=clock)
    audit.refresh_from_db()
    assert audit.status == Audit.Status.FAILED
    assert "relancez" in audit.failure
    assert not audit.findings.exists()


def test_half_written_files_are_not_handed_over(client, school, administrator):
    audit = queued(school, administrator)
    report_folder(audit.pk).mkdir(parents=True)
    (report_folder(audit.pk) / "report.html").write_text("<p>à moitié", encoding="utf-8")
    client.force_login(administrator)
    address = reverse("audit_file", args=[audit.pk, "rapport.html"])
    assert client.get(address).status_code == 404


def test_an_audit_whose_worker_died_is_closed_when_the_next_one_starts(school, administrator):
    died, waits = queued(school, administrator), queued(school, administrator)
    Audit.objects.filter(pk=died.pk).update(status=Audit.Status.RUNNING)
    tasks.take_up()
    died.refresh_from_db()
    assert died.status == Audit.Status.FAILED
    assert "interrompu" in died.failure
    jobs = ProcrastinateJob.objects.filter(task_name="audits.run")
    assert [job.args for job in jobs] == [{"audit_id": waits.pk}]


def test_an_audit_another_worker_runs_is_left_to_it(school, administrator):
    audit = queued(school, administrator)
    Audit.objects.filter(pk=audit.pk).update(status=Audit.Status.RUNNING)
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            key = [f"audits.audit {audit.pk}"]
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", key)
        tasks.take_up()
    finally:
        other.close()
    audit.refresh_from_db()
    assert audit.status == Audit.Status.RUNNING
