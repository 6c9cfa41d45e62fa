# SPDX-License-Identifier: EUPL-1.2
"""The search no longer tells a visitor, by who is missing, what is taken at a given minute."""

from pathlib import Path

from django.db import migrations

CREATE = (Path(__file__).parent.parent / "sql" / "nearest.sql").read_text(encoding="utf-8")
AS_OF = "9db11a8f9809"


class Migration(migrations.Migration):
    dependencies = [("search", "0004_nearest_in_order"), ("sharing", "0002_visibility")]
    operations = [migrations.RunSQL([CREATE], migrations.RunSQL.noop)]
