# SPDX-License-Identifier: EUPL-1.2
"""A role has no ceiling: no amount was known to compare it with, and no page let it be set."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0004_place_whole'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='membership',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_ceiling_of_approver',
        ),
        migrations.RemoveField(
            model_name='membership',
            name='ceiling_cad',
        ),
        migrations.RemoveField(
            model_name='membership',
            name='ceiling_h',
        ),
        migrations.RemoveField(
            model_name='membershipevent',
            name='ceiling_cad',
        ),
        migrations.RemoveField(
            model_name='membershipevent',
            name='ceiling_h',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;', hash='94e61a4af18275105a151e600fe43aba93a5d076', operation='INSERT', pgid='pgtrigger_insert_insert_df650', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organizations_membershipevent" ("id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;', hash='41b0d49172123227e6b963e37b81abaeec7a15ce', operation='UPDATE', pgid='pgtrigger_update_update_6cb9e', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."id", OLD."organization_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;', hash='0780272d6c2bc11a279205550997b5a713e1d0c5', operation='DELETE', pgid='pgtrigger_delete_delete_0b96a', table='organizations_membership', when='AFTER')),
        ),
    ]
