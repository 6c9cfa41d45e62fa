# SPDX-License-Identifier: EUPL-1.2
"""Two real inventories, by the command and by the page; needs USUFRUIT_DATA."""

import csv
import json

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from tests.imports.conftest import real_file
from usufruit.imports import actions, cli, tasks
from usufruit.imports.models import Import
from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization

pytestmark = [pytest.mark.django_db, pytest.mark.data]

SCHOOL_COLUMNS = {
    "CD_IMM": "external_id",
    "NOM_OFFCL": "name",
    "CD_CS": "owner",
    "ADRS_GEO_L1_GDUNO": "address",
    "ORDRE_ENS": "description",
    "TYPE_CS": "",
}
MONTREAL_CATEGORIES = {
    "Aire de jeu - enfant": "parc",
    "Récréatif": "terrain-sport",
    "Sportif": "terrain-sport",
    "Loisirs et détente": "parc",
    "Plein air": "parc",
    "Équipement communautaire": "salle-communautaire",
    "Équipement sportif et récréatif": "gymnase",
    "Bibliothèque": "bibliotheque",
    "Établissement scolaire": "batiment",
    "Service municipal": "batiment",
}


def test_school_buildings_of_48_bodies_by_the_command(body, tmp_path, capsys):
    buildings = real_file("qc-ecoles/pps_public_immeuble.csv.gz")
    with real_file("qc-ecoles/css_territoires.csv").open(encoding="utf-8") as file:
        bodies = {row["code"]: f"+{row['nom']}" for row in csv.DictReader(file)}
    said = {
        "columns": SCHOOL_COLUMNS,
        "default_category": "batiment",
        "bodies": bodies,
        "nature": "school_service_centre",
    }
    mapping = tmp_path / "colonnes.json"
    mapping.write_text(json.dumps(said), encoding="utf-8")
    words = [str(buildings), "--body", body.slug, "--mapping", str(mapping), "--json"]
    assert cli.main(cli.parse([*words, "--dry-run"])) == 0
    assert not Asset.objects.exists()
    assert cli.main(cli.parse(words)) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["status"], told["lines"], told["counts"]) == ("applied", 3212, {"new": 3212})
    assert Asset.objects.count() == 3212
    assert Organization.objects.filter(nature="school_service_centre").count() == 48
    assert cli.main(cli.parse(words)) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["counts"] == {"same": 3212}


def test_montreal_by_the_page(body, manager, monkeypatch):
    monkeypatch.setattr(tasks.check, "defer", actions.conduct_check)
    monkeypatch.setattr(tasks.apply, "defer", actions.conduct_apply)
    client = Client()
    client.force_login(manager)
    found = []
    for name in ("installations-recreo-sport-cult.json.gz", "lieux-interet.geojson.gz"):
        content = real_file(f"montreal-installations/{name}").read_bytes()
        address = client.post("/mes-biens/importer/", {"file": ContentFile(content, name)}).url
        batch = Import.objects.latest("pk")
        targets = [{"TYPE": "category"}.get(one) for one in batch.shape["names"]]
        chosen = [new or old for new, old in zip(targets, batch.mapping["targets"], strict=True)]
        data = {f"column_{place}": target for place, target in enumerate(chosen)}
        client.post(address, {"currency": "CAD", **data})
        batch.refresh_from_db()
        unknown = [word for word, _ in batch.told["unknown_categories"]]
        sent = {
            f"category_{place}": MONTREAL_CATEGORIES.get(word, "")
            for place, word in enumerate(unknown)
        }
        client.post(f"/mes-biens/importer/{batch.pk}/mots/", sent)
        client.post(f"/mes-biens/importer/{batch.pk}/appliquer/")
        batch.refresh_from_db()
        found.append((batch.status, batch.line_count, batch.counts))
    assert found[0] == ("applied", 3403, {"new": 3403})
    status, line_count, counts = found[1]
    assert (status, line_count, sum(counts.values())) == ("applied", 3231, 3231)
    # 1 067 places of the kinds chosen; one number is there twice, and some look like those above.
    assert counts["new"] + counts.get("doubt", 0) + 1 >= 1067
