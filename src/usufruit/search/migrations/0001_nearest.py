# SPDX-License-Identifier: EUPL-1.2
"""The function that finds the nearest free assets."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
DROP = """
DROP FUNCTION nearest_free(
    bigint[], double precision, double precision, double precision, tstzrange, text[], bigint,
    timestamptz, integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_lanes"),
        ("timetable", "0002_rectangles"),
        ("sharing", "0001_initial"),
    ]
    operations = [migrations.RunSQL([CREATE], [DROP])]
