# SPDX-License-Identifier: EUPL-1.2
"""Believable, invented values for the gallery: no body, place or figure here is real."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from usufruit.ui import charts

NBSP = "\u00a0"
MONDAY = date(2027, 1, 11)
ZONE = "America/Toronto"
NOW = datetime(2027, 1, 13, 18, 40, tzinfo=UTC)


class SampleForm(forms.Form):
    """A form with one field of each kind."""

    purpose = forms.CharField(
        label="Ce que vous ferez",
        help_text="Une phrase suffit : « entraînement de basket-ball ».",
        max_length=120,
    )
    people = forms.IntegerField(label="Nombre de personnes", min_value=1, max_value=90)
    on = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="Catégorie",
        choices=[("gym", "Gymnases"), ("hall", "Salles de réunion"), ("plough", "Chasse-neiges")],
    )
    conditions = forms.CharField(
        label="Précisions",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Matériel apporté, personne à joindre sur place.",
    )
    channel = forms.ChoiceField(
        label="La demande vient",
        widget=forms.RadioSelect,
        choices=[("web", "du site"), ("phone", "du téléphone"), ("desk", "du comptoir")],
        initial="web",
    )
    paper = forms.FileField(label="Attestation d’assurance", help_text="PDF, 5 Mo au plus.")
    agreed = forms.BooleanField(label="J’ai lu le règlement de tarification")


def context() -> dict[str, Any]:
    """Return all the values the gallery shows."""
    return {
        "form": SampleForm(initial={"purpose": "Entraînement de basket-ball", "people": 24}),
        "wrong_form": SampleForm(
            {"purpose": "", "people": "240", "on": "2027-01-19", "kind": "gym", "channel": "phone"}
        ),
        "heat": heat("gymnase"),
        "heat_long": heat("salle", is_long=True),
        "heat_empty": charts.HeatMap(
            _("Salle du conseil : semaine type"),
            [
                charts.HeatCell(d, h, state="closed" if h < 8 or h > 17 or d > 4 else "no_data")
                for d in range(7)
                for h in range(24)
            ],
            key="heat-empty",
        ),
        "week": week_of_one(),
        "fleet": week_of_many(),
        "histogram": histogram(),
        "figures": figures(),
        "map_items": map_items(),
        "page_obj": Paginator(list(range(214)), 20).page(4),
        "price": [
            ("3 h à 28,00" + NBSP + "$", Decimal("84.00")),
            ("Surveillance", Decimal("45.5")),
        ],
        "total": Decimal("129.50"),
        "moment": NOW,
        "zone": ZONE,
        "colors": COLORS,
        "ramps": RAMPS,
        "icons": ICONS,
    }


COLORS = (
    *("bg", "surface", "surface-2", "border", "border-strong", "text", "text-2", "brand"),
    *("brand-hover", "brand-soft", "link", "focus", "accent", "ok", "ok-soft", "warn", "warn-soft"),
    *("err", "err-soft", "info", "info-soft", "hatch"),
)
RAMPS = (
    ("Chaleur", tuple(f"heat-{at}" for at in range(7))),
    ("Écarts", tuple(f"diverge-{at}" for at in range(1, 8))),
    ("Séries", tuple(f"series-{at}" for at in range(1, 6))),
    ("Carte", ("map-water", "map-shore", "map-land", "map-label")),
)
ICONS = (
    *("chasse-neige", "niveleuse", "truck", "bulldozer", "tractor", "crane", "forklift", "shovel"),
    *("bus", "car", "caravan", "building-community", "school", "ball-basketball", "swimming"),
    *("ice-skating", "books", "device-projector", "device-speaker", "armchair", "table", "tent"),
    *("tools", "tools-kitchen-2", "parking", "plant-2", "scale", "heart-handshake"),
)


def heat(key: str, *, is_long: bool = False) -> charts.HeatMap:
    """Return the typical week of an invented gym: classes by day, clubs in the evening."""
    cells = []
    for weekday in range(7):
        cells += [_heat_cell(weekday, hour, is_long=is_long) for hour in range(24)]
    name = _("Salle communautaire") if is_long else _("Gymnase de l’école des Trois-Saules")
    return charts.HeatMap(
        f"{name} : semaine type, par heure",
        cells,
        key=key,
        measure=_("Taux d’utilisation"),
        weeks_total=13,
        idle_windows=(
            f"samedi, de 9{NBSP}h à 13{NBSP}h : libre 12 semaines sur 13",
            f"mercredi, de 20{NBSP}h à 22{NBSP}h : libre 13 semaines sur 13",
        ),
        source=charts.Source(
            "du 4 janvier au 3 avril 2027", 2184, "heures", 0.92, "1.0", "#chaleur", "#chaleur"
        ),
    )


def _heat_cell(weekday: int, hour: int, *, is_long: bool) -> charts.HeatCell:
    opens, closes = (0, 24) if is_long else (8, 22)
    if not opens <= hour < closes or (weekday == 6 and not is_long):
        return charts.HeatCell(weekday, hour, state="closed")
    if weekday == 4 and 12 <= hour < 15:
        return charts.HeatCell(weekday, hour, state="no_data")
    is_idle = (weekday == 5 and 9 <= hour < 13) or (weekday == 2 and 20 <= hour < 22)
    if is_idle or hour < 7:
        return charts.HeatCell(weekday, hour, 0.0, weeks=13, is_idle=is_idle)
    evening = math.exp(-(((hour - 18.5) / 2.2) ** 2))
    classes = math.exp(-(((hour - 10.5) / 2.8) ** 2)) * (0.75 if weekday < 5 else 0.15)
    ratio = min(1.0, (evening * (0.95 - 0.09 * weekday) + classes) * 0.98)
    return charts.HeatCell(weekday, hour, round(ratio, 3), weeks=11 + (weekday + hour) % 3)


def _block(
    day: int, start: float, end: float, label: str, kind: str, **more: str
) -> charts.TimelineBlock:
    """Return a block in Toronto's winter time, five hours behind UTC."""
    midnight = datetime(2027, 1, 11, 5, tzinfo=UTC) + timedelta(days=day)
    begin, stop = midnight + timedelta(hours=start), midnight + timedelta(hours=end)
    return charts.TimelineBlock(begin, stop, label, kind, **more)  # type: ignore[arg-type]


