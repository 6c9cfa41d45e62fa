# SPDX-License-Identifier: EUPL-1.2
"""Absences, departures, and how long a use an approver accepts."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0008_stewards'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open')),
            ],
            options={
                'ordering': ['days', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AbsenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('days', django.contrib.postgres.fields.ranges.DateRangeField(help_text='Half-open')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leaves_on', models.DateField(help_text='First day without any role')),
            ],
            options={
                'ordering': ['-leaves_on', '-id'],
            },
        ),
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
        migrations.AddField(
            model_name='membership',
            name='ceiling_h',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Longest use an approver accepts, in hours; None for any', null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='ends_on',
            field=models.DateField(blank=True, help_text='First day without the role', null=True),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='ceiling_h',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Longest use an approver accepts, in hours; None for any', null=True),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='ends_on',
            field=models.DateField(blank=True, help_text='First day without the role', null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("ceiling_h", "ends_on", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."ceiling_h", NEW."ends_on", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;', hash='7c8c9fb049690bf03cd3645ac02f61f7d81c3c25', operation='INSERT', pgid='pgtrigger_insert_insert_df650', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organizations_membershipevent" ("ceiling_h", "ends_on", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."ceiling_h", NEW."ends_on", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;', hash='10a8dfd40b2309bd992e8720b81b0111aa4c4d01', operation='UPDATE', pgid='pgtrigger_update_update_6cb9e', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("ceiling_h", "ends_on", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."ceiling_h", OLD."ends_on", OLD."id", OLD."organization_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;', hash='d5e8747699e016cde16cbbf2cf5d24674d53a192', operation='DELETE', pgid='pgtrigger_delete_delete_0b96a', table='organizations_membership', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('ceiling_h__isnull', True), models.Q(('ceiling_h__gt', 0), ('role', 'approver')), _connector='OR'), name='membership_ceiling_of_approver', violation_error_message='Seul un approbateur a un plafond, d’au moins une heure.'),
        ),
        migrations.AddField(
            model_name='absence',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='absence',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='absence',
            name='replacement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replacements', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='absenceevent',
            name='organization',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='absenceevent',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='absenceevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='absenceevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organizations.absence'),
        ),
        migrations.AddField(
            model_name='absenceevent',
            name='replacement',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='departure',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='departure',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='departures', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='departure',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='departures', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('organization', '='), ('person', '='), ('days', '&&')], name='absence_no_overlap', violation_error_message='Une autre absence couvre déjà une partie de ces jours.'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('days__isempty', False), ('days__lower_inf', False), ('days__upper_inf', False)), name='absence_has_days', violation_error_message='Une absence a un premier et un dernier jour.'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('replacement')), _negated=True), name='absence_replaced_by_another', violation_error_message='Une personne ne se remplace pas elle-même.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_absenceevent" ("days", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replacement_id") VALUES (NEW."days", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replacement_id"); RETURN NULL;', hash='9c8e604ddd5577b8462bf1f70fdcebe91354e075', operation='INSERT', pgid='pgtrigger_insert_insert_b3016', table='organizations_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organizations_absenceevent" ("days", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replacement_id") VALUES (NEW."days", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replacement_id"); RETURN NULL;', hash='8b49cba50f8ba70da665d1b514ec4669eddc9a9a', operation='UPDATE', pgid='pgtrigger_update_update_5bd35', table='organizations_absence', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_absenceevent" ("days", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replacement_id") VALUES (OLD."days", OLD."id", OLD."organization_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."replacement_id"); RETURN NULL;', hash='9ce70990f094182947f4aec2fa3981b25d08c2c8', operation='DELETE', pgid='pgtrigger_delete_delete_af195', table='organizations_absence', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='departure',
            constraint=models.UniqueConstraint(fields=('organization', 'person', 'leaves_on'), name='departure_once_a_day', violation_error_message='Ce départ est déjà inscrit.'),
        ),
        migrations.AddConstraint(
            model_name='departure',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('contact')), _negated=True), name='departure_answered_by_another', violation_error_message='Une autre personne répond après un départ.'),
        ),
    ]
