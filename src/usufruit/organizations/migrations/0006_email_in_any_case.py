# SPDX-License-Identifier: EUPL-1.2
"""An address has one account, capitals or not; those stored with capitals could not sign in."""

from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import Lower


def refuse_twins(apps, schema_editor):
    """Stop, naming the persons, where two accounts have one address but for its capitals."""
    person = apps.get_model("organizations", "Person")
    address = apps.get_model("account", "EmailAddress")
    for model, number in ((person, "pk"), (address, "user_id")):
        known = model.objects.exclude(email=None).annotate(lower=Lower("email")).order_by(number)
        shared = known.order_by().values("lower").annotate(count=Count(number, distinct=True))
        twins = known.filter(lower__in=shared.filter(count__gt=1).values("lower"))
        numbers = list(dict.fromkeys(twins.values_list(number, flat=True)))
        if numbers:
            named = ", ".join(str(each) for each in numbers)
            raise CommandError(
                "Des comptes ont la même adresse, aux majuscules près\u00a0: personnes nᵒˢ "
                f"{named}. Donnez une autre adresse aux comptes en trop, par la commande "
                "«\u00a0usufruit manage shell\u00a0», puis relancez."
            )


def lower(apps, schema_editor):
    """Write the addresses as sign-in looks for them."""
    apps.get_model("account", "EmailAddress").objects.update(email=Lower("email"))
    apps.get_model("organizations", "Person").objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0005_no_ceilings"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [
        migrations.RunPython(refuse_twins, migrations.RunPython.noop),
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_once",
                violation_error_message="Cette adresse a déjà un compte.",
            ),
        ),
    ]
