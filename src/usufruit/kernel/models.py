# SPDX-License-Identifier: EUPL-1.2
"""The journals: one line for each thing done, and one for each person whose data were read."""

from typing import Any

from django.db import models
from django.db.models import Func


class FrenchSortKey(Func):
    """Compute the stored key French names are ordered by."""

    function = "french_sort_key"
    output_field = models.TextField()


class JournalLine(models.Model):
    """One verb done. It names a person by number: their data stand in ``organizations.Person``."""

    at = models.DateTimeField()
    verb = models.TextField()
    person_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True)
    object_type = models.TextField()
    object_id = models.TextField()
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="journal_of_object"),
            models.Index(fields=["organization_id", "-at"], name="journal_of_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type} {self.object_id}"

    @classmethod
    def record(cls, verb: str, target: models.Model, **who_and_when: Any) -> "JournalLine":  # noqa: ANN401 - the columns speak
        """Write one line about an object; the rest are the columns of the line."""
        return cls.objects.create(
            verb=verb,
            object_type=target._meta.label_lower,  # noqa: SLF001 - Django's public convention
            object_id=str(target.pk),
            **who_and_when,
        )


class ReadingLine(models.Model):
    """Somebody read the data of somebody else, once for a day and a page; both by number."""

    at = models.DateTimeField()
    on = models.DateField(help_text="The day of ``at``, in UTC")
    reader_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    organization_id = models.BigIntegerField(null=True)
    page = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-at"], name="readings_of_subject"),
            models.Index(fields=["at"], name="readings_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reader_id", "subject_id", "page", "on"], name="reading_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.reader_id} {self.subject_id} {self.page}"
