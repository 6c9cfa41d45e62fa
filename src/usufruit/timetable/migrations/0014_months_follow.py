# SPDX-License-Identifier: EUPL-1.2
"""Spelled months go with the shared days they were spelled from."""

from pathlib import Path

from django.db import migrations

OPEN_MONTHS = (Path(__file__).parent.parent / "sql" / "open_months.sql").read_text(encoding="utf-8")
AS_OF = "87ebd725c702"
TRIGGER = """
CREATE TRIGGER openmonth_forgotten
    AFTER INSERT OR UPDATE OR DELETE ON timetable_calendarinclusion
    FOR EACH ROW EXECUTE FUNCTION forget_months_of_inclusion();
"""
DROP = """
DROP TRIGGER openmonth_forgotten ON timetable_calendarinclusion;
DROP FUNCTION forget_months_of_inclusion();
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0013_opening_follows")]
    operations = [migrations.RunSQL([OPEN_MONTHS, TRIGGER], [DROP])]
