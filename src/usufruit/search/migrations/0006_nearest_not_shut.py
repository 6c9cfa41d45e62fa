# SPDX-License-Identifier: EUPL-1.2
"""The search leaves out what stands at a site that is shut."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
AS_OF = "3afe567ef9a6"


class Migration(migrations.Migration):
    dependencies = [("search", "0005_nearest_to_visitors"), ("timetable", "0011_closures")]
    operations = [migrations.RunSQL([CREATE], migrations.RunSQL.noop)]
