# SPDX-License-Identifier: EUPL-1.2
"""The answer to a search worked out without the product's SQL: every asset, one by one, in Python.

It shares with the product the pure rules of opening hours (which tests hold equal to their SQL
twin) and the haversine; it reads bare rows and decides everything else by itself.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from django.db import connection

from usufruit.inventory.rules import distance_km
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.search.queries import PAGE_SIZE, Question, nearest
from usufruit.timetable.models import Calendar
from usufruit.timetable.queries import holidays_of, opening_rules, with_rules
from usufruit.timetable.rules import OpeningRules, is_open_throughout

SAME_PLACE_KM = 1e-9


class Asked(Protocol):
    """A question and who asks it."""

    question: Question
    asker: Organization


def agrees(one: Asked, *, now: datetime) -> bool:
    """Tell whether the product answers as the rows do, rank by rank.

    Assets at the same distance, such as those of one site, may come in any order, and any of them
    may close the page.
    """
    got = nearest(one.question, one.asker, now=now, most=PAGE_SIZE)
    right = answer(one.question, one.asker, now=now)
    if len(got) != min(PAGE_SIZE, len(right)):
        return False
    terms = {asset: (far, mode) for far, asset, mode in right}
    return len({result.asset_id for result in got}) == len(got) and all(
        result.asset_id in terms
        and terms[result.asset_id][1] == result.mode
        and abs(terms[result.asset_id][0] - result.distance_km) < SAME_PLACE_KM
        and abs(far - result.distance_km) < SAME_PLACE_KM
        for result, (far, _, _) in zip(got, right, strict=False)
    )


def answer(
    question: Question, asker: Organization, *, now: datetime
) -> list[tuple[float, int, str]]:
    """Return (kilometres, asset, mode) of all the asker may book for that use, nearest first."""
    audiences = set()
    if asker.nature.is_public:
        audiences.add("public_bodies")
    if asker.is_recognized:
        audiences.add("recognized")
    found = []
    for asset in _assets(question.category_ids[0]):
        far = distance_km(
            question.latitude, question.longitude, asset["latitude"], asset["longitude"]
        )
        if far > question.radius_km:
            continue
        mode = _mode(asset, asker.pk, audiences, question.use)
        if mode and _has_room(asset, question.use, now):
            found.append((far, asset["id"], mode))
    return sorted(found)


def _mode(asset: dict[str, Any], asker: int, audiences: set[str], use: Span) -> str | None:
    """Return how the asker books it, or None when they may not."""
    if asker in {asset["owner_id"], asset["manager_id"]}:
        return "instant"
    if asset["calendar_id"] is None or not _is_open(asset["calendar_id"], use):
        return None
    modes = {
        mode
        for audience, mode, windows in _rules().get(asset["id"], ())
        if audience in audiences and (windows is None or _is_open(windows, use))
    }
    return "instant" if "instant" in modes else next(iter(modes), None)


def _has_room(asset: dict[str, Any], use: Span, now: datetime) -> bool:
    """Tell whether the asset, or one of its parts, is free with its buffers."""
    wanted = Span(
        use.start - timedelta(minutes=asset["buffer_before_min"]),
        use.end + timedelta(minutes=asset["buffer_after_min"]),
    )
    taken: set[int] = set()
    for lower, upper, expires_at, lanes in _holds(asset["id"]):
        is_alive = expires_at is None or expires_at > now
        if is_alive and lower < wanted.end and wanted.start < upper:
            taken.update(lanes)
    return any(not taken & part for part in _parts().get(asset["id"], [{0}]))


@cache
def _assets(category: int) -> list[dict[str, Any]]:
    return _rows(
        "SELECT a.*, c.calendar_id FROM inventory_asset a"
        " LEFT JOIN timetable_assetcalendar c ON c.asset_id = a.id"
        " WHERE a.category_id = %s AND a.state = 'published'",
        category,
    )


@cache
def _rules() -> dict[int, list[tuple[str, str, int | None]]]:
    rules = defaultdict(list)
    for row in _rows("SELECT asset_id, audience, mode, windows_id FROM sharing_sharingrule"):
        rules[row["asset_id"]].append((row["audience"], row["mode"], row["windows_id"]))
    return rules


@cache
def _parts() -> dict[int, list[set[int]]]:
    parts = defaultdict(list)
    for row in _rows("SELECT asset_id, lanes FROM inventory_part"):
        parts[row["asset_id"]].append(_numbers(row["lanes"]))
    return parts


def _holds(asset: int) -> list[tuple[datetime, datetime, datetime | None, set[int]]]:
    return [
        (row["span"].lower, row["span"].upper, row["expires_at"], _numbers(row["lanes"]))
        for row in _rows(
            "SELECT span, expires_at, lanes FROM timetable_hold WHERE asset_id = %s::bigint", asset
        )
    ]


@cache
def _is_open(calendar: int, use: Span) -> bool:
    rules, zone = _calendar(calendar)
    return is_open_throughout(rules, use, zone)


@cache
def _calendar(pk: int) -> tuple[OpeningRules, str]:
    calendar = with_rules(Calendar.objects.filter(pk=pk)).get()
    return opening_rules(calendar, _holidays(calendar.holiday_region)), calendar.time_zone


@cache
def _holidays(region: str) -> frozenset[date]:
    return holidays_of(region)


def _numbers(lanes: Any) -> set[int]:
    return {lane for part in lanes for lane in range(part.lower, part.upper)}


def _rows(statement: str, *parameters: Any) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
