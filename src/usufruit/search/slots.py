# SPDX-License-Identifier: EUPL-1.2
"""The three fields by which a person says when: date, hour, length."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.kernel.local_time import local_wall
from usufruit.kernel.spans import Span
from usufruit.search.rules import FURTHEST_DAYS, LONGEST_MIN, SHORTEST_MIN, Slot
from usufruit.ui import typography

USUAL_HOUR = "09:00"
USUAL_MIN = 120
USUAL_LENGTHS = (
    *(30, 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 720),
    *(1440 * days for days in (1, 2, 3, 4, 5, 7, 14, 28)),
)
LENGTH_REFUSED = _("La durée va de 15\u00a0minutes à 92\u00a0jours.")


class DayInput(forms.DateInput):
    """A date, typed or picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    """An hour of the local day, to the quarter of an hour when picked."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": 900})


class LengthField(forms.IntegerField):
    """A length in minutes, chosen from a list; any other length found in an address joins it."""

    widget = forms.Select

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        refused = {"invalid": LENGTH_REFUSED, "min_value": LENGTH_REFUSED}
        super().__init__(
            min_value=SHORTEST_MIN,
            max_value=LONGEST_MIN,
            error_messages={**refused, "max_value": LENGTH_REFUSED},
            **options,
        )

    def offer(self, sent: object) -> None:
        """List the usual lengths and the one sent, when it is one."""
        lengths = set(USUAL_LENGTHS)
        text = str(sent or "")
        if text.isascii() and text.isdigit() and len(text) < 7:
            lengths |= {int(text)} if SHORTEST_MIN <= int(text) <= LONGEST_MIN else set()
        self.widget.choices = [(each, typography.duration(each)) for each in sorted(lengths)]


class SlotForm(forms.Form):
    """When: read in the civil time of ``zone``, never in the past nor beyond two years.

    Attributes:
        slot: the slot typed, once read; None when no date was given or the slot cannot be.
    """

    le = forms.DateField(
        label=_("Date"),
        widget=DayInput(),
        error_messages={
            "invalid": _("Cette date n’existe pas. Écrivez-la comme 2027-01-12."),
            "required": _("Choisissez une date."),
        },
    )
    debut = forms.TimeField(
        label=_("Début"),
        widget=HourInput(),
        error_messages={
            "invalid": _("Cette heure n’existe pas. Écrivez-la comme 18:30."),
            "required": _("Choisissez une heure de début."),
        },
    )
    duree = LengthField(label=_("Durée"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        zone: str,
        now: datetime,
        **options: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(data, **options)
        self.zone, self.now = zone, now
        self.slot: Slot | None = None
        sent = (data or self.initial).get("duree")
        self.fields["duree"].offer(sent)  # type: ignore[attr-defined]

    @property
    def use(self) -> Span | None:
        """Return the span the slot means, or None."""
        return self.slot.use(self.zone) if self.slot else None

    def clean_le(self) -> date | None:
        """Refuse days long gone or far away, before any arithmetic on them."""
        on = self.cleaned_data["le"]
        today = local_wall(self.now, self.zone).date()
        if on and on < today:
            raise forms.ValidationError(_("Cette date est passée. Choisissez une date à venir."))
        if on and on > today + timedelta(days=FURTHEST_DAYS):
            raise forms.ValidationError(_("Choisissez une date dans les deux ans à venir."))
        return on

    def clean(self) -> dict[str, Any]:
        """Put the three fields together."""
        given = self.cleaned_data
        if all(given.get(name) for name in ("le", "duree")) and given.get("debut") is not None:
            slot = Slot(given["le"], given["debut"], given["duree"])
            try:
                use = slot.use(self.zone)
            except ValueError:
                self.add_error(
                    "debut",
                    _("Cette heure n’existe pas\u00a0: on avance l’heure cette nuit-là."),
                )
                return given
            if use.start < self.now:
                self.add_error("debut", _("Cette heure est passée. Choisissez une heure à venir."))
                return given
            self.slot = slot
        return given
