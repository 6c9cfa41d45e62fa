# SPDX-License-Identifier: EUPL-1.2
"""The set-up of the place that a booking asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0011_answering'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='set_up',
            field=models.TextField(blank=True, default='', help_text='Code of a set-up of the place'),
        ),
    ]
