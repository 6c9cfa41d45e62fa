# SPDX-License-Identifier: EUPL-1.2
"""The owner's other calendars, what they say, and the hours on which they were told to give way."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg.types.multirange import Multirange

from usufruit.inventory.models import Asset, Part
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization

WHOLE = Q(
    span__isempty=False,
    span__startswith__isnull=False,
    span__endswith__isnull=False,
    span__lower_inc=True,
    span__upper_inc=False,
)


class AgendaImport(models.Model):
    """A file of bookings that stood before: proposed, then applied, perhaps undone, as a whole.

    Attributes:
        proposals: what the file says, each ``[line, asset, part, uid, start, end, title]``; emptied
            once applied.
        refused: ``[line, why]`` of each line left aside, ``why`` in French.
        notes: French sentences on how the file was understood.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="agenda_imports"
    )
    file_name = models.TextField()
    created_at = models.DateTimeField()
    proposals = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(applied_at__isnull=False),
                name="agendaimport_undone_once_applied",
                violation_error_message=_("Un import s’annule après avoir été appliqué."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Agenda(models.Model):
    """A calendar kept elsewhere that takes time from an asset or one of its parts.

    Attributes:
        address: where it is read, a secret; empty when it came in a file.
        etag, last_modified: what its server said of the version read.
        failure_count: readings missed in a row; ``trouble`` says why in French.
        troubles: French sentences on the events that could not be read.
        doubted_count: how many events it suddenly had, when too many went at once to believe it.
        accepted_count: so few its manager has accepted beforehand.
        is_contested: whether it met something else when it was last laid on the sheet.
    """

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="agendas")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, null=True, blank=True)
    name = models.TextField()
    batch = models.ForeignKey(
        AgendaImport, on_delete=models.CASCADE, null=True, blank=True, related_name="agendas"
    )
    address = models.TextField(blank=True)
    etag = models.TextField(blank=True)
    last_modified = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    next_read_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failure_count = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    troubles = models.JSONField(default=list)
    doubted_count = models.PositiveIntegerField(null=True, blank=True)
    accepted_count = models.PositiveIntegerField(null=True, blank=True)
    is_contested = models.BooleanField(default=False)

    class Meta:
        ordering = ["asset", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(address="", batch__isnull=False)
                | ~Q(address="") & Q(batch__isnull=True),
                name="agenda_has_one_source",
                violation_error_message=_("Un agenda vient d’une adresse ou d’un fichier."),
            ),
            models.UniqueConstraint(
                fields=["asset", "address"],
                condition=~Q(address=""),
                name="agenda_followed_once",
                violation_error_message=_("Ce bien suit déjà cet agenda."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lanes(self) -> Multirange[int]:
        """Return the lanes it takes."""
        return self.part.lanes if self.part else all_lanes(self.asset)

    @property
    def host(self) -> str:
        """Return the only part of the address that is shown."""
        return urlsplit(self.address).hostname or ""


class AgendaEvent(models.Model):
    """Time an agenda says is taken; its title is for managers.

    Attributes:
        seen_at: when it was first read.
    """

    agenda = models.ForeignKey(
        Agenda, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    uid = models.TextField()
    span = DateTimeRangeField()
    title = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["span", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "span", "uid"],
                name="agendaevent_once",
                violation_error_message=_("Cet événement est déjà inscrit."),
            ),
            models.CheckConstraint(
                condition=WHOLE,
                name="agendaevent_lasts",
                violation_error_message=_("Un événement a un début, puis une fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agenda_id} {self.span}"

    @property
    def taken(self) -> Span:
        """Return the time it takes."""
        return Span(self.span.lower, self.span.upper)


class AgendaWaiver(models.Model):
    """Hours on which an event gives way to what stands there, remembered while it says the same."""

    agenda = models.ForeignKey(
        Agenda, on_delete=models.CASCADE, related_name="waivers", db_index=False
    )
    uid = models.TextField()
    span = DateTimeRangeField()

    class Meta:
        ordering = ["span", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "uid", "span"],
                name="agendawaiver_once",
                violation_error_message=_("Cet événement cède déjà ces heures."),
            ),
            models.CheckConstraint(
                condition=WHOLE,
                name="agendawaiver_lasts",
                violation_error_message=_("Des heures cédées ont un début, puis une fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agenda_id} {self.uid} {self.span}"

    @property
    def given(self) -> Span:
        """Return the hours given up."""
        return Span(self.span.lower, self.span.upper)
