# SPDX-License-Identifier: EUPL-1.2
"""What an owner may type about opening hours and blocked time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.kernel.local_time import local_instant, local_wall
from usufruit.kernel.spans import Span
from usufruit.timetable.models import Calendar, Hold
from usufruit.timetable.rules import DatedException
from usufruit.timetable.rules import Season as SeasonRules
from usufruit.timetable.week_input import DayField, DayHoursField, HourField, WeekFields

NO_REGION = "none"
REGIONS = {
    NO_REGION: _("Aucun\u00a0: ouvert ces jours-là aussi"),
    "CA-QC": _("Québec"),
    "CA-NB": _("Nouveau-Brunswick"),
    "CA-ON": _("Ontario"),
    "FR": _("France"),
}
LONGEST_BLOCK = timedelta(days=732)


class WeekForm(WeekFields):
    """A calendar: its name, its usual week, the public holidays it closes on."""

    name = forms.CharField(
        label=_("Nom de l’horaire"),
        max_length=120,
        help_text=_("Le nom de ce qu’il décrit\u00a0: gymnases hors classe, garage l’hiver."),
    )
    holiday_region = forms.ChoiceField(label=_("Fermé les jours fériés"))

    def __init__(self, *args: Any, region: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        choices = {**REGIONS, **({region: REGIONS.get(region, region)} if region else {})}
        self.fields["holiday_region"].choices = list(choices.items())  # type: ignore[attr-defined]
        self.initial["holiday_region"] = region or NO_REGION

    def clean_holiday_region(self) -> str:
        """Return the region, or "" for a calendar that ignores public holidays."""
        chosen: str = self.cleaned_data["holiday_region"]
        return "" if chosen == NO_REGION else chosen


class FollowForm(forms.Form):
    """Which calendar of the body an asset follows."""

    calendar = forms.ModelChoiceField(
        queryset=Calendar.objects.none(),
        label=_("Horaire à suivre"),
        empty_label=_("Choisir un horaire"),
    )

    def __init__(self, *args: Any, calendars: QuerySet[Calendar], **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.fields["calendar"].queryset = calendars  # type: ignore[attr-defined]


class SharedDaysForm(forms.Form):
    """A list of days for a territory."""

    name = forms.CharField(
        label=_("Nom de la liste"),
        max_length=120,
        help_text=_("Calendrier scolaire, vacances de la construction, fermetures de l’hiver."),
    )


class FollowDaysForm(forms.Form):
    """Which shared days the hours of an asset follow."""

    shared = forms.ModelChoiceField(
        queryset=Calendar.objects.none(),
        label=_("Jours à suivre"),
        empty_label=_("Choisir une liste"),
    )

    def __init__(self, *args: Any, offered: QuerySet[Calendar], **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.fields["shared"].queryset = offered  # type: ignore[attr-defined]


class RunOfDays(forms.Form):
    """Two dates, both included."""

    first_on = DayField(label=_("Premier jour"))
    last_on = DayField(label=_("Dernier jour"))

    def clean(self) -> dict[str, Any]:
        """Refuse a run that ends before it begins."""
        cleaned = super().clean() or {}
        first_on, last_on = cleaned.get("first_on"), cleaned.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", _("Le dernier jour vient avant le premier."))
        return cleaned


class SeasonForm(RunOfDays, WeekFields):
    """A run of days with a week of its own."""

    name = forms.CharField(
        label=_("Nom de la saison"), max_length=120, help_text=_("Été, relâche, saison de hockey…")
    )
    field_order = ["name", "first_on", "last_on"]

    def season(self) -> SeasonRules:
        """Return the season typed; the form is valid."""
        data = self.cleaned_data
        return SeasonRules(data["first_on"], data["last_on"], tuple(self.windows()))


class ExceptionForm(RunOfDays):
    """Some days that are closed, or open otherwise."""

    reason = forms.CharField(
        label=_("Raison"),
        max_length=120,
        required=False,
        help_text=_("Les emprunteurs la lisent\u00a0: grand ménage, journée pédagogique."),
    )
    hours = DayHoursField(
        label=_("Heures ces jours-là"),
        help_text=_("Une seule plage, écrite 9:00-16:00. Laissez vide pour fermer."),
    )

    def clean_hours(self) -> Any:  # noqa: ANN401 - the field's own value
        """Keep to one run of hours, which is all an exceptional day stores."""
        hours = self.cleaned_data["hours"]
        if len(hours) > 1:
            raise forms.ValidationError(_("Une seule plage par jour exceptionnel."))
        return hours

    def exception(self) -> DatedException:
        """Return the exception typed; the form is valid."""
        data = self.cleaned_data
        return DatedException(data["first_on"], data["last_on"], data["hours"], data["reason"])


class BlockForm(forms.Form):
    """Time the owner takes for itself."""

    reason = forms.ChoiceField(
        label=_("Pourquoi"),
        widget=forms.RadioSelect,
        choices=[
            (Hold.Reason.OWN_USE, Hold.Reason.OWN_USE.label),
            (Hold.Reason.DOWNTIME, Hold.Reason.DOWNTIME.label),
        ],
    )
    start_on = DayField(label=_("Du"))
    start_at = HourField(label=_("à partir de"))
    end_on = DayField(label=_("Au"))
    end_at = HourField(label=_("jusqu’à"))
    part = forms.ChoiceField(label=_("Quelle partie"), required=False)
    note = forms.CharField(
        label=_("Remarque"),
        max_length=200,
        required=False,
        help_text=_("Pour vos collègues seulement."),
    )

    def __init__(self, *args: Any, asset: Asset, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.zone, self.now = asset.site.time_zone, now
        parts = [(str(part.pk), part.name) for part in asset.parts.all()]
        if parts:
            self.fields["part"].choices = [("", _("Tout le bien")), *parts]  # type: ignore[attr-defined]
        else:
            del self.fields["part"]

    def clean(self) -> dict[str, Any]:
        """Turn the four fields into a span of the place's civil time."""
        cleaned = super().clean() or {}
        if {"start_on", "start_at", "end_on", "end_at"} <= cleaned.keys():
            start = datetime.combine(cleaned["start_on"], cleaned["start_at"])
            end = datetime.combine(cleaned["end_on"], cleaned["end_at"])
            first = local_instant(start, self.zone, "start")
            last = local_instant(end, self.zone, "end")
            if last <= first:
                self.add_error("end_on", _("La fin vient avant le début."))
            elif last <= self.now:
                self.add_error("end_on", _("Cette plage est déjà passée."))
            elif last - first > LONGEST_BLOCK:
                self.add_error("end_on", _("Une plage bloquée dure au plus deux ans."))
            else:
                cleaned["use"] = Span(first, last)
        return cleaned

    @property
    def part_id(self) -> int | None:
        """Return the number of the part chosen; None for the whole asset."""
        chosen = self.cleaned_data.get("part")
        return int(chosen) if chosen else None


def block_initial(asset: Asset, now: datetime, days: int = 0) -> dict[str, Any]:
    """Return a first proposal: from the next hour to midnight, or a whole day ``days`` ahead."""
    wall = local_wall(now, asset.site.time_zone)
    start = wall.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if days:
        start = wall.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)
    end = start.replace(hour=0) + timedelta(days=1)
    return {
        "reason": Hold.Reason.OWN_USE,
        "start_on": start.date(),
        "start_at": start.time(),
        "end_on": end.date(),
        "end_at": end.time(),
    }
