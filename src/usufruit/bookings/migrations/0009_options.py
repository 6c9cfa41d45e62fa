# SPDX-License-Identifier: EUPL-1.2
"""Through which desk and for which caller a booking was entered, and by which channel."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0008_lapsed'),
        ('organizations', '0006_email_in_any_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='caller',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='called_bookings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='booking',
            name='channel',
            field=models.TextField(choices=[('web', 'En ligne'), ('phone', 'Par téléphone'), ('counter', 'Au comptoir'), ('letter', 'Par lettre')], default='web'),
        ),
        migrations.AddField(
            model_name='booking',
            name='desk',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='desk_bookings', to='organizations.organization'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['web', 'phone', 'counter', 'letter'])), name='booking_channel_known', violation_error_message='Ce moyen de réserver n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('caller__isnull', True), ('channel', 'web'), ('desk__isnull', True)), models.Q(models.Q(('channel', 'web'), _negated=True), ('desk__isnull', False)), _connector='OR'), name='booking_caller_at_desk', violation_error_message='Seul un guichet réserve pour une autre personne.'),
        ),
    ]
