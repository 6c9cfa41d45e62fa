# SPDX-License-Identifier: EUPL-1.2
"""The hours of a day listen to the shared days a calendar follows."""

from pathlib import Path

from django.db import migrations

OPENING = (Path(__file__).parent.parent / "sql" / "opening.sql").read_text(encoding="utf-8")
AS_OF = "193fceb4872f"


class Migration(migrations.Migration):
    dependencies = [("timetable", "0012_agendas_and_shared_days")]
    operations = [migrations.RunSQL([OPENING], migrations.RunSQL.noop)]
