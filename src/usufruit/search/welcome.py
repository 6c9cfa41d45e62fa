# SPDX-License-Identifier: EUPL-1.2
"""What an almost empty territory shows: its few assets, however far, and an invitation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usufruit.organizations.models import Organization
from usufruit.search.answers import Card, cards_of
from usufruit.search.forms import SearchForm
from usufruit.search.queries import WIDEST_KM, nearest

FEW = 12
SHOWN = 6


@dataclass(frozen=True)
class Welcome:
    """The nearest assets of a territory that has few.

    Attributes:
        near, far: cards within the usual radius and beyond it, nearest first.
    """

    near: list[Card]
    far: list[Card]
    radius_km: int

    @property
    def cards(self) -> list[Card]:
        """Return all the cards in order."""
        return [*self.near, *self.far]


def welcome(form: SearchForm, asker: Organization | None, now: datetime) -> Welcome:
    """Return the nearest assets of all kinds, those beyond the usual radius apart."""
    question = form.question()
    if question is None:
        return Welcome([], [], form.radius_km)
    found = nearest(replace(question, radius_km=WIDEST_KM), asker, now=now, most=SHOWN)
    cards = cards_of(found, form, asker, now)
    return Welcome(
        near=[card for card in cards if card.result.distance_km <= form.radius_km],
        far=[card for card in cards if card.result.distance_km > form.radius_km],
        radius_km=form.radius_km,
    )


@dataclass(frozen=True)
class Invitation:
    """A letter ready to be copied, printed or sent."""

    subject: str
    text: str

    @property
    def mail_href(self) -> str:
        """Return the address that opens a message with the letter in it, to nobody yet."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.text)}"


def invitation(body: Organization | None, asset_count: int, site_address: str) -> Invitation:
    """Write the letter that invites a neighbouring body, in the name of one's own when known."""
    offered = ngettext(
        "Déjà %(n)s bien y est offert.", "Déjà %(n)s biens y sont offerts.", asset_count
    ) % {"n": asset_count}
    paragraphs = [
        _("Bonjour,"),
        _(
            "Nos organismes possèdent des salles, des véhicules et des outils qui dorment une "
            "partie de la semaine. Usufruit permet de les prêter entre voisins."
        ),
        *([offered] if asset_count else []),
        _(
            "Chaque organisme choisit ce qu’il ouvre, à qui et quand. Il peut approuver chaque "
            "demande. Ses propres usages passent d’abord."
        ),
        _("Pour voir ce qui est offert\u00a0: %(address)s") % {"address": site_address},
        _(
            "Un premier bien suffit pour commencer\u00a0: une salle, un camion, une nacelle. "
            "Répondez à ce message\u00a0: nous le ferons ensemble."
        ),
        body.name if body else _("[Nom de votre organisme]"),
    ]
    return Invitation(_("Partager nos biens entre voisins"), "\n\n".join(paragraphs))
