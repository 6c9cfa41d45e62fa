# SPDX-License-Identifier: EUPL-1.2
"""A sharing rule as a sentence: who, how, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from usufruit.sharing.models import Audience, Mode, SharingRule
from usufruit.sharing.rules import Information, Reach, reaches
from usufruit.timetable.models import Calendar
from usufruit.timetable.queries import opening_rules
from usufruit.timetable.words import week_in_words
from usufruit.ui import typography

REACHES = {
    Reach.OWN_BODY: gettext_lazy("Mon organisme seulement"),
    Reach.PUBLIC_BODIES: gettext_lazy("Aussi les organismes publics"),
    Reach.RECOGNIZED: gettext_lazy("Aussi les organismes reconnus"),
    Reach.EVERYONE: gettext_lazy("Tout le monde"),
}

READERS = {
    Reach.OWN_BODY: gettext_lazy("Mon organisme"),
    Reach.PUBLIC_BODIES: gettext_lazy("Organismes publics"),
    Reach.RECOGNIZED: gettext_lazy("Organismes reconnus"),
    Reach.EVERYONE: gettext_lazy("Public"),
}

INFORMATION = {  # its name, and what stands instead for those who do not see it
    Information.ASSET: (
        gettext_lazy("Le bien et son nom"),
        gettext_lazy("Sinon, il n’est ni trouvé ni ouvert, sauf par qui peut le réserver."),
    ),
    Information.PHOTO: (
        gettext_lazy("Les photos"),
        gettext_lazy("Sinon, un dessin de la catégorie."),
    ),
    Information.ADDRESS: (
        gettext_lazy("Le lieu et l’adresse"),
        gettext_lazy("Sinon, le nom et la position de l’organisme."),
    ),
    Information.FREE_BUSY: (
        gettext_lazy("Libre ou pris"),
        gettext_lazy(
            "Par demi-journée et un jour plus tard; qui peut réserver voit toujours les heures."
        ),
    ),
    Information.USE: (
        gettext_lazy("L’usage mesuré"),
        gettext_lazy("Quand le bien sert, heure par heure, selon l’audit."),
    ),
    Information.CONTACT: (
        gettext_lazy("Le contact"),
        gettext_lazy("Une fonction et un téléphone, jamais une personne."),
    ),
    Information.CONDITIONS: (
        gettext_lazy("Les conditions"),
        gettext_lazy("Ce que l’emprunteur doit savoir et apporter."),
    ),
}


def rule_in_words(rule: SharingRule) -> str:
    """Say a rule whose windows were read along: « Tous les organismes publics réservent … »."""
    sentences = {
        (Mode.INSTANT, False): _(
            "%(who)s réservent sans attendre, pendant les heures d’ouverture."
        ),
        (Mode.INSTANT, True): _(
            "%(who)s réservent sans attendre, %(when)s, quand le bien est ouvert."
        ),
        (Mode.APPROVAL, False): _(
            "%(who)s demandent, pendant les heures d’ouverture; vous répondez à chaque demande."
        ),
        (Mode.APPROVAL, True): _(
            "%(who)s demandent, %(when)s, quand le bien est ouvert; vous répondez à chaque demande."
        ),
    }
    sentence = sentences[Mode(rule.mode), rule.windows is not None]
    when = week_of(rule.windows) if rule.windows else ""
    return sentence % {"who": who(Audience(rule.audience)), "when": when}


def who(audience: Audience) -> str:
    """Name an audience as the subject of a sentence."""
    return {
        Audience.OWN_BODY: _("Vos collègues"),
        Audience.PUBLIC_BODIES: _("Tous les organismes publics"),
        Audience.RECOGNIZED: _("Les organismes reconnus"),
    }[audience]


def week_of(calendar: Calendar) -> str:
    """Say the usual week of a calendar read with its rules."""
    return week_in_words(opening_rules(calendar, ()).windows)


def audiences_in_words(rules: Iterable[SharingRule]) -> str:
    """Say briefly to whom an asset is open: « organismes publics (demande), … »; empty for none."""
    modes = {Mode.INSTANT: _("sans attendre"), Mode.APPROVAL: _("sur demande")}
    names = {
        Audience.OWN_BODY: _("collègues"),
        Audience.PUBLIC_BODIES: _("organismes publics"),
        Audience.RECOGNIZED: _("organismes reconnus"),
    }
    said = dict.fromkeys(
        f"{names[Audience(rule.audience)]} {modes[Mode(rule.mode)]}" for rule in rules
    )
    return typography.joined(list(said), _("et"))


def told_in_rows(told: Mapping[Information, Reach]) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Return each kind of information and whether each public, the nearest first, sees it."""
    return [
        (
            str(INFORMATION[each][0]),
            [(str(READERS[reader]), reaches(told[each], reader)) for reader in Reach],
        )
        for each in Information
    ]
