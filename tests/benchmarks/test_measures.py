# SPDX-License-Identifier: EUPL-1.2
"""Each measure, very small, as one runs it: it ends well and prints its line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks._report import milliseconds, percentile

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT_S = 240
TIMES = {"p50_ms", "p95_ms"}


def measure(name: str, *sizes: str) -> dict:
    """Run a measure and return its one line."""
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{REPOSITORY}"}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *sizes],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    (line,) = done.stdout.splitlines()
    return json.loads(line)


def test_search_answers_as_the_rows_do():
    line = measure(
        "search", "--assets", "600", "--holds", "3000", "--questions", "40", "--checked", "60"
    )
    assert set(line) == {
        "benchmark",
        "machine",
        "sizes",
        "product",
        "floor",
        "ratio",
        "notes",
    }
    assert set(line["product"]) == set(line["floor"]) == TIMES
    assert line["sizes"]["assets"] == 600
    assert (line["notes"]["answers_checked"], line["notes"]["mismatches"]) == (60, 0)


def test_importing_brings_every_row_in():
    line = measure("importing", "--rows", "2000", "--least-ratio", "0", "--most-memory", "9")
    assert (line["notes"]["assets"], line["notes"]["refused"]) == (2000, 0)
    assert set(line["notes"]["peak_rss_mib"]) == {"200", "2000"}
    assert line["ratio"] > 0


def test_race_has_one_winner():
    line = measure("race", "--clients", "5", "--rounds", "8")
    assert (line["winners"], line["overlaps"], line["deadlocks"]) == (8, 0, 0)
    refused = line["notes"]["malformed_holds"]
    assert refused["empty span"] == refused["span closed at its end"] == "hold_span_half_open"
    assert refused["empty lanes"] == refused["lane outside"] == "hold_lanes_exist"
    assert refused["lane count of another asset"] == "hold_of_asset_lanes"
    assert refused["last minute of another"] == "hold_no_overlap"
    assert "stored" not in refused.values()


def test_crash_loses_nothing():
    line = measure("crash", "--kills", "1")
    assert (line["lost"], line["doubled"], len(line["delays_s"])) == (0, 0, 1)
    assert line["acknowledged"] >= 20
    assert line["notes"]["fsync_and_synchronous_commit"] == "on, on"


def test_restore_brings_back_what_was_acknowledged():
    line = measure("restore", "--seconds", "1")
    assert (line["lost"], line["doubled"]) == (0, 0)
    assert line["acknowledged"] > line["acknowledged_before_snapshot"] >= 10
    assert line["last_acknowledged"]["before"] == line["last_acknowledged"]["restored"]
    assert line["notes"]["tables_not_equal"] == []


@pytest.mark.parametrize(("share", "value"), [(0.5, 10), (0.95, 19), (1.0, 20), (0.01, 1)])
def test_percentile_is_a_value_seen(share, value):
    assert percentile(range(20, 0, -1), share) == value


def test_milliseconds_of_seconds():
    assert milliseconds([0.001, 0.002, 0.003]) == {"p50_ms": 2.0, "p95_ms": 3.0}
