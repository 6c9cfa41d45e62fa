# SPDX-License-Identifier: EUPL-1.2
"""The search reads opening hours from the months spelled out; its own shortcut goes."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
DROP = """
DROP FUNCTION IF EXISTS calendar_answer(
    bigint, text, date, daterange, integer, integer, integer, boolean, boolean, text[], text[],
    text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_nearest_cards"), ("timetable", "0007_open_months")]
    operations = [migrations.RunSQL([CREATE, DROP], migrations.RunSQL.noop)]
