# SPDX-License-Identifier: EUPL-1.2
"""A chart and its table say the same; the facts of a chart come from its data."""

import re
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from usufruit.ui import chart_markup, charts, samples, timeline_layout

N = "\u00a0"
ratios = st.lists(
    st.lists(st.none() | st.floats(0, 1), min_size=24, max_size=24), min_size=7, max_size=7
)


def parsed(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def drawn(svg) -> dict[str, str]:
    """Return what each cell of a drawn heat map says, by « weekday-hour »."""
    found = {}
    for cell in svg.select("[data-cell]"):
        text = cell.find_next_sibling("text") if "heat__" in cell["class"][0] else None
        level = cell["class"][0].removeprefix("heat__")
        names = {"closed": "fermé", "gap": "sans donnée"}
        found[cell["data-cell"]] = names.get(level) or f"{text.text}{N}%"
    return found


def tabled(figure) -> dict[str, str]:
    return {cell["data-spot"]: cell.text for cell in figure.select("[data-spot]")}


@settings(max_examples=15)  # each draws and reads back 336 cells
@given(ratios)
def test_heat_map_drawings_and_table_are_twins(rows) -> None:
    heat = charts.HeatMap("Semaine type", charts.heat_cells(rows), key="k")
    figure = parsed(chart_markup.heat_map(heat))
    wide, tall = figure.select_one(".heat--wide"), figure.select_one(".heat--tall")
    assert drawn(wide) == drawn(tall) == tabled(figure)


def test_heat_map_says_what_it_shows() -> None:
    figure = parsed(chart_markup.heat_map(samples.heat("k")))
    for svg in figure.select("svg[role=img]"):
        assert svg.title.text
        assert svg.desc.text
        assert {svg.title["id"], svg.desc["id"]} == set(svg["aria-labelledby"].split())
    assert figure.select_one(".chart__finding").text == (
        f"Le plus utilisé{N}: lundi 18{N}h (89{N}%). 6{N}heures sur 81 n’ont jamais servi."
    )
    assert figure.select_one("table caption").text
    assert figure.select_one(".chart__source").text.startswith(f"Source{N}:")
    identifiers = [one["id"] for one in figure.select("[id]")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (0.0, 0),
        (0.004, 0),
        (0.005, 1),
        (0.15, 1),
        (0.16, 2),
        (0.8, 5),
        (0.801, 5),
        (1, 6),
        (1.4, 6),
    ],
)
def test_level_follows_the_printed_number(ratio: float, level: int) -> None:
    assert charts.HeatCell(0, 0, ratio).level == level


def test_heat_map_runs_from_first_to_last_open_hour() -> None:
    closed = [[hour < 8 or hour >= 17 for hour in range(24)] for _day in range(7)]
    cells = charts.heat_cells([[0.5] * 24] * 7, closed)
    assert charts.HeatMap("t", cells).hours() == range(8, 17)
    assert charts.HeatMap("t", cells, full_day=True).hours() == range(24)
    assert charts.HeatMap("t", []).hours() == range(24)


def test_idle_hours_join_in_runs() -> None:
    cells = [charts.HeatCell(2, hour, 0.0, is_idle=True) for hour in (9, 10, 11, 20)]
    assert charts.HeatMap("t", cells).idle_runs() == [(2, 9, 12), (2, 20, 21)]


def test_nothing_known_is_said() -> None:
    assert "Aucune heure connue" in charts.HeatMap("t", []).sentence()


def test_titles_are_escaped() -> None:
    html = chart_markup.heat_map(charts.HeatMap("<script>x</script>", [], key="k"))
    assert "<script" not in html


def test_histogram_and_table_are_twins() -> None:
    chart = samples.histogram()
    figure = parsed(chart_markup.histogram(chart))
    counts = [str(one.count) for one in chart.bins]
    assert [cell.text for cell in figure.select("td")] == counts
    for svg in figure.select("svg[role=img]"):
        assert [text.text for text in svg.select(".bar__count")] == counts
        tops = [float(bar["height"]) for bar in svg.select(".bar")]
        scale = tops[0] / chart.bins[0].count
        assert tops == pytest.approx([one.count * scale for one in chart.bins], abs=0.6)


