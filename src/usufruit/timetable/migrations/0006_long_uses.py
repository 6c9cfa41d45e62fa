# SPDX-License-Identifier: EUPL-1.2
"""Try a long use by its first day: three months asked at random cost three milliseconds an asset."""

from pathlib import Path

from django.db import migrations

OPENING = (Path(__file__).parent.parent / "sql" / "opening.sql").read_text(encoding="utf-8")
AS_OF = "ac5a94dc95b1"


class Migration(migrations.Migration):
    dependencies = [("timetable", "0005_lanes_under_holds")]
    operations = [migrations.RunSQL([OPENING], migrations.RunSQL.noop)]
