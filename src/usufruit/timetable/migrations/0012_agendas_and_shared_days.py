# SPDX-License-Identifier: EUPL-1.2
"""Time taken by the owner's other calendars; days typed once, that calendars follow."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

REASONS = """
ALTER TABLE timetable_hold
    DROP CONSTRAINT hold_reason_known,
    ADD CONSTRAINT hold_reason_known
        CHECK (reason IN ('booking', 'own_use', 'downtime', 'option', 'external')),
    ADD CONSTRAINT hold_external_names_agenda
        CHECK ((reason = 'external') = (agenda_id IS NOT NULL));
"""
BEFORE = """
ALTER TABLE timetable_hold
    DROP CONSTRAINT hold_external_names_agenda,
    DROP CONSTRAINT hold_reason_known,
    ADD CONSTRAINT hold_reason_known CHECK (reason IN ('booking', 'own_use', 'downtime', 'option'));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0002_lanes'),
        ('timetable', '0011_closures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarInclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='calendar',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='calendar',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='calendar',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='hold',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='hold',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='hold',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='calendar',
            name='is_shared',
            field=models.BooleanField(default=False, help_text='Days that other calendars follow: exceptions only, no hours'),
        ),
        migrations.AddField(
            model_name='calendarevent',
            name='is_shared',
            field=models.BooleanField(default=False, help_text='Days that other calendars follow: exceptions only, no hours'),
        ),
        migrations.AddField(
            model_name='hold',
            name='agenda_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='holdevent',
            name='agenda_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='hold',
            name='reason',
            field=models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne'), ('option', 'Option, gardée un moment'), ('external', 'Agenda de ce bien')]),
        ),
        migrations.AlterField(
            model_name='holdevent',
            name='reason',
            field=models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne'), ('option', 'Option, gardée un moment'), ('external', 'Agenda de ce bien')]),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('agenda_id__isnull', False)), fields=['agenda_id'], name='hold_of_agenda'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "is_shared", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."holiday_region", NEW."id", NEW."is_shared", NEW."name", NEW."organization_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."time_zone"); RETURN NULL;', hash='d9ee36da2efac1b2ec3ba54cee3e0f22a5072ff1', operation='INSERT', pgid='pgtrigger_insert_insert_7bb13', table='timetable_calendar', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "is_shared", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (NEW."holiday_region", NEW."id", NEW."is_shared", NEW."name", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."time_zone"); RETURN NULL;', hash='38dbc8ae296f8dbff1e3ace9d88976d189ac3177', operation='UPDATE', pgid='pgtrigger_update_update_c50d3', table='timetable_calendar', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendar',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_calendarevent" ("holiday_region", "id", "is_shared", "name", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone") VALUES (OLD."holiday_region", OLD."id", OLD."is_shared", OLD."name", OLD."organization_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."time_zone"); RETURN NULL;', hash='a6cbb2649fc525e1218126b85389161f8733aa42', operation='DELETE', pgid='pgtrigger_delete_delete_72b0b', table='timetable_calendar', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."agenda_id", NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='0f426d45c6daac6245fcc51a7f688e2bd7aad196', operation='INSERT', pgid='pgtrigger_insert_insert_7278e', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."agenda_id", NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='12ffb01b0c89c9884bf380b6cf6f7c76842aa9b6', operation='UPDATE', pgid='pgtrigger_update_update_6cc1f', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (OLD."agenda_id", OLD."asset_id", OLD."expires_at", OLD."held_by_id", OLD."id", OLD."lane_count", OLD."lanes", OLD."line_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."span", OLD."use_span"); RETURN NULL;', hash='283c1aee6191c75d1973cd7ad7b20780ecc5fff7', operation='DELETE', pgid='pgtrigger_delete_delete_f9149', table='timetable_hold', when='AFTER')),
        ),
        migrations.AddField(
            model_name='calendarinclusion',
            name='calendar',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='inclusions', to='timetable.calendar'),
        ),
        migrations.AddField(
            model_name='calendarinclusion',
            name='included',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='timetable.calendar'),
        ),
        migrations.AddConstraint(
            model_name='calendarinclusion',
            constraint=models.UniqueConstraint(fields=('calendar', 'included'), name='inclusion_once', violation_error_message="Cet horaire suit déjà ces jours communs."),
        ),
        migrations.AddConstraint(
            model_name='calendarinclusion',
            constraint=models.CheckConstraint(condition=models.Q(('calendar', models.F('included')), _negated=True), name='inclusion_not_itself', violation_error_message="Un horaire ne se suit pas lui-même."),
        ),
        migrations.RunSQL(REASONS, BEFORE),
    ]
