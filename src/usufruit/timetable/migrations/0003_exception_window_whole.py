# SPDX-License-Identifier: EUPL-1.2
"""A window of an exception has both ends or neither: « unknown » no longer passes the check."""


import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timetable', '0002_rectangles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='calendarexception',
            name='exception_window_within_day',
        ),
        migrations.AddConstraint(
            model_name='calendarexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_min__isnull', True), ('start_min__isnull', True)), models.Q(('end_min__isnull', False), ('start_min__isnull', False), ('start_min__range', (0, 1439)), ('end_min__gt', models.F('start_min')), ('end_min__lte', django.db.models.expressions.CombinedExpression(models.F('start_min'), '+', models.Value(1440)))), _connector='OR'), name='exception_window_within_day', violation_error_message='Une plage commence dans la journée et dure au plus 24 h.'),
        ),
    ]
