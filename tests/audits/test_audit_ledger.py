# SPDX-License-Identifier: EUPL-1.2
"""The hours ledger closes, to the second, on any calendar; an independent count agrees."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from usufruit.audits.auditing import run_audit
from usufruit.audits.civil_time import day_bounds_s, local_hours
from usufruit.audits.evidence import FileSource
from usufruit.audits.measures import STATES
from usufruit.audits.options import AuditOptions, Days, InventoryAsset
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.timetable.rules import Minutes, OpeningRules, WeeklyWindow, open_spans

ZONES = ("America/Toronto", "America/Halifax", "America/Blanc-Sablon", "Europe/Paris")
FIRST_DAYS = (
    date(2026, 3, 2), date(2026, 3, 23), date(2026, 10, 19), date(2027, 3, 8), date(2027, 10, 25),
)  # fmt: skip

zones = st.sampled_from(ZONES)
periods = st.builds(
    lambda first, count: Days(first, first + timedelta(days=count)),
    st.sampled_from(FIRST_DAYS), st.integers(0, 20),
)  # fmt: skip
windows = st.builds(
    lambda day, start, length: WeeklyWindow(day, Minutes(start, start + length)),
    st.integers(0, 6), st.integers(0, 95).map(lambda q: 15 * q),
    st.integers(1, 96).map(lambda q: 15 * q),
)  # fmt: skip
openings = st.none() | st.builds(
    lambda some: OpeningRules(tuple(some)), st.lists(windows, max_size=8)
)
lines = st.lists(
    st.tuples(
        st.integers(-2 * 86400, 20 * 86400), st.integers(1, 40 * 3600),
        st.sampled_from(("", "HOLD", "CLOSED")),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def _seconds(spans) -> int:
    return sum(span.duration_s for span in spans)


@settings(max_examples=20)
@given(zone=zones, period=periods, opening=openings, drawn=lines)
def test_ledger_closes_and_agrees_with_spans(zone, period, opening, drawn):
    start_s, end_s = day_bounds_s(period, zone)
    rows, taken, shut = ["asset,start,end,status"], [], []
    for offset, length, status in drawn:
        span = Span(
            datetime.fromtimestamp(start_s + offset, UTC),
            datetime.fromtimestamp(start_s + offset + length, UTC),
        )
        rows.append(f"Salle,{span.start.isoformat()},{span.end.isoformat()},{status}")
        (shut if status == "CLOSED" else taken).append(span)
    asset = InventoryAsset("Salle", "Salle", opening=opening)
    result = run_audit(
        [FileSource("agenda.csv", "\n".join(rows).encode())],
        inventory=[asset],
        options=AuditOptions(zone=zone, period=period),
    )
    ledger = result.assets[0].ledger

    whole = Span(datetime.fromtimestamp(start_s, UTC), datetime.fromtimestamp(end_s, UTC))
    usual = (
        [whole] if opening is None else open_spans(opening, period.first_on, period.last_on, zone)
    )
    is_open = intersect(usual, [whole])
    blocked = intersect(is_open, shut)
    available = subtract(is_open, shut)
    assert ledger.calendar_s == end_s - start_s
    assert sum(getattr(ledger, f"{state}_s") for state in STATES) == ledger.calendar_s
    assert ledger.closed_s == ledger.calendar_s - _seconds(is_open)
    assert ledger.blocked_s == _seconds(blocked)
    assert ledger.booked_s == _seconds(intersect(available, taken))
    booked_h = result.assets[0].indicators["booked_h"].value
    assert round(booked_h * 3600) == _seconds(intersect(merge(taken), [whole]))


@settings(max_examples=10)
@given(
    zone=zones, period=periods,
    counts=st.lists(
        st.tuples(st.integers(-7200, 20 * 86400), st.integers(0, 60)),
        min_size=1, max_size=60, unique_by=lambda pair: pair[0],
    ),
)  # fmt: skip
def test_counts_hold_until_the_next_and_no_longer_than_an_hour(zone, period, counts):
    start_s, end_s = day_bounds_s(period, zone)
    counts = sorted((start_s + offset, persons) for offset, persons in counts)
    rows = ["bien,horodatage,personnes"]
    rows += [f"Gymnase,{datetime.fromtimestamp(at, UTC).isoformat()},{n}/50" for at, n in counts]
    result = run_audit(
        [FileSource("comptes.csv", "\n".join(rows).encode())],
        options=AuditOptions(zone=zone, period=period),
    )
    ledger = result.assets[0].ledger
    used = idle = 0
    for (at, persons), following in zip(counts, [*counts[1:], (10**12, 0)], strict=True):
        held = max(0, min(at + 3600, following[0], end_s) - max(at, start_s))
        used, idle = used + held * (persons > 0), idle + held * (persons == 0)
    assert (ledger.used_s, ledger.idle_s) == (used, idle)
    assert ledger.unknown_s == ledger.calendar_s - used - idle


@given(zone=zones, period=periods)
def test_local_hours_cover_each_day_without_a_gap(zone, period):
    hours = list(local_hours(period, zone))
    assert (hours[0].start_s, hours[-1].end_s) == day_bounds_s(period, zone)
    assert all(left.end_s == right.start_s for left, right in pairwise(hours))


def test_days_of_23_and_25_hours(audit):
    rows = (
        "asset,start,end\nSalle,2026-03-08 00:00,2026-03-08 23:59\n"
        "Salle,2026-11-01 00:00,2026-11-01 12:00\n"
    )
    spring = audit({"a.csv": rows}, period=Days(date(2026, 3, 8), date(2026, 3, 8))).assets[0]
    autumn = audit({"a.csv": rows}, period=Days(date(2026, 11, 1), date(2026, 11, 1))).assets[0]
    assert spring.ledger.calendar_s == 23 * 3600
    assert autumn.ledger.calendar_s == 25 * 3600
    assert autumn.ledger.booked_s == 13 * 3600, "the doubled hour counts twice"


def test_presence_and_bookings_cross(audit):
    agenda = "room,start,end,status\nSalle,2026-01-05 08:00,2026-01-05 10:00,\n"
    counts = "room,timestamp,count,capacity\n" + "".join(
        f"Salle,2026-01-05 {hour:02d}:00,{n},20\n" for hour, n in ((8, 5), (9, 0), (10, 3), (11, 0))
    )
    result = audit(
        {"agenda.csv": agenda, "comptes.csv": counts},
        period=Days(date(2026, 1, 5), date(2026, 1, 5)),
    )
    ledger = result.assets[0].ledger
    assert ledger.booked_used_s == 3600
    assert ledger.booked_unused_s == 3600, "a no-show"
    assert ledger.unbooked_used_s == 3600, "a shadow use"
    assert ledger.idle_s == 3600
    assert ledger.unbooked_s == 20 * 3600
