# SPDX-License-Identifier: EUPL-1.2
"""What the home page calmly reminds a person of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from usufruit.kernel.local_time import local_wall
from usufruit.organizations.members import replaced_today
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import sees_to_body, stewards_are_old
from usufruit.ui import typography


@dataclass(frozen=True)
class Reminder:
    """A sentence, and where one acts on it; no address when there is nothing to do."""

    text: str
    label: str = ""
    href: str = ""


def reminders_of(
    person: Person, organization: Organization | None, now: datetime
) -> list[Reminder]:
    """Return what awaits a person in the body they act for."""
    if organization is None:
        text = _(
            "Vous n’agissez pour aucun organisme. Votre compte reste ouvert\u00a0: "
            "vous pouvez chercher un bien, ou accepter une invitation."
        )
        return [Reminder(text)]
    return [
        *_of_replacements(person, organization, now),
        *_of_stewards(person, organization, now),
    ]


def _of_replacements(person: Person, organization: Organization, now: datetime) -> list[Reminder]:
    return [
        Reminder(
            _("Vous remplacez %(person)s jusqu’au %(day)s\u00a0: vous répondez à sa place.")
            % {"person": absence.person, "day": typography.day(absence.last_on)}
        )
        for absence in replaced_today(person, organization, now)
    ]


def _of_stewards(person: Person, organization: Organization, now: datetime) -> list[Reminder]:
    today = local_wall(now, organization.time_zone).date()
    if not stewards_are_old(organization, today) or not sees_to_body(person, organization):
        return []
    if organization.steward_id is None:
        text = _("Personne ne répond encore de l’information de votre organisme.")
        return [Reminder(text, _("Nommer un responsable"), reverse("own_body"))]
    text = _("Le responsable de l’information et son suppléant sont-ils toujours les mêmes?")
    return [Reminder(text, _("Confirmer les responsables"), reverse("own_body"))]
