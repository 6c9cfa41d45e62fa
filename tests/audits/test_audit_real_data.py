# SPDX-License-Identifier: EUPL-1.2
"""The three real sets, against the facts their origin publishes; needs USUFRUIT_DATA."""

import csv
import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import median

import pytest

from usufruit.audits.cli import main

pytestmark = pytest.mark.data


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command on files of the data folder; return its code and its findings."""

    def go(*words: object) -> tuple[int, dict]:
        code = main([*map(str, words), "--out", str(tmp_path)])
        capsys.readouterr()
        return code, json.loads((tmp_path / "findings.json").read_text("utf-8"))

    return go


@pytest.mark.parametrize("zone", ["UTC", "Europe/London"])
def test_cambridge_during_the_lockdown(run, real_data, zone):
    files = sorted((real_data / "cambridge-energie").glob("electricity_20*.csv.gz"))
    code, found = run(
        *files, "--timezone", zone, "--from", "2020-03-25", "--to", "2020-06-14",
        "--compare-from", "2019-03-25", "--compare-to", "2019-06-14",
    )  # fmt: skip
    # Without daylight saving in the file, London's missing hour doubles a reading: those are told.
    assert code == (0 if zone == "UTC" else 1)
    assert len(found["assets"]) == 43
    ratios = {
        one["name"].rsplit("_", 1)[1]: one["indicators"]["compared_ratio"]["value"]
        for one in found["assets"]
    }
    assert 0.67 <= median(ratios.values()) <= 0.71
    assert ratios["b22"] == pytest.approx(0.25, abs=0.01)
    assert ratios["b89"] == pytest.approx(1.88, abs=0.02)
    order = list(ratios)
    assert {"b22", "b118", "b59", "b87"} <= set(order[:6])
    # A baseline full of zeros would have read 1.03 and 1.09: more load, not less.
    assert ratios["b61"] == pytest.approx(0.78, abs=0.02)
    assert ratios["b45"] == pytest.approx(0.90, abs=0.02)
    verdicts = {one["name"].rsplit("_", 1)[1]: one["verdict"] for one in found["assets"]}
    assert verdicts["b22"] == "to_watch"
    assert verdicts["b61"] == verdicts["b45"] == "undetermined"
    told = {one["name"].rsplit("_", 1)[1]: " ".join(one["reasons"]) for one in found["assets"]}
    assert "sont à zéro" in told["b61"]
    assert not any(one["idle_windows"] for one in found["assets"])


def test_munich_counts_persons_not_the_free_share(run, real_data):
    (file,) = (real_data / "munich-piscines").glob("pool_occupancy*.csv.gz")
    code, found = run(file, "--timezone", "Europe/Berlin")
    assert code == 1
    assert found["method"]["rejected_count"] == 4
    assert len(found["assets"]) == 7
    figures = {one["name"]: one["indicators"]["occupancy_ratio"] for one in found["assets"]}
    ratios = {name: one["value"] for name, one in figures.items()}
    published = {  # plain means over samples, neither weighted by time nor by capacity
        "Bad Giesing-Harlaching": 0.109, "Cosimawellenbad": 0.120, "Michaelibad": 0.208,
        "Nordbad": 0.222, "Südbad": 0.180, "Westbad": 0.168, "Müller'sches Volksbad": 0.170,
    }  # fmt: skip
    assert set(ratios) == set(published)
    for name, mean in published.items():
        assert ratios[name] == pytest.approx(mean, abs=0.04)
    assert max(ratios, key=ratios.get) == "Nordbad"
    assert sorted(ratios, key=ratios.get)[:2] == ["Bad Giesing-Harlaching", "Cosimawellenbad"]
    told = {one["name"]: " ".join(one["reasons"]) for one in found["assets"]}
    for name in ("Nordbad", "Südbad", "Westbad", "Müller'sches Volksbad"):
        assert "intervertis" in told[name]
    for name in ("Bad Giesing-Harlaching", "Cosimawellenbad", "Michaelibad"):
        assert "intervertis" not in told[name]
    assert {one["verdict_label"] for one in found["assets"]} == {
        "indéterminé (aucun seuil reconnu)"
    }
    notes = " ".join(found["method"]["sources"][0]["notes"])
    assert "dit la part libre" in notes
    assert "vaut toujours" in notes


def _union_h(spans: list[tuple[datetime, datetime]]) -> float:
    """Return the hours covered, by a naive sweep of the naive times of the file."""
    total, reached = timedelta(), datetime.min  # noqa: DTZ901
    for start, end in sorted(spans):
        total += max(end, reached) - max(start, reached) if end > reached else timedelta()
        reached = max(reached, end)
    return total.total_seconds() / 3600


def test_oakland_booked_hours_are_a_union(run, real_data):
    (file,) = (real_data / "salles-oakland-2015").glob("*.csv")
    code, found = run(file, "--timezone", "America/Los_Angeles")
    spans, sums = defaultdict(list), Counter()
    pairs: Counter = Counter()
    unnamed = 0
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            start = datetime.fromisoformat(row["Start"])
            length = float(row["Duration"])
            unnamed += not row["Loc"]
            if row["Loc"]:
                pairs[row["Loc"], start, length] += 1
            if row["Loc"] and row["Status"] != "CLOSED":
                spans[row["Loc"]].append((start, start + timedelta(hours=length)))
                sums[row["Loc"]] += length
    assert code == 1
    assert found["method"]["rejected_count"] == unnamed == 13
    booked = {one["name"]: one["indicators"]["booked_h"]["value"] for one in found["assets"]}
    assert set(booked) == set(spans)
    for room, hours in booked.items():
        assert hours == pytest.approx(_union_h(spans[room]), abs=1 / 60)
    assert sum(booked.values()) < sum(sums.values())
    told = {one["name"]: " ".join(one["reasons"]) for one in found["assets"]}
    doubles = sum(
        int(text.split("double exact\u00a0: ")[1].split(".")[0])
        for text in told.values() if "double exact" in text
    )  # fmt: skip
    assert doubles == sum(pairs.values()) - len(pairs) == 94
    assert "l’ensemble des locaux" in told["ENTIRE"]
    assert "semble exporté" in told["GALLERY"]
    for one in found["assets"]:
        assert one["verdict_label"] == "indéterminé (réservations seules)"
        assert one["indicators"]["use_h"]["value"] is None
