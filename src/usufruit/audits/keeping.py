# SPDX-License-Identifier: EUPL-1.2
"""What the database keeps of an audit: each finding as its page prints it, and the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from usufruit.audits.findings import AssetFinding, AuditResult
from usufruit.audits.models import Audit, Finding, RejectedLine
from usufruit.audits.report import write_report
from usufruit.audits.report_page import asset_words, days_in_words
from usufruit.inventory.models import Asset
from usufruit.ui.charts import HeatCell, HeatMap, Source

MAX_REJECTED_STORED = 10_000


def findings_of(
    audit: Audit, result: AuditResult, assets: Mapping[str, Asset]
) -> Iterator[Finding]:
    """Build the rows of an audit's findings, not yet stored.

    Args:
        assets: the body's assets by inventory number.
    """
    for one in result.assets:
        yield Finding(
            audit=audit,
            asset=assets.get(one.external_id),
            rank=one.rank,
            external_id=one.external_id,
            name=one.name,
            kind=one.kind,
            verdict=one.verdict,
            verdict_label=one.verdict_label,
            content=_content(one, result),
        )


def _content(one: AssetFinding, result: AuditResult) -> dict[str, Any]:
    words = asset_words(one)
    return {
        **one.to_json(),
        "decided_by": one.decided_by,
        "tone": words["tone"],
        "headline": words["headline"],
        "coverage": words["coverage"],
        "figures": [asdict(row) for row in words["figures"]],
        "ledger": [asdict(part) for part in words["ledger"]],
        "total_hours": words["total_hours"],
        "windows": words["windows"],
        "heat": [[c.weekday, c.hour, c.ratio, c.state, c.weeks, c.is_idle] for c in one.heat],
        "heat_measure": one.heat_measure,
        "weeks_total": result.weeks_total,
        "period": days_in_words(result.period),
        "method": result.to_json()["method"]["version"],
    }


def rejected_of(audit: Audit, result: AuditResult) -> Iterator[RejectedLine]:
    """Build the rows of the rejected lines; all of them stand in the file to download."""
    for line in result.rejected[:MAX_REJECTED_STORED]:
        yield RejectedLine(
            audit=audit, file_name=line.file, line_number=line.line, reason=line.reason
        )


def heat_of_finding(finding: Finding) -> HeatMap | None:
    """Return the typical week a finding keeps; None when no hour of it is known."""
    content = finding.content
    cells = [
        HeatCell(weekday, hour, ratio, state=state, weeks=weeks, is_idle=is_idle)
        for weekday, hour, ratio, state, weeks, is_idle in content["heat"]
    ]
    if all(cell.state == "no_data" for cell in cells):
        return None
    return HeatMap(
        title=f"Semaine type – {finding.name}",
        cells=cells,
        key=f"heat-{finding.pk}",
        measure=content["heat_measure"],
        weeks_total=content["weeks_total"],
        idle_windows=content["windows"],
        source=Source(
            period=content["period"],
            coverage_ratio=content["coverage_ratio"],
            method=content["method"],
        ),
    )


def report_folder(audit_id: int) -> Path:
    """Return where the files of an audit are kept."""
    return Path(settings.MEDIA_ROOT) / "audits" / str(audit_id)


def keep_files(audit_id: int, result: AuditResult) -> Sequence[Path]:
    """Write the report and its tables where they can be downloaded; return their paths."""
    folder = report_folder(audit_id)
    folder.mkdir(parents=True, exist_ok=True)
    return write_report(result, folder)
