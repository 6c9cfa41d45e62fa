# SPDX-License-Identifier: EUPL-1.2
"""A confirmed line holds what it names: as many holds as assets could be two holds on one asset.

Going back keeps the stricter check: what it lets in, the older one lets in too.
"""

from pathlib import Path

from django.db import migrations

CHECK = (Path(__file__).parent.parent / "sql" / "line_is_held.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_waiting_follows_manager")]
    operations = [migrations.RunSQL([CHECK], migrations.RunSQL.noop)]
