# SPDX-License-Identifier: EUPL-1.2
"""Deadlines of answers, messages, a body's own reasons, proposals; requests that wait get theirs."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


# Those sent before deadlines were kept wait until their hour, and lapse then.
BRING = """
INSERT INTO bookings_deadline (line_id, asked_at, answer_by, lapse_at, stage, next_at, is_extended)
SELECT line.id, booking.created_at, lower(line.use_span), lower(line.use_span), 3,
       lower(line.use_span), true
  FROM bookings_bookingline AS line JOIN bookings_booking AS booking ON booking.id = line.booking_id
 WHERE line.state = 'requested' AND booking.created_at < lower(line.use_span)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0010_displaced'),
        ('inventory', '0002_lanes'),
        ('organizations', '0006_email_in_any_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnsweringRules',
            fields=[
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='answering', serialize=False, to='organizations.organization')),
                ('answer_days', models.PositiveSmallIntegerField(default=3)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('answer_days__range', (1, 20))), name='answer_days_few', violation_error_message='Un délai va d’un jour à vingt jours ouvrables.')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='deadline', serialize=False, to='bookings.bookingline')),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('lapse_at', models.DateTimeField()),
                ('stage', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('is_extended', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at', 'line'], name='deadline_next')],
                'constraints': [models.CheckConstraint(condition=models.Q(('answer_by__lte', models.F('lapse_at')), ('asked_at__lt', models.F('answer_by'))), name='deadline_in_order', violation_error_message='Une réponse est due après la demande.')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_owners', models.BooleanField()),
                ('text', models.TextField()),
                ('sent_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='bookings.bookingline')),
            ],
            options={
                'ordering': ['sent_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', False), ('text', '')), models.Q(models.Q(('text', ''), _negated=True), ('erased_at__isnull', True)), _connector='OR'), name='message_says_or_is_erased', violation_error_message='Écrivez votre message.'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 1000), name='message_is_short', violation_error_message='Un message compte au plus 1\xa0000 caractères.')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='proposal', serialize=False, to='bookings.bookingline')),
                ('use_span', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inventory.asset')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('use_span__isempty', False), ('use_span__endswith__isnull', False), ('use_span__startswith__isnull', False)), name='proposal_has_ends', violation_error_message='Une proposition a un début et une fin.')],
            },
        ),
        migrations.CreateModel(
            name='RefusalWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.TextField()),
                ('label', models.TextField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusal_wordings', to='organizations.organization')),
            ],
            options={
                'ordering': ['organization', 'label', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('organization', 'label'), name='wording_once', violation_error_message='Cette raison est déjà dans votre liste.'), models.CheckConstraint(condition=models.Q(models.Q(('label', ''), _negated=True), ('code__in', ['needed_by_owner', 'not_fit_for_use', 'missing_paper', 'too_late_notice', 'other'])), name='wording_says_a_reason', violation_error_message='Écrivez la raison, et ce qu’elle précise.')],
            },
        ),
        migrations.RunSQL([BRING], migrations.RunSQL.noop),
    ]
