# SPDX-License-Identifier: EUPL-1.2
"""Run an audit: evidence in, findings out. The one entry of the engine, for screen and shell.

``run_audit`` reads files and needs no database server; ``report.write_report`` prints its result.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from usufruit.audits import doubts, reasons
from usufruit.audits.civil_time import day_bounds_s, has_hours
from usufruit.audits.engine import Measured, measure
from usufruit.audits.evidence import FileSource, Gathered, gather
from usufruit.audits.findings import AssetFinding, AuditResult, ordered
from usufruit.audits.idle_windows import IdleWindow, find_idle_windows
from usufruit.audits.indicators import compute_all, coverage
from usufruit.audits.measures import AssetMeasures
from usufruit.audits.options import (
    AuditOptions,
    InventoryAsset,
    OnProgress,
    Progress,
    no_progress,
)
from usufruit.audits.ranking import Entry, rank, summarise
from usufruit.audits.thresholds import threshold_for
from usufruit.audits.verdicts import Case, judge
from usufruit.audits.week_heat import heat_of

SOME_NAMES = 4


def run_audit(
    sources: Sequence[FileSource],
    *,
    inventory: Sequence[InventoryAsset] = (),
    options: AuditOptions | None = None,
    progress: OnProgress = no_progress,
) -> AuditResult:
    """Audit the assets of some evidence.

    Without an inventory, the assets are those the evidence names; with one, evidence on any other
    asset is rejected line by line, and an asset without evidence is found insufficient.

    Raises:
        UnusableSource: with a French sentence, when a file or all of them cannot be used.
        UnknownCalendar: when the holidays asked for do not exist.
    """
    asked = options or AuditOptions()
    with tempfile.TemporaryDirectory(prefix="usufruit-audit-") as folder:
        gathered = gather(sources, inventory, asked, Path(folder), progress)
        measured = measure(gathered, asked, progress)
    progress(Progress("Constats", 0.95))
    result = _conclude(gathered, measured, asked)
    progress(Progress("Terminé", 1.0))
    return result


def _conclude(gathered: Gathered, measured: Measured, options: AuditOptions) -> AuditResult:
    entries = _entries(gathered, measured, options)
    around = _Surroundings(gathered, measured, options)
    findings = tuple(
        _finding(place, entry, sentence, around, options)
        for place, (entry, sentence) in enumerate(rank(entries), start=1)
    )
    return AuditResult(
        options=options,
        period=measured.period,
        assets=findings,
        rejected=ordered(gathered.rejected),
        sources=tuple(gathered.sources),
        opening_sentence=_opening_sentence(gathered, options),
        summary=tuple(summarise(entries, lambda entry: has_hours(entry.asset, options))),
        input_sha256=gathered.digest,
        weeks_total=max((len(one.weeks) for one in measured.by_asset), default=0),
    )


def _entries(gathered: Gathered, measured: Measured, options: AuditOptions) -> list[Entry]:
    found = []
    for number, (asset, measures) in enumerate(
        zip(gathered.assets, measured.by_asset, strict=True)
    ):
        compare_s = 0
        if options.compare is not None:
            start_s, end_s = day_bounds_s(options.compare, asset.zone or options.zone)
            compare_s = end_s - start_s
        found.append(Entry(number, asset, measures, compute_all(measures, compare_s)))
    return found


class _Surroundings:
    """What sentences need to know of the whole audit."""

    def __init__(self, gathered: Gathered, measured: Measured, options: AuditOptions) -> None:
        self.assets, self.options = gathered.assets, options
        self.exported_s = max(measured.exported_s.values(), default=None)
        capacities = {n: one.capacities for n, one in enumerate(measured.by_asset)}
        self.swapped = doubts.swapped_capacities(capacities)
        self.whole = tuple(
            asset.name
            for asset, one in zip(gathered.assets, measured.by_asset, strict=True)
            if one.booked is not None and reasons.is_whole(asset)
        )

    def of(self, number: int) -> reasons.Surroundings:
        """Return what concerns one asset."""
        asset = self.assets[number]
        others = [self.assets[n].name for n in self.swapped if n != number]
        return reasons.Surroundings(
            zone=asset.zone or self.options.zone,
            has_hours=has_hours(asset, self.options),
            hold_min=self.options.presence_hold_s // 60,
            exported_s=self.exported_s,
            swapped=tuple(others[:SOME_NAMES]) if number in self.swapped else (),
            whole_names=self.whole,
        )


def _finding(
    place: int, entry: Entry, sentence: str, around: _Surroundings, options: AuditOptions
) -> AssetFinding:
    asset, measures = entry.asset, entry.measures
    share = coverage(measures.ledger)
    verdict = judge(
        Case(
            measures.evidence,
            share,
            entry.indicators,
            measures.hours,
            threshold_for(asset.category),
            bool(asset.capacity) or any(seen.capacity_milli for seen in measures.capacities),
        )
    )
    windows = _windows(measures, asset)
    heat, heat_measure = heat_of(measures, windows)
    told = [verdict.reason, sentence]
    told += reasons.reasons_of(asset, measures, entry.indicators, around.of(entry.number))
    told.append(reasons.window_reason(measures, windows))
    return AssetFinding(
        rank=place,
        external_id=asset.external_id,
        name=asset.name,
        kind=asset.kind,
        category=asset.category,
        evidence=measures.evidence,
        verdict=verdict.code,
        verdict_label=verdict.label,
        reasons=tuple(filter(None, told)),
        indicators=entry.indicators,
        idle_windows=tuple(windows),
        heat=heat,
        heat_measure=heat_measure,
        ledger=measures.ledger,
        coverage_ratio=share,
        threshold=verdict.threshold,
        decided_by=verdict.decided_by,
    )


def _windows(measures: AssetMeasures, asset: InventoryAsset) -> list[IdleWindow]:
    """Return the idle windows; a meter, which sees no person, never declares one."""
    if measures.evidence in {"indirect", "none"}:
        return []
    return find_idle_windows(measures.hours, measures.booked_ahead, asset.kind)


def _opening_sentence(gathered: Gathered, options: AuditOptions) -> str:
    """Say what was assumed of opening hours."""
    own = sum(asset.opening is not None for asset in gathered.assets)
    holidays = (
        f" Fermé les jours fériés du calendrier {options.holidays.upper()}."
        if options.holidays
        else ""
    )
    if own == len(gathered.assets):
        return f"Chaque bien suit son propre horaire.{holidays}"
    if options.opening is not None:
        others = " Les biens qui ont leur propre horaire le gardent." if own else ""
        return f"Les heures ouvertes sont celles de l’horaire demandé.{others}{holidays}"
    if own:
        follow = "suivent leur" if own > 1 else "suit son"
        others = "Pour l’autre" if len(gathered.assets) - own == 1 else "Pour les autres"
        return (
            f"{own} bien{'s' if own > 1 else ''} {follow} propre horaire. {others}, aucun "
            f"horaire n’est donné\u00a0: chaque heure connue compte, nuit comprise.{holidays}"
        )
    return (
        "Aucun horaire d’ouverture n’est donné\u00a0: chaque heure connue compte, nuit comprise. "
        f"Ajoutez un horaire pour juger le temps ouvert.{holidays}"
    )
