# SPDX-License-Identifier: EUPL-1.2

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0007_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requested_at', models.DateTimeField()),
                ('status', models.TextField(choices=[('queued', 'En file'), ('running', 'En cours'), ('done', 'Prête'), ('failed', 'Échouée'), ('expired', 'Expirée')], default='queued')),
                ('progress_ratio', models.FloatField(default=0)),
                ('file', models.FileField(blank=True, max_length=200, upload_to='exports')),
                ('size_bytes', models.BigIntegerField(default=0)),
                ('row_count', models.BigIntegerField(default=0)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='organizations.organization')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-requested_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['queued', 'running', 'done', 'failed', 'expired'])), name='export_status_known', violation_error_message='Cet état n’existe pas.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('expires_at__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='export_done_has_file', violation_error_message='Une archive prête a un fichier et une échéance.'), models.UniqueConstraint(condition=models.Q(('status__in', ['queued', 'running'])), fields=('organization',), name='export_one_at_a_time', violation_error_message='Une archive de cet organisme se prépare déjà.')],
            },
        ),
    ]
