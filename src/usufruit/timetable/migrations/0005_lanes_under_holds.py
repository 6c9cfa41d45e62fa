# SPDX-License-Identifier: EUPL-1.2
"""An asset of one piece or of parts keeps its lanes while time is written on them.

The key to (asset, lane_count) carries a change to the holds, and their check refuses what no longer
exists. What still exists would lie: of one lane made six, a booking of the whole keeps a sixth.
"""

from django.db import migrations

ADD = """
CREATE FUNCTION check_hold_lanes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inventory_asset
                WHERE id = NEW.asset_id AND structure IN ('single', 'parts')) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            CONSTRAINT = 'hold_lanes_stay',
            MESSAGE = format('hold %s is written on %s lanes of asset %s',
                             OLD.id, OLD.lane_count, OLD.asset_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hold_lanes_stay
    AFTER UPDATE OF lane_count ON timetable_hold
    FOR EACH ROW WHEN (OLD.lane_count IS DISTINCT FROM NEW.lane_count)
    EXECUTE FUNCTION check_hold_lanes_stay();
"""
DROP = """
DROP TRIGGER hold_lanes_stay ON timetable_hold;
DROP FUNCTION check_hold_lanes_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("timetable", "0004_days_have_both_ends"), ("inventory", "0002_lanes")]
    operations = [migrations.RunSQL(ADD, DROP)]
