# SPDX-License-Identifier: EUPL-1.2
"""Who answers for the information of a body, and the second factor it asks for."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_people'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='organization',
            name='deputy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organization',
            name='requires_second_factor',
            field=models.BooleanField(blank=True, help_text="None follows the platform's setting", null=True),
        ),
        migrations.AddField(
            model_name='organization',
            name='steward',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organization',
            name='steward_function',
            field=models.TextField(blank=True, help_text='Said in public; never a name'),
        ),
        migrations.AddField(
            model_name='organization',
            name='stewards_confirmed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='organizationevent',
            name='deputy',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organizationevent',
            name='requires_second_factor',
            field=models.BooleanField(blank=True, help_text="None follows the platform's setting", null=True),
        ),
        migrations.AddField(
            model_name='organizationevent',
            name='steward',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='organizationevent',
            name='steward_function',
            field=models.TextField(blank=True, help_text='Said in public; never a name'),
        ),
        migrations.AddField(
            model_name='organizationevent',
            name='stewards_confirmed_on',
            field=models.DateField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_organizationevent" ("contact", "deputy_id", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_second_factor", "slug", "steward_function", "steward_id", "stewards_confirmed_on", "territory_id", "time_zone") VALUES (NEW."contact", NEW."deputy_id", NEW."id", NEW."is_recognized", NEW."latitude", NEW."longitude", NEW."name", NEW."nature_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."requires_second_factor", NEW."slug", NEW."steward_function", NEW."steward_id", NEW."stewards_confirmed_on", NEW."territory_id", NEW."time_zone"); RETURN NULL;', hash='3833578eae5859c715d36acf417f36b122f95037', operation='INSERT', pgid='pgtrigger_insert_insert_5a753', table='organizations_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."deputy_id" IS DISTINCT FROM (NEW."deputy_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_recognized" IS DISTINCT FROM (NEW."is_recognized") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nature_id" IS DISTINCT FROM (NEW."nature_id") OR OLD."requires_second_factor" IS DISTINCT FROM (NEW."requires_second_factor") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."steward_id" IS DISTINCT FROM (NEW."steward_id") OR OLD."steward_function" IS DISTINCT FROM (NEW."steward_function") OR OLD."stewards_confirmed_on" IS DISTINCT FROM (NEW."stewards_confirmed_on") OR OLD."territory_id" IS DISTINCT FROM (NEW."territory_id") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone"))', func='INSERT INTO "organizations_organizationevent" ("contact", "deputy_id", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_second_factor", "slug", "steward_function", "steward_id", "stewards_confirmed_on", "territory_id", "time_zone") VALUES (NEW."contact", NEW."deputy_id", NEW."id", NEW."is_recognized", NEW."latitude", NEW."longitude", NEW."name", NEW."nature_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."requires_second_factor", NEW."slug", NEW."steward_function", NEW."steward_id", NEW."stewards_confirmed_on", NEW."territory_id", NEW."time_zone"); RETURN NULL;', hash='f4f9c6a4915e481c6f68ae83e0df1600c35430a9', operation='UPDATE', pgid='pgtrigger_update_update_73a92', table='organizations_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_organizationevent" ("contact", "deputy_id", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requires_second_factor", "slug", "steward_function", "steward_id", "stewards_confirmed_on", "territory_id", "time_zone") VALUES (OLD."contact", OLD."deputy_id", OLD."id", OLD."is_recognized", OLD."latitude", OLD."longitude", OLD."name", OLD."nature_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."requires_second_factor", OLD."slug", OLD."steward_function", OLD."steward_id", OLD."stewards_confirmed_on", OLD."territory_id", OLD."time_zone"); RETURN NULL;', hash='53eecca5f99e1bae82585af8a8c0adbba4055baa', operation='DELETE', pgid='pgtrigger_delete_delete_84ac6', table='organizations_organization', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(('steward__isnull', True), ('deputy__isnull', True), models.Q(('steward', models.F('deputy')), _negated=True), _connector='OR'), name='organization_two_stewards', violation_error_message='Le responsable et le suppléant sont deux personnes.'),
        ),
    ]
