# SPDX-License-Identifier: EUPL-1.2
"""What makes a rectangle whole (T1), and the functions that read opening hours."""

from pathlib import Path

from django.db import migrations

ADD = """
ALTER TABLE timetable_hold
    ADD CONSTRAINT hold_lanes_exist
        CHECK (NOT isempty(lanes) AND lanes <@ int4range(0, lane_count)),
    ADD CONSTRAINT hold_span_half_open
        CHECK (NOT isempty(span)
               AND lower_inc(span) AND NOT upper_inc(span)
               AND lower(span) > '-infinity' AND upper(span) < 'infinity'
               AND NOT lower_inf(span) AND NOT upper_inf(span)),
    ADD CONSTRAINT hold_use_inside
        CHECK (NOT isempty(use_span) AND use_span <@ span
               AND lower_inc(use_span) AND NOT upper_inc(use_span)),
    ADD CONSTRAINT hold_reason_known
        CHECK (reason IN ('booking', 'own_use', 'downtime')),
    ADD CONSTRAINT hold_booking_names_line
        CHECK ((reason = 'booking') = (line_id IS NOT NULL)),
    ADD CONSTRAINT hold_of_asset_lanes
        FOREIGN KEY (asset_id, lane_count) REFERENCES inventory_asset (id, lane_count)
        ON UPDATE CASCADE;
"""
DROP = """
ALTER TABLE timetable_hold
    DROP CONSTRAINT hold_lanes_exist, DROP CONSTRAINT hold_span_half_open,
    DROP CONSTRAINT hold_use_inside, DROP CONSTRAINT hold_reason_known,
    DROP CONSTRAINT hold_booking_names_line, DROP CONSTRAINT hold_of_asset_lanes;
"""
OPENING = (Path(__file__).parent.parent / "sql" / "opening.sql").read_text(encoding="utf-8")
DROP_OPENING = """
DROP FUNCTION calendar_covers(bigint, tstzrange);
DROP FUNCTION calendar_open(bigint, date, date);
DROP FUNCTION calendar_windows(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0001_initial"), ("inventory", "0002_lanes")]
    operations = [migrations.RunSQL(ADD, DROP), migrations.RunSQL([OPENING], [DROP_OPENING])]
