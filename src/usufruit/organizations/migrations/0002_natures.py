# SPDX-License-Identifier: EUPL-1.2
"""The natures of bodies known at the start; an operator may add their own."""

from django.db import migrations

NATURES = [
    ("municipality", "Municipalité", True),
    ("mrc", "MRC", True),
    ("intermunicipal", "Régie intermunicipale", True),
    ("school_service_centre", "Centre de services scolaire", True),
    ("cegep", "Cégep", True),
    ("university", "Université", True),
    ("health", "Établissement de santé", True),
    ("ministry", "Ministère ou organisme du gouvernement du Québec", True),
    ("federal", "Ministère ou organisme fédéral", True),
    ("state_company", "Société d’État", True),
    ("housing_office", "Office d’habitation", True),
    ("first_nation", "Première Nation", True),
    ("northern_village", "Village nordique", True),
    ("association", "Association ou organisme à but non lucratif", False),
    ("other", "Autre", False),
]


def add(apps, schema_editor):
    nature = apps.get_model("organizations", "OrganizationNature")
    nature.objects.bulk_create(
        nature(code=code, name=name, is_public=is_public, rank=rank)
        for rank, (code, name, is_public) in enumerate(NATURES)
    )


def remove(apps, schema_editor):
    codes = [code for code, *_ in NATURES]
    apps.get_model("organizations", "OrganizationNature").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
