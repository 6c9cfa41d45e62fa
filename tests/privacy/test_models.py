# SPDX-License-Identifier: EUPL-1.2
"""What the register of incidents can never hold."""

from datetime import date

import pytest

from tests.support.constraints import violates
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.kernel.models import ReadingLine
from usufruit.privacy.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    body = make_body()
    return Incident.objects.create(
        organization=body,
        title="Envoi à la mauvaise personne",
        data_described="Adresses courriel",
        circumstances="Une liste en copie visible",
        known_on=date(2026, 11, 3),
        recorded_by=make_person(body, Role.BODY_ADMIN),
        recorded_at=NOW,
    )


@pytest.mark.parametrize("column", ["title", "data_described", "circumstances"])
def test_an_incident_is_described(incident, column):
    with violates("incident_is_described"):
        Incident.objects.update(**{column: ""})


def test_it_is_not_known_before_it_happened(incident):
    with violates("incident_known_after_it_happened"):
        Incident.objects.update(happened_on=date(2026, 11, 4))


@pytest.mark.parametrize("column", ["commission_told_on", "persons_told_on"])
def test_nobody_is_told_before_it_is_known(incident, column):
    with violates("incident_told_after_known"):
        Incident.objects.update(**{column: date(2026, 11, 2)})


@pytest.mark.parametrize(
    "lacking", [{"is_serious": None}, {"measures": ""}, {"closed_on": date(2026, 11, 2)}]
)
def test_it_is_closed_once_assessed(incident, lacking):
    whole = {"is_serious": False, "measures": "Rappel", "closed_on": date(2026, 11, 5)}
    Incident.objects.update(**whole)
    with violates("incident_closed_once_assessed"):
        Incident.objects.update(**{**whole, **lacking})


def test_a_reading_is_written_once_a_day():
    line = {
        "at": NOW,
        "on": NOW.date(),
        "reader_id": 1,
        "subject_id": 2,
        "page": "booking",
    }
    ReadingLine.objects.create(**line)
    with violates("reading_once_a_day"):
        ReadingLine.objects.create(**line)
