# SPDX-License-Identifier: EUPL-1.2
"""Options: a person keeps a slot for some minutes, and time alone ends it (T8)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


KNOWN = """
ALTER TABLE timetable_hold
    DROP CONSTRAINT hold_reason_known,
    ADD CONSTRAINT hold_reason_known
        CHECK (reason IN ('booking', 'own_use', 'downtime', 'option'));
"""
BEFORE = """
ALTER TABLE timetable_hold
    DROP CONSTRAINT hold_reason_known,
    ADD CONSTRAINT hold_reason_known CHECK (reason IN ('booking', 'own_use', 'downtime'));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0002_lanes'),
        ('timetable', '0008_months_afresh'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(KNOWN, BEFORE),
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
            model_name='hold',
            name='held_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='options', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='holdevent',
            name='held_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='hold',
            name='reason',
            field=models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne'), ('option', 'Option, gardée un moment')]),
        ),
        migrations.AlterField(
            model_name='holdevent',
            name='reason',
            field=models.TextField(choices=[('booking', 'Réservation'), ('own_use', 'Usage interne'), ('downtime', 'Entretien ou panne'), ('option', 'Option, gardée un moment')]),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='543ec1f2319a7741696fee95daf82e81f0beac5f', operation='INSERT', pgid='pgtrigger_insert_insert_7278e', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."span", NEW."use_span"); RETURN NULL;', hash='bd5d0f74bbd1a37a04a7ce4155362953f93c130b', operation='UPDATE', pgid='pgtrigger_update_update_6cc1f', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "use_span") VALUES (OLD."asset_id", OLD."expires_at", OLD."held_by_id", OLD."id", OLD."lane_count", OLD."lanes", OLD."line_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."span", OLD."use_span"); RETURN NULL;', hash='2dec2f159ed1e8482d88ab46c93c6c225836428b', operation='DELETE', pgid='pgtrigger_delete_delete_f9149', table='timetable_hold', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'option'), _negated=True), models.Q(('expires_at__isnull', False), ('held_by__isnull', False), ('line_id__isnull', True)), _connector='OR'), name='hold_option_runs_out', violation_error_message='Une option a une fin et appartient à une personne.'),
        ),
    ]
