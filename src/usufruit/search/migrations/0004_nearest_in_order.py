# SPDX-License-Identifier: EUPL-1.2
"""The search walks the index of places in order on every version of PostgreSQL."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
AS_OF = "8c751b570a59"


class Migration(migrations.Migration):
    dependencies = [("search", "0003_nearest_by_months")]
    operations = [migrations.RunSQL([CREATE], migrations.RunSQL.noop)]
