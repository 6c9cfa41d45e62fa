# SPDX-License-Identifier: EUPL-1.2
"""What templates say: icons, fields, messages, figures, and Québec typography."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, Form, Select, Textarea
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from usufruit.ui import chart_markup, charts, map_markup, typography
from usufruit.ui import preferences as choices

register = template.Library()

TONES = {
    "ok": "circle-check",
    "warn": "circle-half-2",
    "err": "circle-x",
    "info": "circle-dotted",
    "neutral": "circle-minus",
}
LEVELS = {"success": "ok", "warning": "warn", "error": "err", "debug": "info"}
ALERT_ICONS = {"ok": "circle-check", "warn": "alert-triangle", "err": "alert-circle"}


def _language() -> str:
    return get_language() or "fr"


# Marks and messages


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Print a decorative icon of the sprite; ``size`` is "", "s", "l" or "xl"."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" icon--{size}" if size else "",
        static("ui/icons.svg"),
        name,
    )


@register.inclusion_tag("ui/components/badge.html")
def badge(tone: str, label: str, glyph: str = "") -> dict[str, Any]:
    """Print a status: colour, shape and word together. Tones: ok, warn, err, info, neutral."""
    return {"tone": tone, "label": label, "glyph": glyph or TONES[tone]}


@register.inclusion_tag("ui/components/alert.html")
def alert(tone: str, text: str, title: str = "", role: str = "") -> dict[str, Any]:
    """Print a message; ``tone`` is ok, warn, err, info, or a level name of Django's messages."""
    tone = LEVELS.get(tone, tone)
    glyph = ALERT_ICONS.get(tone, "info-circle")
    return {"tone": tone, "text": text, "title": title, "role": role, "glyph": glyph}


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(
    title: str,
    text: str = "",
    *,
    href: str = "",
    action: str = "",
    icon: str = "inbox",
) -> dict[str, Any]:
    """Say why there is nothing and offer the one next act."""
    return {"title": title, "text": text, "href": href, "action": action, "glyph": icon}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Print the way back: pairs of label and address, then the label of the present page alone."""
    pairs = [
        {"label": parts[at], "href": parts[at + 1] if at + 1 < len(parts) else ""}
        for at in range(0, len(parts), 2)
    ]
    return {"crumbs": pairs}


@register.inclusion_tag("ui/components/steps.html")
def steps(current: int, *labels: str) -> dict[str, Any]:
    """Print the steps of a task; ``current`` counts from 1."""
    rows = [
        {"label": label, "is_done": place < current, "is_current": place == current}
        for place, label in enumerate(labels, start=1)
    ]
    return {"steps": rows}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Print links to the pages of a list, keeping the rest of the search in the address."""
    request = context.get("request")

    def href(number: int) -> str:
        query = request.GET.copy() if request else None
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    links: list[dict[str, Any]] = []
    if page.has_previous():
        label = _("Page précédente")
        before = href(page.previous_page_number())
        links.append({"label": label, "href": before, "icon": "chevron-left"})
    for at in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        address = href(at) if isinstance(at, int) else ""
        links.append({"label": at, "href": address, "is_current": at == page.number})
    if page.has_next():
        label = _("Page suivante")
        links.append(
            {"label": label, "href": href(page.next_page_number()), "icon": "chevron-right"}
        )
    return {"page": page, "links": links}


# Forms


def _control(field: BoundField, width: str) -> tuple[str, SafeString]:
    """Return the kind of a field and its rendered control."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox", field.as_widget()
    if field.use_fieldset:
        return "choices", field.as_widget()
    name = "input"
    if isinstance(widget, Select):
        name = "select"
    elif isinstance(widget, Textarea):
        name = "textarea"
    classes = [name, widget.attrs.get("class", ""), f"input--{width}" if width else ""]
    return name, field.as_widget(attrs={"class": " ".join(part for part in classes if part)})


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField, width: str = "") -> dict[str, Any]:
    """Print label, hint, error and control of a form field; ``width`` is "", xs, s, m or l."""
    kind, control = _control(bound, width)
    is_optional = not bound.field.required and not bound.field.disabled
    return {"field": bound, "kind": kind, "control": control, "is_optional": is_optional}


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: Form, title: str = "") -> dict[str, Any]:
    """Print the summary of a form's errors, which takes focus and links to each field."""
    count = sum(len(errors) for errors in form.errors.values())
    words = ngettext("Il y a un point à corriger", "Il y a %(n)s points à corriger", count)
    return {"form": form, "title": title or words % {"n": count}}


# Person's choices


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """Print the language, theme and font attributes of the root element; safe without a request."""
    chosen = choices.chosen(context.get("request"))
    return format_html(
        'lang="{}"{}{}',
        _language(),
        format_html(' data-theme="{}"', chosen.theme) if chosen.theme else "",
        format_html(' data-font="{}"', chosen.font) if chosen.font else "",
    )


