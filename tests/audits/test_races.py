# SPDX-License-Identifier: EUPL-1.2
"""The same gesture twice at the same moment, each on its own connection: it counts once."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.together import committed, outcomes_together, together
from tests.support.world import NOW, Audience, Mode, Role, make_asset, make_body, make_person
from usufruit.audits.actions import publish_window, receive_evidence, send_evidence
from usufruit.audits.models import Audit, EvidenceFile, Finding, PublishedWindow
from usufruit.kernel.refusals import Refusal
from usufruit.sharing.models import SharingRule

CLIENTS = 4
TUESDAY_EVENING = {"weekday": 1, "start_min": 1080, "end_min": 1320}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _for_real(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with committed():
        yield


def test_a_window_opened_twice_at_once_makes_one_rule():
    school = make_body()
    administrator = make_person(school, Role.BODY_ADMIN)
    finding = Finding.objects.create(
        audit=Audit.objects.create(organization=school, created_by=administrator, created_at=NOW),
        asset=make_asset(school),
        rank=1,
        external_id="GYM-1",
        name="Gymnase",
        verdict="under_used",
        verdict_label="Sous-utilisé",
        content={"idle_windows": [TUESDAY_EVENING]},
    )
    outcomes = outcomes_together(
        [
            lambda: publish_window(
                finding=finding,
                number=0,
                audience=Audience.RECOGNIZED,
                mode=Mode.APPROVAL,
                by=administrator,
                now=NOW,
            )
            for _ in range(CLIENTS)
        ]
    )
    refused = [each.code for each in outcomes if isinstance(each, Refusal)]
    assert refused == ["already_open"] * (CLIENTS - 1), outcomes
    assert SharingRule.objects.count() == PublishedWindow.objects.count() == 1


def test_a_file_sent_many_times_at_once_is_kept_once(tmp_path):
    school = make_body()
    administrator = make_person(school, Role.BODY_ADMIN)
    kept = together(
        [
            lambda: receive_evidence(
                organization=school,
                upload=SimpleUploadedFile("gymnase.csv", b"bien;date;kWh\n"),
                by=administrator,
                now=NOW,
            )
            for _ in range(CLIENTS)
        ]
    )
    assert {one.pk for one in kept} == {EvidenceFile.objects.get().pk}
    on_disk = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert on_disk == [Path(EvidenceFile.objects.get().file.path)]


def test_files_sent_at_once_in_another_order_make_one_audit_each():
    school = make_body()
    administrator = make_person(school, Role.BODY_ADMIN)

    def send(*names: str) -> Audit:
        return send_evidence(
            organization=school,
            uploads=[SimpleUploadedFile(f"{name}.csv", name.encode()) for name in names],
            period=None,
            sense=None,
            by=administrator,
            now=NOW,
        )

    audits = together([lambda: send("a", "b"), lambda: send("b", "a")] * 2)
    assert len({audit.pk for audit in audits}) == 4
    assert [audit.evidence.count() for audit in audits] == [2] * 4
    assert EvidenceFile.objects.count() == 2
