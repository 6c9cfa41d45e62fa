# SPDX-License-Identifier: EUPL-1.2
"""A place has both coordinates or neither: « unknown » no longer passes the check."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0003_attempts'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='organization',
            name='organization_place_exists',
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('latitude__range', (-85, 85)), ('longitude__range', (-180, 180))), _connector='OR'), name='organization_place_exists', violation_error_message='La position va de −85 à 85° et de −180 à 180°.'),
        ),
    ]
