# SPDX-License-Identifier: EUPL-1.2
"""How fast a file of assets comes in, read, checked and applied, against COPY of the same rows.

Memory is that of the importing process, at a tenth of the rows and at all of them: each is measured
in a process of its own, so that neither sees what the other held.
"""

import argparse
import multiprocessing
import os
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import connection, connections

from benchmarks._report import publish, say
from benchmarks._surroundings import leave_with, throwaway_database
from usufruit.imports import actions
from usufruit.inventory.actions import load_categories
from usufruit.inventory.models import Asset
from usufruit.organizations.actions import register_organization
from usufruit.organizations.models import OrganizationNature

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
SITES = 1_000
CATEGORIES = ("gymnase", "chasse-neige", "salle-reunion", "generatrice", "tables-chaises")
HEADER = "Numéro;Nom;Catégorie;Lieu;Adresse;Latitude;Longitude;Capacité;Description;Conditions\n"
BARE = """
CREATE TABLE bare (
    number text, name text, category text, site text, address text, latitude text, longitude text,
    capacity integer, description text, conditions text)
"""


def main(words: Sequence[str]) -> int:
    """Write the file, import it, copy it, publish; return 1 when a promise is broken."""
    sizes = _sizes(words)
    with throwaway_database():
        path = Path(os.environ["USUFRUIT_VAR"], "biens.csv")
        small_rows = max(1, sizes.rows // 10)
        measured = {}
        for rows in (small_rows, sizes.rows):
            _write(path, rows)
            say(f"{rows} lignes, {path.stat().st_size / 2**20:.0f} Mo…")
            measured[rows] = _in_a_child(path)
        small, large = measured[small_rows], measured[sizes.rows]
        floor_s = _copy(path)
    ratio = floor_s / large["seconds"]
    memory = large["rss_mib"] / small["rss_mib"]
    publish(
        benchmark="importing",
        sizes={"rows": sizes.rows, "bytes": large["bytes"]},
        product={"rows_per_s": round(sizes.rows / large["seconds"]), "s": large["seconds"]},
        floor={"rows_per_s": round(sizes.rows / floor_s), "s": round(floor_s, 2)},
        ratio=round(ratio, 4),
        notes={
            "peak_rss_mib": {str(rows): one["rss_mib"] for rows, one in measured.items()},
            "memory_ratio": round(memory, 3),
            "check_s": large["check_s"],
            "apply_s": large["apply_s"],
            "assets": large["assets"],
            "refused": large["refused"],
        },
    )
    is_whole = large["assets"] == sizes.rows and not large["refused"]
    return 0 if is_whole and memory <= sizes.most_memory and ratio >= sizes.least_ratio else 1


def _write(path: Path, rows: int) -> None:
    """Write a file as a finance department or a school board would export it."""
    north = 46 + len(str(rows)) / 2  # the smaller file stands elsewhere: its things are no twins
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for n in range(rows):
            site = n % SITES
            file.write(
                f"{rows}-{n};Bien de l’inventaire nᵒ {n};{CATEGORIES[n % 5]};"
                f"Centre communautaire {site};{site} rue Principale;"
                f"{north + site / 1000:.4f};{-72 - site / 1000:.4f};{n % 300 + 1};"
                f"Acquis par résolution du conseil, en bon état, révisé chaque printemps;"
                f"Rapporter propre, le réservoir plein\n"
            )


def _in_a_child(path: Path) -> dict[str, Any]:
    """Import a file in a process of its own; return what it measured of itself."""
    connections.close_all()  # a connection is not shared between processes
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_import, (path,))


def _import(path: Path) -> dict[str, Any]:
    """Read, check and apply a file by the product's own verbs."""
    load_categories(now=NOW)
    body = register_organization(
        by=None,
        now=NOW,
        name=f"Ville de {path.stat().st_size}",
        slug=f"ville-{path.stat().st_size}",
        nature=OrganizationNature.objects.get(code="municipality"),
        latitude=46.0,
        longitude=-72.0,
    )
    began = time.perf_counter()
    with path.open("rb") as stream:
        batch = actions.receive_file(
            organization=body, upload=File(stream, path.name), by=None, now=NOW
        )
    mapping = actions.ColumnMapping.from_json(batch.mapping)
    actions.ask_check(batch=batch, mapping=mapping, by=None, now=NOW)
    actions.conduct_check(batch_id=batch.pk)
    checked = time.perf_counter()
    batch.refresh_from_db()
    actions.ask_apply(batch=batch, by=None, now=NOW)
    actions.conduct_apply(batch_id=batch.pk)
    applied = time.perf_counter()
    batch.refresh_from_db()
    if batch.failure:
        raise RuntimeError(batch.failure)
    return {
        "bytes": path.stat().st_size,
        "seconds": round(applied - began, 2),
        "check_s": round(checked - began, 2),
        "apply_s": round(applied - checked, 2),
        "rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "assets": Asset.objects.filter(owner=body).count(),
        "refused": batch.counts.get("refused", 0),
    }


def _copy(path: Path) -> float:
    """Copy the same rows into a bare table; return how many seconds it took."""
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        began = time.perf_counter()
        order = "COPY bare FROM STDIN (FORMAT csv, HEADER true, DELIMITER ';')"
        with path.open("rb") as stream, cursor.cursor.copy(order) as copy:
            while piece := stream.read(1 << 20):
                copy.write(piece)
        return time.perf_counter() - began


def _sizes(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--least-ratio", type=float, default=0.05)
    parser.add_argument("--most-memory", type=float, default=1.2)
    return parser.parse_args(words)


if __name__ == "__main__":
    leave_with(main)
