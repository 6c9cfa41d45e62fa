# SPDX-License-Identifier: EUPL-1.2
"""What is done with bodies and persons is done whole, and again when a deadlock broke it."""

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected

from tests.support.together import committed
from tests.support.world import NOW, Role, make_body, make_person
from usufruit.kernel.models import JournalLine
from usufruit.organizations.actions import (
    add_territory,
    erase_person,
    grant_role,
    register_organization,
    register_person,
)
from usufruit.organizations.models import OrganizationNature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _for_real(db):
    with committed():
        yield


@pytest.fixture
def broken_once(monkeypatch):
    """Let the first verb that writes its journal meet a deadlock there."""
    record, told = JournalLine.record, []

    def meet_a_deadlock(verb, target, **who_and_when):
        told.append(verb)
        if len(told) == 1:
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return record(verb, target, **who_and_when)

    def arm():
        monkeypatch.setattr(JournalLine, "record", meet_a_deadlock)
        return told

    return arm


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (add_territory, lambda: {"code": "essai", "name": "Essai", "parent": None}),
        (
            register_organization,
            lambda: {
                "name": "Ville",
                "slug": "ville",
                "nature": OrganizationNature.objects.get(code="municipality"),
            },
        ),
        (
            register_person,
            lambda: {"email": "a@exemple.test", "full_name": "A", "password": None},
        ),
        (
            grant_role,
            lambda: {"person": make_person(), "organization": make_body(), "role": Role.MEMBER},
        ),
        (erase_person, lambda: {"person": make_person()}),
    ],
)
def test_a_verb_broken_by_a_deadlock_is_done_again(verb, words, broken_once):
    by, given = make_person(), words()
    told = broken_once()
    verb(**given, by=by, now=NOW)
    assert told == [verb.__name__] * 2
    assert JournalLine.objects.filter(verb=verb.__name__, person_id=by.pk).count() == 1