def week_of_one() -> charts.WeekTimeline:
    """Return the week of one asset, as a borrower sees it: never who has taken it."""
    blocks = []
    for day in range(5):
        blocks += [
            _block(day, 8, 15.5, "Réservé à l’école", "reserved"),
            _block(day, 15.5, 16, "Battement", "buffer"),
        ]
    blocks += [
        _block(0, 18, 20, "Pris", "busy"),
        _block(1, 16, 18, "Libre", "free", href="#semaine", detail="réservation immédiate"),
        _block(1, 18, 20, "À vous", "mine", href="#semaine", detail="réservation confirmée"),
        _block(2, 16, 20, "Libre", "free", href="#semaine"),
        _block(2, 20, 22, "Libre", "idle", href="#semaine", detail="plage libre repérée"),
        _block(3, 18, 19.5, "En attente", "pending", detail="réponse d’ici mercredi midi"),
        _block(3, 19.5, 22, "Pris", "busy"),
        _block(4, 17, 21, "Pris", "busy"),
        _block(5, 8, 9, "Pris", "busy"),
        _block(5, 9, 13, "Libre", "free", href="#semaine"),
        _block(5, 13, 22, "Hors service", "repair", detail="panier brisé, jusqu’à samedi"),
        _block(6, 8, 22, "Fermé", "closed"),
    ]
    row = charts.TimelineRow("Gymnase", blocks)
    return charts.WeekTimeline(
        _("Gymnase de l’école des Trois-Saules : semaine du 11 janvier"),
        [row],
        MONDAY,
        ZONE,
        first_hour=8,
        last_hour=22,
        now=NOW,
        key="semaine-une",
        previous_href="#semaine",
        next_href="#semaine",
    )


