# SPDX-License-Identifier: EUPL-1.2
"""Agendas as people have them: every way to write a time, and every way to get it wrong."""

import csv
import os
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from usufruit.agendas.ics import (
    UnreadableAgenda,
    calendars_of,
    decode,
    occurrences,
    read_agenda,
    unwarned,
)
from usufruit.kernel.spans import Span

TORONTO = "America/Toronto"
YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


def agenda(*events, head=""):
    """Return an agenda of some events, each a few lines between its BEGIN and END."""
    bodies = "".join(
        f"BEGIN:VEVENT\nUID:{number}@essai\n{event.strip()}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{bodies}END:VCALENDAR\n".encode()


def read(content, zone=TORONTO, window=YEAR):
    return read_agenda(content, zone=zone, window=window)


def taken(content, **options):
    return [
        (one.span.start.strftime("%m-%d %H:%M"), one.span.end.strftime("%m-%d %H:%M"))
        for one in read(content, **options).moments
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20270105T150000Z\nDTEND:20270105T160000Z", ("01-05 15:00", "01-05 16:00")),
        ("DTSTART:20270105T100000\nDURATION:PT1H", ("01-05 15:00", "01-05 16:00")),
        ("DTSTART;VALUE=DATE:20270105", ("01-05 05:00", "01-06 05:00")),
        (
            "DTSTART;TZID=Eastern Standard Time:20270705T100000\nDURATION:PT1H",
            ("07-05 14:00", "07-05 15:00"),
        ),
        (
            "DTSTART;TZID=Europe/Paris:20270105T100000\nDTEND;TZID=Europe/Paris:20270105T110000",
            ("01-05 09:00", "01-05 10:00"),
        ),
    ],
    ids=["utc", "floating", "day", "windows", "olson"],
)
def test_each_way_to_write_a_time(event, expected):
    assert taken(agenda(event)) == [expected]


def test_a_zone_of_its_own_is_followed():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Maison\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:-0330\nTZOFFSETTO:-0330\nTZNAME:M\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    content = agenda("DTSTART;TZID=Maison:20270105T100000\nDURATION:PT1H", head=zone)
    assert taken(content) == [("01-05 13:30", "01-05 14:30")]


@pytest.mark.parametrize("zone", ["America/Halifax", "Europe/Paris"])
def test_days_and_floating_times_are_those_of_the_place(zone):
    content = agenda("DTSTART;VALUE=DATE:20270105", "DTSTART:20270106T080000\nDURATION:PT1H")
    hour = {"America/Halifax": 4, "Europe/Paris": -1}[zone]
    first = datetime(2027, 1, 5, tzinfo=UTC) + timedelta(hours=hour)
    assert read(content, zone=zone).moments[0].span == Span(first, first + timedelta(days=1))


def test_a_night_of_the_doubled_hour_lasts_from_its_first_to_its_last():
    """A start in the doubled hour is its first occurrence, an end its second (T16)."""
    tz = f";TZID={TORONTO}"
    content = agenda(f"DTSTART{tz}:20271107T010000\nDTEND{tz}:20271107T013000")
    assert taken(content) == [("11-07 05:00", "11-07 06:30")]
    floating = agenda("DTSTART:20271107T010000\nDTEND:20271107T013000")
    assert taken(floating) == taken(content)


def test_an_hour_that_does_not_exist_begins_after_the_gap():
    tz = f";TZID={TORONTO}"
    content = agenda(f"DTSTART{tz}:20270314T023000\nDTEND{tz}:20270314T040000")
    assert taken(content) == [("03-14 07:00", "03-14 08:00")]


def test_a_weekly_event_keeps_its_wall_clock():
    tz = f";TZID={TORONTO}"
    event = f"DTSTART{tz}:20271104T180000\nDTEND{tz}:20271104T200000\nRRULE:FREQ=WEEKLY;COUNT=2"
    assert taken(agenda(event)) == [("11-04 22:00", "11-05 00:00"), ("11-11 23:00", "11-12 01:00")]


