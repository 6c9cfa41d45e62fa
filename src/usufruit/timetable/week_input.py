# SPDX-License-Identifier: EUPL-1.2
"""The fields by which a week, a day and a moment are typed; any room's forms may use them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from usufruit.timetable.rules import Minutes, WeeklyWindow
from usufruit.timetable.words import read_day, typed_day, weekday_name

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class DayHoursField(forms.CharField):
    """The hours of a day, typed as « 8:00-12:00, 13:00-22:00 »; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(required=False, max_length=200, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "class": "input"})

    def clean(self, value: object) -> tuple[Minutes, ...]:
        """Return the runs of minutes, or say what could not be read."""
        text = super().clean(value)
        try:
            return read_day(text)
        except ValueError as error:
            raise ValidationError(str(error), code="unreadable") from error


class DayField(forms.DateField):
    """A date, by the browser's own calendar where it has one."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(
            validators=[
                MinValueValidator(FIRST_DAY, _("Cette date est trop ancienne.")),
                MaxValueValidator(LAST_DAY, _("Cette date est trop lointaine.")),
            ],
            **kwargs,
        )


class HourField(forms.TimeField):
    """An hour of the day, by the browser's own clock where it has one."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        kwargs.setdefault("widget", forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
        super().__init__(**kwargs)


class WeekFields(forms.Form):
    """Seven days of hours."""

    def __init__(self, *args: Any, windows: Iterable[WeeklyWindow] = (), **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        typed = list(windows)
        for weekday in range(7):
            minutes = [window.minutes for window in typed if window.weekday == weekday]
            self.fields[f"day_{weekday}"] = DayHoursField(
                label=weekday_name(weekday).capitalize(), initial=typed_day(minutes)
            )

    def days(self) -> list[forms.BoundField]:
        """Return the seven fields, Monday first."""
        return [self[f"day_{weekday}"] for weekday in range(7)]

    def windows(self) -> list[WeeklyWindow]:
        """Return the week typed; the form is valid."""
        return [
            WeeklyWindow(weekday, minutes)
            for weekday in range(7)
            for minutes in self.cleaned_data[f"day_{weekday}"]
        ]
