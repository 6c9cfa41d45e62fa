# SPDX-License-Identifier: EUPL-1.2
"""Verdicts go no further than the evidence allows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from usufruit.audits.doubts import WEEK_S, exported_at_s
from usufruit.audits.measures import HourUse
from usufruit.audits.options import Days, InventoryAsset
from usufruit.audits.report_page import asset_words
from usufruit.audits.thresholds import threshold_for
from usufruit.audits.verdicts import is_saturated
from usufruit.timetable.rules import OpeningRules, parse_opening

MONDAY = datetime(2026, 1, 5)  # noqa: DTZ001 - a wall clock, as files write it
OPEN = OpeningRules(parse_opening("lu-ve 8:00-18:00"))


def _room(category: str) -> InventoryAsset:
    return InventoryAsset("S", "Salle du conseil", category=category, capacity=10, opening=OPEN)


def _counts(weeks: int, persons, *, keep: float = 1.0) -> str:
    """Return counts each half hour of opening days; only the first share of days is kept."""
    rows = ["salle,horodatage,personnes"]
    for week in range(weeks):
        for day in range(5):
            if day >= 5 * keep:
                continue
            for half in range(20):
                at = MONDAY + timedelta(weeks=week, days=day, minutes=480 + 30 * half)
                rows.append(f"S,{at},{persons(week, day, half)}")
    return "\n".join(rows)


def _verdict(audit, category, persons, weeks=12, keep=1.0):
    period = Days(MONDAY.date(), MONDAY.date() + timedelta(weeks=weeks, days=-1))
    text = _counts(weeks, persons, keep=keep)
    return audit({"c.csv": text}, [_room(category)], period=period).assets[0]


@pytest.mark.parametrize(
    ("persons", "code"),
    [
        (lambda w, _d, half: 5 if half < 4 + w % 2 else 0, "under_used"),
        (lambda w, d, half: 8 if (7 * w + 3 * d + half) % 5 < 2 else 0, "to_watch"),
        (lambda w, d, half: 10 if (7 * w + 3 * d + half) % 5 < 3 else 0, "adequate"),
        (lambda _w, _d, half: 10 if half < 18 else 0, "saturated"),
    ],
)
def test_a_room_against_its_recognised_threshold(audit, persons, code):
    finding = _verdict(audit, "Salle de réunion", persons)
    assert finding.verdict == code, (finding.indicators["utilisation_ratio"], finding.reasons)
    assert finding.threshold is not None
    assert finding.threshold.set_id == "salles-uk-smg/1"


def test_no_recognised_threshold_no_class(audit):
    finding = _verdict(audit, "Gymnase", lambda *_: 0)
    assert (finding.verdict, finding.threshold) == ("undetermined", None)
    assert finding.verdict_label == "indéterminé (aucun seuil reconnu)"


def test_less_than_half_known_is_insufficient(audit):
    finding = _verdict(audit, "Salle de réunion", lambda *_: 0, keep=0.4)
    assert finding.verdict == "insufficient"
    frequency = finding.indicators["frequency_ratio"]
    assert frequency.value is None
    assert (frequency.low, frequency.high) == (0.0, pytest.approx(0.6))


def test_between_half_and_four_fifths_is_only_indicative(audit):
    finding = _verdict(audit, "Salle de réunion", lambda *_: 0, keep=0.6)
    assert finding.verdict_label == "indéterminé (couverture indicative)"


def test_under_eight_weeks_bounds_only(audit):
    finding = _verdict(audit, "Salle de réunion", lambda *_: 0, weeks=7, keep=0.8)
    assert finding.verdict_label == "indéterminé (moins de huit semaines)"
    frequency = finding.indicators["frequency_ratio"]
    assert (frequency.value, frequency.low, frequency.high) == (0.0, 0.0, pytest.approx(0.2))


@pytest.mark.parametrize("length", [1, 10])
def test_bookings_alone_prove_neither_good_nor_bad_use(audit, length):
    rows = ["salle,debut,fin,statut"]
    for day in range(84):
        start = MONDAY + timedelta(days=day, hours=8)
        rows.append(f"S,{start},{start + timedelta(hours=length)},")
    finding = audit({"reservations.csv": "\n".join(rows)}, [_room("Salle de réunion")]).assets[0]
    assert finding.verdict_label == "indéterminé (réservations seules)"
    assert finding.indicators["use_h"].value is None
    assert finding.indicators["use_h"].reason


def test_a_halved_load_is_to_be_watched_and_no_more(audit):
    rows = ["building,datetime,value"]
    for week in range(24):
        load = 10 if week < 12 else 4
        for hour in range(168):
            at = MONDAY + timedelta(weeks=week, hours=hour)
            rows.append(f"b1,{at},{load + (hour % 24) / 24}\nb2,{at},{10 + (hour % 24) / 24}")
    half = MONDAY.date() + timedelta(weeks=12)
    result = audit(
        {"c.csv": "\n".join(rows)}, zone="UTC",
        period=Days(half, half + timedelta(days=83)),
        compare=Days(MONDAY.date(), half - timedelta(days=1)),
    )  # fmt: skip
    found = {one.name: one for one in result.assets}
    assert found["b1"].verdict == "to_watch"
    assert found["b1"].threshold.status == "choix local"
    assert found["b2"].verdict == "undetermined"
    assert found["b2"].indicators["compared_ratio"].value == pytest.approx(1.0)
    assert "idle_windows" not in found["b1"].indicators
    assert not found["b1"].idle_windows, "a meter sees no person"


def test_thresholds_know_their_words():
    assert threshold_for("Salles de classe").set_id == "salles-uk-smg/1"
    assert threshold_for("Immeuble de bureaux").set_id == "bureaux-us-use-it/1"
    for category in ("Piscine", "Gymnase", "Niveleuse", ""):
        assert threshold_for(category) is None


def test_saturation_looks_at_the_busiest_fifth():
    def week(rate: float, weeks: int) -> dict:
        found = {}
        for hour in range(8, 22):
            used = round(rate * weeks) if hour < 12 else 0
            use = HourUse(0, 0, 0, 0, 0, used, weeks - used)
            found |= {(day, hour): use for day in range(7)}
        return found

    assert is_saturated(week(1.0, 20))
    assert not is_saturated(week(0.8, 20))
    assert not is_saturated(week(1.0, 5)), "five weeks prove nothing"
    assert not is_saturated({})


def test_an_agenda_exported_halfway_is_seen():
    steady = [(week * WEEK_S, 50 + week % 7) for week in range(26)]
    assert exported_at_s(steady) is None
    thinning = [
        (w * WEEK_S, n) for w, n in enumerate([50, 60, 55, 52, 58, 57, 40, 30, 20, 15, 12, 10, 9])
    ]
    assert exported_at_s(thinning) == 6 * WEEK_S
    assert exported_at_s([]) is None
    assert exported_at_s([(0, 5), (WEEK_S, 1)]) is None


def test_the_summary_counts_what_sleeps(audit):
    rows = ["salle,horodatage,personnes"]
    for name, busy in (("A", 2), ("B", 20), ("C", 1)):
        rows += [
            f"{name},{MONDAY + timedelta(days=day, minutes=480 + 30 * half)},{3 * (half < busy)}"
            for day in range(5)
            for half in range(20)
        ]
    result = audit(
        {"c.csv": "\n".join(rows)}, opening=parse_opening("lu-ve 8:00-18:00"),
        period=Days(date(2026, 1, 5), date(2026, 1, 9)),
    )  # fmt: skip
    assert result.summary == ("2 de vos 3 biens dorment plus de 80\u00a0% de leur temps ouvert.",)


def test_the_summary_of_mixed_evidence_names_its_groups(audit):
    meter = "building,datetime,value\n" + "".join(
        f"b{n},{MONDAY + timedelta(hours=hour)},{5 if 9 <= hour % 24 < 17 else 1}\n"
        for n in range(2)
        for hour in range(168)
    )
    agenda = f"salle,debut,fin,statut\nA,{MONDAY},{MONDAY + timedelta(hours=84)},\n"
    result = audit({"c.csv": meter, "a.csv": agenda}, [*_two_meters(), InventoryAsset("A", "A")])
    agenda_says, meters_say = result.summary
    assert agenda_says.startswith(
        "Le seul bien dont on a l’agenda est sans réservation 13\u00a0% du"
    )
    assert meters_say.startswith("Aucun des 2 biens suivis par un compteur ne garde la nuit plus")


def _two_meters() -> list[InventoryAsset]:
    return [InventoryAsset("b0", "Aréna"), InventoryAsset("b1", "Caserne")]


# What would settle a verdict

ALL = {"category": "Salle de réunion", "capacity": 10, "weeks": 12, "counted": 1.0}
GIFTS = {
    "seuil reconnu": {"category": "Salle de réunion"},
    "semaines de comptage": {"counted": 1.0},
    "huit semaines mesurées": {"weeks": 12},
    "capacité du bien": {"capacity": 10},
    "80\u00a0% du temps ouvert": {"counted": 1.0},
    "plus de semaines": {"weeks": 104},
}
AGENDA = {"counted": 0, "agenda": "salle,debut,fin,statut"}
RECORD = {"counted": 0, "agenda": "bien,sortie,retour,note"}
METER = {"counted": 0, "metered": True}
LACKS = [
    ({"category": "Aréna"}, "aucun seuil reconnu", "un seuil reconnu pour cette sorte de bien"),
    (
        {"category": "Aréna", **AGENDA},
        "réservations seules",
        "un seuil reconnu pour cette sorte de bien et huit semaines de comptage de présence",
    ),
    (
        {"category": "Aréna", "weeks": 7},
        "aucun seuil reconnu",
        "un seuil reconnu pour cette sorte de bien et huit semaines mesurées",
    ),
    (AGENDA, "réservations seules", "huit semaines de comptage de présence"),
    (RECORD, "usage déclaré", "huit semaines de comptage de présence"),
    (METER, "aucun seuil reconnu", "huit semaines de comptage de présence"),
    (
        {**AGENDA, "capacity": None},
        "réservations seules",
        "huit semaines de comptage de présence et la capacité du bien",
    ),
    (
        {**AGENDA, "counted": 0.4},
        "comptage partiel",
        "huit semaines de comptage sur la moitié au moins du temps ouvert",
    ),
    ({"capacity": None, "weeks": 20}, "capacité inconnue", "la capacité du bien"),
    (
        {"capacity": None, "weeks": 7},
        "capacité inconnue",
        "huit semaines mesurées et la capacité du bien",
    ),
    ({"weeks": 7}, "moins de huit semaines", "huit semaines mesurées"),
    (
        {"counted": 0.6, "most": 1},
        "couverture indicative",
        "des mesures couvrant 80\u00a0% du temps ouvert",
    ),
    ({"weeks": 9, "most": 9}, "trop près du seuil", "plus de semaines mesurées"),
]


def _judged(audit, case):
    """Judge a room full one half hour a day in odd weeks, ``most`` more of them in even ones."""
    weeks, most = case["weeks"], case.get("most", 1)
    days = [MONDAY + timedelta(days=day) for day in range(7 * weeks)]
    files = {}
    if case["counted"]:
        files["c.csv"] = _counts(
            weeks,
            lambda week, _day, half: 10 * (half <= most * (1 - week % 2)),
            keep=case["counted"],
        )
    if "agenda" in case:
        booked = [f"S,{on + timedelta(hours=8)},{on + timedelta(hours=18)}," for on in days]
        files["r.csv"] = "\n".join([case["agenda"], *booked])
    if "metered" in case:
        read = [f"S,{on + timedelta(hours=hour)},3" for on in days for hour in range(24)]
        files["m.csv"] = "\n".join(["building,datetime,value", *read])
    period = Days(MONDAY.date(), days[-1].date())
    room = replace(_room(case["category"]), capacity=case["capacity"])
    return audit(files, [room], period=period).assets[0]


@pytest.mark.parametrize(("lacking", "limit", "asked"), LACKS, ids=str)
def test_a_verdict_without_a_class_asks_for_what_gives_one(audit, lacking, limit, asked):
    case = {**ALL, **lacking}
    finding = _judged(audit, case)
    assert finding.verdict_label == f"indéterminé ({limit})"
    assert finding.decided_by.rpartition(" permett")[0] == asked[0].upper() + asked[1:]
    for words, gift in GIFTS.items():
        case |= gift if words in asked else {}
    settled = _judged(audit, case)
    assert settled.verdict in {"under_used", "to_watch", "adequate", "saturated"}
    assert not settled.decided_by


def test_two_names_of_one_figure_make_one_line(audit):
    room = _verdict(audit, "Salle de réunion", lambda *_: 2)
    labels = [row.label for row in asset_words(room)["figures"]]
    assert "Taux d’occupation et taux d’utilisation" in labels
    assert "Taux d’utilisation" not in labels
