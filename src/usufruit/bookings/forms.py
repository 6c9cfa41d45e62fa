# SPDX-License-Identifier: EUPL-1.2
"""What is typed to book, to move and to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from usufruit.bookings.answering import check_proposal, reasons_of
from usufruit.bookings.deadlines import MOST_DAYS
from usufruit.bookings.models import BookingLine
from usufruit.bookings.queries import similar_assets
from usufruit.bookings.rules import MOST_LETTERS, REFUSAL_REASONS, RefusalReason
from usufruit.inventory.models import Asset
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization, Person
from usufruit.premises.queries import facts_of, set_ups_of
from usufruit.search.rules import Slot
from usufruit.search.slots import USUAL_HOUR, USUAL_MIN, DayInput, HourInput, SlotForm
from usufruit.timetable.queries import span_of


class ChoiceForm(SlotForm):
    """When, and which part of the asset when it divides."""

    usual = {"debut": USUAL_HOUR, "duree": USUAL_MIN}
    usual_start = time.fromisoformat(USUAL_HOUR)

    partie = forms.TypedChoiceField(
        label=_("Partie"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Cette partie n’existe pas. Choisissez-en une.")},
    )

    def __init__(self, asset: Asset, sent: Mapping[str, Any], *, now: datetime) -> None:
        self.asset = asset
        is_asked = bool(sent.get("le"))
        super().__init__(
            {**self.usual, **sent} if is_asked else None,
            zone=asset.site.time_zone,
            now=now,
            initial={**self.usual, "partie": "", **{k: v for k, v in sent.items() if v}},
        )
        parts = [(part.pk, part.name) for part in asset.parts.all()]
        if parts:
            self.fields["partie"].choices = [("", _("Tout le bien")), *parts]  # type: ignore[attr-defined]
        else:
            del self.fields["partie"]
        self.fields["duree"].offer(sent.get("duree"))  # type: ignore[attr-defined]

    @property
    def part_id(self) -> int | None:
        """Return the part chosen, or None for the whole asset or a part unknown to it."""
        if "partie" not in self.fields:
            return None
        if self.is_bound:
            self.is_valid()
            chosen: int | None = self.cleaned_data.get("partie")
            return chosen
        known = {str(pk) for pk, _name in self.fields["partie"].choices if pk}  # type: ignore[attr-defined]
        sent = str(self.initial["partie"])
        return int(sent) if sent in known else None


class MoveForm(SlotForm):
    """Another time for a booking."""


class BookingForm(forms.Form):
    """Who, why, for how many; the key makes a second press harmless."""

    purpose = forms.CharField(
        label=_("Ce que vous ferez"),
        max_length=300,
        help_text=_("Une phrase suffit. Le propriétaire la lira."),
        error_messages={"required": _("Dites à quoi servira le bien.")},
    )
    people_count = forms.IntegerField(
        label=_("Nombre de personnes"),
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={
            "invalid": _("Écrivez un nombre de personnes."),
            "min_value": _("Écrivez un nombre de personnes, 1 au moins."),
            "max_value": _("Écrivez un nombre de personnes, 100\u00a0000 au plus."),
        },
    )
    set_up = forms.ChoiceField(
        label=_("Aménagement"),
        required=False,
        error_messages={"invalid_choice": _("Ce lieu n’offre pas cet aménagement.")},
    )
    organization = forms.ModelChoiceField(
        label=_("Au nom de"),
        queryset=Organization.objects.none(),
        empty_label=None,
        error_messages={
            "invalid_choice": _("Vous n’agissez pas pour cet organisme."),
            "required": _("Choisissez l’organisme pour lequel vous agissez."),
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        person: Person,
        asset: Asset,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), **initial})
        set_ups = set_ups_of(facts_of(asset))
        if set_ups:
            self.fields["set_up"].choices = [  # type: ignore[attr-defined]
                ("", _("Sans préférence")),
                *((one.code, f"{one.name}, {most}\u00a0personnes") for one, most in set_ups),
            ]
        else:
            del self.fields["set_up"]
        bodies = Organization.objects.of_person(person).order_by("sort_key", "pk")
        self.fields["organization"].queryset = bodies  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Why a request is refused, in a word of the list and in the owner's own; what else is offered.

    Attributes:
        instead: the asset and time proposed, once valid; None when nothing is.
    """

    reason = forms.ChoiceField(
        label=_("Raison"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison\u00a0: le demandeur la lira.")},
    )
    explanation = forms.CharField(
        label=_("Vos mots au demandeur"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    bien = forms.ModelChoiceField(
        label=_("Autre bien à proposer"),
        required=False,
        queryset=Asset.objects.none(),
        empty_label=_("Le même bien"),
        error_messages={"invalid_choice": _("Ce bien n’est pas de ceux que vous offrez.")},
    )
    le = forms.DateField(
        label=_("Autre date à proposer"),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": _("Cette date n’existe pas. Écrivez-la comme 2027-01-12.")},
    )
    debut = forms.TimeField(
        label=_("Autre heure de début"),
        required=False,
        widget=HourInput(),
        error_messages={"invalid": _("Cette heure n’existe pas. Écrivez-la comme 18:30.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, line: BookingLine, now: datetime) -> None:
        super().__init__(data)
        self.line, self.now = line, now
        self.asset = line.assets.all()[0].asset
        self.reasons = reasons_of(line.decider)
        offered = [(sent, reason.label) for sent, reason in self.reasons.items()]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]
        self.fields["bien"].queryset = similar_assets(self.asset)  # type: ignore[attr-defined]
        self.instead: tuple[Asset, Span] | None = None

    def clean(self) -> dict[str, Any]:
        """Ask for words when no reason of the list says it; propose only what would be a yes."""
        given = self.cleaned_data
        if given.get("reason") == "other" and not given.get("explanation", "").strip():
            self.add_error("explanation", _("Dites la raison en quelques mots."))
        if not self.errors and any(given.get(name) for name in ("bien", "le", "debut")):
            self._read_proposal(given)
        return given

    def _read_proposal(self, given: dict[str, Any]) -> None:
        asset = given.get("bien") or self.asset
        zone, use = asset.site.time_zone, span_of(self.line.use_span)
        first = Slot.of(use, self.asset.site.time_zone)
        slot = Slot(given.get("le") or first.on, given.get("debut") or first.start, first.minutes)
        try:
            proposed = slot.use(zone)
            check_proposal(self.line, asset, proposed, self.now)
        except (Refusal, ValueError, OverflowError) as refusal:
            said = (
                refusal.message if isinstance(refusal, Refusal) else _("Cette heure n’existe pas.")
            )
            self.add_error(
                "le", _("Votre proposition ne serait pas un oui\u00a0: %(why)s") % {"why": said}
            )
        else:
            self.instead = asset, proposed

    @property
    def chosen(self) -> RefusalReason:
        """Return the reason chosen, once valid."""
        return self.reasons[self.cleaned_data["reason"]]


class MessageForm(forms.Form):
    """A question of the owner, or an answer to it."""

    text = forms.CharField(
        label=_("Votre message"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Écrivez votre message."),
            "max_length": _("Un message compte au plus 1\u00a0000 caractères."),
        },
    )


class AnswerDaysForm(forms.Form):
    """How many working days a body gives itself to answer."""

    days = forms.IntegerField(
        label=_("Délai de réponse, en jours ouvrables"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Passé ce délai, la demande va à qui administre l’organisme, puis se ferme."),
        error_messages={
            "required": _("Écrivez un nombre de jours."),
            "invalid": _("Écrivez un nombre de jours."),
            "min_value": _("Un délai va d’un jour à vingt jours ouvrables."),
            "max_value": _("Un délai va d’un jour à vingt jours ouvrables."),
        },
    )


class WordingForm(forms.Form):
    """A body's own words for a reason of the list."""

    label = forms.CharField(
        label=_("Vos mots"),
        max_length=120,
        help_text=_("Le demandeur les lira tels quels."),
        error_messages={
            "required": _("Écrivez la raison."),
            "max_length": _("Une raison compte au plus 120\u00a0caractères."),
        },
    )
    code = forms.ChoiceField(
        label=_("Ce que vos mots précisent"),
        choices=[(reason.code, reason.label) for reason in REFUSAL_REASONS],
        error_messages={"required": _("Choisissez ce que vos mots précisent.")},
    )
