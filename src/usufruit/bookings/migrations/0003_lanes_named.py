# SPDX-License-Identifier: EUPL-1.2
"""A line says of how many lanes its lanes were named, since a request waits without a hold."""

from django.db import migrations, models

FILL = """
UPDATE bookings_lineasset AS wish SET lane_count = asset.lane_count
  FROM inventory_asset AS asset WHERE asset.id = wish.asset_id
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_confirmed_is_held"), ("inventory", "0002_lanes")]
    operations = [
        migrations.AddField("lineasset", "lane_count", models.PositiveIntegerField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("lineasset", "lane_count", models.PositiveIntegerField()),
    ]
