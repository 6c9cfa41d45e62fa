# SPDX-License-Identifier: EUPL-1.2
"""Every table that names a person is in the register of holdings, or says why it is not."""

import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from usufruit.organizations.models import Person
from usufruit.privacy.holdings import HOLDINGS, NOT_HANDED

# Columns that hold the number of a person without a key to it.
BY_NUMBER = ("person_id", "reader_id", "subject_id")
# What one handed over oneself, not what others did: who read is not theirs to know by name.
OTHERS = {("kernel.ReadingLine", "reader_id")}


def names_a_person(field: Field) -> bool:
    if isinstance(field, ForeignKey):
        return field.related_model is Person
    return field.name in BY_NUMBER


def is_history(model: type[Model]) -> bool:
    """Tell whether a table keeps the past of another, which is listed itself."""
    return hasattr(model, "pgh_tracked_model")


def naming() -> set[tuple[str, str]]:
    found = {("organizations.Person", "pk")}
    for model in apps.get_models(include_auto_created=True):
        if not is_history(model) and not model._meta.proxy:
            found |= {
                (model._meta.label, field.name)
                for field in model._meta.concrete_fields
                if names_a_person(field)
            }
    return found - OTHERS


def test_every_column_that_names_a_person_is_listed():
    listed = {(each.model, name) for each in HOLDINGS for name in each.names}
    standing = {pair for pair in naming() if pair[0] not in NOT_HANDED}
    assert standing - listed == set(), "ajoutez-les à privacy/holdings.py"
    assert listed - standing == set()


def test_each_exception_still_stands_and_has_a_reason():
    tables = {label for label, _ in naming()}
    assert set(NOT_HANDED) <= tables
    assert all(NOT_HANDED.values())


@pytest.mark.django_db
@pytest.mark.parametrize("holding", HOLDINGS, ids=lambda each: each.model)
def test_each_holding_can_be_read(holding):
    person = Person.objects.create_user("lu@exemple.test")
    rows = list(holding.rows_of(person))
    assert all(set(row) == set(holding.columns) for row in rows)
