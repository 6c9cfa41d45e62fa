# SPDX-License-Identifier: EUPL-1.2
"""The search function answers whole cards; what it returns cannot be replaced in place."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
DROP = """
DROP FUNCTION IF EXISTS nearest_free(
    bigint[], double precision, double precision, double precision, tstzrange, text[], bigint,
    timestamptz, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_nearest")]
    operations = [migrations.RunSQL([DROP, CREATE], migrations.RunSQL.noop)]
