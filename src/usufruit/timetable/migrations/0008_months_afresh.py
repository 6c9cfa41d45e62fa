# SPDX-License-Identifier: EUPL-1.2
"""Months are written over and dropped by the function itself; those written before it go."""

from pathlib import Path

from django.db import migrations

OPEN_MONTHS = (Path(__file__).parent.parent / "sql" / "open_months.sql").read_text(encoding="utf-8")
AS_OF = "3f333668ffe8"
TIDY = "DELETE FROM timetable_openmonth; DROP INDEX IF EXISTS calendar_zone;"


class Migration(migrations.Migration):
    dependencies = [("timetable", "0007_open_months")]
    operations = [migrations.RunSQL([OPEN_MONTHS, TIDY], migrations.RunSQL.noop)]
