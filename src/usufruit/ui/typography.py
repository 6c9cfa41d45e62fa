# SPDX-License-Identifier: EUPL-1.2
"""Say hours, days, money and measures as a careful Québec public servant would write them.

Pure functions: no clock, no Django. Each takes ``language``: French unless it begins with « en ».
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEKDAYS_SHORT = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
Number = int | float | Decimal


class HasBounds(Protocol):
    """Anything with a start and an end, such as ``kernel.spans.Span``."""

    @property
    def start(self) -> datetime:
        """Return the first instant."""

    @property
    def end(self) -> datetime:
        """Return the instant after the last."""


def is_english(language: str) -> bool:
    """Tell whether a language code asks for English."""
    return language.lower().startswith("en")


def _exact(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _rounded(value: Number, digits: int) -> Decimal:
    """Round half away from zero, as readers expect of a bill."""
    return _exact(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def number(value: Number, digits: int = 0, language: str = "fr") -> str:
    """Write a number with grouped thousands and a fixed count of decimals: « 1 234,5 »."""
    rounded = _rounded(value, digits)
    text = f"{abs(rounded):,.{digits}f}"
    if not is_english(language):
        text = text.replace(",", NBSP).replace(".", ",")
    return f"\u2212{text}" if rounded < 0 else text


def _trimmed(value: Number, digits: int, language: str) -> str:
    """Write a number with at most so many decimals, none when they are all zero."""
    rounded = _rounded(value, digits)
    return number(rounded, 0 if rounded == rounded.to_integral_value() else digits, language)


def clock(moment: time | datetime, language: str = "fr") -> str:
    """Write an hour of the day: « 13 h 40 », « 18 h » on the hour."""
    return clock_of_minute(moment.hour * 60 + moment.minute, language)


def clock_of_minute(minute: int, language: str = "fr") -> str:
    """Write a minute of the local day, 0 to 2880; 1440 is 24 h, then the hours start again."""
    hour, rest = divmod(minute if minute <= 1440 else minute - 1440, 60)
    if is_english(language):
        half = "a.m." if hour % 24 < 12 else "p.m."
        return f"{hour % 12 or 12}:{rest:02d}{NBSP}{half}"
    return f"{hour}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hour}{NBSP}h"


def day(value: date, *, has_year: bool = True, language: str = "fr") -> str:
    """Write a date in full: « mardi 6 janvier 2027 », « vendredi 1er janvier »."""
    if is_english(language):
        text = f"{WEEKDAYS_EN[value.weekday()]}, {MONTHS_EN[value.month - 1]}{NBSP}{value.day}"
        return f"{text}, {value.year}" if has_year else text
    number_ = "1er" if value.day == 1 else str(value.day)
    text = f"{WEEKDAYS[value.weekday()]} {number_}{NBSP}{MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if has_year else text


def zone_of(name: str | tzinfo) -> tzinfo:
    """Return the time zone of a name such as ``America/Toronto``."""
    return ZoneInfo(name) if isinstance(name, str) else name


def span(
    value: HasBounds, zone: str | tzinfo, *, has_year: bool = False, language: str = "fr"
) -> str:
    """Write a span in the civil time of a place: « mardi 6 janvier, de 18 h à 20 h ».

    Spans of whole days name days only; an end at midnight reads « minuit », so that nobody takes
    it for the day after.
    """
    place = zone_of(zone)
    start, end = value.start.astimezone(place), value.end.astimezone(place)
    starts_day, ends_day = start.time() == time(0), end.time() == time(0)
    last = (end - timedelta(microseconds=1)).date() if ends_day else end.date()
    english = is_english(language)
    first_text = day(start.date(), has_year=has_year, language=language)
    last_text = day(last, has_year=has_year, language=language)
    if starts_day and ends_day:
        if start.date() == last:
            return f"{first_text}, {'all day' if english else 'toute la journée'}"
        return f"{first_text} to {last_text}" if english else f"du {first_text} au {last_text}"
    from_text = _edge(start, language)
    to_text = ("midnight" if english else "minuit") if ends_day else _edge(end, language)
    if start.date() == last:
        if english:
            return f"{first_text}, {from_text} to {to_text}"
        return f"{first_text}, de {from_text} à {to_text}"
    if english:
        return f"{first_text}, {from_text}, to {last_text}, {to_text}"
    return f"du {first_text}, {from_text}, au {last_text}, {to_text}"


def _edge(moment: datetime, language: str) -> str:
    """Write the hour of one end of a span; midnight and noon keep figures, which sort and scan."""
    return clock(moment, language)


def money(value: Number, currency: str = "CAD", language: str = "fr") -> str:
    """Write an amount to the cent: « 1 234,50 $ »; euros show their own sign."""
    sign = {"CAD": "$", "EUR": "€"}.get(currency, currency)
    if is_english(language):
        text = number(value, 2, language)
        return f"\u2212{sign}{text[1:]}" if text.startswith("\u2212") else f"{sign}{text}"
    return f"{number(value, 2, language)}{NBSP}{sign}"


def km(value: Number, language: str = "fr") -> str:
    """Write a distance given in km: « 850 m », « 3,4 km », « 128 km »."""
    exact = _exact(value)
    if abs(exact) < Decimal("0.995"):
        return f"{number(_rounded(exact * 100, 0) * 10, 0, language)}{NBSP}m"
    digits = 1 if abs(exact) < Decimal("9.95") else 0
    return f"{_trimmed(exact, digits, language)}{NBSP}km"


def percent(ratio: Number, digits: int = 0, language: str = "fr") -> str:
    """Write a ratio in [0, 1] as a percentage: « 42 % »."""
    figure = number(_exact(ratio) * 100, digits, language)
    return f"{figure}%" if is_english(language) else f"{figure}{NBSP}%"


def hours(value: Number, language: str = "fr") -> str:
    """Write a quantity of hours: « 6 h », « 6,5 h », « 1 240 h »."""
    exact = _exact(value)
    digits = 1 if abs(exact) < 100 else 0
    return f"{_trimmed(exact, digits, language)}{NBSP}h"


def duration(minutes: int, language: str = "fr") -> str:
    """Write a length of time given in minutes: « 45 min », « 1 h 30 », « 2 jours »."""
    if minutes and minutes % 1440 == 0:
        days = minutes // 1440
        word = "day" if is_english(language) else "jour"
        return f"{days}{NBSP}{word}{'s' if days > 1 else ''}"
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest}{NBSP}min"
    return f"{whole}{NBSP}h{NBSP}{rest:02d}" if rest else f"{whole}{NBSP}h"


def joined(words: list[str], last: str = "et") -> str:
    """Join words as a sentence does: « a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


_FAULTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^\s\u00a0\u202f]« ?|«[^\u00a0]"), "« sans espace insécable après"),
    (re.compile(r"[^\u00a0]»"), "» sans espace insécable avant"),
    (re.compile(r"\S[ \t\n]+[:%$€](?=[\s.,;)]|$)"), "espace sécable avant : % $ ou €"),
    (re.compile(r"\d[%$€]"), "espace manquante avant % $ ou €"),
    (re.compile(r"[\wà-ÿ»)]:(?=\s)"), "espace insécable manquante avant :"),
    (re.compile(r"\S[ \t\n\u00a0]+[?!;](?=\s|$)"), "espace avant ? ! ou ;"),
    (re.compile(r"\d h(?=\W|$)|\d\u00a0h \d"), "espace sécable dans une heure"),
    (re.compile(r"\d (?=\d{3}(?!\d))"), "espace sécable dans un nombre"),
    (re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]"), "apostrophe droite"),
    (re.compile(r"\.\.\."), "trois points au lieu de …"),
    (re.compile(r"(?i)\bveuillez\b|\bsoumettre\b"), "mot banni"),
    (re.compile(r"\bOK\b"), "mot banni"),
)


def typography_faults(text: str) -> list[str]:
    """List the typographic faults of a French text as read by a person (tags already removed).

    Code, addresses and machine formats must be left out by the caller. Each line gives the rule
    and the words around the fault; an empty list means a clean text.
    """
    faults = []
    for pattern, rule in _FAULTS:
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 18) : match.end() + 18]
            faults.append(f"{rule} : « {' '.join(around.split(' '))} »")
    return faults