def week_of_many() -> charts.WeekTimeline:
    """Return the week of several assets, as their owner sees it."""
    rows = [
        charts.TimelineRow(
            "Chasse-neige 12",
            [
                _block(0, 4, 11, "Voirie", "busy", href="#parc"),
                _block(1, 4, 11, "Voirie", "busy", href="#parc"),
                _block(3, 6, 18, "Saint-Élie", "mine", href="#parc"),
                _block(5, 0, 48, "Atelier", "repair"),
            ],
            href="#parc",
            note="Garage municipal",
        ),
        charts.TimelineRow(
            "Niveleuse",
            [
                _block(2, 7, 16, "Route 9", "busy", href="#parc"),
                _block(4, 7, 16, "Demande", "pending", href="#parc"),
            ],
            href="#parc",
            note="Garage municipal",
        ),
        charts.TimelineRow(
            "Salle des Pins, deux moitiés",
            [
                _block(1, 18, 21, "Chorale", "busy", href="#parc"),
                _block(1, 19, 22, "Échecs", "busy", href="#parc"),
                _block(4, 17, 23, "Souper", "mine", href="#parc"),
                _block(6, 0, 24, "Fermé", "closed"),
            ],
            href="#parc",
            note="Centre communautaire",
        ),
    ]
    return charts.WeekTimeline(
        _("Vos biens, du 11 au 17 janvier"),
        rows,
        MONDAY,
        ZONE,
        now=NOW,
        key="semaine-parc",
        finding=_("La niveleuse est libre cinq jours sur sept."),
    )


def histogram() -> charts.Histogram:
    """Return how 126 invented assets spread by share of open time used."""
    counts = (41, 22, 15, 12, 10, 8, 7, 6, 3, 2)
    bins = [charts.HistogramBin(at * 10, at * 10 + 10, count) for at, count in enumerate(counts)]
    return charts.Histogram(
        _("Vos 126 biens, par taux d’utilisation"),
        bins,
        key="repartition",
        unit="%",
        counted=_("biens"),
        middle=20,
        threshold=20,
        threshold_label=_("sous-utilisé"),
        finding=_("63 de vos 126 biens dorment plus de 80\u00a0% de leur temps ouvert."),
        source=charts.Source("du 4 janvier au 3 avril 2027", 126, "biens", 0.87, "1.0", "#"),
    )


def figures() -> list[charts.Figure]:
    """Return figures in each state: sure, weak, unknown."""
    return [
        charts.Figure(
            _("Taux d’utilisation"),
            f"15{NBSP}%",
            comparison=f"Ce camion roule 6{NBSP}h par semaine sur 40{NBSP}h ouvertes.",
            interval=f"entre 13{NBSP}% et 17{NBSP}%",
            coverage_ratio=0.92,
            spark=(0.12, 0.14, 0.1, 0.17, None, 0.15, 0.19, 0.16, 0.15),
            href="#chiffres",
            icon="truck",
        ),
        charts.Figure(
            _("Heures libres par semaine"),
            f"27,5{NBSP}h",
            comparison="Comme les autres gymnases scolaires de la MRC.",
            coverage_ratio=0.87,
            href="#chiffres",
            icon="clock",
        ),
        charts.Figure(
            _("Taux d’occupation"), f"38{NBSP}%", coverage_ratio=0.41, icon="users-group"
        ),
        charts.Figure(
            _("Charge de nuit"),
            "",
            reason="Aucune donnée : le compteur était débranché du 2 au 23 mars.",
            icon="bolt",
        ),
    ]


def map_items() -> list[dict[str, Any]]:
    """Return invented places on a real stretch of river."""
    rows = [
        ("Gymnase des Trois-Saules", 46.352, -72.546, "84 $", "ball-basketball"),
        ("Salle des Pins", 46.383, -72.61, "0 $", "building-community"),
        ("Chasse-neige 12", 46.302, -72.68, "120 $", "chasse-neige"),
        ("Niveleuse", 46.43, -72.45, "210 $", "niveleuse"),
        ("Aréna du Lac", 46.22, -72.62, "95 $", "ice-skating"),
    ]
    return [
        {
            "id": str(at),
            "name": name,
            "lat": lat,
            "lon": lon,
            "label": label.replace(" ", NBSP),
            "href": "#carte",
            "icon": icon,
        }
        for at, (name, lat, lon, label, icon) in enumerate(rows, start=1)
    ]
