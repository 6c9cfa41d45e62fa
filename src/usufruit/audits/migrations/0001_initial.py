# SPDX-License-Identifier: EUPL-1.2

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0002_natures'),
        ('sharing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('size_bytes', models.PositiveBigIntegerField()),
                ('file', models.FileField(upload_to='evidence/')),
                ('uploaded_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_files', to='organizations.organization')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-uploaded_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.TextField(choices=[('queued', 'En file'), ('running', 'En cours'), ('done', 'Terminé'), ('failed', 'Échoué')], default='queued')),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('first_on', models.DateField(blank=True, null=True)),
                ('last_on', models.DateField(blank=True, help_text='Included', null=True)),
                ('options', models.JSONField(default=dict)),
                ('progress_ratio', models.FloatField(default=0)),
                ('progress_note', models.TextField(blank=True)),
                ('failure', models.TextField(blank=True)),
                ('method', models.TextField(blank=True)),
                ('summary', models.JSONField(default=dict)),
                ('rejected_count', models.PositiveIntegerField(default=0)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audits', to='organizations.organization')),
                ('evidence', models.ManyToManyField(related_name='audits', to='audits.evidencefile')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveIntegerField()),
                ('external_id', models.TextField()),
                ('name', models.TextField()),
                ('kind', models.TextField(blank=True)),
                ('verdict', models.TextField()),
                ('verdict_label', models.TextField()),
                ('content', models.JSONField()),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='findings', to='inventory.asset')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='audits.audit')),
            ],
            options={
                'ordering': ['audit', 'rank'],
            },
        ),
        migrations.CreateModel(
            name='PublishedWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window_number', models.PositiveSmallIntegerField()),
                ('published_at', models.DateTimeField()),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='published_windows', to='audits.finding')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sharing.sharingrule')),
            ],
            options={
                'ordering': ['finding', 'window_number'],
            },
        ),
        migrations.CreateModel(
            name='RejectedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.TextField()),
                ('line_number', models.PositiveBigIntegerField()),
                ('reason', models.TextField()),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejected_lines', to='audits.audit')),
            ],
            options={
                'ordering': ['audit', 'file_name', 'line_number', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='evidencefile',
            constraint=models.UniqueConstraint(fields=('organization', 'sha256'), name='evidence_received_once', violation_error_message='Ce fichier est déjà déposé.'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'running', 'done', 'failed'])), name='audit_status_known', violation_error_message='Cet état n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_on__isnull', True), ('last_on__isnull', True)), models.Q(('first_on__isnull', False), ('last_on__gte', models.F('first_on')), ('last_on__isnull', False)), _connector='OR'), name='audit_period_in_order', violation_error_message='La période finit après son début.'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(('progress_ratio__range', (0, 1))), name='audit_progress_is_ratio', violation_error_message='L’avancement va de 0 à 100\xa0%.'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('audit', 'external_id'), name='finding_once_per_asset'),
        ),
        migrations.AddConstraint(
            model_name='publishedwindow',
            constraint=models.UniqueConstraint(fields=('finding', 'window_number', 'rule'), name='window_published_once', violation_error_message='Cette plage est déjà ouverte à ce public.'),
        ),
    ]
