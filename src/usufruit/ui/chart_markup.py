# SPDX-License-Identifier: EUPL-1.2
"""Charts as HTML and SVG made on the server: one anatomy for all, no script, no inline style.

Figure, finding, drawing, legend with its bounds, the same numbers as a table, source. The drawings
are in ``chart_drawings``; this file puts them in their figure.
"""

from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from usufruit.ui import chart_drawings, charts, timeline_layout, typography

Chart = charts.HeatMap | charts.WeekTimeline | charts.Histogram


def _figure(template: str, chart: Chart, context: dict[str, Any]) -> SafeString:
    values = {"chart": chart, "finding": chart.sentence(), "source": chart.source, **context}
    return render_to_string(f"ui/charts/{template}.html", values)


def heat_map(heat: charts.HeatMap) -> SafeString:
    """Return the figure of a week heat map."""
    grid, hours = heat.grid(), heat.hours()
    states = {cell.state for cell in grid.values() if cell.hour in hours}
    context = {
        "wide": mark_safe(chart_drawings.heat_map(heat, is_tall=False)),  # noqa: S308 — escaped there
        "tall": mark_safe(chart_drawings.heat_map(heat, is_tall=True)),  # noqa: S308
        "is_long": len(hours) > 16,
        "rows": mark_safe(chart_drawings.heat_rows(heat)),  # noqa: S308
        "weekdays": typography.WEEKDAYS,
        "legend": _heat_legend(),
        "has_closed": "closed" in states,
        "has_gaps": "no_data" in states,
        "is_trimmed": len(hours) < 24,
    }
    return _figure("heat_map", heat, context)


def _heat_legend() -> list[dict[str, Any]]:
    """Return the seven classes with their bounds in words."""
    texts = ["0", *(f"{low + 1}–{high}" for low, high in pairwise(charts.HEAT_BOUNDS))]
    texts[-1] += f"{typography.NBSP}%"
    return [{"level": level, "text": text} for level, text in enumerate(texts)]


def week_timeline(timeline: charts.WeekTimeline) -> SafeString:
    """Return the figure of a week of taken and free time."""
    return _figure("week_timeline", timeline, timeline_layout.layout(timeline))


def histogram(chart: charts.Histogram) -> SafeString:
    """Return the figure of a histogram."""
    rows = [
        {
            "name": _("%(low)s à %(high)s")
            % {"low": _bound(one.low), "high": f"{_bound(one.high)}{_unit(chart)}"},
            "count": one.count,
        }
        for one in chart.bins
    ]
    context = {
        "wide": mark_safe(chart_drawings.histogram(chart, is_narrow=False)),  # noqa: S308
        "narrow": mark_safe(chart_drawings.histogram(chart, is_narrow=True)),  # noqa: S308
        "rows": rows,
    }
    return _figure("histogram", chart, context)


def _bound(value: float) -> str:
    return typography.number(value, 0 if float(value).is_integer() else 1)


def _unit(chart: charts.Histogram) -> str:
    return f"{typography.NBSP}{chart.unit}" if chart.unit else ""


def figure_card(figure: charts.Figure) -> SafeString:
    """Return the card of one figure."""
    coverage = figure.coverage_ratio
    context = {
        "figure": figure,
        "coverage": typography.percent(coverage) if coverage is not None else "",
        "spark": mark_safe(chart_drawings.sparkline(figure.spark)) if figure.spark else "",  # noqa: S308
    }
    return render_to_string("ui/charts/figure_card.html", context)
