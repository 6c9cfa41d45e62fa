# SPDX-License-Identifier: EUPL-1.2
"""What an owner may state of a place, and the files that go with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usufruit.inventory.models import Asset
from usufruit.kernel.refusals import Refusal
from usufruit.premises.facts import DEFINITIONS, Definition, Group, Reader, value_said
from usufruit.premises.models import Photo, Secret
from usufruit.premises.papers import read_paper
from usufruit.premises.pictures import Picture, read_picture
from usufruit.premises.queries import Place, own_facts

MOST_AT_ONCE = 10
MOST_NUMBER = 100_000


class FactsForm(forms.Form):
    """Every fact of the registry; a box left empty is « inconnu », or « comme le lieu »."""

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        stated = own_facts(place)
        inherited = own_facts(place.site) if isinstance(place, Asset) else {}
        for each in DEFINITIONS:
            field = _field(each, inherited.get(each.code), is_asset=isinstance(place, Asset))
            kept = stated.get(each.code)
            field.initial = str(kept) if isinstance(kept, bool) else kept
            self.fields[each.code] = field

    def groups(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """Return the fields under the name of each family."""
        return [
            (group, [self[each.code] for each in DEFINITIONS if each.group == group])
            for group in Group
        ]

    def values(self) -> dict[str, Any]:
        """Return the value of each fact, None where it is unknown; the form is valid."""
        return {
            each.code: None if self.cleaned_data[each.code] in ("", None) else _plain(each, self)
            for each in DEFINITIONS
        }


def _plain(definition: Definition, form: forms.Form) -> object:
    value = form.cleaned_data[definition.code]
    return value.strftime("%H:%M") if definition.kind == "hour" else value


def _field(definition: Definition, inherited: object, *, is_asset: bool) -> forms.Field:
    """Return the field that asks for a fact."""
    empty: object = _("Comme le lieu") if is_asset else _("Inconnu")
    if inherited is not None:
        empty = _("Comme le lieu\u00a0: %(value)s") % {"value": value_said(definition, inherited)}
    label = f"{definition.name} ({definition.unit})" if definition.unit else definition.name
    common: dict[str, Any] = {"label": label, "required": False, "help_text": definition.hint}
    if definition.kind == "yes_no":
        return forms.TypedChoiceField(
            **common,
            empty_value=None,
            coerce=lambda sent: sent == "True",
            choices=[("", empty), ("True", _("Oui")), ("False", _("Non"))],
        )
    if definition.kind == "choice":
        return forms.ChoiceField(**common, choices=[("", empty), *definition.choices])
    if is_asset and inherited is not None:
        common["help_text"] = empty
    if definition.kind == "number":
        return forms.IntegerField(**common, min_value=1, max_value=MOST_NUMBER)
    if definition.kind == "hour":
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(**common, widget=widget)
    return forms.CharField(**common, max_length=200)


class SecretForm(forms.Form):
    """What opens the door; what stands sealed is never sent back to the page."""

    code = forms.CharField(
        label=_("Code, ou cachette de la clé"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Chiffré. Chaque lecture s’inscrit au journal."),
    )
    hours_before = forms.IntegerField(
        label=_("Montré combien d’heures avant"),
        min_value=0,
        max_value=168,
        help_text=_(
            "Aux personnes de l’organisme dont la réservation est confirmée, jusqu’à sa fin."
        ),
    )
    forget = forms.BooleanField(label=_("Effacer le code gardé"), required=False)

    def __init__(self, *args: Any, secret: Secret | None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.fields["hours_before"].initial = secret.hours_before if secret else 24
        if secret is None:
            del self.fields["forget"]

    def clean(self) -> dict[str, Any]:
        """Refuse to both write and erase."""
        given = super().clean() or {}
        if given.get("forget") and given.get("code"):
            self.add_error("forget", _("Écrivez un code ou effacez-le, pas les deux."))
        return given


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several pictures; those that can be read come back, with a sentence for each other."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> tuple[list[Picture], list[str]]:  # noqa: ANN401 - Django's signature
        """Return the pictures read and why the others were not; at least one is read."""
        sent = data if isinstance(data, list | tuple) else [data]
        files: list[UploadedFile] = [super(PhotosField, self).clean(one, initial) for one in sent]
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(
                _("Déposez au plus %(most)s photos à la fois."), params={"most": MOST_AT_ONCE}
            )
        pictures, refused = [], []
        for file in files:
            try:
                pictures.append(read_picture(_bytes(file, settings.PHOTO_MAX_BYTES), _name(file)))
            except Refusal as refusal:
                refused.append(refusal.message)
        if not pictures:
            raise ValidationError(refused)
        return pictures, refused


def _name(file: UploadedFile) -> str:
    return str(file.name or "")[-80:]


def _bytes(file: UploadedFile, most: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        Refusal: ``file_too_large``.
    """
    if (file.size or 0) > most:
        words = _("«\u00a0%(name)s\u00a0» dépasse %(most)s\u00a0Mo.")
        names = {"name": _name(file), "most": most // 1024 // 1024}
        raise Refusal("file_too_large", str(words % names))
    return bytes(file.read())


class PhotosForm(forms.Form):
    """Photos to add."""

    photos = PhotosField(
        label=_("Photos"),
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, dix à la fois. La position et l’appareil sont effacés."),
        error_messages={
            "required": _("Choisissez au moins une photo."),
            "empty": _("Ce fichier est vide. Choisissez une autre photo."),
        },
    )


class AltsForm(forms.Form):
    """What each photo shows."""

    def __init__(self, *args: Any, photos: Iterable[Photo], **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        for photo in photos:
            self.fields[f"alt_{photo.pk}"] = forms.CharField(
                label=_("Ce que montre cette photo"),
                max_length=200,
                required=False,
                initial=photo.alt,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    def alts(self) -> dict[int, str]:
        """Return what each photo shows, by its number; the form is valid."""
        return {int(name[4:]): words for name, words in self.cleaned_data.items()}


class PaperForm(forms.Form):
    """A manual to attach."""

    title = forms.CharField(
        label=_("Titre"), max_length=120, help_text=_("Mode d’emploi, plan d’évacuation, contrat.")
    )
    reader = forms.ChoiceField(label=_("Qui le télécharge"), choices=Reader.choices)
    file = forms.FileField(
        label=_("Fichier"),
        help_text=_("PDF, ODT, DOCX ou photo."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.docx,image/jpeg,image/png"}),
        error_messages={"empty": _("Ce fichier est vide. Choisissez-en un autre.")},
    )

    def clean_file(self) -> tuple[bytes, str]:
        """Return the bytes to keep and their media type."""
        file: UploadedFile = self.cleaned_data["file"]
        try:
            return read_paper(_bytes(file, settings.PAPER_MAX_BYTES), _name(file))
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal
