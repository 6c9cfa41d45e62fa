# SPDX-License-Identifier: EUPL-1.2
"""Incidents, and the proof of what was destroyed."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0006_email_in_any_case'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('code', models.TextField()),
                ('count', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['-at', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.TextField(verbose_name='Titre')),
                ('data_described', models.TextField(verbose_name='Renseignements visés')),
                ('circumstances', models.TextField(verbose_name='Circonstances')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='Survenu le')),
                ('known_on', models.DateField(verbose_name='Connu le')),
                ('person_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='Nombre de personnes visées')),
                ('assessment', models.TextField(blank=True, verbose_name='Évaluation du préjudice')),
                ('is_serious', models.BooleanField(blank=True, null=True, verbose_name='Risque de préjudice sérieux')),
                ('commission_told_on', models.DateField(blank=True, null=True, verbose_name='Commission d’accès à l’information avisée le')),
                ('persons_told_on', models.DateField(blank=True, null=True, verbose_name='Personnes avisées le')),
                ('measures', models.TextField(blank=True, verbose_name='Mesures prises')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='Clos le')),
                ('recorded_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='organizations.organization')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-known_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.TextField(verbose_name='Titre')),
                ('data_described', models.TextField(verbose_name='Renseignements visés')),
                ('circumstances', models.TextField(verbose_name='Circonstances')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='Survenu le')),
                ('known_on', models.DateField(verbose_name='Connu le')),
                ('person_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='Nombre de personnes visées')),
                ('assessment', models.TextField(blank=True, verbose_name='Évaluation du préjudice')),
                ('is_serious', models.BooleanField(blank=True, null=True, verbose_name='Risque de préjudice sérieux')),
                ('commission_told_on', models.DateField(blank=True, null=True, verbose_name='Commission d’accès à l’information avisée le')),
                ('persons_told_on', models.DateField(blank=True, null=True, verbose_name='Personnes avisées le')),
                ('measures', models.TextField(blank=True, verbose_name='Mesures prises')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='Clos le')),
                ('recorded_at', models.DateTimeField()),
                ('organization', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='privacy.incident')),
                ('recorded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('data_described', ''), _negated=True), models.Q(('circumstances', ''), _negated=True)), name='incident_is_described', violation_error_message='Un incident a un titre, des renseignements visés et des circonstances.'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('happened_on__isnull', True), ('known_on__gte', models.F('happened_on')), _connector='OR'), name='incident_known_after_it_happened', violation_error_message='On apprend un incident le jour même ou après.'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('commission_told_on__isnull', True), ('commission_told_on__gte', models.F('known_on')), _connector='OR'), models.Q(('persons_told_on__isnull', True), ('persons_told_on__gte', models.F('known_on')), _connector='OR')), name='incident_told_after_known', violation_error_message='Un avis part le jour où l’incident est connu, ou après.'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), models.Q(('is_serious__isnull', False), models.Q(('measures', ''), _negated=True), ('closed_on__gte', models.F('known_on'))), _connector='OR'), name='incident_closed_once_assessed', violation_error_message='Pour clore, dites si le préjudice peut être sérieux, et les mesures prises.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incident',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "privacy_incidentevent" ("assessment", "circumstances", "closed_on", "commission_told_on", "data_described", "happened_on", "id", "is_serious", "known_on", "measures", "organization_id", "person_count", "persons_told_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "title") VALUES (NEW."assessment", NEW."circumstances", NEW."closed_on", NEW."commission_told_on", NEW."data_described", NEW."happened_on", NEW."id", NEW."is_serious", NEW."known_on", NEW."measures", NEW."organization_id", NEW."person_count", NEW."persons_told_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."title"); RETURN NULL;', hash='f11c51ec1cb357923cbb0745ee962e74c8eadd14', operation='INSERT', pgid='pgtrigger_insert_insert_ef4fc', table='privacy_incident', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incident',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "privacy_incidentevent" ("assessment", "circumstances", "closed_on", "commission_told_on", "data_described", "happened_on", "id", "is_serious", "known_on", "measures", "organization_id", "person_count", "persons_told_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "title") VALUES (NEW."assessment", NEW."circumstances", NEW."closed_on", NEW."commission_told_on", NEW."data_described", NEW."happened_on", NEW."id", NEW."is_serious", NEW."known_on", NEW."measures", NEW."organization_id", NEW."person_count", NEW."persons_told_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."title"); RETURN NULL;', hash='1fa20f351eeb7434fbc6d39c65ab8a6ffaa2c596', operation='UPDATE', pgid='pgtrigger_update_update_e2458', table='privacy_incident', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incident',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "privacy_incidentevent" ("assessment", "circumstances", "closed_on", "commission_told_on", "data_described", "happened_on", "id", "is_serious", "known_on", "measures", "organization_id", "person_count", "persons_told_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "title") VALUES (OLD."assessment", OLD."circumstances", OLD."closed_on", OLD."commission_told_on", OLD."data_described", OLD."happened_on", OLD."id", OLD."is_serious", OLD."known_on", OLD."measures", OLD."organization_id", OLD."person_count", OLD."persons_told_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."title"); RETURN NULL;', hash='d3c15ba08862f0accba074cf9676d01323bf75ac', operation='DELETE', pgid='pgtrigger_delete_delete_de2a5', table='privacy_incident', when='AFTER')),
        ),
    ]
