# SPDX-License-Identifier: EUPL-1.2
"""The hours during which the sheet may be written on: calendars, exceptions, closures."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset, Site
from usufruit.kernel.fields import SpansField
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Calendar(models.Model):
    """When assets open, or when a sharing rule applies; shared by as many as need it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="calendars"
    )
    name = models.TextField()
    time_zone = models.TextField(default="America/Toronto")
    holiday_region = models.TextField(
        blank=True, help_text="Closed on the public holidays of this region, such as CA-QC"
    )
    is_shared = models.BooleanField(
        default=False, help_text="Days that other calendars follow: exceptions only, no hours"
    )

    class Meta:
        ordering = ["organization", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """Weekly hours in force for a run of days; without days, the usual week.

    A dated season replaces the usual week on its days; two dated seasons never overlap.
    """

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="seasons", db_index=False
    )
    name = models.TextField(blank=True)
    days = DateRangeField(null=True, blank=True, help_text="Half-open; NULL is the usual week")

    class Meta:
        ordering = ["calendar", F("days").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar"],
                condition=Q(days__isnull=True),
                name="season_usual_week_once",
                violation_error_message=_("Un calendrier n’a qu’une semaine habituelle."),
            ),
            ExclusionConstraint(
                name="season_no_overlap",
                expressions=[("calendar", "="), ("days", RangeOperators.OVERLAPS)],
                condition=Q(days__isnull=False),
                violation_error_message=_("Deux saisons ne se chevauchent pas."),
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True)
                | Q(
                    days__isempty=False,
                    days__startswith__isnull=False,
                    days__endswith__isnull=False,
                ),
                name="season_lasts_a_day",
                violation_error_message=_("Une saison a une fin et dure au moins un jour."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.days)


class OpeningHours(models.Model):
    """A window of a weekday (0 Monday … 6 Sunday), in local minutes; it may pass midnight."""

    season = models.ForeignKey(
        Season, on_delete=models.CASCADE, related_name="hours", db_index=False
    )
    weekday = models.PositiveSmallIntegerField()
    start_min = models.PositiveSmallIntegerField()
    end_min = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["season", "weekday", "start_min"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)),
                name="opening_weekday_known",
                violation_error_message=_("Le jour va de lundi à dimanche."),
            ),
            models.CheckConstraint(
                condition=Q(start_min__range=(0, 1439))
                & Q(end_min__gt=F("start_min"), end_min__lte=F("start_min") + 1440),
                name="opening_window_within_day",
                violation_error_message=_(
                    "Une plage commence dans la journée et dure au plus 24 h."
                ),
            ),
            models.UniqueConstraint(
                fields=["season", "weekday", "start_min"],
                name="opening_start_once",
                violation_error_message=_("Deux plages ne commencent pas à la même heure."),
            ),
            ExclusionConstraint(
                name="opening_windows_apart",
                expressions=[
                    ("season", "="),
                    ("weekday", "="),
                    (
                        Func(F("start_min"), F("end_min"), Value("[]"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Deux plages d’un jour ne se touchent pas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_min}–{self.end_min}"


class CalendarException(models.Model):
    """What holds on given days instead of the weekly hours; without minutes it is closed."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="exceptions")
    days = DateRangeField(help_text="Half-open")
    start_min = models.PositiveSmallIntegerField(null=True, blank=True)
    end_min = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["calendar", "days"]
        constraints = [
            ExclusionConstraint(
                name="exception_no_overlap",
                expressions=[("calendar", "="), ("days", RangeOperators.OVERLAPS)],
                violation_error_message=_("Une autre exception couvre déjà ces jours."),
            ),
            models.CheckConstraint(
                condition=Q(
                    days__isempty=False,
                    days__startswith__isnull=False,
                    days__endswith__isnull=False,
                ),
                name="exception_lasts_a_day",
                violation_error_message=_("Une exception a une fin et dure au moins un jour."),
            ),
            models.CheckConstraint(
                # A CHECK lets « unknown » pass: a start without an end must be false, not NULL.
                condition=Q(start_min__isnull=True, end_min__isnull=True)
                | Q(start_min__isnull=False, end_min__isnull=False)
                & Q(start_min__range=(0, 1439))
                & Q(end_min__gt=F("start_min"), end_min__lte=F("start_min") + 1440),
                name="exception_window_within_day",
                violation_error_message=_(
                    "Une plage commence dans la journée et dure au plus 24 h."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} {self.reason}"


class CalendarInclusion(models.Model):
    """A calendar follows shared days; its own exceptions speak first, then the first followed."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="inclusions", db_index=False
    )
    included = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="followed_by")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "included"],
                name="inclusion_once",
                violation_error_message=_("Cet horaire suit déjà ces jours communs."),
            ),
            models.CheckConstraint(
                condition=~Q(calendar=F("included")),
                name="inclusion_not_itself",
                violation_error_message=_("Un horaire ne se suit pas lui-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} → {self.included_id}"


class PublicHoliday(models.Model):
    """A public holiday of a region, copied from the ``holidays`` package for SQL to read."""

    region = models.TextField()
    on = models.DateField()
    name = models.TextField()

    class Meta:
        ordering = ["region", "on"]
        constraints = [
            models.UniqueConstraint(fields=["region", "on"], name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class AssetCalendar(models.Model):
    """The opening calendar of an asset; without one an asset never opens to others."""

    asset = models.OneToOneField(
        Asset, on_delete=models.CASCADE, primary_key=True, related_name="opening"
    )
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="assets")

    def __str__(self) -> str:
        return f"{self.asset_id} → {self.calendar_id}"


class Closure(models.Model):
    """Sites shut for a run of time, with the reason everybody reads (T15).

    It closes the sites, whatever calendar their assets follow: a calendar may be shared with sites
    that stay open, and a storm begins at 13 h.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="closures"
    )
    span = DateTimeRangeField()
    reason = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [GistIndex(fields=["span"], name="closure_when")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    span__isempty=False,
                    span__startswith__isnull=False,
                    span__endswith__isnull=False,
                ),
                name="closure_has_ends",
                violation_error_message=_("Une fermeture a un début et une fin."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="closure_says_why",
                violation_error_message=_("Dites pourquoi le lieu ferme."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.reason}"

    @property
    def during(self) -> Span:
        """Return when the sites are shut, as a span."""
        return Span(self.span.lower, self.span.upper)


class ClosedSite(models.Model):
    """One site of a closure; once reopened it is shut no more."""

    closure = models.ForeignKey(
        Closure, on_delete=models.CASCADE, related_name="sites", db_index=False
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closures")
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["closure", "site"]
        constraints = [
            models.UniqueConstraint(
                fields=["closure", "site"],
                name="closed_site_once",
                violation_error_message=_("Ce lieu est déjà dans cette fermeture."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.closure_id} {self.site_id}"


class OpenMonth(models.Model):
    """When a calendar is open in the forty days from the first of a month, in UTC, spelled out.

    A copy that lets a search read one row instead of all the rules; ``sql/open_months.sql`` writes
    it, and its triggers delete it as soon as a rule changes.
    """

    pk = models.CompositePrimaryKey("calendar_id", "begins_at")
    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="open_months", db_index=False
    )
    begins_at = models.DateTimeField()
    spans = SpansField()

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.begins_at:%Y-%m}"
