# SPDX-License-Identifier: EUPL-1.2
"""The facts one may state of a place: their names, how they are written, who reads them.

A fact not stated is *unknown*, which is no « no ». An asset may state its own where it differs from
its site: the hall has a hearing loop, the rest of the school has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from usufruit.ui import typography

Words: TypeAlias = str | Promise

WIDE_DOOR_CM = 80


class Group(models.TextChoices):
    """The four families of facts, in the order a page asks for them."""

    ACCESS = "access", _("Entrer et repartir")
    SET_UP = "set_up", _("Aménagements, en personnes")
    RULES = "rules", _("Règles du lieu")
    ACCESSIBILITY = "accessibility", _("Accessibilité")


class Reader(models.TextChoices):
    """Who reads a fact or a paper; each is told all that the one before is told."""

    ALL = "all", _("Toute personne qui voit le bien")
    BOOKED = "booked", _("Les organismes dont la réservation est confirmée")
    MANAGERS = "managers", _("Les gestionnaires seulement")


@dataclass(frozen=True)
class Definition:
    """A fact: its French name, its kind (yes_no, number, choice, text or hour), who reads it.

    Attributes:
        slug: how the address of a search names it; empty when no search asks for it.
        denied: how a « no » is said.
    """

    code: str
    name: Words
    group: Group
    kind: str
    icon: str = "info-circle"
    unit: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    reader: Reader = Reader.ALL
    hint: Words = ""
    slug: str = ""
    denied: Words = ""


_A, _S, _R, _P = Group.ACCESS, Group.SET_UP, Group.RULES, Group.ACCESSIBILITY

OPENERS = (
    ("caretaker", _("Le concierge ou un préposé")),
    ("key", _("Une clé à prendre")),
    ("code", _("Un code")),
    ("card", _("Une carte")),
    ("borrower", _("Votre propre clé")),
)
ALCOHOL = (
    ("no", _("Interdit")),
    ("permit", _("Avec un permis de réunion")),
    ("yes", _("Permis")),
)

DEFINITIONS = (
    Definition("opener", _("Qui ouvre"), _A, "choice", "door", choices=OPENERS),
    Definition(
        "entrance",
        _("Entrée à prendre"),
        _A,
        "text",
        "login",
        hint=_("Porte 3, côté stationnement."),
    ),
    Definition(
        "key_place",
        _("Où prendre la clé"),
        _A,
        "text",
        "key",
        reader=Reader.BOOKED,
        hint=_("Un comptoir et ses heures. Une cachette s’écrit plutôt avec le code."),
    ),
    Definition(
        "caretaker",
        _("Sur place"),
        _A,
        "text",
        "phone",
        reader=Reader.BOOKED,
        hint=_("Une fonction et son téléphone, jamais un nom\u00a0: Conciergerie, 555\u00a00134."),
    ),
    Definition(
        "after_hours",
        _("Hors des heures"),
        _A,
        "text",
        "phone",
        reader=Reader.BOOKED,
        hint=_("Le téléphone de garde."),
    ),
    Definition("parking", _("Stationnement"), _A, "text", "parking"),
    Definition("dock", _("Quai de déchargement"), _A, "text", "truck-delivery"),
    Definition("theatre", _("Théâtre"), _S, "number", "armchair"),
    Definition("classroom", _("Classe"), _S, "number", "school"),
    Definition("banquet", _("Banquet"), _S, "number", "tools-kitchen-2"),
    Definition("standing", _("Debout"), _S, "number", "users"),
    Definition(
        "fire_limit",
        _("Limite du service incendie"),
        _R,
        "number",
        "alert-triangle",
        unit=_("personnes"),
        hint=_("Aucune réservation ne la dépasse."),
    ),
    Definition("alcohol", _("Alcool"), _R, "choice", "droplet", choices=ALCOHOL),
    Definition("food", _("Nourriture permise"), _R, "yes_no", "tools-kitchen-2"),
    Definition("animals", _("Animaux permis"), _R, "yes_no", "leaf"),
    Definition("smoking", _("Fumer dehors permis"), _R, "yes_no", "ban"),
    Definition("minors", _("Mineurs accompagnés d’un adulte"), _R, "yes_no", "user-check"),
    Definition("quiet_from", _("Silence à partir de"), _R, "hour", "moon"),
    Definition(
        "step_free",
        _("Entrée sans marche"),
        _P,
        "yes_no",
        "wheelchair",
        slug="entree-sans-marche",
        denied=_("Marches à l’entrée"),
    ),
    Definition(
        "door_cm",
        _("Largeur de la porte"),
        _P,
        "number",
        "door",
        unit="cm",
        slug="porte-large",
        hint=_("Le passage libre le plus étroit jusqu’au bien."),
    ),
    Definition(
        "lift",
        _("Ascenseur"),
        _P,
        "yes_no",
        "chevron-up",
        slug="ascenseur",
        denied=_("Pas d’ascenseur"),
        hint=_("Oui aussi quand tout est de plain-pied."),
    ),
    Definition(
        "toilet",
        _("Toilettes accessibles"),
        _P,
        "yes_no",
        "accessible",
        slug="toilettes",
        denied=_("Pas de toilettes accessibles"),
    ),
    Definition(
        "hearing_loop",
        _("Boucle d’écoute"),
        _P,
        "yes_no",
        "device-speaker",
        slug="boucle-d-ecoute",
        denied=_("Pas de boucle d’écoute"),
    ),
    Definition(
        "reserved_parking",
        _("Stationnement réservé"),
        _P,
        "yes_no",
        "parking",
        slug="stationnement",
        denied=_("Pas de stationnement réservé"),
    ),
    Definition(
        "table",
        _("Table à hauteur réglable"),
        _P,
        "yes_no",
        "table",
        slug="table-reglable",
        denied=_("Pas de table réglable"),
    ),
    Definition(
        "visual_alarm",
        _("Alarme lumineuse"),
        _P,
        "yes_no",
        "bell",
        slug="alarme-lumineuse",
        denied=_("Pas d’alarme lumineuse"),
    ),
    Definition(
        "quiet_room",
        _("Pièce calme"),
        _P,
        "yes_no",
        "moon",
        slug="piece-calme",
        denied=_("Pas de pièce calme"),
    ),
)
BY_CODE = {each.code: each for each in DEFINITIONS}
SET_UPS = tuple(each for each in DEFINITIONS if each.group == Group.SET_UP)
FEATURES = {each.slug: each for each in DEFINITIONS if each.slug}


def feature_name(definition: Definition) -> str:
    """Return how a search asks for a fact: a width is asked as wide enough."""
    if definition.kind == "number":
        return said("Porte d’au moins %(cm)s\u00a0cm") % {"cm": WIDE_DOOR_CM}
    return str(definition.name)


def value_said(definition: Definition, value: object) -> str:
    """Return a value in French words."""
    if definition.kind == "yes_no":
        return said("Oui") if value else said("Non")
    if definition.kind == "choice":
        return str(dict(definition.choices).get(str(value), value))
    if definition.kind == "hour":
        hours, _colon, minutes = str(value).partition(":")
        return f"{int(hours)}\u00a0h" + (f"\u00a0{minutes}" if minutes != "00" else "")
    if definition.kind == "number":
        number = typography.number(int(str(value)))
        return f"{number}\u00a0{definition.unit}" if definition.unit else number
    return str(value)
