# SPDX-License-Identifier: EUPL-1.2

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import usufruit.kernel.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("kernel", "0001_foundations"),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('sort_key', models.GeneratedField(db_persist=True, expression=usufruit.kernel.models.FrenchSortKey('name'), output_field=models.TextField())),
                ('is_recognized', models.BooleanField(default=False, help_text='Association recognised by a public body under its policy')),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('contact', models.TextField(blank=True, help_text='Function and telephone, never a person')),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='OrganizationNature',
            fields=[
                ('code', models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('is_public', models.BooleanField()),
                ('rank', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['rank'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True)),
                ('full_name', models.TextField(blank=True)),
                ('phone', models.TextField(blank=True)),
                ('is_active', models.BooleanField(default=True)),
                ('is_platform_admin', models.BooleanField(default=False)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('email__isnull', True), ('full_name', ''), ('is_active', False), ('phone', '')), _connector='OR'), name='person_erased_is_empty', violation_error_message='Une personne effacée ne garde aucune donnée.')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.TextField(choices=[('member', 'Membre'), ('requester', 'Demandeur'), ('asset_manager', 'Gestionnaire de biens'), ('approver', 'Approbateur'), ('desk_clerk', 'Préposé au guichet'), ('finance', 'Finances'), ('body_admin', 'Administrateur de l’organisme'), ('coordinator', 'Coordonnateur du territoire'), ('analyst', 'Analyste')])),
                ('ceiling_cad', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('ceiling_h', models.PositiveIntegerField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='organizations.organization')),
            ],
            options={
                'ordering': ['organization', 'person', 'role'],
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.TextField(choices=[('member', 'Membre'), ('requester', 'Demandeur'), ('asset_manager', 'Gestionnaire de biens'), ('approver', 'Approbateur'), ('desk_clerk', 'Préposé au guichet'), ('finance', 'Finances'), ('body_admin', 'Administrateur de l’organisme'), ('coordinator', 'Coordonnateur du territoire'), ('analyst', 'Analyste')])),
                ('ceiling_cad', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('ceiling_h', models.PositiveIntegerField(blank=True, null=True)),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organizations.membership')),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='organization',
            name='nature',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organizations.organizationnature'),
        ),
        migrations.CreateModel(
            name='Territory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField(unique=True)),
                ('name', models.TextField()),
                ('sort_key', models.GeneratedField(db_persist=True, expression=usufruit.kernel.models.FrenchSortKey('name'), output_field=models.TextField())),
                ('outline', models.JSONField(blank=True, help_text='GeoJSON geometry, WGS 84', null=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organizations.territory')),
            ],
            options={
                'ordering': ['sort_key'],
            },
        ),
        migrations.CreateModel(
            name='OrganizationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.TextField()),
                ('slug', models.SlugField(db_index=False, max_length=80)),
                ('is_recognized', models.BooleanField(default=False, help_text='Association recognised by a public body under its policy')),
                ('time_zone', models.TextField(default='America/Toronto')),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('contact', models.TextField(blank=True, help_text='Function and telephone, never a person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organizations.organization')),
                ('nature', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organizationnature')),
                ('territory', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.territory')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='organization',
            name='territory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='organizations.territory'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('person', 'organization', 'role'), name='membership_role_once', violation_error_message='Cette personne a déjà ce rôle.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['member', 'requester', 'asset_manager', 'approver', 'desk_clerk', 'finance', 'body_admin', 'coordinator', 'analyst'])), name='membership_role_known', violation_error_message='Ce rôle n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role', 'approver'), models.Q(('ceiling_cad__isnull', True), ('ceiling_h__isnull', True)), _connector='OR'), name='membership_ceiling_of_approver', violation_error_message='Seul un approbateur a un plafond.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("ceiling_cad", "ceiling_h", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."ceiling_cad", NEW."ceiling_h", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;', hash='d195d2d3f3a15fb738f35a846bc47f787458d179', operation='INSERT', pgid='pgtrigger_insert_insert_df650', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "organizations_membershipevent" ("ceiling_cad", "ceiling_h", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."ceiling_cad", NEW."ceiling_h", NEW."id", NEW."organization_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;', hash='2a0bfee67c851595016a149c371d12ca6b8af641', operation='UPDATE', pgid='pgtrigger_update_update_6cb9e', table='organizations_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_membershipevent" ("ceiling_cad", "ceiling_h", "id", "organization_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."ceiling_cad", OLD."ceiling_h", OLD."id", OLD."organization_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;', hash='8ff81777985d257fc880a41cb7c23ebf1e78b19c', operation='DELETE', pgid='pgtrigger_delete_delete_0b96a', table='organizations_membership', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='territory_not_its_own_parent', violation_error_message='Un territoire ne se contient pas lui-même.'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='organization_has_name', violation_error_message='Un organisme porte un nom.'),
        ),
        migrations.AddConstraint(
            model_name='organization',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__range', (-85, 85)), ('longitude__range', (-180, 180))), _connector='OR'), name='organization_place_exists', violation_error_message='La position va de −85 à 85° et de −180 à 180°.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_organizationevent" ("contact", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "territory_id", "time_zone") VALUES (NEW."contact", NEW."id", NEW."is_recognized", NEW."latitude", NEW."longitude", NEW."name", NEW."nature_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."territory_id", NEW."time_zone"); RETURN NULL;', hash='738bd38037953c80c172e1276d444d68ce341146', operation='INSERT', pgid='pgtrigger_insert_insert_5a753', table='organizations_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_recognized" IS DISTINCT FROM (NEW."is_recognized") OR OLD."latitude" IS DISTINCT FROM (NEW."latitude") OR OLD."longitude" IS DISTINCT FROM (NEW."longitude") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nature_id" IS DISTINCT FROM (NEW."nature_id") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."territory_id" IS DISTINCT FROM (NEW."territory_id") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone"))', func='INSERT INTO "organizations_organizationevent" ("contact", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "territory_id", "time_zone") VALUES (NEW."contact", NEW."id", NEW."is_recognized", NEW."latitude", NEW."longitude", NEW."name", NEW."nature_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."territory_id", NEW."time_zone"); RETURN NULL;', hash='52d140505434baa0487d2c68950c0ead464a75e6', operation='UPDATE', pgid='pgtrigger_update_update_73a92', table='organizations_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organizations_organizationevent" ("contact", "id", "is_recognized", "latitude", "longitude", "name", "nature_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "territory_id", "time_zone") VALUES (OLD."contact", OLD."id", OLD."is_recognized", OLD."latitude", OLD."longitude", OLD."name", OLD."nature_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."slug", OLD."territory_id", OLD."time_zone"); RETURN NULL;', hash='7b011a8c8a751f669698df52d69189bfdd54a0f2', operation='DELETE', pgid='pgtrigger_delete_delete_84ac6', table='organizations_organization', when='AFTER')),
        ),
    ]
