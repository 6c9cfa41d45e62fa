# SPDX-License-Identifier: EUPL-1.2
"""What is told of a booking: for each event, to whom, in which words.

In the words: ``asset``, ``when``, ``body`` (who asks), ``owner`` (who answers) and ``until`` (when
an answer is due). No person is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from usufruit.notices.models import Audience, Family


@dataclass(frozen=True)
class Kind:
    """One thing told to one side.

    Attributes:
        is_owners: told to people of the body that answers, rather than of the one that asks.
        title: the line of the page of notices, and the subject of the letter.
        words: what the letter says, a paragraph each.
        action: the button of the letter; it leads to the booking's page.
        has_calendar: the letter brings, changes or removes an event of the borrower's agenda.
        has_nearest: the letter proposes the nearest times that would be a yes.
    """

    family: Family
    audience: Audience
    title: Any
    words: tuple[Any, ...]
    action: Any
    is_owners: bool = False
    has_calendar: bool = False
    has_nearest: bool = False


def _asker(family: Family, title: Any, *words: Any, **more: Any) -> Kind:  # noqa: ANN401 - lazy words
    action = more.pop("action", _("Voir ma réservation"))
    return Kind(family, Audience.PERSON, title, words, action, **more)


def _owners(family: Family, title: Any, *words: Any, **more: Any) -> Kind:  # noqa: ANN401 - lazy words
    action = more.pop("action", _("Voir la réservation"))
    audience = more.pop("audience", Audience.DECIDERS)
    return Kind(family, audience, title, words, action, is_owners=True, **more)


KINDS: dict[str, Kind] = {
    "request_sent": _asker(
        Family.ANSWERS,
        _("Demande envoyée\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» reçoit votre demande."),
        _("La plage n’est pas gardée d’ici la réponse\u00a0: une autre demande peut passer avant."),
        action=_("Voir ma demande"),
        has_calendar=True,
    ),
    "request_received": _owners(
        Family.TO_DECIDE,
        _("«\u00a0%(body)s\u00a0» demande\u00a0: %(asset)s, %(when)s"),
        _("Acceptez, refusez avec une raison, ou demandez une précision."),
        action=_("Répondre à la demande"),
    ),
    "booked": _asker(
        Family.ANSWERS,
        _("Réservation confirmée\u00a0: %(asset)s, %(when)s"),
        _("La plage est à vous. Présentez la référence à la remise."),
        _("Si vos plans changent, annulez ou déplacez\u00a0: la plage servira à d’autres."),
        has_calendar=True,
    ),
    "booking_received": _owners(
        Family.CHANGES,
        _("«\u00a0%(body)s\u00a0» réserve\u00a0: %(asset)s, %(when)s"),
        _("Votre règle de partage le confirme tout de suite\u00a0: vous n’avez pas à répondre."),
    ),
    "confirmed": _asker(
        Family.ANSWERS,
        _("Demande acceptée\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» accepte votre demande\u00a0: la plage est à vous."),
        _("Présentez la référence à la remise."),
        has_calendar=True,
    ),
    "refused": _asker(
        Family.ANSWERS,
        _("Demande non retenue\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» ne retient pas votre demande."),
        action=_("Voir ma demande"),
        has_calendar=True,
        has_nearest=True,
    ),
    "withdrawn_kept": _asker(
        Family.CHANGES,
        _("Demande retirée\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» n’a plus à répondre."),
        action=_("Voir ma demande"),
        has_calendar=True,
    ),
    "withdrawn": _owners(
        Family.CHANGES,
        _("«\u00a0%(body)s\u00a0» retire sa demande\u00a0: %(asset)s, %(when)s"),
        _("Vous n’avez plus à répondre."),
        action=_("Voir la demande"),
    ),
    "cancelled_kept": _asker(
        Family.CHANGES,
        _("Réservation annulée\u00a0: %(asset)s, %(when)s"),
        _("La plage est de nouveau offerte à tous."),
        has_calendar=True,
    ),
    "cancelled": _owners(
        Family.CHANGES,
        _("«\u00a0%(body)s\u00a0» annule sa réservation\u00a0: %(asset)s, %(when)s"),
        _("La plage est de nouveau offerte."),
    ),
    "moved_kept": _asker(
        Family.CHANGES,
        _("Réservation déplacée\u00a0: %(asset)s, %(when)s"),
        _("La nouvelle plage est à vous; l’ancienne est de nouveau offerte."),
        has_calendar=True,
    ),
    "moved": _owners(
        Family.CHANGES,
        _("«\u00a0%(body)s\u00a0» déplace sa réservation\u00a0: %(asset)s, %(when)s"),
        _("Votre règle de partage le confirme tout de suite\u00a0: vous n’avez pas à répondre."),
    ),
    "lapsed": _asker(
        Family.ANSWERS,
        _("Demande restée sans réponse\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» n’a pas répondu à temps\u00a0: votre demande est close."),
        action=_("Voir ma demande"),
        has_calendar=True,
        has_nearest=True,
    ),
    "lapsed_owner": _owners(
        Family.REMINDERS,
        _("Demande close sans réponse\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(body)s\u00a0» n’a pas eu de réponse à temps. Le demandeur est averti."),
        action=_("Voir la demande"),
    ),
    "reminder": _owners(
        Family.REMINDERS,
        _("Une demande attend votre réponse\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(body)s\u00a0» compte sur une réponse d’ici %(until)s."),
        action=_("Répondre à la demande"),
    ),
    "gone_up": _owners(
        Family.REMINDERS,
        _("Une demande est restée sans réponse\u00a0: %(asset)s, %(when)s"),
        _("Personne chez «\u00a0%(owner)s\u00a0» n’a répondu à «\u00a0%(body)s\u00a0»."),
        _("Répondez vous-même\u00a0: sans réponse d’ici %(until)s, la demande se ferme."),
        audience=Audience.ADMINISTRATORS,
        action=_("Répondre à la demande"),
    ),
    "question": _asker(
        Family.MESSAGES,
        _("«\u00a0%(owner)s\u00a0» demande une précision\u00a0: %(asset)s, %(when)s"),
        _("Répondez sur la page de votre demande."),
        action=_("Répondre à la question"),
    ),
    "reply": _owners(
        Family.MESSAGES,
        _("«\u00a0%(body)s\u00a0» répond à votre question\u00a0: %(asset)s, %(when)s"),
        _("La demande attend votre décision."),
        action=_("Répondre à la demande"),
    ),
    "rehoused": _asker(
        Family.CHANGES,
        _("Réservation déplacée par le propriétaire\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» ferme un lieu et vous donne cette plage à la place."),
        has_calendar=True,
    ),
    "displaced": _asker(
        Family.CHANGES,
        _("Réservation annulée, lieu fermé\u00a0: %(asset)s, %(when)s"),
        _("«\u00a0%(owner)s\u00a0» ferme ce lieu\u00a0: la plage n’est plus à vous."),
        has_calendar=True,
        has_nearest=True,
    ),
}

# What is told when something happens, the asker's side first.
EVENTS: dict[str, tuple[str, ...]] = {
    "requested": ("request_sent", "request_received"),
    "booked": ("booked", "booking_received"),
    "confirmed": ("confirmed",),
    "refused": ("refused",),
    "withdrawn": ("withdrawn_kept", "withdrawn"),
    "cancelled": ("cancelled_kept", "cancelled"),
    "moved": ("moved_kept", "moved"),
    "lapsed": ("lapsed", "lapsed_owner"),
    "reminder": ("reminder",),
    "gone_up": ("gone_up",),
    "question": ("question",),
    "reply": ("reply",),
    "rehoused": ("rehoused",),
    "displaced": ("displaced",),
}
