# SPDX-License-Identifier: EUPL-1.2
"""A request that waits is answered by whoever manages its asset now; those that wait are brought."""

from pathlib import Path

from django.db import migrations

ADD = (Path(__file__).parent.parent / "sql" / "decider.sql").read_text(encoding="utf-8")
AS_OF = "fc3556bef233"
DROP = """
DROP TRIGGER waiting_begins_at_manager ON bookings_lineasset;
DROP TRIGGER waiting_follows_manager ON inventory_asset;
DROP FUNCTION give_request_to_manager(), give_waiting_to_manager();
"""
BRING = """
UPDATE bookings_bookingline AS line
   SET decider_id = asset.manager_id
  FROM bookings_lineasset AS wish
  JOIN inventory_asset AS asset ON asset.id = wish.asset_id
 WHERE line.id = wish.line_id AND line.state = 'requested' AND line.decider_id <> asset.manager_id
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_lanes_named"), ("inventory", "0002_lanes")]
    operations = [
        migrations.RunSQL([ADD], [DROP]),
        # Last: what a table still has to check keeps it from being altered.
        migrations.RunSQL([BRING], migrations.RunSQL.noop),
    ]
