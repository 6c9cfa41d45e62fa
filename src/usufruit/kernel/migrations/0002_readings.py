# SPDX-License-Identifier: EUPL-1.2
"""Who read whose data, once for a day and a page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_foundations'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('on', models.DateField(help_text='The day of ``at``, in UTC')),
                ('reader_id', models.BigIntegerField()),
                ('subject_id', models.BigIntegerField()),
                ('organization_id', models.BigIntegerField(null=True)),
                ('page', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject_id', '-at'], name='readings_of_subject'), models.Index(fields=['at'], name='readings_by_age')],
                'constraints': [models.UniqueConstraint(fields=('reader_id', 'subject_id', 'page', 'on'), name='reading_once_a_day')],
            },
        ),
    ]
