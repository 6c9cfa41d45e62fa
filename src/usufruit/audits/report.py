# SPDX-License-Identifier: EUPL-1.2
"""Print an audit: one self-contained page, two tables, one JSON file, the same bytes each time."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from usufruit.audits.findings import AssetFinding, AuditResult, ordered
from usufruit.audits.idle_windows import in_words
from usufruit.audits.indicators import INDICATORS
from usufruit.audits.readers.registry import RejectedLine
from usufruit.audits.report_page import page_context
from usufruit.kernel.spreadsheets import harmless

REPORT, FINDINGS, REJECTED, JSON = "report.html", "findings.csv", "rejected.csv", "findings.json"


def write_report(
    result: AuditResult, folder: Path, rejected: Sequence[RejectedLine] = ()
) -> list[Path]:
    """Write the four files of an audit into a folder; return their paths.

    Args:
        rejected: lines of the inventory that were not used, added to those of the evidence.
    """
    everything = ordered([*rejected, *result.rejected])
    texts = {
        REPORT: report_html(result, result.rejected_count + len(rejected)),
        FINDINGS: findings_csv(result),
        REJECTED: rejected_csv(everything),
        JSON: result.to_json_text(),
    }
    written = []
    for name, text in texts.items():
        path = folder / name
        path.write_bytes(text.encode("utf-8"))
        written.append(path)
    return written


def report_html(result: AuditResult, rejected_count: int | None = None) -> str:
    """Return the printable page, without any outside resource nor script."""
    count = result.rejected_count if rejected_count is None else rejected_count
    with translation.override("fr-ca"):
        return render_to_string("audits/report.html", page_context(result, count))


def findings_csv(result: AuditResult) -> str:
    """Return one line per asset, by rank: verdict, indicators with their interval, windows."""
    names = [name for name in INDICATORS if any(name in one.indicators for one in result.assets)]
    head = ["rank", "external_id", "name", "kind", "verdict", "verdict_label", "evidence",
            "coverage_ratio"]  # fmt: skip
    for name in names:
        head += [name, f"{name}_low", f"{name}_high"]
    head += ["idle_windows", "reasons"]
    return _csv_text([head, *(_finding_row(one, names) for one in result.assets)])


def _finding_row(one: AssetFinding, names: Sequence[str]) -> list[str]:
    row = [
        str(one.rank), one.external_id, one.name, one.kind, one.verdict, one.verdict_label,
        one.evidence, _plain(one.coverage_ratio),
    ]  # fmt: skip
    for name in names:
        figure = one.indicators.get(name)
        row += [
            _plain(v) for v in ((figure.value, figure.low, figure.high) if figure else (None,) * 3)
        ]
    return [*row, " | ".join(in_words(list(one.idle_windows))), " | ".join(one.reasons)]


def rejected_csv(rejected: Iterable[RejectedLine]) -> str:
    """Return the lines that were not used: file, line, reason."""
    rows = [[one.file, str(one.line), one.reason] for one in rejected]
    return _csv_text([["file", "line", "reason"], *rows])


def _plain(value: float | None) -> str:
    """Write a figure for machines: a point, six decimals at most; empty when unknown."""
    return "" if value is None else f"{round(value, 6):.6f}".rstrip("0").rstrip(".")


def _csv_text(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue()
