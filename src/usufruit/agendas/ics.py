# SPDX-License-Identifier: EUPL-1.2
"""From the bytes of an agenda (RFC 5545) to the moments it takes, whatever wrote it.

What cannot be read is said and left out, and the rest is kept: one broken event never hides the
others. Everything is bounded: bytes, events, occurrences, and the rules that repeat.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, TypeAlias
from zoneinfo import available_timezones

import icalendar
import recurring_ical_events
from charset_normalizer import from_bytes
from icalendar.error import GloballyUniqueTZIDGuessed

from usufruit.kernel.local_time import Edge, local_instant
from usufruit.kernel.spans import Span

MAX_BYTES = 10 * 1024 * 1024
MAX_EVENTS = 20_000
MAX_OCCURRENCES = 20_000
MAX_TROUBLES = 200
TITLE_CHARS = 200
UID_CHARS = 255
TOO_OFTEN = {"SECONDLY", "MINUTELY"}
# A rule cut by these may look at every hour or day to the year 9999 and find none.
SPARSE = {
    "HOURLY": {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"},
    "DAILY": {"BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYEASTER"},
}
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
BUDGET_S = 20.0
ZONES = frozenset(available_timezones())

Entry: TypeAlias = Any  # a component of icalendar, whose properties are of thirty types


class UnreadableAgenda(Exception):  # noqa: N818 - it is told to a person, in French
    """Say why a whole agenda cannot be read, and what to do."""


@dataclass(frozen=True, order=True, slots=True)
class Moment:
    """Time an event takes.

    Attributes:
        uid: the event's own name, the same for all its occurrences.
        title: what it is called; only managers read it.
    """

    span: Span
    uid: str
    title: str = ""


@dataclass(frozen=True)
class Reading:
    """What an agenda says.

    Attributes:
        moments: what takes time inside the window, in order, each once.
        troubles: French sentences on what could not be read.
        event_count: events seen, those that take no time included.
        is_whole: False when the text stops before its end.
    """

    moments: tuple[Moment, ...]
    troubles: tuple[str, ...]
    event_count: int
    is_whole: bool


@dataclass(frozen=True)
class Occurrence:
    """One date of an event as the agenda writes it: days, floating or zoned times."""

    start: date
    end: date
    event: Entry


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep to ourselves that a vendor's name of a zone had to be guessed: the guess is right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        yield


@unwarned()
def read_agenda(content: bytes, *, zone: str, window: Span) -> Reading:
    """Return what takes time inside a window; days and floating times are those of the zone.

    Raises:
        UnreadableAgenda: with a French sentence, when it is no agenda at all.
    """
    text = decode(content)
    troubles: list[str] = []
    moments: set[Moment] = set()
    count = 0
    for calendar in calendars_of(text):
        count += sum(1 for one in calendar.walk() if one.name in {"VEVENT", "VFREEBUSY"})
        for occurrence in occurrences(calendar, window, troubles.append):
            if (moment := _moment(occurrence, zone)) and moment.span.overlaps(window):
                moments.add(moment)
            if len(moments) > MAX_OCCURRENCES:
                raise UnreadableAgenda(
                    f"L’agenda a plus de {MAX_OCCURRENCES} dates. Exportez-en une période plus "
                    "courte."
                )
        moments.update(_busy_times(calendar, zone, window, troubles.append))
    told = tuple(dict.fromkeys(troubles))[:MAX_TROUBLES]
    is_whole = text.rstrip().upper().endswith("END:VCALENDAR")
    return Reading(tuple(sorted(moments)), told, count, is_whole)


def decode(content: bytes) -> str:
    """Return the text of an agenda: UTF-8 as the standard asks, or what it looks like.

    Raises:
        UnreadableAgenda: when it is empty or too large.
    """
    if not content.strip():
        raise UnreadableAgenda("L’agenda est vide.")
    if len(content) > MAX_BYTES:
        raise UnreadableAgenda(f"L’agenda dépasse {MAX_BYTES // 1024 // 1024}\u00a0Mo.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(content[:200_000], cp_isolation=["utf_16", "cp1252", "cp850"]).best()
        return content.decode(best.encoding if best else "cp1252", errors="replace")


def calendars_of(text: str) -> list[Entry]:
    """Return the calendars of a text; events alone are put in one.

    Raises:
        UnreadableAgenda: when it holds none.
    """
    try:
        found = icalendar.Component.from_ical(text, multiple=True)
    except (ValueError, ArithmeticError, IndexError, KeyError, TypeError, AttributeError):
        found = []
    found = found or _readable_part(text)
    loose = [one for one in found if one.name != "VCALENDAR"]
    calendars = [one for one in found if one.name == "VCALENDAR"]
    if loose:
        calendars.append(_with(icalendar.Calendar(), loose))
    if not calendars:
        raise UnreadableAgenda(
            "Ce n’est pas un agenda au format iCalendar (.ics), ou il est brisé."
        )
    return calendars


def _readable_part(text: str) -> list[Entry]:
    """Return the events that read alone, from a text that does not read as a whole."""
    kept: list[Entry] = []
    for block in _blocks(text):
        try:
            kept += icalendar.Component.from_ical(block, multiple=True)
        except (ValueError, ArithmeticError, IndexError, KeyError, TypeError, AttributeError):
            continue
    return kept


def _blocks(text: str) -> Iterator[str]:
    """Yield each event, list of busy times and zone of a text, by its own BEGIN and END."""
    block: list[str] = []
    inside = ""
    for line in text.splitlines():
        word = line.strip().upper()
        if not inside and word in {"BEGIN:VEVENT", "BEGIN:VFREEBUSY", "BEGIN:VTIMEZONE"}:
            inside, block = word.partition(":")[2], []
        if inside:
            block.append(line)
        if inside and word == f"END:{inside}":
            yield "\r\n".join(block) + "\r\n"
            inside = ""


def _with(calendar: Entry, components: Iterable[Entry]) -> Entry:
    for one in components:
        calendar.add_component(one)
    return calendar


def occurrences(calendar: Entry, window: Span, tell: Callable[[str], None]) -> Iterator[Occurrence]:
    """Yield each date of each event that meets a window; tell what cannot be read.

    Each event is repeated apart, with the calendar's own zones, so that a broken one stands alone.
    """
    zones = [one for one in calendar.subcomponents if one.name == "VTIMEZONE"]
    until = monotonic() + BUDGET_S
    for events in _series(calendar, tell):
        if monotonic() > until:
            raise UnreadableAgenda("L’agenda est trop long à lire. Exportez-en une période courte.")
        alone = icalendar.Calendar()
        if calendar.get("X-WR-TIMEZONE"):
            alone["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]
        for event in events:
            _bound(event, window)
        _with(alone, [*zones, *events])
        try:
            yield from _repeated(alone, window)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, IndexError):
            tell(f"{_named(events[0])} se répète selon une règle illisible; ses dates manquent.")


def _series(calendar: Entry, tell: Callable[[str], None]) -> Iterable[list[Entry]]:
    """Return the readable events, those of one name together: its rule and its moved dates."""
    events = calendar.walk("VEVENT")
    if len(events) > MAX_EVENTS:
        raise UnreadableAgenda(f"L’agenda a plus de {MAX_EVENTS} événements.")
    series: dict[str, list[Entry]] = {}
    for number, event in enumerate(events):
        if _is_readable(event, tell):
            uid = str(event.get("UID", "")).strip() or f"sans-nom-{number}"
            series.setdefault(uid, []).append(event)
    return series.values()


def _repeated(alone: Entry, window: Span) -> Iterator[Occurrence]:
    query = recurring_ical_events.of(alone)
    for count, event in enumerate(query.between(window.start, window.end)):
        if count > MAX_OCCURRENCES:
            return
        start = event["DTSTART"].dt
        end = event["DTEND"].dt if "DTEND" in event else start
        yield Occurrence(start, end, event)


def _is_readable(event: Entry, tell: Callable[[str], None]) -> bool:
    """Tell whether an event has a start one can read, and say what it lacks."""
    if any((name or "").upper() in {"DTSTART", "DTEND", "DURATION"} for name, _why in event.errors):
        tell(f"{_named(event)} a une date ou une durée illisible; il est laissé de côté.")
        return False
    try:
        start = event["DTSTART"].dt
    except (KeyError, AttributeError, ValueError):
        tell(f"{_named(event)} n’a pas de début; il est laissé de côté.")
        return False
    if not isinstance(start, date):
        tell(f"{_named(event)} a un début illisible; il est laissé de côté.")
        return False
    rules = event.get("RRULE", [])
    return all(
        _is_rule_readable(event, rule, tell)
        for rule in (rules if isinstance(rules, list) else [rules])
    )


def _is_rule_readable(event: Entry, rule: Entry, tell: Callable[[str], None]) -> bool:
    often = str(rule.get("FREQ", [""])[0]).upper() if isinstance(rule, icalendar.vRecur) else ""
    if often not in {"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        tell(f"{_named(event)} se répète selon une règle illisible; il est laissé de côté.")
        return False
    if often in TOO_OFTEN:
        tell(f"{_named(event)} se répète trop souvent pour un lieu; il est laissé de côté.")
        return False
    if SPARSE.get(often, set()).intersection(rule) or not _has_days(rule):
        tell(f"{_named(event)} se répète selon une règle trop rare; il est laissé de côté.")
        return False
    return True


def _has_days(rule: Entry) -> bool:
    """Tell whether a rule by month and day of the month has a day at all: 31 February has none."""
    places = [abs(int(place)) for place in rule.get("BYSETPOS", [])]
    if str(rule["FREQ"][0]).upper() == "WEEKLY" and places and min(places) > 7:
        return False
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [])]
    months = [int(month) for month in rule.get("BYMONTH", [])] or list(range(1, 13))
    return not days or any(
        1 <= day <= LONGEST_MONTH[month - 1] for day in days for month in months if 1 <= month <= 12
    )


def _bound(event: Entry, window: Span) -> None:
    """End the rules without end after the window: nothing repeats further than it is looked at."""
    rules = event.get("RRULE", [])
    start = event["DTSTART"].dt
    last = window.end + timedelta(days=2)
    for rule in rules if isinstance(rules, list) else [rules]:
        if "COUNT" in rule or "UNTIL" in rule:
            continue
        if not isinstance(start, datetime):
            rule["UNTIL"] = [last.date()]
        elif start.tzinfo is None:
            rule["UNTIL"] = [last.replace(tzinfo=None)]
        else:
            rule["UNTIL"] = [last.astimezone(UTC)]


def _named(event: Entry) -> str:
    title = _title(event)[:60]
    return f"L’événement «\u00a0{title}\u00a0»" if title else "Un événement sans titre"


def _title(event: Entry) -> str:
    summary = event.get("SUMMARY", "")
    if isinstance(summary, list):
        summary = summary[0]
    return " ".join(str(summary).replace("\x00", "").split())[:TITLE_CHARS]


def _uid(event: Entry) -> str:
    """Return the name of an event; one that has none is known by what it says."""
    uid = " ".join(str(event.get("UID", "")).replace("\x00", "").split())
    if uid and len(uid) <= UID_CHARS:
        return uid
    return sha256(f"{uid}{event.get('DTSTART', '')}{_title(event)}".encode()).hexdigest()[:40]


def _moment(occurrence: Occurrence, zone: str) -> Moment | None:
    """Return the time a date takes; None when it is cancelled, shown as free or without length."""
    event = occurrence.event
    said = {
        name: str(event.get(name, "")).strip().upper()
        for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    }
    if (
        said["STATUS"] == "CANCELLED"
        or said["TRANSP"] == "TRANSPARENT"
        or said["X-MICROSOFT-CDO-BUSYSTATUS"] == "FREE"
    ):
        return None
    start = instant(occurrence.start, zone, "start")
    end = instant(occurrence.end, zone, "end")
    return Moment(Span(start, end), _uid(event), _title(event)) if start < end else None


def instant(written: date, zone: str, edge: Edge) -> datetime:
    """Return the instant of a date or time as an agenda writes it (T16).

    A day begins at its midnight in the zone; a floating time is the zone's; a time of a known zone
    follows the same rules as ours in the doubled and the missing hour.
    """
    if not isinstance(written, datetime):
        return local_instant(datetime(written.year, written.month, written.day), zone, edge)  # noqa: DTZ001 - a day has no zone
    if written.tzinfo is None:
        return local_instant(written, zone, edge)
    name = str(getattr(written.tzinfo, "key", "") or "")
    if name in ZONES and name != "UTC":
        return local_instant(written.replace(tzinfo=None, fold=0), name, edge)
    return written.astimezone(UTC)


def _busy_times(
    calendar: Entry, zone: str, window: Span, tell: Callable[[str], None]
) -> Iterator[Moment]:
    """Yield the periods of the free and busy times that are not free."""
    for component in calendar.walk("VFREEBUSY"):
        listed = component.get("FREEBUSY", [])
        for one in listed if isinstance(listed, list) else [listed]:
            if str(getattr(one, "params", {}).get("FBTYPE", "BUSY")).upper() == "FREE":
                continue
            try:
                moment = _period(component, one, zone)
            except (ValueError, TypeError, AttributeError):
                tell("Une plage occupée est illisible; elle est laissée de côté.")
                continue
            if moment is not None and moment.span.overlaps(window):
                yield moment


def _period(component: Entry, period: Entry, zone: str) -> Moment | None:
    first, last = period.dt if hasattr(period, "dt") else (period.start, period.end)
    end = first + last if isinstance(last, timedelta) else last
    start, end = instant(first, zone, "start"), instant(end, zone, "end")
    return Moment(Span(start, end), _uid(component)) if start < end else None
