# SPDX-License-Identifier: EUPL-1.2
"""What an audit hands back: one finding per asset, the rejected lines, the method; and its JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from usufruit.audits.idle_windows import IdleWindow
from usufruit.audits.indicators import INDICATORS, Indicator
from usufruit.audits.measures import STATES, LedgerWeek
from usufruit.audits.options import AuditOptions, Days
from usufruit.audits.readers.registry import RejectedLine, SourceReport
from usufruit.audits.thresholds import Threshold
from usufruit.ui.charts import HeatCell

METHOD_NAME = "usufruit-audit"
METHOD_VERSION = "1"
_DIGITS = 6


@dataclass(frozen=True)
class AssetFinding:
    """What the evidence says of one asset.

    Attributes:
        rank: 1 for the one to look at first; assets that cannot be ranked come last.
        evidence: measured, declared, reserved, indirect or none.
        verdict: under_used, to_watch, adequate, saturated, undetermined or insufficient.
        reasons: French sentences, the verdict's own first.
        indicators: by name; a name that does not apply is absent.
        heat: the 168 hours of the typical week; ``heat_measure`` names their ratio in French.
        ledger: the hours of the period, each second in one state.
        coverage_ratio: known share of the available time; None when nothing is available.
        threshold: what the verdict was judged by.
        decided_by: what would settle an undetermined verdict, in French; "" for others.
    """

    rank: int
    external_id: str
    name: str
    kind: str
    category: str
    evidence: str
    verdict: str
    verdict_label: str
    reasons: tuple[str, ...]
    indicators: dict[str, Indicator]
    idle_windows: tuple[IdleWindow, ...]
    heat: tuple[HeatCell, ...]
    heat_measure: str
    ledger: LedgerWeek
    coverage_ratio: float | None
    threshold: Threshold | None = None
    decided_by: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain values, numbers rounded to six decimals."""
        return {
            "external_id": self.external_id,
            "name": self.name,
            "kind": self.kind,
            "verdict": self.verdict,
            "verdict_label": self.verdict_label,
            "reasons": list(self.reasons),
            "indicators": {name: _figure(name, one) for name, one in self.indicators.items()},
            "idle_windows": [_window(window) for window in self.idle_windows],
            "rank": self.rank,
            "evidence": self.evidence,
            "coverage_ratio": _rounded(self.coverage_ratio),
            "threshold": self.threshold.set_id if self.threshold else None,
            "ledger_s": {
                "calendar": self.ledger.calendar_s,
                **{state: getattr(self.ledger, f"{state}_s") for state in STATES},
            },
        }


@dataclass(frozen=True)
class AuditResult:
    """All an audit found; the same input gives the same result, to the byte.

    Attributes:
        period: the days audited.
        assets: findings, by rank.
        rejected: lines that were not used, by file and line.
        sources: what each file gave.
        opening_sentence: what was assumed of opening hours, in French.
        summary: French sentences, the main one first.
        input_sha256: of the bytes of the files, in order.
        latest_weeks: most weeks any asset was observed.
    """

    options: AuditOptions
    period: Days
    assets: tuple[AssetFinding, ...]
    rejected: tuple[RejectedLine, ...]
    sources: tuple[SourceReport, ...]
    opening_sentence: str
    summary: tuple[str, ...]
    input_sha256: str
    weeks_total: int = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def rejected_count(self) -> int:
        """Return how many lines were rejected, those past the kept bound included."""
        return sum(source.rejected_count for source in self.sources)

    def to_json(self) -> dict[str, Any]:
        """Return the whole result as plain values."""
        compare = self.options.compare
        return {
            "method": {
                "name": METHOD_NAME,
                "version": METHOD_VERSION,
                "summary": list(self.summary),
                "opening": self.opening_sentence,
                "holidays": self.options.holidays,
                "presence_hold_s": self.options.presence_hold_s,
                "notes": list(self.notes),
                "input_sha256": self.input_sha256,
                "rejected_count": self.rejected_count,
                "sources": [_source(source) for source in self.sources],
            },
            "period": {
                "from": self.period.first_on.isoformat(),
                "to": self.period.last_on.isoformat(),
                "compare_from": compare.first_on.isoformat() if compare else None,
                "compare_to": compare.last_on.isoformat() if compare else None,
                "timezone": self.options.zone,
            },
            "assets": [asset.to_json() for asset in self.assets],
        }

    def to_json_text(self) -> str:
        """Return the JSON text of ``findings.json``."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _figure(name: str, one: Indicator) -> dict[str, Any]:
    figure: dict[str, Any] = {
        "value": _rounded(one.value),
        "numerator": _rounded(one.numerator),
        "denominator": _rounded(one.denominator),
        "unit": INDICATORS[name].unit,
        "coverage_ratio": _rounded(one.coverage_ratio),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
    }
    if one.reason:
        figure["reason"] = one.reason
    return figure


def _window(window: IdleWindow) -> dict[str, Any]:
    return {
        "weekday": window.weekday,
        "start_min": window.start_min,
        "end_min": window.end_min,
        "confidence": _rounded(window.confidence),
        "clean_weeks": window.clean_weeks,
        "observed_weeks": window.observed_weeks,
        "words": window.words,
    }


def _source(source: SourceReport) -> dict[str, Any]:
    return {
        "file": source.file,
        "kind": source.kind,
        "lines": source.line_count,
        "rejected": source.rejected_count,
        "notes": list(source.notes),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def ordered(rejected: Sequence[RejectedLine]) -> tuple[RejectedLine, ...]:
    """Return rejected lines by file, line and reason."""
    return tuple(sorted(rejected))
