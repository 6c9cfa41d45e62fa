# SPDX-License-Identifier: EUPL-1.2
"""Facts, secrets, photos and papers of sites and assets."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField()),
                ('value', models.JSONField()),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.asset')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.site')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='FactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.TextField()),
                ('value', models.JSONField()),
                ('asset', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.asset')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='premises.fact')),
                ('site', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('media_type', models.TextField()),
                ('size_bytes', models.PositiveIntegerField()),
                ('reader', models.TextField(choices=[('all', 'Toute personne qui voit le bien'), ('booked', 'Les organismes dont la réservation est confirmée'), ('managers', 'Les gestionnaires seulement')], default='all')),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='inventory.asset')),
            ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('thumbnail_digest', models.CharField(max_length=64)),
                ('thumbnail_width', models.PositiveIntegerField()),
                ('thumbnail_height', models.PositiveIntegerField()),
                ('alt', models.TextField(blank=True)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.asset')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.site')),
            ],
            options={
                'ordering': ['rank', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.TextField()),
                ('hours_before', models.PositiveSmallIntegerField(default=24)),
                ('changed_at', models.DateTimeField()),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.asset')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='inventory.site')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asset__isnull', False), ('site__isnull', True)), models.Q(('asset__isnull', True), ('site__isnull', False)), _connector='OR'), name='fact_of_one', violation_error_message='Choisissez un lieu ou un bien, pas les deux.'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['opener', 'entrance', 'key_place', 'caretaker', 'after_hours', 'parking', 'dock', 'theatre', 'classroom', 'banquet', 'standing', 'fire_limit', 'alcohol', 'food', 'animals', 'smoking', 'minors', 'quiet_from', 'step_free', 'door_cm', 'lift', 'toilet', 'hearing_loop', 'reserved_parking', 'table', 'visual_alarm', 'quiet_room'])), name='fact_code_known', violation_error_message='Ce renseignement n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('site', 'code'), name='fact_once_per_site', violation_error_message='Ce lieu dit déjà ce renseignement.'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('asset', 'code'), name='fact_once_per_asset', violation_error_message='Ce bien dit déjà ce renseignement.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_factevent" ("asset_id", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "value") VALUES (NEW."asset_id", NEW."code", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."value"); RETURN NULL;', hash='6feae20b29ab26865d79f5465725df620a53ba93', operation='INSERT', pgid='pgtrigger_insert_insert_71d97', table='premises_fact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "premises_factevent" ("asset_id", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "value") VALUES (NEW."asset_id", NEW."code", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."value"); RETURN NULL;', hash='598bee0f791c3cc397aaff2464e93959e8fa6fe0', operation='UPDATE', pgid='pgtrigger_update_update_57314', table='premises_fact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "premises_factevent" ("asset_id", "code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "value") VALUES (OLD."asset_id", OLD."code", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."value"); RETURN NULL;', hash='5cb5b152bff1832833699f4d83605cefb8249543', operation='DELETE', pgid='pgtrigger_delete_delete_c574e', table='premises_fact', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('reader__in', ['all', 'booked', 'managers'])), name='paper_reader_known', violation_error_message='Ce public n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='paper_has_title', violation_error_message='Un document porte un titre.'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asset__isnull', False), ('site__isnull', True)), models.Q(('asset__isnull', True), ('site__isnull', False)), _connector='OR'), name='photo_of_one', violation_error_message='Choisissez un lieu ou un bien, pas les deux.'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('height__range', (1, 1600)), ('width__range', (1, 1600))), name='photo_is_shrunk', violation_error_message='Une photo a au plus 1\xa0600 points de côté.'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asset__isnull', False), ('site__isnull', True)), models.Q(('asset__isnull', True), ('site__isnull', False)), _connector='OR'), name='secret_of_one', violation_error_message='Choisissez un lieu ou un bien, pas les deux.'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.CheckConstraint(condition=models.Q(('hours_before__lte', 168)), name='secret_within_week', violation_error_message='Un code se montre au plus 168 heures à l’avance.'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.UniqueConstraint(fields=('site',), name='secret_once_per_site', violation_error_message='Ce lieu a déjà un code.'),
        ),
        migrations.AddConstraint(
            model_name='secret',
            constraint=models.UniqueConstraint(fields=('asset',), name='secret_once_per_asset', violation_error_message='Ce bien a déjà un code.'),
        ),
    ]
