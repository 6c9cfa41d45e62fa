# SPDX-License-Identifier: EUPL-1.2
"""Which sites shut, from when to when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Site
from usufruit.inventory.queries import sites_of
from usufruit.kernel.local_time import local_instant, local_wall
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.search.slots import DayInput, HourInput

LONGEST = timedelta(days=31)
DAY_REFUSED = {
    "invalid": _("Cette date n’existe pas. Écrivez-la comme 2027-01-12."),
    "required": _("Choisissez une date."),
}
HOUR_REFUSED = {
    "invalid": _("Cette heure n’existe pas. Écrivez-la comme 18:30."),
    "required": _("Choisissez une heure."),
}


class ClosureForm(forms.Form):
    """Sites of a body, a run of its civil time, and the reason everybody reads.

    Attributes:
        span: when the sites are shut, once valid.
    """

    lieux = forms.ModelMultipleChoiceField(
        label=_("Lieux qui ferment"),
        queryset=Site.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins un lieu."),
            "invalid_choice": _("Ce lieu n’est pas de votre organisme."),
            "invalid_pk_value": _("Ce lieu n’est pas de votre organisme."),
        },
    )
    du = forms.DateField(label=_("Du"), widget=DayInput(), error_messages=DAY_REFUSED)
    du_h = forms.TimeField(label=_("À partir de"), widget=HourInput(), error_messages=HOUR_REFUSED)
    au = forms.DateField(label=_("Au"), widget=DayInput(), error_messages=DAY_REFUSED)
    au_h = forms.TimeField(label=_("Jusqu’à"), widget=HourInput(), error_messages=HOUR_REFUSED)
    raison = forms.CharField(
        label=_("Raison"),
        max_length=120,
        help_text=_("Tous la liront\u00a0: fermé par intempérie, panne de chauffage."),
        error_messages={"required": _("Dites pourquoi le lieu ferme.")},
    )

    def __init__(
        self, sent: Mapping[str, Any] | None, *, body: Organization, now: datetime
    ) -> None:
        wall = local_wall(now, body.time_zone).replace(second=0, microsecond=0)
        wall -= timedelta(minutes=wall.minute % 15)
        usual = {
            "du": wall.date().isoformat(),
            "du_h": f"{wall:%H:%M}",
            "au": (wall.date() + timedelta(days=1)).isoformat(),
            "au_h": "06:00",
            "raison": _("intempérie"),
        }
        super().__init__(sent, initial=usual)
        self.zone, self.now = body.time_zone, now
        self.span: Span | None = None
        self.fields["lieux"].queryset = sites_of(body)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the four fields together; an end comes after its start, and is still to come."""
        given = self.cleaned_data
        if any(given.get(name) is None for name in ("du", "du_h", "au", "au_h")):
            return given
        if not 2000 <= given["du"].year <= given["au"].year <= 2200:
            self.add_error("au", _("La fin vient après le début."))
            return given
        start = local_instant(datetime.combine(given["du"], given["du_h"]), self.zone, "start")
        end = local_instant(datetime.combine(given["au"], given["au_h"]), self.zone, "end")
        if end <= start:
            self.add_error("au", _("La fin vient après le début."))
        elif end <= self.now:
            self.add_error("au", _("Cette fermeture est déjà finie. Choisissez une autre fin."))
        elif end - start > LONGEST:
            self.add_error("au", _("Une fermeture dure au plus 31\u00a0jours."))
        else:
            self.span = Span(start, end)
        return given
