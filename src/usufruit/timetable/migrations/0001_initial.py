# SPDX-License-Identifier: EUPL-1.2

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
import usufruit.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0002_natures'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('holiday_region', models.TextField(blank=True, help_text='Closed on the public holidays of this region, such as CA-QC')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendars', to='organizations.organization')),
            ],
            options={
                'ordering': ['organization', 'name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AssetCalendar',
            fields=[
                ('asset', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='opening', serialize=False, to='inventory.asset')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='timetable.calendar')),
            ],
        ),
        migrations.CreateModel(
            name='CalendarEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.TextField()),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('holiday_region', models.TextField(blank=True, help_text='Closed on the public holidays of this region, such as CA-QC')),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='timetable.calendar')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CalendarException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open')),
                ('start_min', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('end_min', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exceptions', to='timetable.calendar')),
            ],
            options={
                'ordering': ['calendar', 'days'],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane_count', models.PositiveIntegerField()),
                ('lanes', usufruit.kernel.fields.LanesField()),
                ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('reason', models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne')])),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('line_id', models.BigIntegerField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('asset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='inventory.asset')),
            ],
            options={
                'ordering': ['asset', 'span', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HoldEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('lane_count', models.PositiveIntegerField()),
                ('lanes', usufruit.kernel.fields.LanesField()),
                ('span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('reason', models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne')])),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('line_id', models.BigIntegerField(blank=True, null=True)),
                ('note', models.TextField(blank=True)),
                ('asset', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.asset')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='timetable.hold')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicHoliday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.TextField()),
                ('on', models.DateField()),
                ('name', models.TextField()),
            ],
            options={
                'ordering': ['region', 'on'],
                'constraints': [models.UniqueConstraint(fields=('region', 'on'), name='holiday_once')],
            },
        ),
        migrations.CreateModel(
            name='Season',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField(blank=True)),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, help_text='Half-open; NULL is the usual week', null=True)),
                ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seasons', to='timetable.calendar')),
            ],
            options={
                'ordering': ['calendar', models.OrderBy(models.F('days'), nulls_first=True)],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('start_min', models.PositiveSmallIntegerField()),
                ('end_min', models.PositiveSmallIntegerField()),
                ('season', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='timetable.season')),
            ],
            options={
                'ordering': ['season', 'weekday', 'start_min'],
            },
        ),
        migrations.AddIndex(
            model_name='calendar',
            index=models.Index(fields=['time_zone'], name='calendar_zone'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."holiday_region", NEW."id", NEW."name", NEW."organization_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."time_zone"); RETURN NULL;', hash='cdaeb82d3eb04fb0c44ba33155362388887c8a5c', operation='INSERT', pgid='pgtrigger_insert_insert_7bb13', table='timetable_calendar', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."holiday_region", NEW."id", NEW."name", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."time_zone"); RETURN NULL;', hash='84ca88f79c3fe411fbb3730b96df8026ac250ff6', operation='UPDATE', pgid='pgtrigger_update_update_c50d3', table='timetable_calendar', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (OLD."holiday_region", OLD."id", OLD."name", OLD."organization_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."time_zone"); RETURN NULL;', hash='5be250e55f61dc6f2a61522b41bd43d53a64883c', operation='DELETE', pgid='pgtrigger_delete_delete_72b0b', table='timetable_calendar', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='calendarexception',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('calendar', '='), ('days', '&&')], name='exception_no_overlap', violation_error_message='Une autre exception couvre déjà ces jours.'),
        ),
        migrations.AddConstraint(
            model_name='calendarexception',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False)), name='exception_lasts_a_day', violation_error_message='Une exception dure au moins un jour.'),
        ),
        migrations.AddConstraint(
            model_name='calendarexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_min__isnull', True), ('start_min__isnull', True)), models.Q(('start_min__range', (0, 1439)), ('end_min__gt', models.F('start_min')), ('end_min__lte', django.db.models.expressions.CombinedExpression(models.F('start_min'), '+', models.Value(1440)))), _connector='OR'), name='exception_window_within_day', violation_error_message='Une plage commence dans la journée et dure au plus 24 h.'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('line_id__isnull', False)), fields=['line_id'], name='hold_of_line'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['asset'], name='hold_option'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('asset', '='), ('lanes', '&&'), ('span', '&&')], name='hold_no_overlap', violation_error_message='Cette plage est déjà prise.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='6c49f68a90f6a7007bfeb75c7c844035388e97b2', operation='INSERT', pgid='pgtrigger_insert_insert_7278e', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='0758a23790397c462daa0c3351adb88333b5d5f6', operation='UPDATE', pgid='pgtrigger_update_update_6cc1f', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (OLD."asset_id", OLD."expires_at", OLD."id", OLD."lane_count", OLD."lanes", OLD."line_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."span", OLD."use_span"); RETURN NULL;', hash='6b4e186ab8556f00399773093411436f015c3ac2', operation='DELETE', pgid='pgtrigger_delete_delete_f9149', table='timetable_hold', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=models.UniqueConstraint(condition=models.Q(('days__isnull', True)), fields=('calendar',), name='season_usual_week_once', violation_error_message='Un calendrier n’a qu’une semaine habituelle.'),
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('days__isnull', False)), expressions=[('calendar', '='), ('days', '&&')], name='season_no_overlap', violation_error_message='Deux saisons ne se chevauchent pas.'),
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=models.CheckConstraint(condition=models.Q(('days__isnull', True), ('days__isempty', False), _connector='OR'), name='season_lasts_a_day', violation_error_message='Une saison dure au moins un jour.'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='opening_weekday_known', violation_error_message='Le jour va de lundi à dimanche.'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('start_min__range', (0, 1439)), ('end_min__gt', models.F('start_min')), ('end_min__lte', django.db.models.expressions.CombinedExpression(models.F('start_min'), '+', models.Value(1440)))), name='opening_window_within_day', violation_error_message='Une plage commence dans la journée et dure au plus 24 h.'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.UniqueConstraint(fields=('season', 'weekday', 'start_min'), name='opening_start_once', violation_error_message='Deux plages ne commencent pas à la même heure.'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('season', '='), ('weekday', '='), (models.Func(models.F('start_min'), models.F('end_min'), models.Value('[]'), function='int4range'), '&&')], name='opening_windows_apart', violation_error_message='Deux plages d’un jour ne se touchent pas.'),
        ),
    ]
