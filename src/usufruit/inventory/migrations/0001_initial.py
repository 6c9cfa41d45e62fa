# SPDX-License-Identifier: EUPL-1.2

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import usufruit.inventory.models
import usufruit.kernel.fields
import usufruit.kernel.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('kind', models.TextField(choices=[('good', 'Matériel'), ('vehicle', 'Véhicule'), ('place', 'Lieu'), ('land', 'Terrain'), ('service', 'Service'), ('expertise', 'Expertise')])),
                ('name', models.TextField()),
                ('sort_key', models.GeneratedField(db_persist=True, expression=usufruit.kernel.models.FrenchSortKey('name'), output_field=models.TextField())),
                ('synonyms', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('icon', models.SlugField(max_length=60)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='inventory.category')),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='AttributeDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60)),
                ('name', models.TextField()),
                ('unit', models.TextField(blank=True)),
                ('value_type', models.TextField(choices=[('number', 'Nombre'), ('text', 'Texte'), ('yes_no', 'Oui ou non')])),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='inventory.category')),
            ],
            options={
                'ordering': ['category', 'rank', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('sort_key', models.GeneratedField(db_persist=True, expression=usufruit.kernel.models.FrenchSortKey('name'), output_field=models.TextField())),
                ('description', models.TextField(blank=True)),
                ('conditions', models.TextField(blank=True, help_text='What a borrower must know and bring')),
                ('external_id', models.TextField(help_text="The owner's own inventory number")),
                ('structure', models.TextField(choices=[('single', 'D’un seul tenant'), ('parts', 'Divisible en parties')], default='single')),
                ('lane_count', models.PositiveIntegerField(default=1)),
                ('capacity', models.PositiveIntegerField(blank=True, help_text='Persons', null=True)),
                ('attributes', models.JSONField(blank=True, default=dict)),
                ('buffer_before_min', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after_min', models.PositiveSmallIntegerField(default=0)),
                ('state', models.TextField(choices=[('draft', 'Brouillon'), ('published', 'Publié'), ('withdrawn', 'Retiré')], default='draft')),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('point', models.GeneratedField(db_persist=True, expression=usufruit.inventory.models.ProjectedPoint('latitude', 'longitude'), output_field=usufruit.inventory.models.PointField())),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_assets', to='organizations.organization')),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managed_assets', to='organizations.organization')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_assets', to='organizations.organization')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='inventory.category')),
            ],
            options={
                'ordering': ['sort_key', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lane_count', models.PositiveIntegerField()),
                ('name', models.TextField()),
                ('lanes', usufruit.kernel.fields.LanesField()),
                ('capacity', models.PositiveIntegerField(blank=True, null=True)),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='inventory.asset')),
            ],
            options={
                'ordering': ['asset', 'rank', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('sort_key', models.GeneratedField(db_persist=True, expression=usufruit.kernel.models.FrenchSortKey('name'), output_field=models.TextField())),
                ('address', models.TextField(blank=True)),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='organizations.organization')),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='AssetEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.TextField()),
                ('description', models.TextField(blank=True)),
                ('conditions', models.TextField(blank=True, help_text='What a borrower must know and bring')),
                ('external_id', models.TextField(help_text="The owner's own inventory number")),
                ('structure', models.TextField(choices=[('single', 'D’un seul tenant'), ('parts', 'Divisible en parties')], default='single')),
                ('lane_count', models.PositiveIntegerField(default=1)),
                ('capacity', models.PositiveIntegerField(blank=True, help_text='Persons', null=True)),
                ('attributes', models.JSONField(blank=True, default=dict)),
                ('buffer_before_min', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after_min', models.PositiveSmallIntegerField(default=0)),
                ('state', models.TextField(choices=[('draft', 'Brouillon'), ('published', 'Publié'), ('withdrawn', 'Retiré')], default='draft')),
                ('latitude', models.FloatField()),
                ('longitude', models.FloatField()),
                ('custodian', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('manager', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='inventory.asset')),
                ('category', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.category')),
                ('site', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inventory.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='asset',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assets', to='inventory.site'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['good', 'vehicle', 'place', 'land', 'service', 'expertise'])), name='category_kind_known', violation_error_message='Cette nature de bien n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='category_not_its_own_parent', violation_error_message='Une catégorie ne se contient pas elle-même.'),
        ),
        migrations.AddConstraint(
            model_name='attributedefinition',
            constraint=models.UniqueConstraint(fields=('category', 'code'), name='attribute_once_per_category', violation_error_message='Cette caractéristique existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='attributedefinition',
            constraint=models.CheckConstraint(condition=models.Q(('value_type', 'number'), ('unit', ''), _connector='OR'), name='attribute_unit_of_number', violation_error_message='Seul un nombre a une unité.'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('asset', 'name'), name='part_name_once', violation_error_message='Ce bien a déjà une partie de ce nom.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__range', (-85, 85)), ('longitude__range', (-180, 180))), name='site_place_exists', violation_error_message='La position va de −85 à 85° et de −180 à 180°.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(fields=('organization', 'name'), name='site_name_once', violation_error_message='Cet organisme a déjà un lieu de ce nom.'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('state', 'published')), fields=['category', 'point'], name='asset_near'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.UniqueConstraint(fields=('owner', 'external_id'), name='asset_external_id_once', violation_error_message='Cet organisme a déjà un bien de ce numéro.'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.UniqueConstraint(fields=('id', 'lane_count'), name='asset_lanes_known'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('external_id', ''), _negated=True)), name='asset_is_named', violation_error_message='Un bien porte un nom et un numéro d’inventaire.'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lane_count', 1), ('structure', 'single')), models.Q(('lane_count__range', (2, 60)), ('structure', 'parts')), _connector='OR'), name='asset_lanes_fit_structure', violation_error_message='Un bien d’un seul tenant a une voie; un bien divisible en a de 2 à 60.'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'withdrawn'])), name='asset_state_known', violation_error_message='Cet état n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('buffer_after_min__lte', 1440), ('buffer_before_min__lte', 1440)), name='asset_buffers_within_day', violation_error_message='Un battement dure au plus 24 heures.'),
        ),
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__range', (-85, 85)), ('longitude__range', (-180, 180))), name='asset_place_exists', violation_error_message='La position va de −85 à 85° et de −180 à 180°.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asset',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_assetevent" ("attributes", "buffer_after_min", "buffer_before_min", "capacity", "category_id", "conditions", "custodian_id", "description", "external_id", "id", "lane_count", "latitude", "longitude", "manager_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state", "structure") VALUES (NEW."attributes", NEW."buffer_after_min", NEW."buffer_before_min", NEW."capacity", NEW."category_id", NEW."conditions", NEW."custodian_id", NEW."description", NEW."external_id", NEW."id", NEW."lane_count", NEW."latitude", NEW."longitude", NEW."manager_id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."site_id", NEW."state", NEW."structure"); RETURN NULL;', hash='9f75408d42c4dbe3bf865930359f515bb5831b4c', operation='INSERT', pgid='pgtrigger_insert_insert_d6b02', table='inventory_asset', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asset',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."attributes" IS DISTINCT FROM (NEW."attributes") OR OLD."buffer_after_min" IS DISTINCT FROM (NEW."buffer_after_min") OR OLD."buffer_before_min" IS DISTINCT FROM (NEW."buffer_before_min") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."custodian_id" IS DISTINCT FROM (NEW."custodian_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."external_id" IS DISTINCT FROM (NEW."external_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."lane_count" IS DISTINCT FROM (NEW."lane_count") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."manager_id" IS DISTINCT FROM (NEW."manager_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."site_id" IS DISTINCT FROM (NEW."site_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."structure" IS DISTINCT FROM (NEW."structure"))', func='INSERT INTO "inventory_assetevent" ("attributes", "buffer_after_min", "buffer_before_min", "capacity", "category_id", "conditions", "custodian_id", "description", "external_id", "id", "lane_count", "latitude", "longitude", "manager_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state", "structure") VALUES (NEW."attributes", NEW."buffer_after_min", NEW."buffer_before_min", NEW."capacity", NEW."category_id", NEW."conditions", NEW."custodian_id", NEW."description", NEW."external_id", NEW."id", NEW."lane_count", NEW."latitude", NEW."longitude", NEW."manager_id", NEW."name", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."site_id", NEW."state", NEW."structure"); RETURN NULL;', hash='9c1eadc2f98117b4bbca3748326e7a717c4ec12f', operation='UPDATE', pgid='pgtrigger_update_update_c0711', table='inventory_asset', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='asset',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inventory_assetevent" ("attributes", "buffer_after_min", "buffer_before_min", "capacity", "category_id", "conditions", "custodian_id", "description", "external_id", "id", "lane_count", "latitude", "longitude", "manager_id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "site_id", "state", "structure") VALUES (OLD."attributes", OLD."buffer_after_min", OLD."buffer_before_min", OLD."capacity", OLD."category_id", OLD."conditions", OLD."custodian_id", OLD."description", OLD."external_id", OLD."id", OLD."lane_count", OLD."latitude", OLD."longitude", OLD."manager_id", OLD."name", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."site_id", OLD."state", OLD."structure"); RETURN NULL;', hash='abb59c42d5a392486b9383d5e9ddf754fd319bb5', operation='DELETE', pgid='pgtrigger_delete_delete_b7782', table='inventory_asset', when='AFTER')),
        ),
    ]
