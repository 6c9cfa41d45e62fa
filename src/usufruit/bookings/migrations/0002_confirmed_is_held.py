# SPDX-License-Identifier: EUPL-1.2
"""A hold names a line that exists; a confirmed line has its holds, any other line has none."""

from pathlib import Path

from django.db import migrations

ADD = (Path(__file__).parent.parent / "sql" / "confirmed.sql").read_text(encoding="utf-8")
AS_OF = "be5b7ba791de"
DROP = """
DROP TRIGGER line_confirmed_is_held ON bookings_bookingline;
DROP TRIGGER asset_of_confirmed_line_is_held ON bookings_lineasset;
DROP TRIGGER hold_belongs_to_confirmed_line ON timetable_hold;
DROP FUNCTION check_line_is_held();
ALTER TABLE timetable_hold DROP CONSTRAINT hold_names_line;
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial"), ("timetable", "0002_rectangles")]
    operations = [migrations.RunSQL([ADD], [DROP])]
