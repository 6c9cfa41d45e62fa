# SPDX-License-Identifier: EUPL-1.2
"""``usufruit audit`` from end to end on invented files: outputs, exit codes, same bytes."""

import csv
import html
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from usufruit.audits.cli import main
from usufruit.ui.typography import typography_faults

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001 - a wall clock, as files write it
FILES = ("report.html", "findings.csv", "rejected.csv", "findings.json")
FIGURE_KEYS = {"value", "numerator", "denominator", "unit", "coverage_ratio", "low", "high"}


@pytest.fixture
def evidence(tmp_path) -> Path:
    """Twelve weeks of a hall counted each half hour, and of the bookings of two rooms."""
    folder = tmp_path / "dossier avec espaces"
    folder.mkdir()
    counts = ["bien;horodatage;personnes;capacité"]
    agenda = ["salle,début,durée,statut"]
    for week in range(12):
        for day in range(7):
            on = MONDAY + timedelta(weeks=week, days=day)
            busy = range(16, 28) if day < 5 else ()
            counts += [
                f"Gymnase;{on + timedelta(minutes=30 * half)};{12 * (half in busy)};80"
                for half in range(48)
            ]
            if day in {1, 3}:
                agenda.append(f"Érable,{on + timedelta(hours=18)},2,")
                agenda.append(f"=cmd|' /C calc'!A0,{on + timedelta(hours=9)},1.5,HOLD")
    (folder / "comptes.csv").write_text("\n".join(counts), encoding="cp1252")
    (folder / "agenda.csv").write_text("\n".join(agenda), encoding="utf-8")
    return folder


def _run(evidence: Path, out: Path, *words: str) -> int:
    files = [str(evidence / "comptes.csv"), str(evidence / "agenda.csv")]
    return main([*files, "--out", str(out), *words])


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _visible(page: str) -> str:
    """Return the text a person reads, one line a block."""
    bare = re.sub(r"(?s)<(style|title|svg|code)\b.*?</\1>", " ", page)
    return html.unescape(re.sub(r"<[^>]+>", "\n", bare))


def test_end_to_end(evidence, tmp_path, capsys):
    out = tmp_path / "rapport"
    assert _run(evidence, out, "--opening", "lu-ve 8:00-22:00; sa 9:00-17:00") == 0
    said = capsys.readouterr()
    assert "biens" in said.out
    assert "100\u00a0% Terminé" in said.err
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)

    found = json.loads((out / "findings.json").read_text("utf-8"))
    assert found["period"]["from"] == "2026-01-05"
    assert {"method", "period", "assets"} == set(found)
    gym = next(one for one in found["assets"] if one["name"] == "Gymnase")
    assert gym["verdict"] == "undetermined"
    assert gym["verdict_label"] == "indéterminé (aucun seuil reconnu)"
    assert {name: one["unit"] for name, one in gym["indicators"].items()} == {
        "use_h": "h", "available_h": "h", "frequency_ratio": "ratio", "occupancy_ratio": "ratio",
        "occupancy_when_used_ratio": "ratio", "utilisation_ratio": "ratio",
    }  # fmt: skip
    assert all(set(one) == FIGURE_KEYS for one in gym["indicators"].values())
    assert gym["indicators"]["use_h"]["value"] == 12 * 5 * 6
    assert gym["indicators"]["available_h"]["value"] == 12 * 78
    assert gym["indicators"]["occupancy_when_used_ratio"]["value"] == 0.15
    assert gym["idle_windows"][0] == {
        "weekday": 0, "start_min": 840, "end_min": 1320, "confidence": 0.980657,
        "clean_weeks": 12, "observed_weeks": 12,
        "words": "lundi de 14\u00a0h à 22\u00a0h, 12 semaines sur 12",
    }  # fmt: skip
    maple = next(one for one in found["assets"] if one["name"] == "Érable")
    assert maple["indicators"]["booked_h"]["value"] == 12 * 2 * 2
    assert maple["indicators"]["use_h"]["value"] is None
    assert maple["indicators"]["use_h"]["reason"]


def test_same_input_same_bytes(evidence, tmp_path, capsys):
    for name in ("un", "deux"):
        _run(evidence, tmp_path / name)
    for file in FILES:
        first, second = (tmp_path / name / file for name in ("un", "deux"))
        assert first.read_bytes() == second.read_bytes(), file


def test_the_report_stands_alone_and_is_well_set(evidence, tmp_path, capsys):
    _run(evidence, tmp_path / "r", "--opening", "lu-ve 8:00-22:00", "--holidays", "CA-QC")
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert not re.search(r"<(script|link|img|iframe)\b", page)
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert not re.search(r"url\((?!#)", page), "no resource outside the page"
    assert " style=" not in page
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    assert len(anchors) == len(re.findall(r' id="[^"]+"', page)), "each id once"
    assert "jours fériés du calendrier CA-QC" in page
    faults = [
        fault for line in _visible(page).splitlines() for fault in typography_faults(line.strip())
    ]
    assert not faults


