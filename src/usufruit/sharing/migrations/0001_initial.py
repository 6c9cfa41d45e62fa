# SPDX-License-Identifier: EUPL-1.2

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('timetable', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.TextField(choices=[('own_body', 'Mon organisme'), ('public_bodies', 'Tous les organismes publics'), ('recognized', 'Organismes reconnus')])),
                ('mode', models.TextField(choices=[('instant', 'Réservation immédiate'), ('approval', 'Sur approbation')], default='approval')),
                ('asset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sharing_rules', to='inventory.asset')),
                ('windows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sharing_rules', to='timetable.calendar')),
            ],
            options={
                'ordering': ['asset', 'audience', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SharingRuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('audience', models.TextField(choices=[('own_body', 'Mon organisme'), ('public_bodies', 'Tous les organismes publics'), ('recognized', 'Organismes reconnus')])),
                ('mode', models.TextField(choices=[('instant', 'Réservation immédiate'), ('approval', 'Sur approbation')], default='approval')),
                ('asset', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.asset')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sharing.sharingrule')),
                ('windows', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='timetable.calendar')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='sharingrule',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['own_body', 'public_bodies', 'recognized'])), name='sharing_audience_known', violation_error_message='Ce public n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='sharingrule',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['instant', 'approval'])), name='sharing_mode_known', violation_error_message='Ce mode de réservation n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='sharingrule',
            constraint=models.UniqueConstraint(fields=('asset', 'audience', 'windows'), name='sharing_rule_once', nulls_distinct=False, violation_error_message='Cette règle existe déjà pour ce bien.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sharing_sharingruleevent" ("asset_id", "audience", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "windows_id") VALUES (NEW."asset_id", NEW."audience", NEW."id", NEW."mode", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."windows_id"); RETURN NULL;', hash='e278edb2dee1c1c5264016dc16d36bc206f01399', operation='INSERT', pgid='pgtrigger_insert_insert_986d3', table='sharing_sharingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sharing_sharingruleevent" ("asset_id", "audience", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "windows_id") VALUES (NEW."asset_id", NEW."audience", NEW."id", NEW."mode", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."windows_id"); RETURN NULL;', hash='e4e96cd6b4a1610030becb23bf5f6c8644f8abee', operation='UPDATE', pgid='pgtrigger_update_update_e263d', table='sharing_sharingrule', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sharingrule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sharing_sharingruleevent" ("asset_id", "audience", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "windows_id") VALUES (OLD."asset_id", OLD."audience", OLD."id", OLD."mode", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."windows_id"); RETURN NULL;', hash='cd244939368a2c600a2f28438d1eb172b8502621', operation='DELETE', pgid='pgtrigger_delete_delete_5fe14', table='sharing_sharingrule', when='AFTER')),
        ),
    ]