def test_exceptions_additions_and_moved_dates():
    series = (
        "DTSTART:20270104T150000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\n"
        "EXDATE:20270105T150000Z\nRDATE:20270110T150000Z"
    )
    moved = (
        "BEGIN:VEVENT\nUID:0@essai\nRECURRENCE-ID:20270106T150000Z\n"
        "DTSTART:20270106T180000Z\nDURATION:PT2H\nEND:VEVENT\n"
    )
    content = agenda(series).replace(b"END:VCALENDAR", moved.encode() + b"END:VCALENDAR")
    assert taken(content) == [
        ("01-04 15:00", "01-04 16:00"),
        ("01-06 18:00", "01-06 20:00"),
        ("01-07 15:00", "01-07 16:00"),
        ("01-10 15:00", "01-10 16:00"),
    ]


def test_this_and_the_following_dates_move_together():
    series = "DTSTART:20270104T150000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4"
    moved = (
        "BEGIN:VEVENT\nUID:0@essai\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270106T150000Z\n"
        "DTSTART:20270106T180000Z\nDURATION:PT1H\nEND:VEVENT\n"
    )
    content = agenda(series).replace(b"END:VCALENDAR", moved.encode() + b"END:VCALENDAR")
    assert [start for start, _end in taken(content)] == [
        "01-04 15:00",
        "01-05 15:00",
        "01-06 18:00",
        "01-07 18:00",
    ]


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_what_is_cancelled_or_free_takes_nothing(line):
    times = "DTSTART:20270105T150000Z\nDURATION:PT1H"
    assert taken(agenda(f"{times}\n{line}")) == []
    assert len(taken(agenda(times, f"{times}\n{line}"))) == 1


def test_busy_times_take_what_is_not_free():
    busy = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VFREEBUSY\nUID:f\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270105T150000Z/PT1H\n"
        "FREEBUSY;FBTYPE=FREE:20270106T150000Z/PT1H\n"
        "FREEBUSY:20270107T150000Z/20270107T170000Z\n"
        "END:VFREEBUSY\nEND:VCALENDAR\n"
    )
    assert taken(busy.encode()) == [
        ("01-05 15:00", "01-05 16:00"),
        ("01-07 15:00", "01-07 17:00"),
    ]


def test_a_broken_event_is_told_and_the_others_stay():
    reading = read(
        agenda(
            "SUMMARY:Sans début",
            "SUMMARY:Mal daté\nDTSTART:2027-99-99",
            "SUMMARY:Règle\nDTSTART:20270105T150000Z\nDURATION:PT1H\nRRULE:FREQ=PARFOIS",
            "SUMMARY:Bon\nDTSTART:20270105T150000Z\nDURATION:PT1H",
        )
    )
    assert [one.title for one in reading.moments] == ["Bon"]
    assert len(reading.troubles) == 3
    assert all(told.startswith("L’événement «") for told in reading.troubles)


@pytest.mark.parametrize(
    "often",
    [
        "SECONDLY",
        "MINUTELY",
        "HOURLY;BYMONTH=2",
        "DAILY;BYMONTHDAY=31;BYMONTH=2",
        "DAILY;BYSETPOS=9",
    ],
)
def test_rules_that_would_never_end_are_refused_at_once(often):
    began = perf_counter()
    reading = read(agenda(f"DTSTART:20270105T150000Z\nDURATION:PT1S\nRRULE:FREQ={often}"))
    assert reading.moments == ()
    assert len(reading.troubles) == 1
    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    "rule",
    ["DAILY;BYMONTHDAY=29;BYMONTH=2", "WEEKLY;BYSETPOS=9", "DAILY", "HOURLY"],
)
def test_rules_without_end_stop_with_the_window(rule):
    began = perf_counter()
    week = Span(datetime(2027, 1, 4, tzinfo=UTC), datetime(2027, 1, 11, tzinfo=UTC))
    old = agenda(f"DTSTART:20100105T150000Z\nDURATION:PT30M\nRRULE:FREQ={rule}")
    count = len(read(old, window=week).moments)
    assert count == {"DAILY": 7, "HOURLY": 168}.get(rule, 0)
    assert perf_counter() - began < 10


def test_an_agenda_cut_short_says_so():
    whole = agenda("DTSTART:20270105T150000Z\nDURATION:PT1H", "DTSTART:20270106T150000Z")
    assert read(whole).is_whole
    cut = read(whole[:-40])
    assert not cut.is_whole
    assert len(cut.moments) == 1


