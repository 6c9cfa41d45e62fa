# SPDX-License-Identifier: EUPL-1.2
"""What compares an asset with what a line of an import says of it."""

from pathlib import Path

from django.db import migrations

ADD = (Path(__file__).parent.parent / "sql" / "stands.sql").read_text(encoding="utf-8")
AS_OF = "9eebb5875c2a"
DROP = """
DROP FUNCTION imports_stands(inventory_asset, jsonb, integer);
DROP FUNCTION imports_back(text, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("inventory", "0003_numbers_and_finance")]
    operations = [migrations.RunSQL([ADD], [DROP])]
