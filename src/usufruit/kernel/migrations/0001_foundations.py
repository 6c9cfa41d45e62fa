# SPDX-License-Identifier: EUPL-1.2
"""Extensions and functions every table rests on; written by hand since Django has no word for them."""

from pathlib import Path

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
AS_OF = "69cfac39a9fd"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(
            [(SQL / "functions.sql").read_text(encoding="utf-8")],
            "DROP FUNCTION local_wall(timestamptz, text);"
            "DROP FUNCTION local_instant(timestamp, text, text);"
            "DROP FUNCTION french_sort_key(text);"
            "DROP FUNCTION projected_point(double precision, double precision);",
        ),
        migrations.CreateModel(
            name="JournalLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("verb", models.TextField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("organization_id", models.BigIntegerField(null=True)),
                ("object_type", models.TextField()),
                ("object_id", models.TextField()),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "at"], name="journal_of_object"),
                    models.Index(fields=["organization_id", "-at"], name="journal_of_organization"),
                ],
            },
        ),
    ]
