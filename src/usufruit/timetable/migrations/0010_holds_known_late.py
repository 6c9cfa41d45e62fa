# SPDX-License-Identifier: EUPL-1.2

import datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timetable', '0009_options'),
    ]

    operations = [
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
            name='taken_at',
            field=models.DateTimeField(db_default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
        ),
        migrations.AddField(
            model_name='holdevent',
            name='taken_at',
            field=models.DateTimeField(db_default=datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."span", NEW."taken_at", NEW."use_span"); RETURN NULL;', hash='7dad15ec0fdc3c85e478be15bc3561d5f862fe43', operation='INSERT', pgid='pgtrigger_insert_insert_7278e', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."span", NEW."taken_at", NEW."use_span"); RETURN NULL;', hash='aec452972c854d2b6b73321dbb1e05ea009142dc', operation='UPDATE', pgid='pgtrigger_update_update_6cc1f', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (OLD."asset_id", OLD."expires_at", OLD."held_by_id", OLD."id", OLD."lane_count", OLD."lanes", OLD."line_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."span", OLD."taken_at", OLD."use_span"); RETURN NULL;', hash='32b394fd193126ce1d3f7752f5ac7a6173ed6646', operation='DELETE', pgid='pgtrigger_delete_delete_f9149', table='timetable_hold', when='AFTER')),
        ),
    ]
