# SPDX-License-Identifier: EUPL-1.2
"""The history of a hold tells its agenda and since when it is taken."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('timetable', '0014_months_follow'),
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
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (NEW."agenda_id", NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."span", NEW."taken_at", NEW."use_span"); RETURN NULL;', hash='4981f9a811e34d4b210abc82529aecf1e715ccd9', operation='INSERT', pgid='pgtrigger_insert_insert_7278e', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (NEW."agenda_id", NEW."asset_id", NEW."expires_at", NEW."held_by_id", NEW."id", NEW."lane_count", NEW."lanes", NEW."line_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."span", NEW."taken_at", NEW."use_span"); RETURN NULL;', hash='f7157c36eb8d6b258fe7f552816a7c322be67788', operation='UPDATE', pgid='pgtrigger_update_update_6cc1f', table='timetable_hold', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "timetable_holdevent" ("agenda_id", "asset_id", "expires_at", "held_by_id", "id", "lane_count", "lanes", "line_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "span", "taken_at", "use_span") VALUES (OLD."agenda_id", OLD."asset_id", OLD."expires_at", OLD."held_by_id", OLD."id", OLD."lane_count", OLD."lanes", OLD."line_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."span", OLD."taken_at", OLD."use_span"); RETURN NULL;', hash='c46ee902c10b680c9ec7e43302c83b7a05f4e04c', operation='DELETE', pgid='pgtrigger_delete_delete_f9149', table='timetable_hold', when='AFTER')),
        ),
    ]
