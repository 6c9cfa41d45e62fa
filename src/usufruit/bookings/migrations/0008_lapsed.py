# SPDX-License-Identifier: EUPL-1.2
"""A request that nobody answered in time lapses."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0007_both_lines_of_a_hold'),
        ('organizations', '0006_email_in_any_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bookingline',
            name='line_state_known',
        ),
        migrations.AlterField(
            model_name='bookingline',
            name='state',
            field=models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée'), ('lapsed', 'Restée sans réponse')]),
        ),
        migrations.AlterField(
            model_name='bookinglineevent',
            name='state',
            field=models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée'), ('lapsed', 'Restée sans réponse')]),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'confirmed', 'refused', 'withdrawn', 'cancelled', 'lapsed'])), name='line_state_known', violation_error_message='Cet état n’existe pas.'),
        ),
    ]
