# SPDX-License-Identifier: EUPL-1.2
"""Seasons and exceptions have a first and a last day: what never ends cannot be read by day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timetable', '0003_exception_window_whole'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='calendarexception',
            name='exception_lasts_a_day',
        ),
        migrations.RemoveConstraint(
            model_name='season',
            name='season_lasts_a_day',
        ),
        migrations.AddConstraint(
            model_name='calendarexception',
            constraint=models.CheckConstraint(condition=models.Q(('days__endswith__isnull', False), ('days__isempty', False), ('days__startswith__isnull', False)), name='exception_lasts_a_day', violation_error_message='Une exception a une fin et dure au moins un jour.'),
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=models.CheckConstraint(condition=models.Q(('days__isnull', True), models.Q(('days__endswith__isnull', False), ('days__isempty', False), ('days__startswith__isnull', False)), _connector='OR'), name='season_lasts_a_day', violation_error_message='Une saison a une fin et dure au moins un jour.'),
        ),
    ]