def test_tables_defuse_formulas(evidence, tmp_path, capsys):
    with (evidence / "agenda.csv").open("a", encoding="utf-8") as file:
        file.write("\nÉrable,+oups,2,\n")
    assert _run(evidence, tmp_path / "r") == 1
    assert "Lignes rejetées\u00a0: 1" in capsys.readouterr().out
    rows = _table(tmp_path / "r" / "findings.csv")
    names = {row["name"] for row in rows}
    assert "'=cmd|' /C calc'!A0" in names
    assert float(rows[0]["frequency_ratio_low"]) >= 0
    rejected = _table(tmp_path / "r" / "rejected.csv")
    assert [row["file"] for row in rejected] == ["agenda.csv"]
    assert int(rejected[0]["line"]) == 50
    assert "n’est pas une date" in rejected[0]["reason"]


def test_inventory_gives_names_hours_and_thresholds(evidence, tmp_path, capsys):
    inventory = tmp_path / "inventaire.csv"
    inventory.write_text(
        "external_id;nom;genre;catégorie;capacité;horaire;fuseau\n"
        "Gymnase;Gymnase de l’Étang;lieu;Salle de classe;80;lu-ve 8:00-22:00;America/Toronto\n"
        "Érable;Salle de l’Érable;lieu;;;pas un horaire;\n"
        "Remorque;Remorque;véhicule;;;;\n",
        encoding="utf-8",
    )
    assert _run(evidence, tmp_path / "r", "--inventory", str(inventory)) == 1
    found = {
        one["external_id"]: one
        for one in json.loads((tmp_path / "r" / "findings.json").read_text("utf-8"))["assets"]
    }
    assert set(found) == {"Gymnase", "Remorque"}
    assert found["Gymnase"]["name"] == "Gymnase de l’Étang"
    assert found["Gymnase"]["verdict"] == "under_used"
    assert found["Gymnase"]["threshold"] == "salles-uk-smg/1"
    assert (found["Remorque"]["kind"], found["Remorque"]["verdict"]) == ("vehicle", "insufficient")
    rejected = (tmp_path / "r" / "rejected.csv").read_text("utf-8")
    assert "inventaire.csv,3" in rejected
    assert "n’est pas à l’inventaire" in rejected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2026-01-05"], "--from et --to vont ensemble"),
        (["--from", "2026-02-05", "--to", "2026-01-05"], "avant son début"),
        (["--from", "5 janvier", "--to", "2026-01-05"], "n’est pas une date"),
        (["--timezone", "Mars/Olympus"], "est inconnu"),
        (["--timezone", "../../etc/passwd"], "est inconnu"),
        (["--opening", "toujours 8:00-9:00"], "n’est pas un jour"),
        (["--holidays", "ZZ-99"], "est inconnu"),
        (["--sense", "peut-être"], "choix inconnu"),
        (["--inventory", "absent.csv"], "introuvable"),
        (["--bogue"], "argument inconnu"),
    ],
)
def test_words_that_cannot_be_followed(evidence, tmp_path, capsys, words, said):
    assert _run(evidence, tmp_path / "r", *words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert not (tmp_path / "r" / "report.html").exists()


def test_unusable_evidence(tmp_path, capsys):
    empty = tmp_path / "vide.csv"
    empty.write_text("")
    assert main([str(empty), "--out", str(tmp_path / "r")]) == 2
    assert "est vide" in capsys.readouterr().err
    assert main([str(tmp_path / "absent.csv"), "--out", str(tmp_path / "r")]) == 2
    assert main(["--out", str(tmp_path / "r")]) == 2
    assert "il manque" in capsys.readouterr().err


def test_an_impossible_folder(evidence, tmp_path, capsys):
    (tmp_path / "occupé").write_text("un fichier")
    assert _run(evidence, tmp_path / "occupé") == 2
    assert "ne peut pas être créé" in capsys.readouterr().err


def test_an_asset_always_closed_is_printed(evidence, tmp_path, capsys):
    assert _run(evidence, tmp_path / "r", "--from", "2026-01-10", "--to", "2026-01-11",
                "--opening", "lu-ve 8:00-22:00") == 0  # fmt: skip
    found = json.loads((tmp_path / "r" / "findings.json").read_text("utf-8"))
    assert {one["verdict"] for one in found["assets"]} == {"insufficient"}


def test_help_is_french(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("utilisation\u00a0:")
    assert "Codes de sortie" in text
