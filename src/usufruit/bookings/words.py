# SPDX-License-Identifier: EUPL-1.2
"""Rules and characteristics in plain French: who may book, when, how, and what the asset is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from usufruit.inventory.models import Asset, AttributeDefinition, Category
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.spans import Span, subtract
from usufruit.organizations.models import Organization
from usufruit.sharing.models import Audience, Mode, SharingRule
from usufruit.sharing.queries import audiences_of, rules_of
from usufruit.timetable.models import Calendar
from usufruit.timetable.queries import opening_calendar, opening_rules, with_rules
from usufruit.timetable.rules import Minutes, OpeningRules, WeeklyWindow, open_spans
from usufruit.timetable.words import hours_in_words, week_in_words
from usufruit.ui import typography

EXCEPTIONS_SHOWN = timedelta(days=60)
SEASONS_SHOWN = timedelta(days=365)  # each once: they are named without their year


@dataclass(frozen=True)
class Terms:
    """One sharing rule in words.

    Attributes:
        is_yours: whether it speaks to the reader's body.
    """

    audience: str
    windows: str
    mode: str
    is_yours: bool


@dataclass(frozen=True)
class Opening:
    """The opening hours in words: the usual week, and the days to come that differ."""

    weeks: list[str]
    exceptions: list[str]
    closes_on_holidays: bool


@dataclass(frozen=True)
class Characteristic:
    """A fact about an asset, written."""

    name: str
    value: str


def terms_in_words(asset: Asset, reader: Organization | None) -> list[Terms]:
    """Return who may book and how, the reader's own terms first."""
    rules = list(rules_of(asset))
    ids = [rule.windows_id for rule in rules if rule.windows_id is not None]
    calendars = with_rules(Calendar.objects.filter(pk__in=ids).order_by("pk")) if ids else []
    windows = {calendar.pk: _usual_week(calendar) for calendar in calendars}
    mine = audiences_of(reader, asset)
    told = [_terms(rule, windows, is_yours=Audience(rule.audience) in mine) for rule in rules]
    return sorted(told, key=lambda each: not each.is_yours)


def _terms(
    rule: SharingRule, windows: dict[int, tuple[WeeklyWindow, ...]], *, is_yours: bool
) -> Terms:
    when = _("pendant les heures d’ouverture")
    if rule.windows_id is not None:
        when = week_in_words(windows[rule.windows_id])
    return Terms(str(Audience(rule.audience).label), when, str(Mode(rule.mode).label), is_yours)


def sharing_said(asset: Asset, reader: Organization | None) -> str:
    """Say the rules that decide for a body: those that speak to it, else those that do not."""
    told = terms_in_words(asset, reader)
    if not told:
        return _("Aucune règle ne partage encore ce bien.")
    speaking = [each for each in told if each.is_yours] or told
    return " ".join(f"{each.audience}, {each.windows}, {each.mode.lower()}." for each in speaking)


def opening_said(asset: Asset, use: Span) -> str:
    """Say the hours of the first day on which an asset is closed during a use, and why if known."""
    calendar = opening_calendar(asset)
    if calendar is None:
        return _("Ce bien n’a pas d’heures d’ouverture.")
    zone, rules = calendar.time_zone, opening_rules(calendar)
    first, last = (local_wall(at, zone).date() for at in (use.start, use.end))
    opening = open_spans(rules, first - timedelta(days=1), last, zone)
    closed = (subtract([use], opening) or [use])[0]
    # Hours that pass midnight belong to the day they begin: theirs is the end that was met.
    met = next((span for span in opening if span.end == closed.start), closed)
    on = local_wall(met.start, zone).date()
    return _("Heures d’ouverture, %(day)s\u00a0: %(hours)s.") % {
        "day": typography.day(on, has_year=False),
        "hours": hours_in_words(rules.minutes_on(on)) + _reason(rules, on),
    }


def _reason(rules: OpeningRules, on: date) -> str:
    """Return why a day has hours of its own, in brackets; empty on an ordinary day."""
    for each in rules.exceptions:
        if each.first_on <= on <= each.last_on:
            return f" ({each.reason})" if each.reason else ""
    return _(" (jour férié)") if on in rules.holidays else ""


def one_use_said(asset: Asset) -> str:
    """Say that a time serves once, with what is kept around each use."""
    kept = [
        words % {"length": typography.duration(minutes)}
        for words, minutes in (
            (_("%(length)s avant"), asset.buffer_before_min),
            (_("%(length)s après"), asset.buffer_after_min),
        )
        if minutes
    ]
    if not kept:
        return _("Une plage, un seul usage.")
    return _("Une plage, un seul usage; le battement compte aussi\u00a0: %(kept)s.") % {
        "kept": typography.joined(kept, _("et"))
    }


def opening_in_words(asset: Asset, today: date) -> Opening | None:
    """Return when an asset is open; None when it never opens to others."""
    calendar = opening_calendar(asset)
    if calendar is None:
        return None
    rules = opening_rules(calendar, holidays=())
    weeks = [week_in_words(rules.windows)]
    for season in rules.seasons:
        if season.last_on >= today and season.first_on < today + SEASONS_SHOWN:
            words = week_in_words(season.windows)
            weeks.append(f"{_days(season.first_on, season.last_on)}\u00a0: {words}")
    exceptions = [
        _exception(_days(each.first_on, each.last_on), each.minutes, each.reason)
        for each in sorted(rules.exceptions, key=lambda each: each.first_on)
        if each.last_on >= today and each.first_on <= today + EXCEPTIONS_SHOWN
    ]
    return Opening(weeks, exceptions, bool(calendar.holiday_region))


def _usual_week(calendar: Calendar) -> tuple[WeeklyWindow, ...]:
    return opening_rules(calendar, holidays=()).windows


def _exception(days: str, minutes: Iterable[Minutes], reason: str) -> str:
    return f"{days}\u00a0: {hours_in_words(minutes)}" + (f" ({reason})" if reason else "")


def _days(first: date, last: date) -> str:
    if first == last:
        return typography.day(first, has_year=False)
    names = {
        "first": typography.day(first, has_year=False),
        "last": typography.day(last, has_year=False),
    }
    return _("du %(first)s au %(last)s") % names


def characteristics(asset: Asset) -> list[Characteristic]:
    """Return the attributes that the category of an asset, or one above, defines."""
    known = asset.attributes
    defined = AttributeDefinition.objects.filter(category__in=_ancestry(asset.category))
    return [
        Characteristic(each.name, _value(known[each.code], each))
        for each in defined.order_by("rank", "code", "pk")
        if known.get(each.code) not in (None, "")
    ]


def _ancestry(category: Category) -> list[int]:
    """Return the numbers of a category and of the two above it, without reading them."""
    parent = category.parent
    above = [parent.pk, parent.parent_id] if parent else []
    return [pk for pk in (category.pk, *above) if pk is not None]


def _value(value: Any, definition: AttributeDefinition) -> str:  # noqa: ANN401 - JSON
    types = AttributeDefinition.ValueType
    if definition.value_type == types.YES_NO:
        return _("Oui") if value in (True, "oui", "true", 1) else _("Non")
    if definition.value_type == types.NUMBER and isinstance(value, int | float):
        digits = 0 if float(value).is_integer() else 2
        written = typography.number(value, digits).rstrip("0") if digits else ""
        text = written or typography.number(value)
        return f"{text}\u00a0{definition.unit}" if definition.unit else text
    return str(value)