@register.inclusion_tag("ui/components/preferences.html", takes_context=True)
def preferences(context: Context) -> dict[str, Any]:
    """Print the forms that choose theme, font and language; they work without a script."""
    request = context["request"]
    return {
        "groups": choices.groups(request, _language()),
        "action": choices.address(),
        "next": request.get_full_path(),
        "csrf_token": context.get("csrf_token", ""),
    }


# Figures and maps


@register.simple_tag
def heat_map(heat: charts.HeatMap) -> SafeString:
    """Print a week heat map with its finding, legend, table and source."""
    return chart_markup.heat_map(heat)


@register.simple_tag
def week_timeline(timeline: charts.WeekTimeline) -> SafeString:
    """Print a week of taken and free time, as a table, or as an agenda on a phone."""
    return chart_markup.week_timeline(timeline)


@register.simple_tag
def histogram(chart: charts.Histogram) -> SafeString:
    """Print a histogram with its finding and table."""
    return chart_markup.histogram(chart)


@register.simple_tag
def figure_card(figure: charts.Figure) -> SafeString:
    """Print one figure: value, unit, interval, comparison, coverage, way to its proof."""
    return chart_markup.figure_card(figure)


@register.simple_tag(takes_context=True)
def map_panel(
    context: Context,
    items_id: str,
    *,
    label: str = "",
    territory_id: str = "",
    on_demand: bool = True,
) -> SafeString:
    """Print the map that mirrors a list; see ``map_markup.map_panel`` for the options."""
    shell = context.get("shell")
    named = shell.get("basemap_tiles") if isinstance(shell, Mapping) else None
    tiles = named or getattr(shell, "basemap_tiles", "") or ""
    return map_markup.map_panel(
        items_id, tiles=tiles, label=label, territory_id=territory_id, on_demand=on_demand
    )


# Typography


@register.filter(expects_localtime=True)
def clock(value: time | datetime | int) -> str:
    """Write an hour: « 13 h 40 »; accepts a minute of the day too.

    An aware instant is written in the current zone; use ``moment`` for that of a place.
    """
    if isinstance(value, int):
        return typography.clock_of_minute(value, _language())
    return typography.clock(value, _language())


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """Write a date in full: « mardi 6 janvier 2027 »."""
    return typography.day(value, language=_language())


@register.filter(expects_localtime=True)
def short_day(value: date) -> str:
    """Write a date without its year: « mardi 6 janvier »."""
    return typography.day(value, has_year=False, language=_language())


@register.filter
def span(value: typography.HasBounds, zone: str) -> str:
    """Write a span in the civil time of a place: « mardi 6 janvier, de 18 h à 20 h »."""
    return typography.span(value, zone, language=_language())


@register.filter
def span_with_year(value: typography.HasBounds, zone: str) -> str:
    """Write a span with the year of its days."""
    return typography.span(value, zone, has_year=True, language=_language())


@register.filter
def moment(value: datetime, zone: str) -> str:
    """Write an instant in the civil time of a place: « mardi 6 janvier 2027, 13 h 40 »."""
    local = value.astimezone(typography.zone_of(zone))
    language = _language()
    return f"{typography.day(local, language=language)}, {typography.clock(local, language)}"


@register.filter
def telephone(value: str) -> str:
    """Write a telephone number so that no line breaks inside it: « 418 555-0101 »."""
    return re.sub(r"(?<=[\d)]) (?=\d)", "\u00a0", value)


@register.filter
def money(value: Decimal, currency: str = "CAD") -> str:
    """Write an amount: « 1 234,50 $ »."""
    return typography.money(value, currency, _language())


@register.filter
def km(value: float) -> str:
    """Write a distance in km: « 3,4 km »."""
    return typography.km(value, _language())


@register.filter
def percent(ratio: float, digits: int = 0) -> str:
    """Write a ratio in [0, 1]: « 42 % »."""
    return typography.percent(ratio, digits, _language())


@register.filter
def hours(value: float) -> str:
    """Write a quantity of hours: « 6,5 h »."""
    return typography.hours(value, _language())


@register.filter
def duration(minutes: int) -> str:
    """Write a length of time given in minutes: « 1 h 30 »."""
    return typography.duration(minutes, _language())


@register.filter
def number(value: float, digits: int = 0) -> str:
    """Write a number with grouped thousands: « 1 234 »."""
    return typography.number(value, digits, _language())


@register.filter
def joined(words: Iterable[object]) -> str:
    """Join words as a sentence does: « a, b et c »."""
    return typography.joined([str(word) for word in words], _("et"))
