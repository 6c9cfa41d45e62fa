# SPDX-License-Identifier: EUPL-1.2
"""Rule T16, by a third way that neither twin uses: walk the instants and read the wall clock."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from django.db import connection

from usufruit.kernel.local_time import local_instant, local_wall, minute_instant

ZONES = ("America/Toronto", "America/Halifax", "America/Blanc-Sablon", "Europe/Paris")
MINUTE = timedelta(minutes=1)
EDGES = ("start", "end")


def transitions(zone: str, first_year: int, last_year: int) -> list[datetime]:
    """Return the instants at which the offset of a zone changes, by day then by bisection."""
    tz = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(tz).utcoffset()

    found = []
    day = datetime(first_year, 1, 1, tzinfo=UTC)
    while day.year <= last_year:
        low, high = day, day + timedelta(days=1)
        if offset(low) != offset(high):
            while high - low > MINUTE:
                middle = low + (high - low) // 2
                middle = middle.replace(second=0)
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(high)
        day += timedelta(days=1)
    return found


def expected_around(transition: datetime, zone: str, reach: timedelta) -> dict:
    """Return {(wall, edge): instant} by reading the wall at every minute around a transition.

    Shown on the wall twice: a start is the first, an end the second. Never shown: the first
    instant after the gap, which is the transition itself.
    """
    shown = defaultdict(list)
    at = transition - reach - timedelta(hours=2)
    while at < transition + reach + timedelta(hours=2):
        shown[at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)].append(at)
        at += MINUTE
    wall = local_wall(transition - MINUTE, zone) - reach
    last = local_wall(transition, zone) + reach
    expected = {}
    while wall <= last:
        read = shown.get(wall, [transition])
        expected[wall, "start"], expected[wall, "end"] = read[0], read[-1]
        wall += MINUTE
    return expected


def in_sql(questions: list[tuple[datetime, str, str]]) -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM local_instant(wall, zone, edge))"
            "  FROM unnest(%s::timestamp[], %s::text[], %s::text[])"
            "       WITH ORDINALITY AS q (wall, zone, edge, n) ORDER BY n",
            [list(column) for column in zip(*questions, strict=True)],
        )
        return [datetime.fromtimestamp(float(row[0]), tz=UTC) for row in cursor.fetchall()]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2026, 2027])
def test_both_days_of_change_minute_by_minute(zone, year):
    changes = transitions(zone, year, year)
    assert len(changes) == (0 if zone == "America/Blanc-Sablon" else 2)
    for change in changes:
        for (wall, edge), instant in expected_around(change, zone, timedelta(hours=24)).items():
            assert local_instant(wall, zone, edge) == instant, (wall, edge)


@pytest.mark.parametrize(
    ("wall", "edge", "instant"),
    [
        ("2026-11-01 01:30", "start", "2026-11-01 05:30"),
        ("2026-11-01 01:30", "end", "2026-11-01 06:30"),
        ("2026-11-01 02:00", "start", "2026-11-01 07:00"),
        ("2026-11-01 00:59", "end", "2026-11-01 04:59"),
        ("2027-03-14 02:00", "start", "2027-03-14 07:00"),
        ("2027-03-14 02:30", "start", "2027-03-14 07:00"),
        ("2027-03-14 02:30", "end", "2027-03-14 07:00"),
        ("2027-03-14 03:00", "end", "2027-03-14 07:00"),
    ],
)
def test_toronto_as_the_rule_says_it(wall, edge, instant):
    asked = datetime.fromisoformat(wall)
    assert local_instant(asked, "America/Toronto", edge) == datetime.fromisoformat(f"{instant}Z")


@pytest.mark.django_db
def test_sql_and_python_agree_on_every_change_from_2020_to_2040():
    expected = {}
    for zone in ZONES:
        changes = transitions(zone, 2020, 2040)
        assert len(changes) == (0 if zone == "America/Blanc-Sablon" else 42)
        # A zone that never changes is asked around the changes of its neighbour.
        for change in changes or transitions("America/Halifax", 2020, 2040):
            if changes:
                around = expected_around(change, zone, timedelta(hours=3))
            else:
                wall = local_wall(change, zone)
                around = {
                    (wall + step * MINUTE, edge): change + step * MINUTE
                    for step in range(-180, 181)
                    for edge in EDGES
                }
            for (wall, edge), instant in around.items():
                expected[wall, zone, edge] = instant
    questions = list(expected)
    answers = in_sql(questions)
    differing = [
        (question, sql, expected[question], local_instant(*question))
        for question, sql in zip(questions, answers, strict=True)
        if not sql == expected[question] == local_instant(*question)
    ]
    assert len(questions) > 100_000
    assert differing == []


@pytest.mark.django_db
def test_seconds_inside_and_beside_the_doubled_and_the_missing_hour():
    walls = map(
        datetime.fromisoformat,
        [
            "2026-11-01 00:59:59",
            "2026-11-01 01:59:59",
            "2027-03-14 01:59:59",
            "2027-03-14 02:00:01",
            "2027-03-14 02:59:59",
        ],
    )
    questions = [(wall, "America/Toronto", edge) for wall in walls for edge in EDGES]
    assert in_sql(questions) == [local_instant(*question) for question in questions]


@pytest.mark.django_db
def test_sql_does_not_depend_on_the_zone_of_the_session():
    questions = [
        (wall, zone, edge)
        for zone in ZONES
        for change in transitions(zone, 2026, 2027)
        for (wall, edge) in expected_around(change, zone, timedelta(hours=1))
    ]
    answers = in_sql(questions)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'America/Toronto'")
    assert in_sql(questions) == answers


@pytest.mark.django_db
def test_the_way_back_is_the_same_in_sql():
    instants = [
        change + step * timedelta(minutes=7)
        for zone in ZONES
        for change in transitions(zone, 2026, 2027)
        for step in range(-20, 20)
    ]
    with connection.cursor() as cursor:
        for zone in ZONES:
            cursor.execute(
                "SELECT local_wall(at, %s) FROM unnest(%s::timestamptz[])"
                " WITH ORDINALITY AS q (at, n) ORDER BY n",
                [zone, instants],
            )
            walls = [row[0] for row in cursor.fetchall()]
            assert walls == [local_wall(at, zone) for at in instants]


def test_a_minute_past_midnight_belongs_to_the_next_day():
    day = date(2027, 1, 4)
    assert minute_instant(day, 1500, "Europe/Paris", "end") == minute_instant(
        date(2027, 1, 5), 60, "Europe/Paris", "end"
    )


def test_refuses_what_is_no_wall_clock_time():
    noon = datetime.fromisoformat("2027-01-04 12:00")
    with pytest.raises(ValueError, match="carries no zone"):
        local_instant(noon.replace(tzinfo=UTC), "Europe/Paris", "start")
    with pytest.raises(ValueError, match="a start or an end"):
        local_instant(noon, "Europe/Paris", "middle")  # type: ignore[arg-type]
    with pytest.raises(ZoneInfoNotFoundError):
        local_instant(noon, "Europe/Nulle-Part", "start")
