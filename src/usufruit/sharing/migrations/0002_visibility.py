# SPDX-License-Identifier: EUPL-1.2

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_people'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('sharing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Visibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('information', models.TextField()),
                ('reach', models.TextField()),
                ('organization', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='visibilities', to='organizations.organization')),
            ],
            options={
                'ordering': ['organization', 'information'],
            },
        ),
        migrations.CreateModel(
            name='VisibilityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('information', models.TextField()),
                ('reach', models.TextField()),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sharing.visibility')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='visibility',
            constraint=models.UniqueConstraint(fields=('organization', 'information'), name='visibility_once', violation_error_message='Cette information a déjà sa règle.'),
        ),
        migrations.AddConstraint(
            model_name='visibility',
            constraint=models.CheckConstraint(condition=models.Q(('information__in', ['asset', 'photo', 'address', 'free_busy', 'use', 'contact', 'conditions'])), name='visibility_information_known', violation_error_message='Cette information n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='visibility',
            constraint=models.CheckConstraint(condition=models.Q(('reach__in', ['own_body', 'public_bodies', 'recognized', 'everyone'])), name='visibility_reach_known', violation_error_message='Ce public n’existe pas.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visibility',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sharing_visibilityevent" ("id", "information", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reach") VALUES (NEW."id", NEW."information", NEW."organization_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reach"); RETURN NULL;', hash='69ad38ff3a4815aa00525b60e50987542e6fb174', operation='INSERT', pgid='pgtrigger_insert_insert_8ea66', table='sharing_visibility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visibility',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "sharing_visibilityevent" ("id", "information", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reach") VALUES (NEW."id", NEW."information", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reach"); RETURN NULL;', hash='4dfa17854f67d733ac9969b8136e077d26a7f18b', operation='UPDATE', pgid='pgtrigger_update_update_de2d4', table='sharing_visibility', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='visibility',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "sharing_visibilityevent" ("id", "information", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reach") VALUES (OLD."id", OLD."information", OLD."organization_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reach"); RETURN NULL;', hash='4c1b3d09a26053c36ebee24f1470f748a1c3eaae', operation='DELETE', pgid='pgtrigger_delete_delete_18197', table='sharing_visibility', when='AFTER')),
        ),
    ]
