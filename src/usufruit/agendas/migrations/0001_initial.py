# SPDX-License-Identifier: EUPL-1.2
"""The owner's other calendars and what they say."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0007_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgendaImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('proposals', models.JSONField(default=list)),
                ('refused', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_imports', to='organizations.organization')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Agenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('address', models.TextField(blank=True)),
                ('etag', models.TextField(blank=True)),
                ('last_modified', models.TextField(blank=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('next_read_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('failure_count', models.PositiveIntegerField(default=0)),
                ('trouble', models.TextField(blank=True)),
                ('troubles', models.JSONField(default=list)),
                ('doubted_count', models.PositiveIntegerField(blank=True, null=True)),
                ('accepted_count', models.PositiveIntegerField(blank=True, null=True)),
                ('is_contested', models.BooleanField(default=False)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agendas', to='inventory.asset')),
                ('part', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.part')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agendas', to='agendas.agendaimport')),
            ],
            options={
                'ordering': ['asset', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AgendaWaiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.TextField()),
                ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('agenda', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='waivers', to='agendas.agenda')),
            ],
            options={
                'ordering': ['span', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AgendaEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.TextField()),
                ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('title', models.TextField(blank=True)),
                ('seen_at', models.DateTimeField()),
                ('agenda', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='agendas.agenda')),
            ],
            options={
                'ordering': ['span', 'id'],
                'constraints': [models.UniqueConstraint(fields=('agenda', 'span', 'uid'), name='agendaevent_once', violation_error_message="Cet événement est déjà inscrit."), models.CheckConstraint(condition=models.Q(('span__endswith__isnull', False), ('span__isempty', False), ('span__lower_inc', True), ('span__startswith__isnull', False), ('span__upper_inc', False)), name='agendaevent_lasts', violation_error_message="Un événement a un début, puis une fin.")],
            },
        ),
        migrations.AddConstraint(
            model_name='agendaimport',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', True), ('applied_at__isnull', False), _connector='OR'), name='agendaimport_undone_once_applied', violation_error_message="Un import s’annule après avoir été appliqué."),
        ),
        migrations.AddConstraint(
            model_name='agenda',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('batch__isnull', False)), models.Q(models.Q(('address', ''), _negated=True), ('batch__isnull', True)), _connector='OR'), name='agenda_has_one_source', violation_error_message="Un agenda vient d’une adresse ou d’un fichier."),
        ),
        migrations.AddConstraint(
            model_name='agenda',
            constraint=models.UniqueConstraint(condition=models.Q(('address', ''), _negated=True), fields=('asset', 'address'), name='agenda_followed_once', violation_error_message="Ce bien suit déjà cet agenda."),
        ),
        migrations.AddConstraint(
            model_name='agendawaiver',
            constraint=models.UniqueConstraint(fields=('agenda', 'uid', 'span'), name='agendawaiver_once', violation_error_message="Cet événement cède déjà ces heures."),
        ),
        migrations.AddConstraint(
            model_name='agendawaiver',
            constraint=models.CheckConstraint(condition=models.Q(('span__endswith__isnull', False), ('span__isempty', False), ('span__lower_inc', True), ('span__startswith__isnull', False), ('span__upper_inc', False)), name='agendawaiver_lasts', violation_error_message="Des heures cédées ont un début, puis une fin."),
        ),
    ]
