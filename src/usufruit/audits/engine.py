# SPDX-License-Identifier: EUPL-1.2
"""Run the named statements of ``sql/`` on DuckDB: staged facts in, measures of each asset out.

The statements keep to plain SQL on whole numbers, so that another engine may run them one day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from usufruit.audits import doubts
from usufruit.audits.civil_time import (
    day_bounds_s,
    local_day,
    local_hours,
    opening_rules,
    opening_s,
    public_holidays,
)
from usufruit.audits.evidence import Gathered
from usufruit.audits.measures import (
    AssetMeasures,
    Booked,
    CapacitySeen,
    HourUse,
    LedgerWeek,
    MeterWeek,
)
from usufruit.audits.options import AuditOptions, Days, OnProgress, Progress
from usufruit.audits.readers.registry import RejectedLine
from usufruit.kernel.named_sql import load
from usufruit.kernel.tables import UnusableSource

HORIZON_DAYS = 91
HALF_DAY_S = 43_200
MAX_DAYS = 3_660
A_MONDAY_S = 345_600 + 1040 * 604_800  # Monday 1989-12-11: before the first year evidence may name

_SQL = Path(__file__).parent / "sql"
_FACTS, _LEDGER = _SQL / "facts.sql", _SQL / "ledger.sql"
_BOOKINGS, _METERS = _SQL / "bookings.sql", _SQL / "meters.sql"


@dataclass
class Measured:
    """What the engine found.

    Attributes:
        period: the days audited, asked for or covered by the evidence.
        by_asset: measures, in the order of the assets.
        exported_s: by source, the instant after which its agenda holds only what was booked ahead.
    """

    period: Days
    by_asset: list[AssetMeasures]
    exported_s: dict[int, int]


def measure(gathered: Gathered, options: AuditOptions, progress: OnProgress) -> Measured:
    """Return the measures of every asset; contradicted lines are added to the rejected ones."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "temp_directory": str(gathered.folder),
        }
    )
    with connection:
        work = _Work(connection, gathered, options)
        progress(Progress("Rangement des faits", 0.62))
        work.load_facts()
        period = work.find_period()
        progress(Progress("Grand livre des heures", 0.7))
        work.set_clock(period)
        exported = work.cut_time()
        progress(Progress("Indicateurs", 0.85))
        return Measured(period, work.collect(), exported)


