# SPDX-License-Identifier: EUPL-1.2

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import usufruit.inventory.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0006_email_in_any_case'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True)),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('place_name', models.TextField()),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('point', models.GeneratedField(db_persist=True, expression=usufruit.inventory.models.ProjectedPoint('latitude', 'longitude'), output_field=usufruit.inventory.models.PointField())),
                ('radius_km', models.PositiveSmallIntegerField()),
                ('purpose', models.TextField()),
                ('state', models.TextField(choices=[('open', 'Ouvert'), ('met', 'Comblé'), ('withdrawn', 'Retiré')], default='open')),
                ('reported_at', models.DateTimeField()),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='inventory.category')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='organizations.organization')),
                ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-reported_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='NeedEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('words', models.TextField(blank=True)),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('place_name', models.TextField()),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('radius_km', models.PositiveSmallIntegerField()),
                ('purpose', models.TextField()),
                ('state', models.TextField(choices=[('open', 'Ouvert'), ('met', 'Comblé'), ('withdrawn', 'Retiré')], default='open')),
                ('reported_at', models.DateTimeField()),
                ('category', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.category')),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='needs.need')),
                ('reported_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['category', '-reported_at'], name='need_open'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('category__isnull', False), models.Q(('words', ''), _negated=True), _connector='OR'), name='need_says_what', violation_error_message='Dites ce qu’il vous faut.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='need_has_purpose', violation_error_message='Dites à quoi cela servirait.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'met', 'withdrawn'])), name='need_state_known', violation_error_message='Cet état n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('radius_km__range', (1, 500))), name='need_radius_bounded', violation_error_message='Le rayon va de 1 à 500\xa0km.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__range', (-85, 85)), ('longitude__range', (-180, 180))), name='need_place_exists', violation_error_message='La position va de −85 à 85° et de −180 à 180°.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('use_span__isnull', True), models.Q(('use_span__isempty', False), ('use_span__endswith__isnull', False), ('use_span__startswith__isnull', False)), _connector='OR'), name='need_span_has_ends', violation_error_message='Un moment a un début et une fin.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('organization', 'category', 'words', 'use_span', 'latitude', 'longitude'), name='need_open_once', nulls_distinct=False, violation_error_message='Ce besoin est déjà signalé.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='need',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "needs_needevent" ("category_id", "id", "latitude", "longitude", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_name", "purpose", "radius_km", "reported_at", "reported_by_id", "state", "time_zone", "use_span", "words") VALUES (NEW."category_id", NEW."id", NEW."latitude", NEW."longitude", NEW."organization_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place_name", NEW."purpose", NEW."radius_km", NEW."reported_at", NEW."reported_by_id", NEW."state", NEW."time_zone", NEW."use_span", NEW."words"); RETURN NULL;', hash='584164fe2e0496079f4a8131189d4e2a7821b49a', operation='INSERT', pgid='pgtrigger_insert_insert_ae169', table='needs_need', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='need',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."place_name" IS DISTINCT FROM (NEW."place_name") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."radius_km" IS DISTINCT FROM (NEW."radius_km") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reported_by_id" IS DISTINCT FROM (NEW."reported_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."use_span" IS DISTINCT FROM (NEW."use_span") OR OLD."words" IS DISTINCT FROM (NEW."words"))', func='INSERT INTO "needs_needevent" ("category_id", "id", "latitude", "longitude", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_name", "purpose", "radius_km", "reported_at", "reported_by_id", "state", "time_zone", "use_span", "words") VALUES (NEW."category_id", NEW."id", NEW."latitude", NEW."longitude", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place_name", NEW."purpose", NEW."radius_km", NEW."reported_at", NEW."reported_by_id", NEW."state", NEW."time_zone", NEW."use_span", NEW."words"); RETURN NULL;', hash='ef91fdd1e0d2cb05066ff816a07b382be645823e', operation='UPDATE', pgid='pgtrigger_update_update_a52e1', table='needs_need', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='need',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "needs_needevent" ("category_id", "id", "latitude", "longitude", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_name", "purpose", "radius_km", "reported_at", "reported_by_id", "state", "time_zone", "use_span", "words") VALUES (OLD."category_id", OLD."id", OLD."latitude", OLD."longitude", OLD."organization_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place_name", OLD."purpose", OLD."radius_km", OLD."reported_at", OLD."reported_by_id", OLD."state", OLD."time_zone", OLD."use_span", OLD."words"); RETURN NULL;', hash='0c79a87be4fad10a7f6cfc9d93897e4de7bd22cf', operation='DELETE', pgid='pgtrigger_delete_delete_faaa7', table='needs_need', when='AFTER')),
        ),
    ]
