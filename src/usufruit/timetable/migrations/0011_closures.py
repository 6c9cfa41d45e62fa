# SPDX-License-Identifier: EUPL-1.2
"""Closures: sites shut for a run of time, whatever calendar their assets follow."""

from pathlib import Path

import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


CLOSURES = (Path(__file__).parent.parent / "sql" / "closures.sql").read_text(encoding="utf-8")
AS_OF = "ecc0c75222b4"


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0007_people'),
        ('timetable', '0010_holds_known_late'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('reason', models.TextField()),
                ('published_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='organizations.organization')),
            ],
            options={
                'ordering': ['-published_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ClosedSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reopened_at', models.DateTimeField(blank=True, null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='inventory.site')),
                ('closure', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='timetable.closure')),
            ],
            options={
                'ordering': ['closure', 'site'],
            },
        ),
        migrations.AddIndex(
            model_name='closure',
            index=django.contrib.postgres.indexes.GistIndex(fields=['span'], name='closure_when'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('span__endswith__isnull', False), ('span__isempty', False), ('span__startswith__isnull', False)), name='closure_has_ends', violation_error_message='Une fermeture a un début et une fin.'),
        ),
        migrations.AddConstraint(
            model_name='closure',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='closure_says_why', violation_error_message='Dites pourquoi le lieu ferme.'),
        ),
        migrations.AddConstraint(
            model_name='closedsite',
            constraint=models.UniqueConstraint(fields=('closure', 'site'), name='closed_site_once', violation_error_message='Ce lieu est déjà dans cette fermeture.'),
        ),
        migrations.RunSQL([CLOSURES], ["DROP FUNCTION sites_shut(tstzrange);"]),
    ]
