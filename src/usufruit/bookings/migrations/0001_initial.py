# SPDX-License-Identifier: EUPL-1.2

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import usufruit.kernel.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('inventory', '0002_lanes'),
        ('organizations', '0002_natures'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.TextField(unique=True)),
                ('purpose', models.TextField()),
                ('people_count', models.PositiveIntegerField(blank=True, null=True)),
                ('idempotency_key', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='organizations.organization')),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BookingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('state', models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée')])),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('refusal_code', models.TextField(blank=True)),
                ('refusal_reason', models.TextField(blank=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='bookings.booking')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inbox_lines', to='organizations.organization')),
            ],
            options={
                'ordering': ['use_span', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BookingLineEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('state', models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée')])),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('refusal_code', models.TextField(blank=True)),
                ('refusal_reason', models.TextField(blank=True)),
                ('booking', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bookings.booking')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('decider', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='bookings.bookingline')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LineAsset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lanes', usufruit.kernel.fields.LanesField()),
                ('held_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='inventory.asset')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assets', to='bookings.bookingline')),
            ],
            options={
                'ordering': ['line', 'asset'],
            },
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('requester', 'idempotency_key'), name='booking_sent_once', violation_error_message='Cette demande est déjà envoyée.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='booking_has_purpose', violation_error_message='Dites à quoi servira le bien.'),
        ),
        migrations.AddIndex(
            model_name='bookingline',
            index=models.Index(fields=['decider', 'state', 'id'], name='line_inbox'),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'confirmed', 'refused', 'withdrawn', 'cancelled'])), name='line_state_known', violation_error_message='Cet état n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(('use_span__isempty', False), ('use_span__endswith__isnull', False), ('use_span__startswith__isnull', False)), name='line_use_has_ends', violation_error_message='Une réservation a un début et une fin.'),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(models.Q(('refusal_code', ''), _negated=True), models.Q(('refusal_reason', ''), _negated=True)), _connector='OR'), name='line_refusal_has_reason', violation_error_message='Un refus donne sa raison.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (NEW."booking_id", NEW."decided_at", NEW."decided_by_id", NEW."decider_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."refusal_code", NEW."refusal_reason", NEW."state", NEW."use_span"); RETURN NULL;', hash='63bd14912d1601faa440bbba52cbc2575aa5af6b', operation='INSERT', pgid='pgtrigger_insert_insert_b5986', table='bookings_bookingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (NEW."booking_id", NEW."decided_at", NEW."decided_by_id", NEW."decider_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."refusal_code", NEW."refusal_reason", NEW."state", NEW."use_span"); RETURN NULL;', hash='a6acdf87c2c4cbcc9ecc561aed9d0f04373ea6c1', operation='UPDATE', pgid='pgtrigger_update_update_27b9e', table='bookings_bookingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (OLD."booking_id", OLD."decided_at", OLD."decided_by_id", OLD."decider_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."refusal_code", OLD."refusal_reason", OLD."state", OLD."use_span"); RETURN NULL;', hash='1ce636d01ebbc346f6ea4c5077d6e566baea3488', operation='DELETE', pgid='pgtrigger_delete_delete_bcec0', table='bookings_bookingline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='lineasset',
            constraint=models.UniqueConstraint(fields=('line', 'asset'), name='line_asset_once', violation_error_message='Ce bien est déjà dans cette date.'),
        ),
    ]
