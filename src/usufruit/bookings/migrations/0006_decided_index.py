# SPDX-License-Identifier: EUPL-1.2
"""What a body answered, the latest first, without sorting all that it ever answered."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0005_held_as_sets'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='bookingline',
            index=models.Index(condition=models.Q(('state', 'requested'), _negated=True), fields=['decider', '-decided_at', '-id'], name='line_decided'),
        ),
    ]
