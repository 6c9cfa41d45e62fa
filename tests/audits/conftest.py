# SPDX-License-Identifier: EUPL-1.2
"""Invented evidence for the audit tests; the real sets stay outside the repository."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from usufruit.audits.auditing import run_audit
from usufruit.audits.evidence import FileSource
from usufruit.audits.findings import AuditResult
from usufruit.audits.options import AuditOptions


@pytest.fixture
def audit() -> Callable[..., AuditResult]:
    """Audit texts given by file name: ``audit({"a.csv": "…"}, zone="UTC")``."""

    def run(
        files: dict[str, str | bytes], inventory: Iterable = (), **options: object
    ) -> AuditResult:
        sources = [
            FileSource(name, text.encode() if isinstance(text, str) else text)
            for name, text in files.items()
        ]
        asked = AuditOptions(**{"zone": "America/Toronto", **options})
        return run_audit(sources, inventory=list(inventory), options=asked)

    return run


@pytest.fixture
def real_data() -> Path:
    """Return the folder of the real data sets, or skip."""
    folder = os.environ.get("USUFRUIT_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("USUFRUIT_DATA ne nomme pas le dossier des données réelles")
    return Path(folder)
