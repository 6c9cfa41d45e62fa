# SPDX-License-Identifier: EUPL-1.2
"""All that a body has, taken away: whole, described, minimised, for one person, for a few days."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from frictionless import Package, system

from tests.support.constraints import violates
from tests.support.pages import read, words
from tests.support.theirs import make_theirs
from tests.support.world import NOW, Role, make_asset, make_body, make_person
from usufruit.exports.actions import (
    KEPT,
    build_export,
    drop_expired_exports,
    fail_interrupted_exports,
    request_export,
)
from usufruit.exports.models import Export
from usufruit.exports.tables import LEFT_OUT, TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _elsewhere(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("usufruit.exports.views.now", lambda: NOW)


def test_every_model_of_the_project_is_exported_or_left_out_for_a_reason():
    every = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("usufruit.") and model._meta.managed
    }
    exported = [table.label for table in TABLES]
    assert len(exported) == len(set(exported))
    assert every - set(exported) - set(LEFT_OUT) == set()
    assert set(exported) | set(LEFT_OUT) <= every
    assert set(exported) & set(LEFT_OUT) == set()
    assert all(len(why.split()) > 3 for why in LEFT_OUT.values())


@pytest.fixture
def theirs():
    theirs = make_theirs()
    Export.objects.all().delete()  # the one it begins with; each test asks for its own
    return theirs


@pytest.fixture
def archive(theirs):
    export = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    build_export(export_id=export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    return zipfile.ZipFile(export.file.path)


def table(archive, name):
    text = io.TextIOWrapper(archive.open(f"donnees/{name}.csv"), encoding="utf-8", newline="")
    return list(csv.DictReader(text))


def test_the_archive_holds_the_body_s_rows_and_no_other_s(theirs, archive):
    make_asset(make_body("Ville d’ailleurs"), name="Bien d’ailleurs")
    names = {row["name"] for row in table(archive, "biens")}
    assert names >= {theirs.secret.name, theirs.shared.name}
    assert "Bien d’ailleurs" not in names
    lines = {row["id"] for row in table(archive, "reservations-lignes")}
    assert lines >= {str(theirs.line.pk), str(theirs.request.pk)}
    for name in ("plages-prises", "constats", "besoins", "journal", "biens-historique", "saisons"):
        assert table(archive, name), name
    assert any(name.startswith("fichiers/preuves/") for name in archive.namelist())
    assert "Tout ce que «\u00a0Ville lointaine\u00a0»" in archive.read("LISEZ-MOI.md").decode()


def test_persons_are_numbers_and_only_members_have_a_name(theirs, archive):
    names = {row["full_name"] for row in table(archive, "personnes")}
    assert theirs.keeper.full_name in names
    stranger = theirs.request.booking.requester
    assert stranger.full_name not in names
    told = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".csv"))
    assert stranger.full_name.encode() not in told
    assert stranger.email.encode() not in told
    assert theirs.keeper.email.encode() not in told
    assert str(stranger.pk) in {row["requester_id"] for row in table(archive, "reservations")}


def test_the_description_is_valid_and_so_are_the_rows(archive, tmp_path):
    folder = tmp_path / "depaquete"
    archive.extractall(folder)
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in described["resources"]] == [each.name for each in TABLES]
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "message"])


def test_what_a_spreadsheet_would_run_is_text(theirs):
    theirs.shared.description = "=2+5+cmd|' /C calc'!A0"
    theirs.shared.save()
    export = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    build_export(export_id=export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    rows = table(zipfile.ZipFile(export.file.path), "biens")
    assert "'=2+5+cmd|' /C calc'!A0" in {row["description"] for row in rows}


def test_an_archive_is_built_once_and_a_failure_leaves_nothing(theirs, monkeypatch, tmp_path):
    export = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    assert request_export(body=theirs.body, by=theirs.keeper, now=NOW) == export
    with violates("export_one_at_a_time"):
        Export.objects.create(
            organization=theirs.body, requested_by=theirs.keeper, requested_at=NOW
        )
    before = set(tmp_path.glob("exports/*"))
    monkeypatch.setattr("usufruit.exports.actions.write_archive", lambda *_a, **_k: 1 / 0)
    build_export(export_id=export.pk, clock=lambda: NOW)
    export.refresh_from_db()
    assert export.status == "failed"
    assert set(tmp_path.glob("exports/*")) == before
    build_export(export_id=export.pk, clock=lambda: NOW)
    assert Export.objects.latest("pk").status == "failed"
    again = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    Export.objects.filter(pk=again.pk).update(status="running")
    assert fail_interrupted_exports() == 1


def test_what_can_never_be(theirs):
    told = {"organization": theirs.body, "requested_by": theirs.keeper, "requested_at": NOW}
    with violates("export_status_known"):
        Export.objects.create(**told, status="oubliée")
    with violates("export_done_has_file"):
        Export.objects.create(**told, status="done", file="x.zip")


def test_the_page_follows_the_archive_and_hands_it_to_who_asked(theirs, client, monkeypatch):
    deferred = []
    monkeypatch.setattr("usufruit.exports.views.tasks.build.defer", lambda **k: deferred.append(k))
    client.force_login(theirs.keeper)
    page = read(client.post("/exports/", follow=True))
    (export,) = Export.objects.all()
    assert deferred == [{"export_id": export.pk}]
    assert page.select_one("progress")
    assert page.select_one("#archives")["hx-get"] == "/exports/"
    address = f"/exports/{export.pk}/archive.zip"
    assert client.get(address).status_code == 404
    build_export(export_id=export.pk, clock=lambda: NOW)
    assert "Prendre l’archive" in words(read(client.get("/exports/")))
    taken = client.get(address)
    assert zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))).testzip() is None
    other = Client()
    other.force_login(make_person(theirs.body, Role.BODY_ADMIN))
    assert other.get(address).status_code == 404
    manager = Client()
    manager.force_login(make_person(theirs.body, Role.ASSET_MANAGER))
    assert manager.get("/exports/").status_code == 404
    later = NOW + KEPT + timedelta(seconds=1)
    monkeypatch.setattr("usufruit.exports.views.now", lambda: later)
    assert client.get(address).status_code == 404
    assert drop_expired_exports(now=later) == 1
    assert "Expirée" in words(read(client.get("/exports/")))


def test_the_queries_do_not_grow_with_the_rows(theirs, django_assert_max_num_queries):
    export = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    for _ in range(30):
        make_asset(theirs.body, site=theirs.shared.site)
    with django_assert_max_num_queries(3 * len(TABLES) + 20):
        build_export(export_id=export.pk, clock=lambda: NOW)
