# SPDX-License-Identifier: EUPL-1.2
"""Invitations, and the body a person last acted for."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0006_email_in_any_case'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='last_organization',
            field=models.ForeignKey(blank=True, help_text='Body last acted for, where the next session begins', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='organizations.organization'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=[('member', 'Membre'), ('requester', 'Demandeur'), ('asset_manager', 'Gestionnaire de biens'), ('approver', 'Approbateur'), ('desk_clerk', 'Préposé au guichet'), ('finance', 'Finances'), ('body_admin', 'Administrateur de l’organisme'), ('coordinator', 'Coordonnateur du territoire'), ('analyst', 'Analyste')]), size=None)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='organizations.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-sent_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None)), fields=('person', 'organization'), name='invitation_unanswered_once', violation_error_message='Une invitation attend déjà cette personne.'), models.CheckConstraint(condition=models.Q(('roles__len__gt', 0), ('roles__contained_by', ['member', 'requester', 'asset_manager', 'approver', 'desk_clerk', 'finance', 'body_admin', 'coordinator', 'analyst'])), name='invitation_gives_known_roles', violation_error_message='Une invitation donne au moins un rôle connu.'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('revoked_at__isnull', True), _connector='OR'), name='invitation_has_one_end', violation_error_message='Une invitation retirée ne s’accepte plus.'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('sent_at'))), name='invitation_expires_after', violation_error_message='Une invitation prend fin après son envoi.')],
            },
        ),
    ]