class _Work:
    """One audit on one connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, gathered: Gathered, options: AuditOptions
    ) -> None:
        self.connection, self.gathered, self.options = connection, gathered, options
        self.zones = sorted({asset.zone or options.zone for asset in gathered.assets})

    def run(self, path: Path, name: str, **parameters: int) -> list[tuple[Any, ...]]:
        """Run a named statement and return its rows."""
        return self.connection.execute(load(path)[name], parameters or None).fetchall()

    def load_facts(self) -> None:
        """Fill the fact tables from the staged files, and reject what contradicts itself."""
        self._script("create_facts")
        for table in ("booking", "reading", "presence"):
            staged = self.gathered.folder / f"{table}.csv"
            if staged.stat().st_size:
                self._copy(table, staged)
        self._reject(
            self.run(_FACTS, "find_contradicted_readings"),
            "une autre ligne donne une lecture différente à la même heure; gardez la bonne",
        )
        self._reject(
            self.run(_FACTS, "find_contradicted_counts"),
            "une autre ligne donne un compte différent au même instant; gardez le bon",
        )
        self.run(_FACTS, "create_meter_span")
        self.run(_FACTS, "create_presence_span", hold_s=self.options.presence_hold_s)

    def find_period(self) -> Days:
        """Return the period asked for, else the local days the evidence covers."""
        if self.options.period is not None:
            return self.options.period
        days = []
        for asset_no, first_s, last_s in self.run(_FACTS, "find_extent"):
            zone = self._zone(asset_no)
            days += [local_day(first_s, zone), local_day(last_s - 1, zone)]
        period = Days(min(days), max(days))
        if period.count > MAX_DAYS:
            raise UnusableSource(
                f"Les dates vont du {period.first_on} au {period.last_on}, plus de dix ans. "
                "Indiquez la période avec --from et --to, ou corrigez la date égarée."
            )
        return period

    def set_clock(self, period: Days) -> None:
        """Fill the calendar: zones, local hours of the period, compared days, horizon, openings."""
        self._script("create_calendar")
        zone_no = {zone: number for number, zone in enumerate(self.zones)}
        assets = enumerate(self.gathered.assets)
        self._insert("asset", ((n, zone_no[a.zone or self.options.zone]) for n, a in assets))
        self._insert("local_hour", self._hours(period))
        self.run(_FACTS, "create_period")
        self.run(_FACTS, "create_quarter")
        self._insert("opening", self._openings(period))

    def _hours(self, period: Days) -> Iterable[tuple[int, ...]]:
        ahead = period.last_on + timedelta(days=1)
        spans = [
            period,
            self.options.compare,
            Days(ahead, ahead + timedelta(days=HORIZON_DAYS - 1)),
        ]
        for zone_no, zone in enumerate(self.zones):
            hour_no = 0
            for span_no, days in enumerate(spans):
                for hour in local_hours(days, zone) if days else ():
                    hour_no += 1
                    yield (zone_no, span_no, hour_no, hour.start_s, hour.end_s,
                           hour.week_no, hour.weekday, hour.hour)  # fmt: skip

    def _openings(self, period: Days) -> Iterable[tuple[int, ...]]:
        off = public_holidays(self.options.holidays, period)
        known: dict[Any, list[tuple[int, int]]] = {}
        for number, asset in enumerate(self.gathered.assets):
            key = (opening_rules(asset, self.options, off), self._zone(number))
            if key not in known:
                known[key] = opening_s(key[0], period, key[1])
            yield from ((number, start_s, end_s) for start_s, end_s in known[key])

    def cut_time(self) -> dict[int, int]:
        """Cut the period into states; return where each agenda stops being sure."""
        exported = self._source_extents()
        self.run(_BOOKINGS, "create_calendar_span")
        self.run(_LEDGER, "create_layer")
        self.run(_LEDGER, "create_segment")
        self.run(_LEDGER, "create_slot_week")
        self.run(_METERS, "create_meter_hour")
        return exported

    def _source_extents(self) -> dict[int, int]:
        """Store the stretch each agenda covers, sure then unsure; return where the latter is."""
        weekly: dict[int, list[tuple[int, int]]] = {}
        for source, week_s, count in self.run(
            _BOOKINGS, "list_weekly_intervals", monday_s=A_MONDAY_S
        ):
            weekly.setdefault(source, []).append((week_s, count))
        exported: dict[int, int] = {}
        rows: list[tuple[int, ...]] = []
        for source, first_s, last_s in self.run(_BOOKINGS, "list_source_extents"):
            zone = self.options.zone
            start_s, end_s = day_bounds_s(
                Days(local_day(first_s, zone), local_day(last_s - 1, zone)), zone
            )
            cut_s = doubts.exported_at_s(weekly.get(source, []))
            if cut_s is not None:
                # Weeks were counted in UTC: the Monday meant is the one half a day around holds.
                monday = local_day(cut_s + HALF_DAY_S, zone)
                cut_s = day_bounds_s(Days(monday, monday), zone)[0]
            if cut_s is not None and start_s < cut_s < end_s:
                exported[source] = cut_s
                rows += [(source, start_s, cut_s, 1), (source, cut_s, end_s, 0)]
            else:
                rows.append((source, start_s, end_s, 1))
        self._insert("source_extent", rows)
        return exported

    def collect(self) -> list[AssetMeasures]:
        """Return the measures of each asset."""
        found = [AssetMeasures() for _ in self.gathered.assets]
        for asset_no, *week in self.run(_LEDGER, "list_weeks"):
            found[asset_no].weeks.append(LedgerWeek(*map(int, week)))
        for asset_no, weekday, hour, *use in self.run(_LEDGER, "list_hours_of_week"):
            found[asset_no].hours[weekday, hour] = HourUse(*map(int, use))
        for asset_no, *seen in self.run(_FACTS, "find_capacity_changes"):
            found[asset_no].capacities.append(CapacitySeen(*seen))
        for asset_no, *week in self.run(_METERS, "list_meter_weeks"):
            found[asset_no].meter_weeks.append(MeterWeek(*map(int, week)))
        for asset_no, weekday, hour, *sums in self.run(_METERS, "list_meter_hours_of_week"):
            found[asset_no].meter_hours[weekday, hour] = (int(sums[0]), int(sums[1]))
        for asset_no, span_no, zeros, readings in self.run(_METERS, "count_zero_readings"):
            found[asset_no].zero_readings[span_no] = (int(zeros), readings)
        self._collect_bookings(found)
        return found

    def _collect_bookings(self, found: list[AssetMeasures]) -> None:
        booked: dict[int, Booked] = {}
        for asset_no, firm, closures, noted, held, km in self.run(_BOOKINGS, "list_natures"):
            booked[asset_no] = Booked(int(firm), int(closures), int(noted), int(held))
            booked[asset_no].km_milli = None if km is None else int(km)
        for asset_no, union_s, sum_s, _count in self.run(_BOOKINGS, "list_booked"):
            booked[asset_no].union_s, booked[asset_no].sum_s = int(union_s), int(sum_s)
        for asset_no, duplicates in self.run(_BOOKINGS, "list_doubles"):
            booked[asset_no].duplicates = int(duplicates)
        for asset_no, same, closure, held, firm in self.run(_BOOKINGS, "list_overlaps"):
            of = booked[asset_no]
            of.duplicate_pairs, of.closure_pairs = int(same), int(closure)
            of.held_pairs, of.firm_pairs = int(held), int(firm)
        for asset_no, intervals in booked.items():
            found[asset_no].booked = intervals
        for asset_no, weekday, hour in self.run(_BOOKINGS, "list_hours_booked_ahead"):
            found[asset_no].booked_ahead.add((weekday, hour))

    def _reject(self, rows: Sequence[tuple[int, int, int]], reason: str) -> None:
        """Reject lines another contradicts; lines that only repeat are counted."""
        sources, seen = self.gathered.sources, set()
        repeated: dict[int, int] = {}
        for source_no, line_no, same in rows:
            if same:
                repeated[source_no] = repeated.get(source_no, 0) + 1
            elif (source_no, line_no) not in seen:
                seen.add((source_no, line_no))
                sources[source_no].rejected_count += 1
                self.gathered.rejected.append(
                    RejectedLine(sources[source_no].file, line_no, reason)
                )
        for source_no, times in repeated.items():
            sources[source_no].notes.append(
                f"Lectures répétées à l’identique, comptées une fois\u00a0: {times}."
            )

    def _zone(self, asset_no: int) -> str:
        return self.gathered.assets[asset_no].zone or self.options.zone

    def _script(self, name: str) -> None:
        for statement in filter(str.strip, load(_FACTS)[name].split(";")):
            self.connection.execute(statement)

    def _insert(self, table: str, rows: Iterable[tuple[int, ...]]) -> None:
        """Fill a table through a staged file, the one fast way in."""
        staged = self.gathered.folder / f"{table}.csv"
        with staged.open("w", encoding="ascii") as file:
            file.writelines(",".join(map(str, row)) + "\n" for row in rows)
        if staged.stat().st_size:
            self._copy(table, staged)

    def _copy(self, table: str, staged: Path) -> None:
        path = str(staged).replace("'", "''")
        self.connection.execute(f"COPY {table} FROM '{path}' (FORMAT csv, HEADER false)")
