# SPDX-License-Identifier: EUPL-1.2
"""What an owner may look for, and the terms on which they open an asset."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset, Kind, Site
from usufruit.inventory.queries import sites_of
from usufruit.organizations.models import Organization
from usufruit.sharing.models import Audience, Mode
from usufruit.sharing.portfolio import Wanted
from usufruit.sharing.rules import Information, Reach
from usufruit.sharing.words import INFORMATION, REACHES
from usufruit.timetable.rules import MINUTES_PER_DAY, Minutes, WeeklyWindow
from usufruit.timetable.week_input import HourField
from usufruit.timetable.words import weekday_name


class PortfolioForm(forms.Form):
    """Which of the body's assets to list."""

    q = forms.CharField(label=_("Nom ou numéro"), max_length=100, required=False)
    nature = forms.ChoiceField(label=_("Nature"), required=False)
    etat = forms.ChoiceField(label=_("État"), required=False)
    lieu = forms.ModelChoiceField(
        queryset=Site.objects.none(), label=_("Lieu"), required=False, empty_label=_("Tous")
    )

    def __init__(self, *args: Any, body: Organization, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        everything = [("", _("Tous"))]
        self.fields["nature"].choices = [("", _("Toutes")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["etat"].choices = everything + Asset.State.choices  # type: ignore[attr-defined]
        self.fields["lieu"].queryset = sites_of(body)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "input" if name == "q" else "select"

    def wanted(self) -> Wanted:
        """Return what was asked; what could not be read asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        site = data.get("lieu")
        return Wanted(
            words=data.get("q", ""),
            kind=data.get("nature", ""),
            state=data.get("etat", ""),
            site_id=site.pk if site else None,
        )


class RuleForm(forms.Form):
    """To whom an asset opens, how, and when."""

    audience = forms.ChoiceField(
        label=_("À qui"),
        widget=forms.RadioSelect,
        choices=[
            (Audience.PUBLIC_BODIES, _("Tous les organismes publics")),
            (Audience.RECOGNIZED, _("Les organismes reconnus (associations, coopératives)")),
        ],
    )
    mode = forms.ChoiceField(
        label=_("Comment"),
        widget=forms.RadioSelect,
        choices=[
            (Mode.APPROVAL, _("Ils demandent, vous répondez")),
            (Mode.INSTANT, _("Ils réservent sans attendre")),
        ],
    )
    when = forms.ChoiceField(
        label=_("Quand"),
        widget=forms.RadioSelect,
        choices=[
            ("always", _("Pendant toutes les heures d’ouverture")),
            ("windows", _("Certains jours, à certaines heures")),
        ],
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Jours"), widget=forms.CheckboxSelectMultiple, coerce=int, required=False
    )
    start_at = HourField(label=_("De"), required=False)
    end_at = HourField(label=_("À"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.fields["weekdays"].choices = [  # type: ignore[attr-defined]
            (day, weekday_name(day).capitalize()) for day in range(7)
        ]
        for name in ("start_at", "end_at"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """Ask for days and hours when the rule has its own."""
        cleaned = super().clean() or {}
        if cleaned.get("when") == "windows":
            if not cleaned.get("weekdays") and "weekdays" not in self.errors:
                self.add_error("weekdays", _("Choisissez au moins un jour."))
            for name in ("start_at", "end_at"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Dites l’heure."))
        return cleaned

    def windows(self) -> list[WeeklyWindow] | None:
        """Return the weekly windows typed, or None for all opening hours; the form is valid."""
        data = self.cleaned_data
        if data["when"] != "windows":
            return None
        start, end = (data[name].hour * 60 + data[name].minute for name in ("start_at", "end_at"))
        minutes = Minutes(start, end if end > start else end + MINUTES_PER_DAY)
        return [WeeklyWindow(day, minutes) for day in data["weekdays"]]


class StateForm(forms.Form):
    """The state wanted for an asset."""

    state = forms.ChoiceField(choices=Asset.State.choices)


class VisibilityForm(forms.Form):
    """How far each kind of information goes, one list a kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        for each in Information:
            name, hint = INFORMATION[each]
            self.fields[each] = forms.ChoiceField(
                label=name,
                help_text=hint,
                choices=[(reach.value, REACHES[reach]) for reach in Reach],
                error_messages={"invalid_choice": _("Ce public n’existe pas. Choisissez-en un.")},
            )

    def told(self) -> dict[Information, Reach]:
        """Return the reaches chosen; the form is valid."""
        return {each: Reach(self.cleaned_data[each]) for each in Information}
