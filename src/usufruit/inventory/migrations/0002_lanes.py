# SPDX-License-Identifier: EUPL-1.2
"""What Django has no word for: parts lie inside their asset's lanes."""

from django.db import migrations

ADD = """
ALTER TABLE inventory_part
    ADD CONSTRAINT part_lanes_exist
        CHECK (NOT isempty(lanes) AND lanes <@ int4range(0, lane_count)),
    ADD CONSTRAINT part_of_asset_lanes
        FOREIGN KEY (asset_id, lane_count) REFERENCES inventory_asset (id, lane_count)
        ON UPDATE CASCADE;
"""
DROP = """
ALTER TABLE inventory_part
    DROP CONSTRAINT part_lanes_exist, DROP CONSTRAINT part_of_asset_lanes;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [migrations.RunSQL(ADD, DROP)]
