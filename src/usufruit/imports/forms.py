# SPDX-License-Identifier: EUPL-1.2
"""What a person may say of a file: the file, its columns, its unknown words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usufruit.imports.models import Import
from usufruit.imports.queries import bodies_fed, feeds_many
from usufruit.imports.reading import SEPARATORS, Wanted, table_schema_titles
from usufruit.imports.understanding import ColumnMapping
from usufruit.inventory.columns import COLUMNS
from usufruit.inventory.models import AttributeDefinition
from usufruit.inventory.queries import categories_by_kind
from usufruit.kernel.tables import UnusableSource
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import OrganizationNature

CREATE = "+"


class FileForm(forms.Form):
    """A file of assets, and its schema when it has one."""

    file = forms.FileField(
        label=_("Fichier de biens"),
        help_text=_("CSV, XLSX ou GeoJSON, une ligne par bien. L’ordre des colonnes est libre."),
        error_messages={
            "required": _("Joignez un fichier."),
            "empty": _("Ce fichier est vide. Joignez-en un autre."),
        },
    )
    schema = forms.FileField(
        label=_("Schéma du fichier"),
        required=False,
        help_text=_("Un Table Schema ou un datapackage.json, si le fichier en a un."),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that weighs too much."""
        file: UploadedFile = self.cleaned_data["file"]
        most = settings.EVIDENCE_MAX_BYTES
        if (file.size or 0) > most:
            raise forms.ValidationError(
                _("« %(name)s » dépasse %(most)s\u00a0Mo. Coupez-le en deux."),
                params={"name": file.name, "most": most // 1024 // 1024},
            )
        return file

    def clean_schema(self) -> dict[str, str]:
        """Return the titles of the fields, by name."""
        file = self.cleaned_data["schema"]
        if file is None:
            return {}
        try:
            return table_schema_titles(file.read(1 << 20))
        except UnusableSource as told:
            raise forms.ValidationError(str(told)) from told


class ShapeForm(forms.Form):
    """Another way to read the same file."""

    sheet = forms.ChoiceField(label=_("Feuille"), required=False)
    separator = forms.ChoiceField(label=_("Séparateur"), required=False)
    header_line = forms.IntegerField(
        label=_("Ligne des titres"), min_value=1, max_value=1000, required=False
    )

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        shape = batch.shape
        self._offer("sheet", [(name, name) for name in shape["sheets"]])
        marks = [(mark, name.capitalize()) for mark, name in SEPARATORS.items()]
        self._offer("separator", marks if shape["form"] == "csv" else [])
        if shape["form"] == "geojson":
            del self.fields["header_line"]
        for name in self.fields:
            self.initial[name] = shape[name]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if len(choices) < 2:
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return how the file is to be read."""
        said = self.cleaned_data
        return Wanted(
            said.get("sheet", ""), said.get("header_line") or 0, said.get("separator", "")
        )


class ColumnsForm(forms.Form):
    """What each column is, and what holds for all lines."""

    default_category = forms.ChoiceField(
        label=_("Catégorie des lignes qui n’en ont pas"), required=False
    )
    currency = forms.ChoiceField(
        label=_("Monnaie des montants"), choices=[("CAD", "CAD"), ("EUR", "EUR")]
    )
    is_month_first = forms.BooleanField(
        label=_("Les dates commencent par le mois (01/31/2026)"), required=False
    )
    is_swapped = forms.BooleanField(
        label=_("La latitude et la longitude sont inversées"), required=False
    )

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.kept = ColumnMapping.from_json(batch.mapping)
        self.names: list[str] = batch.shape["names"]
        for name in ("default_category", "currency", "is_month_first", "is_swapped"):
            self.initial.setdefault(name, getattr(self.kept, name))
        self.fields["default_category"].choices = category_choices(_("Aucune\u00a0: refuser"))  # type: ignore[attr-defined]
        choices = target_choices()
        for place, name in enumerate(self.names):
            field = forms.ChoiceField(label=name, required=False, choices=choices)
            field.widget.attrs["class"] = "select"
            self.fields[f"column_{place}"] = field
            if place < len(self.kept.targets):
                self.initial[f"column_{place}"] = self.kept.targets[place]

    def mapping(self) -> ColumnMapping:
        """Return the columns as the person says, with the words they settled before."""
        said = self.cleaned_data
        return ColumnMapping.from_json(
            {
                **self.kept.to_json(),
                **{name: said[name] for name in self.base_fields},
                "targets": tuple(said[f"column_{place}"] for place in range(len(self.names))),
            }
        )


class WordsForm(forms.Form):
    """What the unknown words of a file mean; each is asked once, for all its lines."""

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:  # noqa: ANN401 - Django's arguments
        super().__init__(*args, **kwargs)
        self.kept = ColumnMapping.from_json(batch.mapping)
        self.words: dict[str, tuple[str, str]] = {}
        categories = category_choices(_("Refuser ces lignes"))
        self._ask("category", batch.told.get("unknown_categories", []), categories)
        unknown_bodies = batch.told.get("unknown_bodies", [])
        if unknown_bodies:
            bodies = bodies_fed(batch.created_by, batch.organization).order_by("sort_key", "pk")
            choices: list[Any] = [("", _("Refuser ces lignes"))]
            if feeds_many(batch.created_by, batch.organization):
                choices.append((CREATE, _("Inscrire cet organisme")))
            choices += [(body.slug, body.name) for body in bodies]
            self._ask("body", unknown_bodies, choices)
            natures = OrganizationNature.objects.values_list("code", "name").order_by("rank")
            self.fields["nature"] = forms.ChoiceField(
                label=_("Nature des organismes à inscrire"),
                choices=list(natures),
                initial=self.kept.nature,
            )

    def _ask(self, kind: str, unknown: list[tuple[str, int]], choices: list[Any]) -> None:
        for place, (word, count) in enumerate(unknown[:200]):
            name = f"{kind}_{place}"
            self.words[name] = (kind, word)
            help_text = _("Lignes\u00a0: %(count)s") % {"count": count}
            self.fields[name] = forms.ChoiceField(
                label=word, choices=choices, required=False, help_text=help_text
            )

    def mapping(self) -> ColumnMapping:
        """Return what the file's words mean, with what was known before."""
        kept = self.kept.to_json()
        for name, (kind, word) in self.words.items():
            chosen = self.cleaned_data[name]
            if chosen:
                target = f"+{word}" if chosen == CREATE else chosen
                kept["categories" if kind == "category" else "bodies"][sort_key(word)] = target
        kept["nature"] = self.cleaned_data.get("nature", self.kept.nature)
        return ColumnMapping.from_json(kept)


def category_choices(none: Any) -> list[Any]:  # noqa: ANN401 - a lazy text
    """Return the leaves of the tree under their kinds, after the choice of none."""
    groups = [
        (kind, [(one.code, one.name) for one in leaves]) for kind, leaves in categories_by_kind("")
    ]
    return [("", none), *groups]


def target_choices() -> list[Any]:
    """Return what a column may be."""
    plain = [(one.name, one.title) for one in COLUMNS if not one.is_finance and one.name != "kind"]
    money = [(one.name, one.title) for one in COLUMNS if one.is_finance]
    rows = AttributeDefinition.objects.order_by("code", "pk").values_list("code", "name")
    attributes = {f"attribute:{code}": name for code, name in rows}
    return [
        ("", _("Laisser de côté")),
        (_("Le bien"), plain),
        (_("Registre des immobilisations"), money),
        (_("Caractéristiques"), list(attributes.items())),
    ]