def test_histogram_of_values() -> None:
    chart = charts.histogram_of("t", [0, 5, 10, 95, 100, 130], low=0, high=100)
    assert [one.count for one in chart.bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert chart.total == 6
    with pytest.raises(ValueError, match="1 to 20"):
        charts.Histogram("t", [])


def test_timeline_table_and_agenda_are_twins() -> None:
    for timeline in (samples.week_of_one(), samples.week_of_many()):
        figure = parsed(chart_markup.week_timeline(timeline))
        blocks = sorted(
            (
                block.select_one(".visually-hidden").text.removeprefix(", "),
                block.find(string=True).strip(),
            )
            for block in figure.select(".timeline__block")
        )
        agenda = sorted(
            (
                item.select_one(".agenda__times").text,
                item.select_one(".agenda__times").find_next(string=re.compile(r"\w+")).text,
            )
            for item in figure.select(".agenda__item:has(.agenda__times)")
        )
        assert [times for times, _label in blocks] == [times for times, _label in agenda]
        assert len(blocks) > 5


def timeline(*blocks: charts.TimelineBlock, first: int = 0, last: int = 24) -> charts.WeekTimeline:
    row = charts.TimelineRow("Camion", blocks)
    return charts.WeekTimeline(
        "t", [row], date(2026, 1, 5), "America/Toronto", first_hour=first, last_hour=last
    )


def test_a_block_past_midnight_stands_on_both_days() -> None:
    block = charts.TimelineBlock(
        datetime(2026, 1, 6, 3, tzinfo=UTC), datetime(2026, 1, 6, 7, tzinfo=UTC), "Pris"
    )
    week = timeline(block)
    monday, tuesday = (timeline_layout.place_day([block], day, week) for day in week.days()[:2])
    assert [(one.start_min, one.end_min) for one in monday + tuesday] == [(1320, 1440), (0, 120)]
    assert monday[0].places == "s89 e97 l1"


def agenda(hours: list[int], kinds: list[str]) -> list[tuple[str, str, str]]:
    """Return the agenda of a Monday cut at these hours of UTC, five later than Toronto's."""
    noon = datetime(2026, 1, 5, 17, tzinfo=UTC)
    blocks = [
        charts.TimelineBlock(noon.replace(hour=start), noon.replace(hour=end), kind, kind)
        for start, end, kind in zip(hours, hours[1:], kinds, strict=False)
    ]
    week = timeline(*blocks)
    rows = timeline_layout.agenda_day(timeline_layout.place_day(blocks, week.first_on, week))
    return [(row["block"].kind, row["times"], row["buffer"]) for row in rows]


def test_the_agenda_gives_a_use_its_own_times_and_says_its_buffers() -> None:
    kinds = ["buffer", "mine", "buffer", "free", "buffer"]
    assert agenda([16, 17, 19, 20, 22, 23], kinds) == [
        ("mine", "de 12\u00a0h à 14\u00a0h", "battement avant et après"),
        ("free", "de 15\u00a0h à 17\u00a0h", ""),
        ("buffer", "de 17\u00a0h à 18\u00a0h", ""),
    ]
    assert agenda([16, 17, 19, 20, 22], ["busy", "buffer", "repair", "free"]) == [
        ("busy", "de 11\u00a0h à 12\u00a0h", "puis battement"),
        ("repair", "de 14\u00a0h à 15\u00a0h", "battement avant"),
        ("free", "de 15\u00a0h à 17\u00a0h", ""),
    ]


def test_blocks_that_overlap_stand_on_two_levels() -> None:
    noon = datetime(2026, 1, 5, 17, tzinfo=UTC)
    one = charts.TimelineBlock(noon, noon.replace(hour=19), "A")
    other = charts.TimelineBlock(noon.replace(hour=18), noon.replace(hour=20), "B")
    after = charts.TimelineBlock(noon.replace(hour=19), noon.replace(hour=20), "C")
    week = timeline(one, other, after)
    placed = timeline_layout.place_day([one, other, after], week.first_on, week)
    assert [part.level for part in placed] == [1, 2, 1]


@given(st.integers(0, 7 * 96 - 1), st.integers(1, 96), st.integers(0, 20))
def test_every_place_has_its_class(start: int, length: int, first: int) -> None:
    css = timeline_layout.places_css()
    begin = datetime(2026, 1, 5, 5, tzinfo=UTC).timestamp() + start * 900
    block = charts.TimelineBlock(
        datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(begin + length * 900, UTC), "x"
    )
    week = timeline(block, first=first, last=first + 4)
    for day in week.days():
        for part in timeline_layout.place_day([block], day, week):
            assert 1 <= part.first_track < part.last_track <= 17
            assert all(f".{name} " in css for name in part.places.split())


def test_places_css_is_the_generated_one() -> None:
    assert (charts.STYLES / "places.css").read_text("utf-8") == timeline_layout.places_css()


def test_weak_figures_say_why() -> None:
    weak = parsed(chart_markup.figure_card(charts.Figure("Occupation", "38 %", coverage_ratio=0.4)))
    assert weak.select_one(".figure--weak .figure__reason")
    unknown = parsed(chart_markup.figure_card(charts.Figure("Charge", "", reason="Débranché")))
    assert "Débranché" in unknown.text
    sure = parsed(chart_markup.figure_card(charts.Figure("Taux", "15 %", coverage_ratio=0.92)))
    assert not sure.select(".figure--weak")


def test_report_css_stands_alone() -> None:
    css = charts.report_css()
    assert "url(" not in css
    assert "@font-face" not in css
    assert "--heat-6" in css
    assert css.count("{") == css.count("}")
