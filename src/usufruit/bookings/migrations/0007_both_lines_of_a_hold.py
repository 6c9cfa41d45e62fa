# SPDX-License-Identifier: EUPL-1.2
"""A hold that goes from a line to another concerns both; a confirmed line holds for good."""

from pathlib import Path

from django.db import migrations

CHECK = (Path(__file__).parent.parent / "sql" / "line_is_held.sql").read_text(encoding="utf-8")
AS_OF = "48048b347283"


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_decided_index")]
    operations = [migrations.RunSQL([CHECK], migrations.RunSQL.noop)]
