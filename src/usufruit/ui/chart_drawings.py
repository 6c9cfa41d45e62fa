# SPDX-License-Identifier: EUPL-1.2
"""The drawings themselves: SVG text with classes for colour and attributes for place.

Strings are built by hand, since a report may hold hundreds of maps of 168 cells; every word that
comes from outside passes through ``escape``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from usufruit.ui import charts, typography

CELL_H, GAP = 28, 2
TALL_W, TALL_H = 38, 28
LEFT, TOP = 78, 24
TALL_LEFT = 46


def _cell_width(hours: range) -> int:
    """Return a width that fills the place: few hours make wide cells."""
    return 44 if len(hours) <= 13 else 40 if len(hours) <= 16 else 30


def _patterns(key: str) -> str:
    """Return the hatch of closed time and the dots of absent data, named for one drawing."""
    return (
        f'<defs><pattern id="{key}-closed" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern>'
        f'<pattern id="{key}-gap" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<circle class="dot" cx="3.5" cy="3.5" r="1.1"/></pattern></defs>'
    )


def _head(key: str, size: tuple[int, int], classes: str, texts: tuple[str, str]) -> str:
    """Open a drawing with its title and description; what follows is hidden from readers."""
    width, height = size
    title, description = texts
    return (
        f'<svg class="{classes}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-labelledby="{key}-t {key}-d"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc><g aria-hidden="true">'
    )


def heat_map(heat: charts.HeatMap, *, is_tall: bool) -> str:
    """Draw a week, hours across, or hours down for a narrow place."""
    hours, grid = heat.hours(), heat.grid()
    key = escape(f"{heat.key}-{'tall' if is_tall else 'wide'}")
    if is_tall:
        size = (TALL_LEFT + 7 * (TALL_W + GAP), TOP + len(hours) * (TALL_H + GAP))
    else:
        size = (LEFT + len(hours) * (_cell_width(hours) + GAP), TOP + 7 * (CELL_H + GAP))
    classes = f"heat heat--{'tall' if is_tall else 'wide'}"
    parts = [_head(key, size, classes, (heat.title, heat.sentence())), _patterns(key)]
    parts += _heat_axes(hours, is_tall=is_tall)
    for hour in hours:
        for weekday in range(7):
            x, y, w, h = _place(weekday, hour, hours, is_tall=is_tall)
            parts.append(_heat_cell(grid[weekday, hour], (x, y, w, h), key))
    for weekday, first, after in heat.idle_runs():
        run = range(max(first, hours.start), min(after, hours.stop))
        if run:
            x, y, w, h = _place(weekday, run.start, hours, is_tall=is_tall)
            length = len(run) * ((h if is_tall else w) + GAP) - GAP
            w, h = (w, length) if is_tall else (length, h)
            parts.append(
                f'<rect class="heat__idle" x="{x}" y="{y}" width="{w}" height="{h}" rx="4"/>'
            )
    return "".join([*parts, "</g></svg>"])


def heat_rows(heat: charts.HeatMap) -> str:
    """Return the rows of the table that says the same as the drawings, one an hour."""
    grid, total = heat.grid(), heat.weeks_total
    weeks_text = _("%(weeks)s semaines sur %(total)s")
    parts = []
    for hour in heat.hours():
        parts.append(f'<tr><th scope="row">{hour}{typography.NBSP}h</th>')
        for weekday in range(7):
            cell = grid[weekday, hour]
            weeks = weeks_text % {"weeks": cell.weeks, "total": total}
            known = f' data-weeks="{escape(weeks)}"' if cell.weeks and total else ""
            parts.append(
                f'<td class="is-number" data-spot="{weekday}-{hour}"{known}>'
                f"{escape(cell.words)}</td>"
            )
        parts.append("</tr>")
    return "".join(parts)


def _place(weekday: int, hour: int, hours: range, *, is_tall: bool) -> tuple[int, int, int, int]:
    """Return x, y, width and height of a cell."""
    column = hour - hours.start
    if is_tall:
        x, y = TALL_LEFT + weekday * (TALL_W + GAP), TOP + column * (TALL_H + GAP)
        return x, y, TALL_W, TALL_H
    width = _cell_width(hours)
    return LEFT + column * (width + GAP), TOP + weekday * (CELL_H + GAP), width, CELL_H


def _heat_axes(hours: range, *, is_tall: bool) -> list[str]:
    parts = []
    for weekday in range(7):
        x, y, w, h = _place(weekday, hours.start, hours, is_tall=is_tall)
        if is_tall:
            name = typography.WEEKDAYS_SHORT[weekday]
            parts.append(
                f'<text class="tick" x="{x + w // 2}" y="15" text-anchor="middle">{name}</text>'
            )
        else:
            name = typography.WEEKDAYS[weekday]
            middle = y + h // 2 + 4
            parts.append(
                f'<text class="tick" x="{LEFT - 10}" y="{middle}" text-anchor="end">{name}</text>'
            )
    for column, hour in enumerate(hours):
        x, y, w, h = _place(0, hour, hours, is_tall=is_tall)
        if is_tall:
            parts.append(
                f'<text class="tick" x="{TALL_LEFT - 8}" y="{y + h // 2 + 4}" text-anchor="end">'
                f"{hour}{typography.NBSP}h</text>"
            )
        elif len(hours) <= 16 or column % 2 == 0:
            parts.append(
                f'<text class="tick" x="{x + w // 2}" y="15" text-anchor="middle">'
                f"{hour}{typography.NBSP}h</text>"
            )
    return parts


def _heat_cell(cell: charts.HeatCell, box: tuple[int, int, int, int], key: str) -> str:
    x, y, w, h = box
    frame = f'x="{x}" y="{y}" width="{w}" height="{h}" rx="3"'
    spot = f'data-cell="{cell.weekday}-{cell.hour}"'
    if cell.percent is None:
        name = "closed" if cell.state == "closed" else "gap"
        return f'<rect class="heat__{name}" {spot} {frame} fill="url(#{key}-{name})"/>'
    level = cell.level
    return (
        f'<rect class="heat__{level}" {spot} {frame}/>'
        f'<text class="on-heat-{level}" x="{x + w // 2}" y="{y + h // 2 + 4}" text-anchor="middle">'
        f"{cell.percent}</text>"
    )


@dataclass(frozen=True)
class _Frame:
    """The room a histogram has, and the way from values to places."""

    width: int
    height: int
    low: float
    high: float
    top_count: int
    left: int = 40
    top: int = 30
    bottom: int = 44

    def x(self, value: float) -> float:
        """Return the place of a value from the left."""
        span = (self.high - self.low) or 1
        return round(self.left + (value - self.low) / span * (self.width - self.left - 12), 1)

    def y(self, count: float) -> float:
        """Return the place of a count from the top."""
        room = self.height - self.top - self.bottom
        return round(self.top + room * (1 - count / self.top_count), 1)


def _nice_step(top: int) -> int:
    """Return a round step that cuts 0…top in at most five."""
    for magnitude in (1, 10, 100, 1000, 10000, 100000):
        for base in (1, 2, 5):
            if top <= base * magnitude * 5:
                return base * magnitude
    return max(1, top // 4)


def histogram(chart: charts.Histogram, *, is_narrow: bool) -> str:
    """Draw counts by class, from zero, with the median and the threshold marked."""
    step = _nice_step(max(one.count for one in chart.bins))
    top_count = max(step, -(-max(one.count for one in chart.bins) // step) * step)
    frame = _Frame(
        *((328, 236) if is_narrow else (720, 280)),
        chart.bins[0].low,
        chart.bins[-1].high,
        top_count,
    )
    key = escape(f"{chart.key}-{'narrow' if is_narrow else 'wide'}")
    classes = f"histogram histogram--{'narrow' if is_narrow else 'wide'}"
    texts = (chart.title, chart.sentence())
    parts = [_head(key, (frame.width, frame.height), classes, texts)]
    for count in range(0, top_count + 1, step):
        y = frame.y(count)
        parts.append(
            f'<line class="rule" x1="{frame.left}" y1="{y}" x2="{frame.width - 12}" y2="{y}"/>'
        )
        parts.append(
            f'<text class="tick" x="{frame.left - 8}" y="{y + 4}" text-anchor="end">'
            f"{typography.number(count)}</text>"
        )
    shows_count = not is_narrow or len(chart.bins) <= 10
    parts += [_bar(one, frame, shows_count=shows_count) for one in chart.bins]
    parts += _value_axis(chart, frame, every=2 if is_narrow and len(chart.bins) > 6 else 1)
    parts += _threshold(chart, frame)
    return "".join([*parts, "</g></svg>"])


def _bar(one: charts.HistogramBin, frame: _Frame, *, shows_count: bool) -> str:
    left, right, y = frame.x(one.low), frame.x(one.high), frame.y(one.count)
    width = round(right - left - 3, 1)
    height = round(frame.y(0) - y, 1)
    bar = f'<rect class="bar" x="{left + 1.5}" y="{y}" width="{width}" height="{height}" rx="2"/>'
    if not shows_count:
        return bar
    x = round((left + right) / 2, 1)
    label = typography.number(one.count)
    return f'{bar}<text class="bar__count" x="{x}" y="{y - 6}" text-anchor="middle">{label}</text>'


def _value_axis(chart: charts.Histogram, frame: _Frame, *, every: int) -> list[str]:
    base = frame.y(0)
    parts = [
        f'<line class="axis" x1="{frame.left}" y1="{base}" x2="{frame.width - 12}" y2="{base}"/>'
    ]
    bounds = [one.low for one in chart.bins] + [chart.bins[-1].high]
    for at, bound in enumerate(bounds):
        if at % every == 0:
            label = typography.number(bound, 0 if float(bound).is_integer() else 1)
            parts.append(
                f'<text class="tick" x="{frame.x(bound)}" y="{base + 18}" text-anchor="middle">'
                f"{label}</text>"
            )
    if chart.unit:
        parts.append(
            f'<text class="tick" x="{frame.width - 12}" y="{base + 36}" text-anchor="end">'
            f"{escape(chart.unit)}</text>"
        )
    return parts


def _threshold(chart: charts.Histogram, frame: _Frame) -> list[str]:
    if chart.threshold is None:
        return []
    x, y = frame.x(chart.threshold), frame.top - 10
    anchor, shift = ("end", -6) if x > frame.width * 0.6 else ("start", 6)
    words = escape(chart.threshold_label)
    return [
        f'<line class="threshold" x1="{x}" y1="{y - 8}" x2="{x}" y2="{frame.y(0)}"/>',
        f'<text class="threshold__label" x="{x + shift}" y="{y}" text-anchor="{anchor}">',
        f"{words}</text>",
    ]


def sparkline(values: Sequence[float | None]) -> str:
    """Draw a short series without axes; a gap in the values is a gap in the line."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    room = (high - low) or 1
    steps: list[str] = []
    is_down = False
    for at, value in enumerate(values):
        if value is None:
            is_down = False
            continue
        x = round(2 + at * 116 / (len(values) - 1), 1)
        y = round(30 - (value - low) / room * 26, 1)
        steps.append(f"{'L' if is_down else 'M'}{x} {y}")
        is_down = True
    last_at = max(at for at, value in enumerate(values) if value is not None)
    x = round(2 + last_at * 116 / (len(values) - 1), 1)
    y = round(30 - (known[-1] - low) / room * 26, 1)
    return (
        '<svg class="spark" viewBox="0 0 120 34" width="120" height="34" aria-hidden="true"'
        f' focusable="false"><path d="{"".join(steps)}"/><circle cx="{x}" cy="{y}" r="3"/></svg>'
    )
