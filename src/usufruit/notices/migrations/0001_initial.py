# SPDX-License-Identifier: EUPL-1.2
"""Changes to be told, notices, choices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organizations', '0006_email_in_any_case'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.TextField()),
                ('family', models.TextField(choices=[('to_decide', 'Demandes à décider'), ('answers', 'Réponses à mes demandes'), ('changes', 'Réservations prises, déplacées ou annulées'), ('messages', 'Questions et précisions'), ('reminders', 'Rappels d’échéance'), ('account', 'Compte et sécurité')])),
                ('audience', models.TextField(choices=[('person', 'La personne nommée'), ('deciders', 'Qui répond aux demandes'), ('administrators', 'Qui administre l’organisme')])),
                ('made_by_id', models.BigIntegerField(blank=True, null=True)),
                ('object_type', models.TextField()),
                ('object_id', models.TextField()),
                ('title', models.TextField()),
                ('path', models.TextField()),
                ('detail', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organizations.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='noticed_changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.TextField(choices=[('to_decide', 'Demandes à décider'), ('answers', 'Réponses à mes demandes'), ('changes', 'Réservations prises, déplacées ou annulées'), ('messages', 'Questions et précisions'), ('reminders', 'Rappels d’échéance'), ('account', 'Compte et sécurité')])),
                ('rhythm', models.TextField(choices=[('at_once', 'Par courriel, tout de suite'), ('digest', 'Par courriel, une fois par jour'), ('product', 'Sur le site seulement')])),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_choices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person', 'family'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rhythm', models.TextField(choices=[('at_once', 'Par courriel, tout de suite'), ('digest', 'Par courriel, une fois par jour'), ('product', 'Sur le site seulement')])),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mail_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='notices.change')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['due_at', 'id'], name='change_due'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['object_type', 'object_id'], name='change_of_object'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['person', 'deciders', 'administrators']), ('family__in', ['to_decide', 'answers', 'changes', 'messages', 'reminders', 'account'])), name='change_kind_known', violation_error_message='Ce genre d’avis n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('audience', 'person'), ('person__isnull', False)), models.Q(models.Q(('audience', 'person'), _negated=True), ('person__isnull', True)), _connector='OR'), name='change_names_its_person', violation_error_message='Un avis s’adresse à une personne ou à un groupe.'),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('path__startswith', '/'), models.Q(('path__startswith', '//'), _negated=True)), name='change_leads_here', violation_error_message='Un avis mène à une page de ce site.'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(fields=('person', 'family'), name='choice_once', violation_error_message='Ce choix est déjà fait.'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('family__in', ['to_decide', 'answers', 'changes', 'messages', 'reminders']), ('rhythm__in', ['at_once', 'digest', 'product'])), name='choice_is_offered', violation_error_message='Les courriels du compte et de la sécurité partent toujours.'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', '-made_at', '-id'], name='notice_of_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('read_at', None)), fields=['person'], name='notice_unread'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at', 'id'], name='notice_to_mail'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('given_up_at__isnull', False)), fields=['-given_up_at'], name='notice_given_up'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('change', 'person'), name='notice_once', violation_error_message='Cette personne est déjà avertie.'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('rhythm__in', ['at_once', 'digest', 'product'])), name='notice_rhythm_known', violation_error_message='Ce rythme n’existe pas.'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('mail_at__isnull', True), models.Q(('given_up_at__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='notice_mailed_once', violation_error_message='Ce courriel est déjà parti.'),
        ),
    ]
