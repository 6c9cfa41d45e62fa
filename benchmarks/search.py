# SPDX-License-Identifier: EUPL-1.2
"""How long a search takes: the nearest free assets of this asker, against a bare floor."""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from benchmarks import _oracle, _territory
from benchmarks._report import milliseconds, publish, say, timed
from benchmarks._surroundings import leave_with, throwaway_database
from usufruit.inventory.models import Category
from usufruit.kernel import named_sql
from usufruit.kernel.local_time import local_wall, minute_instant
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.search.queries import PAGE_SIZE, Question, nearest
from usufruit.timetable.queries import time_range

FLOOR = named_sql.load(Path(__file__).parent / "floors" / "search.sql")

NOW = datetime(2026, 10, 2, 14, 0, tzinfo=UTC)
ZONE = "America/Toronto"
SEED = 20270314
WARM_UP = 60
LAST_DAY = 340  # days after NOW; holds fill the year
DST_DAYS = (date(2026, 11, 1), date(2027, 3, 14))
SPANS = {  # share, first weekday, last weekday, starts between these hours, lengths in hours
    "weekday": (0.44, 0, 4, (8, 15), (1, 2, 3)),
    "evening": (0.24, 0, 4, (17, 20), (1, 2, 3)),
    "weekend": (0.21, 5, 6, (9, 18), (2, 3, 4)),
    "overnight": (0.08, 0, 6, (18, 22), (8, 10, 12)),
    "dst_day": (0.03, 6, 6, (0, 12), (2, 3, 4)),
}


@dataclass(frozen=True)
class Asked:
    """A question and its asker."""

    moment: str
    question: Question
    asker: Organization


def main(words: Sequence[str]) -> int:
    """Load, ask, check and publish; return 1 when an answer is wrong."""
    sizes = _sizes(words)
    with throwaway_database():
        with timed("Territoire"):
            rows = _territory.load(assets=sizes.assets, holds=sizes.holds)
        with connection.cursor() as cursor:
            cursor.execute(FLOOR["make_tables"])
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
        asked = make_questions(sizes.questions + WARM_UP)
        say(f"{sizes.questions} questions à l’un et à l’autre…")
        product_s, floor_s, found = ask(asked)
        say("Réponses refaites à la main…")
        wrong = [one for one in asked[: sizes.checked] if not _oracle.agrees(one, now=NOW)]
        product, floor = milliseconds(product_s), milliseconds(floor_s)
        publish(
            benchmark="search",
            sizes={**rows, "questions": sizes.questions},
            product=product,
            floor=floor,
            ratio=round(product["p95_ms"] / floor["p95_ms"], 3),
            notes={
                "postgresql": _version(),
                "p50_ratio": round(product["p50_ms"] / floor["p50_ms"], 3),
                "answers_checked": min(sizes.checked, len(asked)),
                "mismatches": len(wrong),
                "mean_results": {k: round(sum(v) / len(v), 1) for k, v in found.items()},
                "by_moment_p95_ms": _by_moment(asked[WARM_UP:], product_s, floor_s),
            },
        )
        for one in wrong:
            say(f"fausse\u00a0: {one.question} {one.asker.pk}")
    return 1 if wrong else 0


def make_questions(count: int) -> list[Asked]:
    """Return questions as people ask them: near a town hall, some days ahead, any hour."""
    dice = random.Random(SEED)
    bodies = list(Organization.objects.select_related("nature").order_by("pk"))
    categories = list(Category.objects.filter(code__startswith="mesure-").order_by("pk"))
    moments, shares = list(SPANS), [spans[0] for spans in SPANS.values()]
    asked = []
    for moment in dice.choices(moments, shares, k=count):
        asker = dice.choice(bodies)
        around = dice.choice(bodies)
        question = Question(
            category_ids=(dice.choice(categories).pk,),
            latitude=around.latitude + dice.uniform(-0.05, 0.05),
            longitude=around.longitude + dice.uniform(-0.05, 0.05),
            radius_km=round(dice.uniform(25, 100), 1),
            use=_use(moment, dice),
        )
        asked.append(Asked(moment, question, asker))
    return asked


def _use(moment: str, dice: random.Random) -> Span:
    """Return a use of that kind within the year of holds."""
    _, first, last, (earliest, latest), lengths = SPANS[moment]
    if moment == "dst_day":
        on = dice.choice(DST_DAYS)
    else:
        on = NOW.date() + timedelta(days=dice.randrange(2, LAST_DAY))
        on += timedelta(days=(dice.randint(first, last) - on.weekday()) % 7)
    start_min = 60 * dice.randint(earliest, latest) + dice.choice((0, 0, 30))
    end_min = start_min + 60 * dice.choice(lengths)
    return Span(
        minute_instant(on, start_min, ZONE, "start"), minute_instant(on, end_min, ZONE, "end")
    )


def _for_the_floor(question: Question) -> dict[str, Any]:
    starts, ends = local_wall(question.use.start, ZONE), local_wall(question.use.end, ZONE)
    midnight = datetime(starts.year, starts.month, starts.day)  # noqa: DTZ001 - wall-clock time
    return {
        "category": question.category_ids[0],
        "latitude": question.latitude,
        "longitude": question.longitude,
        "radius_km": question.radius_km,
        "weekday": starts.weekday(),
        "start_min": int((starts - midnight).total_seconds() // 60),
        "end_min": int((ends - midnight).total_seconds() // 60),
        "span": time_range(question.use),
    }


def ask(asked: Sequence[Asked]) -> tuple[list[float], list[float], dict[str, list[int]]]:
    """Put each question to both, whoever is first taking turns; the first ones only warm up.

    Returns:
        seconds of the product, seconds of the floor, numbers of rows found by each.
    """
    connection.ensure_connection()
    # Django's own cursors write parameters into the text; the floor is prepared for good.
    prepared = psycopg.Cursor(connection.connection)

    def product(one: Asked) -> int:
        return len(nearest(one.question, one.asker, now=NOW, most=PAGE_SIZE))

    def floor(one: Asked) -> int:
        parameters = _for_the_floor(one.question)
        return len(prepared.execute(FLOOR["nearest_things"], parameters, prepare=True).fetchall())

    durations: dict[str, list[float]] = {"product": [], "floor": []}
    found: dict[str, list[int]] = {"product": [], "floor": []}
    for turn, one in enumerate(asked):
        pair: list[tuple[str, Callable[[Asked], int]]]
        pair = [("product", product), ("floor", floor)]
        for name, answer in pair if turn % 2 else reversed(pair):
            began = time.perf_counter()
            rows = answer(one)
            took = time.perf_counter() - began
            if turn >= WARM_UP:
                durations[name].append(took)
                found[name].append(rows)
    return durations["product"], durations["floor"], found


def _by_moment(
    asked: Sequence[Asked], product_s: Sequence[float], floor_s: Sequence[float]
) -> dict[str, list[float]]:
    """Return, for each kind of moment, the 95th percentiles of the product and of the floor."""
    table = {}
    for moment in SPANS:
        ranks = [rank for rank, one in enumerate(asked) if one.moment == moment]
        if ranks:
            table[moment] = [
                milliseconds([side[rank] for rank in ranks])["p95_ms"]
                for side in (product_s, floor_s)
            ]
    return table


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _sizes(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--holds", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=600, help="to each of the two")
    parser.add_argument("--checked", type=int, default=150, help="answers compared by hand")
    return parser.parse_args(words)


if __name__ == "__main__":
    leave_with(main)
