# SPDX-License-Identifier: EUPL-1.2
"""The record of queries names the author and forgets what changes from run to run."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from tests.support.sql_snapshot import normalised, recorded


@pytest.mark.django_db
def test_records_each_statement_with_its_author():
    with recorded() as queries, transaction.atomic():
        list(ContentType.objects.filter(pk__in=[1, 2, 3]).order_by("pk"))
    assert len(queries) == 3
    assert {query.author for query in queries.sent} == {
        "tests/support/test_sql_snapshot.py:test_records_each_statement_with_its_author"
    }
    assert "IN (%s, …)" in queries.sent[1].statement
    assert str(queries).startswith("3 queries\n\n-- tests/support/")


@pytest.mark.django_db
def test_the_shape_does_not_depend_on_how_many_rows_are_asked_for():
    shapes = []
    for size in (2, 20):
        with recorded() as queries:
            list(ContentType.objects.filter(pk__in=range(size)).order_by("pk"))
        shapes.append(queries.shapes())
    assert shapes[0] == shapes[1]


def test_savepoints_lose_their_number():
    assert normalised('SAVEPOINT "s139_x2"\n') == 'SAVEPOINT "savepoint"'
