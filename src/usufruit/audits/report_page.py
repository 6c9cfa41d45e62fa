# SPDX-License-Identifier: EUPL-1.2
"""What the printed page says: every figure turned into words before the template sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.text import slugify

from usufruit.audits.findings import METHOD_VERSION, AssetFinding, AuditResult
from usufruit.audits.idle_windows import in_words
from usufruit.audits.indicators import INDICATORS, Indicator
from usufruit.audits.options import Days
from usufruit.audits.thresholds import Threshold
from usufruit.ui.charts import HeatCell, HeatMap, Source, report_css
from usufruit.ui.typography import NBSP, WEEKDAYS, day, hours, number, percent

LEDGER_STYLES = Path(__file__).parent / "static" / "audits" / "ledger.css"

HOUR_S = 3600
BAR_WIDTH = 1000
MAX_REJECTED_SHOWN = 20
MAX_WINDOWS_IN_TABLE = 2
MAX_HEAT_MAPS = 150

TONES = {
    "under_used": "warn",
    "to_watch": "info",
    "adequate": "ok",
    "saturated": "err",
    "undetermined": "neutral",
    "insufficient": "neutral",
}
MARKS = {"warn": "◐", "info": "◌", "ok": "✓", "err": "✕", "neutral": "–"}
STATE_LABELS = {
    "booked_used": "réservé et utilisé",
    "used": "utilisé (personnes comptées)",
    "unbooked_used": "utilisé sans réservation",
    "booked": "réservé",
    "booked_unused": "réservé, personne n’est venu",
    "metered": "compteur en marche",
    "idle": "vide mesuré (zéro personne)",
    "unbooked": "sans réservation",
    "unknown": "sans donnée",
    "blocked": "fermeture déclarée",
    "closed": "hors des heures d’ouverture",
}
DECLARED_LABELS = {"booked": "utilisé (déclaré)", "unbooked": "sans usage déclaré"}
HEADLINES = {
    "measured": ("utilisation_ratio", "frequency_ratio"),
    "declared": ("frequency_ratio",),
    "reserved": ("frequency_ratio",),
    "indirect": ("compared_ratio", "night_to_day_ratio"),
    "none": (),
}
HEAT_WORDS = {
    "measured": ("le plus rempli", "toujours vides"),
    "declared": ("le plus utilisé", "toujours sans usage déclaré"),
    "reserved": ("le plus réservé", "toujours sans réservation"),
}
HEADLINE_WORDS = {
    "utilisation_ratio": "des places occupées",
    "frequency_ratio": "du temps",
    "compared_ratio": "de la charge comparée",
    "night_to_day_ratio": "de la charge de jour, la nuit",
}
_UNITS_OF_PROOF = {
    "frequency_ratio": ("h", "h"),
    "compared_ratio": ("kW", "kW"),
    "night_to_day_ratio": ("kW", "kW"),
}


@dataclass(frozen=True)
class LedgerPart:
    """One state of the hours ledger, as a row and as a piece of bar (in thousandths)."""

    state: str
    label: str
    hours: str
    share: str
    x: float
    width: float


@dataclass(frozen=True)
class FigureRow:
    """One indicator in words."""

    label: str
    value: str
    interval: str
    proof: str
    coverage: str
    note: str


def page_context(result: AuditResult, rejected_count: int) -> dict[str, Any]:
    """Return what the template of the report prints."""
    anchors = _anchors(result.assets)
    assets = [_asset(one, anchors[one.external_id], result) for one in result.assets]
    return {
        "css": mark_safe(_styles().replace("</", "<\\/")),  # noqa: S308 - our own style sheets
        "title": result.summary[0] if result.summary else "Audit d’utilisation",
        "summary": result.summary,
        "period": days_in_words(result.period),
        "compare": days_in_words(result.options.compare) if result.options.compare else "",
        "zone": result.options.zone,
        "opening_sentence": result.opening_sentence,
        "asset_count": len(result.assets),
        "rejected_count": rejected_count,
        "rejected": result.rejected[:MAX_REJECTED_SHOWN],
        "rejected_more": max(rejected_count - MAX_REJECTED_SHOWN, 0),
        "sources": result.sources,
        "assets": assets,
        "definitions": _definitions(result.assets),
        "thresholds": _thresholds(result.assets),
        "heat_map_limit": MAX_HEAT_MAPS if len(result.assets) > MAX_HEAT_MAPS else 0,
        "has_windows": any(one.idle_windows for one in result.assets),
        "method_version": METHOD_VERSION,
        "digest": result.input_sha256[:12],
    }


def _styles() -> str:
    """Return the style sheets a printed page carries inside."""
    return report_css() + LEDGER_STYLES.read_text(encoding="utf-8")


def days_in_words(days: Days) -> str:
    """Return « du mercredi 25 mars 2020 au dimanche 14 juin 2020 (82 jours) »."""
    plural = "s" if days.count > 1 else ""
    return f"du {day(days.first_on)} au {day(days.last_on)} ({days.count}{NBSP}jour{plural})"


def _anchors(assets: Sequence[AssetFinding]) -> dict[str, str]:
    """Return an anchor per asset, readable and unique."""
    found: dict[str, str] = {}
    for place, one in enumerate(assets, start=1):
        found[one.external_id] = f"bien-{place}-{slugify(one.name)[:40]}".rstrip("-")
    return found


def asset_words(one: AssetFinding) -> dict[str, Any]:
    """Return a finding in words: headline, coverage, figures, ledger and windows."""
    tone = TONES[one.verdict]
    return {
        "tone": tone,
        "mark": MARKS[tone],
        "headline": _headline(one),
        "coverage": percent(one.coverage_ratio) if one.coverage_ratio is not None else "–",
        "windows": in_words(list(one.idle_windows)),
        "figures": _figures(one),
        "ledger": _ledger(one),
        "total_hours": hours(one.ledger.calendar_s / HOUR_S),
    }


def _figures(one: AssetFinding) -> list[FigureRow]:
    """Return the figures; occupancy and utilisation once when they are drawn from one proof."""
    rows = {name: _figure(name, figure) for name, figure in one.indicators.items()}
    occupancy, twin = rows.get("occupancy_ratio"), rows.get("utilisation_ratio")
    if occupancy and twin and replace(twin, label=occupancy.label) == occupancy:
        label = f"{occupancy.label} et {twin.label[0].lower()}{twin.label[1:]}"
        rows["occupancy_ratio"] = replace(occupancy, label=label)
        del rows["utilisation_ratio"]
    return list(rows.values())


def _asset(one: AssetFinding, anchor: str, result: AuditResult) -> dict[str, Any]:
    words = asset_words(one)
    windows = words["windows"]
    return {
        **words,
        "anchor": anchor,
        "finding": one,
        "verdict_reason": one.reasons[0],
        "reasons": one.reasons[1:],
        "windows_short": windows[:MAX_WINDOWS_IN_TABLE],
        "windows_more": max(len(windows) - MAX_WINDOWS_IN_TABLE, 0),
        "heat": _heat(one, windows, result),
    }


def _headline(one: AssetFinding) -> dict[str, str]:
    """Return the one figure of the findings table, with its words and its interval."""
    for name in HEADLINES[one.evidence]:
        figure = one.indicators.get(name)
        if figure is not None and figure.value is not None:
            words = HEADLINE_WORDS[name]
            if name == "frequency_ratio":
                words += " réservé" if one.evidence == "reserved" else " utilisé"
            return {
                "value": _share(figure.value),
                "words": words,
                "interval": _interval(name, figure),
            }
    return {"value": "", "words": "non connu", "interval": ""}


def _heat(one: AssetFinding, windows: list[str], result: AuditResult) -> HeatMap | None:
    """Return the typical week of an asset; None when nothing of it is known."""
    if one.rank > MAX_HEAT_MAPS or all(cell.ratio is None for cell in one.heat):
        return None
    return HeatMap(
        title=f"Semaine type – {one.name}",
        cells=one.heat,
        key=f"heat-{one.rank}",
        measure=one.heat_measure,
        finding=_heat_sentence(one),
        weeks_total=result.weeks_total,
        idle_windows=windows,
        source=Source(
            period=days_in_words(result.period),
            coverage_ratio=one.coverage_ratio,
            method=METHOD_VERSION,
            href="#calcul",
        ),
    )


def _heat_sentence(one: AssetFinding) -> str:
    """Say when the asset is busiest, and how many hours of the week it never serves."""
    known = [cell for cell in one.heat if cell.ratio is not None]
    top = max(known, key=lambda cell: (cell.ratio or 0, -cell.weekday, -cell.hour))
    if one.evidence == "indirect":
        low = min(known, key=lambda cell: (cell.ratio or 0, cell.weekday, cell.hour))
        return (
            f"La charge est la plus forte le {_hour_name(top)}, la plus faible le "
            f"{_hour_name(low)} ({percent(low.ratio or 0)} de la plus forte)."
        )
    busy, never = HEAT_WORDS[one.evidence]
    zeros = sum(cell.ratio == 0 for cell in known)
    if zeros == len(known):
        return f"Les {zeros} heures connues de la semaine sont {never}."
    peak = f"{busy.capitalize()} le {_hour_name(top)}, à {_share(top.ratio or 0)}."
    return f"{peak} {zeros} heures de la semaine sur {len(known)} sont {never}." if zeros else peak


def _hour_name(cell: HeatCell) -> str:
    return f"{WEEKDAYS[cell.weekday]} à {cell.hour}{NBSP}h"


def _ledger(one: AssetFinding) -> list[LedgerPart]:
    """Return the states that hold time, in the order of the bar; their sum is the calendar."""
    whole = one.ledger.calendar_s
    parts, x = [], 0.0
    for state, label in STATE_LABELS.items():
        seconds = getattr(one.ledger, f"{state}_s")
        if not seconds:
            continue
        width = BAR_WIDTH * seconds / whole
        share = _share(seconds / whole)
        parts.append(
            LedgerPart(state, label, hours(seconds / HOUR_S), share, round(x, 2), round(width, 2))
        )
        x += width
    return parts


def _figure(name: str, figure: Indicator) -> FigureRow:
    return FigureRow(
        label=INDICATORS[name].label,
        value=_value(name, figure.value),
        interval=_interval(name, figure),
        proof=_proof(name, figure),
        coverage=percent(figure.coverage_ratio) if figure.coverage_ratio is not None else "–",
        note=figure.reason,
    )


def _share(ratio: float) -> str:
    """Write a share: a decimal under ten percent, none when it says nothing."""
    return percent(ratio, 1 if 0 < ratio < 0.0995 else 0)


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "non connu"
    unit = INDICATORS[name].unit
    if unit == "ratio":
        return _share(value)
    if unit == "h":
        return hours(value)
    return f"{number(value)}{NBSP}{unit}"


def _interval(name: str, figure: Indicator) -> str:
    """Return « de 22 % à 28 % », « au moins 540 kWh » or nothing."""
    if figure.low is None:
        return ""
    if figure.high is None:
        return f"au moins {_value(name, figure.low)}"
    low, high = _value(name, figure.low), _value(name, figure.high)
    return "" if low == high else f"de {low} à {high}"


def _proof(name: str, figure: Indicator) -> str:
    """Return the numerator over the denominator, with their units."""
    if figure.numerator is None or figure.denominator is None:
        return ""
    top, bottom = _UNITS_OF_PROOF.get(name, ("personnes·h", "places·h"))
    return f"{_amount(figure.numerator)}{NBSP}{top} ÷ {_amount(figure.denominator)}{NBSP}{bottom}"


def _amount(value: float) -> str:
    """Write a figure with three digits or so, without empty decimals."""
    digits = 2 if value < 10 else 1 if value < 1000 else 0
    text = number(value, digits)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _definitions(assets: Sequence[AssetFinding]) -> list[dict[str, str]]:
    names = [name for name in INDICATORS if any(name in one.indicators for one in assets)]
    return [
        {"label": INDICATORS[n].label, "name": n, "formula": INDICATORS[n].formula} for n in names
    ]


def _thresholds(assets: Sequence[AssetFinding]) -> list[Threshold]:
    found = {one.threshold.set_id: one.threshold for one in assets if one.threshold}
    return [found[set_id] for set_id in sorted(found)]