def test_an_empty_calendar_is_an_agenda_and_a_page_is_none():
    assert read(b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n").event_count == 0
    for content in (b"", b"<html><body>Connexion</body></html>", b"\x00\x01\x02", b"a" * 100):
        with pytest.raises(UnreadableAgenda):
            read(content)
    with pytest.raises(UnreadableAgenda, match="10\u00a0Mo"):
        read(b"x" * (10 * 1024 * 1024 + 1))


def test_titles_of_an_old_windows_export_are_read():
    content = agenda("SUMMARY:Réunion d'été\nDTSTART:20270105T150000Z\nDURATION:PT1H")
    reading = read(content.decode().encode("cp1252"))
    assert [one.title for one in reading.moments] == ["Réunion d'été"]


def test_the_same_event_twice_is_one():
    event = "DTSTART:20270105T150000Z\nDURATION:PT1H"
    content = agenda(event).replace(b"END:VCALENDAR", agenda(event)[31:])
    assert len(read(content).moments) == 1


# The 158 calendars of another implementation's tests

SPAN = Span(datetime(2000, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
MOST_IN_ORACLE = 400
# Read beyond what the oracle keeps of a file (400 dates), or of two files of one name.
LONGER_THAN_ORACLE = {"calendars/x_location.ics": 3437}
NOT_ITS_OWN = {"freebusy/example.ics", "todos/example.ics"}
# Refused whole by the oracle and read in part here: the readable events, by their number of dates.
READ_IN_PART = {
    "calendars/created_calendar_with_unicode_fields.ics": 2,  # one event lacks its start
    "calendars/issue_104_broken_calendar.ics": 1,  # a broken line between two events
    "calendars/issue_722_missing_timezones.ics": 2,  # two events lack their start
    "calendars/parsing_error.ics": 20,  # one of its events has an unreadable start
}


def folder():
    root = os.environ.get("USUFRUIT_DATA", "")
    found = Path(root) / "ics"
    if not root or not found.is_dir():
        pytest.skip("USUFRUIT_DATA ne nomme pas les jeux de données (ics)")
    return found


@pytest.mark.data
def test_every_calendar_gives_the_dates_of_the_oracle_or_a_reason(tmp_path):
    """Keep a table of what each file gave: the proof, and where to look when it changes."""
    root = folder()
    expected = defaultdict(Counter)
    with (root / "expected_occurrences_2000_2030.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            expected[row["file"]][row["start"], row["end"]] += 1
    with (root / "expected_occurrences_2000_2030_errors.csv").open(encoding="utf-8") as file:
        refused = {row["file"] for row in csv.DictReader(file)}
    table, differences = [], []
    paths = sorted(root.rglob("*.ics"))
    for path in paths:
        name = str(path.relative_to(root))
        began = perf_counter()
        found, told = _read_all(path)
        seconds = perf_counter() - began
        wanted = Counter() if name in NOT_ITS_OWN else expected[path.name]
        table.append(f"{name}\t{wanted.total()}\t{found.total()}\t{seconds:.2f}\t{told[:1]}")
        assert seconds < 15, name
        if path.name in refused:
            assert found.total() == READ_IN_PART.get(name, 0), name
            assert found or told or b"BEGIN:VEVENT" not in path.read_bytes(), name
        elif name in LONGER_THAN_ORACLE:
            assert (found.total(), wanted.total()) == (LONGER_THAN_ORACLE[name], MOST_IN_ORACLE)
            assert not wanted - found
        elif found != wanted:
            differences.append((name, wanted - found, found - wanted))
    (tmp_path / "ics.tsv").write_text("\n".join(table), encoding="utf-8")
    assert differences == []
    assert len(paths) == 158


def _read_all(path):
    """Return the dates of a file as it writes them, and what was said of it; never crash."""
    content, told, found = path.read_bytes(), [], Counter()
    try:
        with unwarned():
            for calendar in calendars_of(decode(content)):
                for one in occurrences(calendar, SPAN, told.append):
                    found[one.start.isoformat(), one.end.isoformat()] += 1
        read_agenda(content, zone=TORONTO, window=SPAN)
    except UnreadableAgenda as error:
        told.append(str(error))
    return found, told
