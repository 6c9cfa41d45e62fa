# SPDX-License-Identifier: EUPL-1.2
"""Bookings a closure takes back say which one did."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0009_options'),
        ('organizations', '0007_people'),
        ('timetable', '0011_closures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='bookingline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='bookingline',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='bookingline',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='bookingline',
            name='line_state_known',
        ),
        migrations.AddField(
            model_name='bookingline',
            name='displaced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='displaced_lines', to='timetable.closure'),
        ),
        migrations.AddField(
            model_name='bookinglineevent',
            name='displaced_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='timetable.closure'),
        ),
        migrations.AlterField(
            model_name='bookingline',
            name='state',
            field=models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée'), ('displaced', 'Annulée\xa0: lieu fermé'), ('lapsed', 'Restée sans réponse')]),
        ),
        migrations.AlterField(
            model_name='bookinglineevent',
            name='state',
            field=models.TextField(choices=[('requested', 'En attente'), ('confirmed', 'Confirmée'), ('refused', 'Refusée'), ('withdrawn', 'Retirée'), ('cancelled', 'Annulée'), ('displaced', 'Annulée\xa0: lieu fermé'), ('lapsed', 'Restée sans réponse')]),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "displaced_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (NEW."booking_id", NEW."decided_at", NEW."decided_by_id", NEW."decider_id", NEW."displaced_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."refusal_code", NEW."refusal_reason", NEW."state", NEW."use_span"); RETURN NULL;', hash='a36f24e01512888b85d7e50e2c0a2e9ca84a0fb3', operation='INSERT', pgid='pgtrigger_insert_insert_b5986', table='bookings_bookingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "displaced_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (NEW."booking_id", NEW."decided_at", NEW."decided_by_id", NEW."decider_id", NEW."displaced_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."refusal_code", NEW."refusal_reason", NEW."state", NEW."use_span"); RETURN NULL;', hash='d6d6611b0340d250e4318b02a94b3de7770a060a', operation='UPDATE', pgid='pgtrigger_update_update_27b9e', table='bookings_bookingline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bookingline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_bookinglineevent" ("booking_id", "decided_at", "decided_by_id", "decider_id", "displaced_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "refusal_code", "refusal_reason", "state", "use_span") VALUES (OLD."booking_id", OLD."decided_at", OLD."decided_by_id", OLD."decider_id", OLD."displaced_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."refusal_code", OLD."refusal_reason", OLD."state", OLD."use_span"); RETURN NULL;', hash='86a05505d2767eb2881fa56198bc7cdf4f1f2765', operation='DELETE', pgid='pgtrigger_delete_delete_bcec0', table='bookings_bookingline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('displaced_by__isnull', False), ('state', 'displaced')), models.Q(models.Q(('state', 'displaced'), _negated=True), ('displaced_by__isnull', True)), _connector='OR'), name='line_displaced_by_closure', violation_error_message='Une réservation délogée dit quelle fermeture l’a fait.'),
        ),
        migrations.AddConstraint(
            model_name='bookingline',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'confirmed', 'refused', 'withdrawn', 'cancelled', 'displaced', 'lapsed'])), name='line_state_known', violation_error_message='Cet état n’existe pas.'),
        ),
    ]
