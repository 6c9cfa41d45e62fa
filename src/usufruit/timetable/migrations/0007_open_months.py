# SPDX-License-Identifier: EUPL-1.2
"""Opening hours spelled out by the month, forgotten as soon as a rule changes."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import usufruit.kernel.fields

OPEN_MONTHS = (Path(__file__).parent.parent / "sql" / "open_months.sql").read_text(encoding="utf-8")
DROP = """
DROP TRIGGER openmonth_forgotten ON timetable_calendar;
DROP TRIGGER openmonth_forgotten_with ON timetable_calendar;
DROP TRIGGER openmonth_forgotten ON timetable_season;
DROP TRIGGER openmonth_forgotten ON timetable_calendarexception;
DROP TRIGGER openmonth_forgotten ON timetable_openinghours;
DROP TRIGGER openmonth_forgotten_added ON timetable_publicholiday;
DROP TRIGGER openmonth_forgotten_removed ON timetable_publicholiday;
DROP TRIGGER openmonth_forgotten_before ON timetable_publicholiday;
DROP TRIGGER openmonth_forgotten_after ON timetable_publicholiday;
DROP FUNCTION forget_months_of_calendar(), forget_months_of_part(), forget_months_of_hours(),
    forget_months_of_regions(), forget_months(bigint[]), spell_out_months(bigint, date, integer),
    open_month_of(tstzrange);
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0006_long_uses")]
    operations = [
        migrations.CreateModel(
            name="OpenMonth",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "calendar_id",
                        "begins_at",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("spans", usufruit.kernel.fields.SpansField()),
                (
                    "calendar",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_months",
                        to="timetable.calendar",
                    ),
                ),
            ],
        ),
        migrations.RunSQL([OPEN_MONTHS], [DROP]),
        migrations.RemoveIndex(model_name="calendar", name="calendar_zone"),
    ]
