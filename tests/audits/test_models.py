# SPDX-License-Identifier: EUPL-1.2
"""What can never be stored of evidence, audits, findings and what was opened from them."""

from datetime import date

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW, make_asset, make_body, make_person, share
from usufruit.audits.models import Audit, EvidenceFile, Finding, PublishedWindow

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit():
    return Audit.objects.create(organization=make_body(), created_by=make_person(), created_at=NOW)


@pytest.fixture
def finding(audit):
    return Finding.objects.create(
        audit=audit, rank=1, external_id="B-1", name="Salle", verdict="adequate", content={}
    )


def test_a_file_is_received_once_by_a_body():
    words = {"name": "usage.csv", "sha256": "0" * 64, "size_bytes": 1, "file": "evidence/a"}
    words |= {"organization": make_body(), "uploaded_by": make_person(), "uploaded_at": NOW}
    EvidenceFile.objects.create(**words)
    with violates("evidence_received_once"):
        EvidenceFile.objects.create(**words)
    EvidenceFile.objects.create(**{**words, "organization": make_body()})


def change(audit: Audit, **columns) -> None:
    Audit.objects.filter(pk=audit.pk).update(**columns)


def test_the_status_is_known(audit):
    with violates("audit_status_known"):
        change(audit, status="lost")


def test_a_period_ends_after_it_begins(audit):
    with violates("audit_period_in_order"):
        change(audit, first_on=date(2027, 1, 2), last_on=date(2027, 1, 1))
    with violates("audit_period_in_order"):
        change(audit, first_on=date(2027, 1, 1), last_on=None)
    change(audit, first_on=date(2027, 1, 1), last_on=date(2027, 1, 1))


@pytest.mark.parametrize("ratio", [-0.01, 1.01, float("nan")])
def test_progress_is_a_ratio(audit, ratio):
    with violates("audit_progress_is_ratio"):
        change(audit, progress_ratio=ratio)


def test_an_asset_is_found_once_by_an_audit(audit, finding):
    with violates("finding_once_per_asset"):
        Finding.objects.create(
            audit=audit, rank=2, external_id="B-1", name="Salle", verdict="adequate", content={}
        )


def test_a_window_is_published_once_under_a_rule(finding):
    asset = make_asset(make_body())
    share(asset)
    words = {"finding": finding, "rule": asset.sharing_rules.get(), "window_number": 1}
    words |= {"published_by": make_person(), "published_at": NOW}
    PublishedWindow.objects.create(**words)
    with violates("window_published_once"):
        PublishedWindow.objects.create(**words)
