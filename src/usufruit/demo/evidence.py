# SPDX-License-Identifier: EUPL-1.2
"""Write evidence of use for the schools of the fictitious territory: invented, but whole weeks.

It ends last Sunday. Tuesday and Thursday evenings of the great gymnasium are never used, the
swimming pool sleeps on weekday afternoons, and one school heats by night as much as by day.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from usufruit.demo.building import ZONE
from usufruit.kernel.local_time import local_wall

WEEKS = 16
SEED = 20_270_119

GYMS_FILE = "gymnases-releve-usage.csv"
PRESENCE_FILE = "piscine-et-bibliotheque-presences.csv"
ENERGY_FILE = "ecole-de-la-passe-aux-loutres-energie.csv"

# number | weekdays, from, to, activity, share of weeks it truly happens
_GYMS: dict[str, list[tuple[tuple[int, ...], str, str, str, float]]] = {
    "CX-GYM-01": [
        ((0, 1, 2, 3, 4), "08:30", "15:30", "Éducation physique", 1.0),
        ((0, 2), "16:00", "18:00", "Basketball scolaire", 0.95),
        ((0,), "18:30", "21:30", "Ligue de basketball", 0.9),
        ((2,), "18:30", "21:00", "Badminton adulte", 0.9),
        ((4,), "16:00", "18:30", "Tournois du vendredi", 0.6),
        ((4,), "19:00", "22:00", "Hockey cosom", 0.8),
        ((5,), "09:00", "16:00", "École de volleyball", 0.9),
        ((6,), "10:00", "14:00", "Tournois régionaux", 0.7),
    ],
    "GH-GYM-01": [
        ((0, 1, 2, 3, 4), "08:30", "15:00", "Éducation physique", 1.0),
        ((0, 1, 2, 3, 4), "15:15", "17:30", "Service de garde", 0.95),
        ((0,), "18:30", "21:00", "Volleyball Les Embâcles", 0.95),
        ((2,), "18:30", "20:30", "Soirée des jeunes", 0.9),
        ((3,), "18:30", "20:30", "Badminton familial", 0.6),
    ],
    "CX-GYM-02": [
        ((1, 3), "10:00", "12:00", "Gymnastique", 0.8),
        ((2,), "16:00", "18:00", "Judo parascolaire", 0.7),
    ],
    "PL-GYM-01": [
        ((0, 1, 2, 3, 4), "09:00", "11:30", "Éducation physique", 0.95),
        ((0, 2), "12:45", "14:45", "Éducation physique", 0.95),
        ((3,), "19:00", "21:00", "Conditionnement physique", 0.5),
    ],
    "LD-GYM-01": [
        ((0, 1, 2, 3, 4), "08:45", "14:45", "Éducation physique", 0.97),
        ((1, 3), "19:00", "21:00", "Pickleball", 0.85),
    ],
    "LM-GYM-01": [
        ((0, 2, 4), "09:00", "14:00", "Éducation physique", 0.97),
        ((5,), "09:30", "11:30", "Gymnastique des tout-petits", 0.6),
    ],
}


def files(*, now: datetime) -> dict[str, bytes]:
    """Return the name and the bytes of each file, the same for the same day."""
    today = local_wall(now, ZONE).date()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS)
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    dice = random.Random(SEED)  # noqa: S311 - the same evidence for all
    return {
        GYMS_FILE: _csv(("external_id", "use_start", "use_end", "activity"), _gyms(days, dice)),
        PRESENCE_FILE: _csv(
            ("external_id", "timestamp", "persons", "capacity"),
            [*_pool(days, dice), *_library(days, dice)],
        ),
        ENERGY_FILE: _csv(("external_id", "timestamp", "kwh"), _energy(days, dice)),
    }


def _csv(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _gyms(days: list[date], dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield one line a use; a few end early or late, as people do."""
    for number, habits in _GYMS.items():
        for on in days:
            for weekdays, start, end, activity, share in habits:
                if on.weekday() in weekdays and dice.random() < share:
                    late_min = dice.choice((-10, -5, 0, 0, 0, 5))
                    ended = datetime.fromisoformat(f"{on} {end}") + timedelta(minutes=late_min)
                    yield number, f"{on} {start}", f"{ended:%Y-%m-%d %H:%M}", activity


def _pool(days: list[date], dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield the swimmers of each hour; nobody swims on weekday afternoons before four o'clock."""
    for on in days:
        for hour in range(6, 22):
            is_weekend = on.weekday() >= 5
            if is_weekend and not 9 <= hour < 17:
                persons = 0
            elif is_weekend:
                persons = dice.randint(18, 70)
            elif hour in {13, 14, 15}:
                persons = 0
            else:
                persons = dice.randint(4, 22) if hour < 12 else dice.randint(12, 58)
            yield "CX-PIS-01", f"{on} {hour:02d}:00", persons, 110


def _library(days: list[date], dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield the readers of each hour; the evening is empty but for exams."""
    for on in days:
        for hour in range(8, 22):
            persons = 0
            if on.weekday() < 5 and hour < 17:
                persons = dice.randint(6, 48)
            elif on.weekday() in {0, 2} and hour < 20:
                persons = dice.randint(0, 9)
            yield "CX-BIB-01", f"{on} {hour:02d}:00", persons, 90


def _energy(days: list[date], dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield a reading an hour; the nights weigh nearly as much as the days: nobody lowers it."""
    for on in days:
        for hour in range(24):
            is_used = on.weekday() < 5 and 7 <= hour < 18
            load = (31 if is_used else 24) + 4 * dice.random()
            yield "PL-BAT-01", f"{on} {hour:02d}:00", f"{load:.1f}"
