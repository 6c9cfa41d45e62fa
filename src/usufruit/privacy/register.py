# SPDX-License-Identifier: EUPL-1.2
"""The register of what is kept of persons: what, why, for how long, who reads it.

The public page and the night read the same lines. Sources: the Act respecting Access to documents
held by public bodies and the Protection of personal information (CQLR, c. A-2.1), its regulation on
confidentiality incidents, and the GDPR.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Kept:
    """One kind of personal data.

    Attributes:
        readers: who may read it, in words.
        until: how long it is kept, in words.
    """

    what: Words
    why: Words
    readers: Words
    until: Words


@dataclass(frozen=True)
class Retention:
    """A limit the night applies by itself.

    Attributes:
        code: stable name; the proof of destruction carries it.
        days: how long after its last use a row is kept.
    """

    code: str
    what: Words
    days: int

    @property
    def years(self) -> int:
        """Return the limit in whole years, as it is said; 0 for the same night."""
        return self.days // 365

    def ends_before(self, now: datetime) -> datetime:
        """Return the instant before which what was last used is destroyed."""
        return now - timedelta(days=self.days)


PAGES: dict[str, Words] = {
    "booking": _("La fiche d’une réservation que vous avez demandée"),
    "inbox": _("Les demandes à décider"),
    "members": _("Les personnes d’un organisme"),
}
"""Which pages show a person's data to others, by the code the journal of readings keeps."""

SESSIONS = Retention("sessions", _("Sessions fermées ou expirées"), 0)
READINGS = Retention("readings", _("Journal des consultations"), 2 * 365)
IDLE_ACCOUNTS = Retention("idle_accounts", _("Comptes sans organisme et sans usage"), 3 * 365)
INCIDENTS = Retention("incidents", _("Incidents de confidentialité, une fois clos"), 5 * 365 + 2)

RETENTIONS = (SESSIONS, READINGS, IDLE_ACCOUNTS, INCIDENTS)

REGISTER = (
    Kept(
        _("Nom, adresse courriel, téléphone au travail, mot de passe haché"),
        _("Reconnaître qui se connecte, et lui écrire au sujet de ses réservations"),
        _("La personne elle-même et l’administration de ses organismes"),
        _("Tant que le compte sert; trois ans après le dernier usage sans organisme"),
    ),
    Kept(
        _("Rôles dans chaque organisme"),
        _("Savoir qui peut réserver, répondre ou gérer des biens"),
        _("L’administration de l’organisme"),
        _("Jusqu’au départ; l’historique ne garde que le numéro de la personne"),
    ),
    Kept(
        _("Réservations\u00a0: qui a demandé, pour quel usage, qui a répondu"),
        _("Garder la plage, en répondre, et compter les usages"),
        _("L’organisme emprunteur et l’organisme prêteur; jamais les analystes ni le public"),
        _("Avec la réservation; le nom disparaît à l’effacement de la personne"),
    ),
    Kept(
        _("Personnes servies au téléphone ou au guichet\u00a0: nom et téléphone"),
        _("Rappeler la personne et retrouver sa réservation"),
        _("Le guichet de l’organisme qui l’a servie"),
        _("Trois ans après la dernière réservation"),
    ),
    Kept(
        _("Journal des gestes\u00a0: quel numéro de personne a fait quoi, et quand"),
        _("Rendre des comptes et corriger une erreur"),
        _("L’administration de l’organisme"),
        _("Avec l’objet; le journal ne contient aucun nom"),
    ),
    Kept(
        _("Journal des consultations\u00a0: qui a lu les renseignements de qui, et quand"),
        _("Montrer à chaque personne qui a consulté ses renseignements"),
        _("La personne consultée"),
        _("Deux ans"),
    ),
    Kept(
        _("Session ouverte et choix d’affichage (témoins strictement nécessaires)"),
        _("Rester connecté, garder la langue et le thème choisis"),
        _("Le serveur seul; aucun témoin de suivi, aucun tiers"),
        _("Deux semaines au plus"),
    ),
)
