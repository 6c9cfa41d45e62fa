# SPDX-License-Identifier: EUPL-1.2
"""What an archive holds: one table a model, whose rows are the body's, and what is left out.

A test walks every model of the project: each is here, or among ``LEFT_OUT`` with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from usufruit.inventory.models import Asset
from usufruit.organizations.models import Organization

Scope = Callable[[Organization], Q]


@dataclass(frozen=True)
class Table:
    """A model as a file of the archive.

    Attributes:
        label: the model, as Django names it.
        name: the file, without its suffix, in French.
        scope: which rows are the body's.
        only: columns written; empty for all but what the database computes.
        keys: columns whose number always stands in another file: (column, file).
    """

    label: str
    name: str
    scope: Scope
    only: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def model(self) -> type[models.Model]:
        """Return the model."""
        return apps.get_model(self.label)

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """Return the columns written, in the order of the model."""
        return [
            field
            for field in self.model._meta.concrete_fields  # noqa: SLF001 - Django's public API
            if not field.generated
            and (not self.only or field.attname in self.only)
            and field.attname not in NEVER
        ]

    def rows(self, body: Organization) -> models.QuerySet[Any]:
        """Return the rows of the body, in the order of their number, each once."""
        rows = self.model._default_manager.filter(self.scope(body))  # noqa: SLF001
        return rows.order_by("pk").distinct()


NEVER = {"pgh_context_id", "idempotency_key"}


def _mine(path: str = "") -> Scope:
    """Return the scope of what hangs on assets that the body owns or manages."""
    prefix = f"{path}__" if path else ""
    return lambda body: Q(**{f"{prefix}owner": body}) | Q(**{f"{prefix}manager": body})


def _assets(column: str) -> Scope:
    """Return the scope of what names an asset of the body, whatever has become of the row."""
    return lambda body: Q(
        **{f"{column}__in": Asset.objects.of_organization(body).order_by().values("pk")}
    )


def _at(path: str) -> Scope:
    return lambda body: Q(**{path: body})


def _bookings(path: str = "") -> Scope:
    """Return the scope of what the body asked for or answers for."""
    prefix = f"{path}__" if path else ""
    return lambda body: (
        Q(**{f"{prefix}organization": body}) | Q(**{f"{prefix}lines__decider": body})
    )


def _every(_body: Organization) -> Q:
    return Q()


TABLES = (
    Table("organizations.organizationnature", "natures", _every),
    Table("organizations.organization", "organismes", _every,
          only=("id", "name", "slug", "nature_id", "is_recognized"),
          keys=(("nature_id", "natures"),)),
    Table("organizations.organizationevent", "organismes-historique",
          lambda body: Q(pgh_obj_id=body.pk)),
    Table("organizations.membership", "membres", _at("organization"),
          keys=(("person_id", "personnes"), ("organization_id", "organismes"))),
    Table("organizations.membershipevent", "membres-historique", _at("organization")),
    Table("organizations.person", "personnes", _at("memberships__organization"),
          only=("id", "full_name")),
    Table("inventory.category", "categories", _every),
    Table("inventory.attributedefinition", "caracteristiques", _every,
          keys=(("category_id", "categories"),)),
    Table("inventory.site", "lieux", _at("organization")),
    Table("premises.fact", "faits",
          lambda body: Q(site__organization=body) | Q(asset__owner=body) | Q(asset__manager=body)),
    Table("premises.photo", "photos",
          lambda body: Q(site__organization=body) | Q(asset__owner=body) | Q(asset__manager=body)),
    Table("premises.paper", "documents", _mine("asset")),
    Table("inventory.asset", "biens", _mine(), keys=(("category_id", "categories"),)),
    Table("inventory.assetevent", "biens-historique", _mine()),
    Table("inventory.assetfinance", "biens-finances", _mine("asset"),
          keys=(("asset_id", "biens"),)),
    Table("inventory.part", "parties", _mine("asset"), keys=(("asset_id", "biens"),)),
    Table("timetable.calendar", "calendriers", _at("organization")),
    Table("timetable.calendarevent", "calendriers-historique", _at("organization")),
    Table("timetable.season", "saisons", _at("calendar__organization"),
          keys=(("calendar_id", "calendriers"),)),
    Table("timetable.openinghours", "heures", _at("season__calendar__organization"),
          keys=(("season_id", "saisons"),)),
    Table("timetable.calendarexception", "exceptions", _at("calendar__organization"),
          keys=(("calendar_id", "calendriers"),)),
    Table("timetable.assetcalendar", "biens-calendriers", _mine("asset"),
          keys=(("asset_id", "biens"),)),
    Table("timetable.calendarinclusion", "calendriers-suivis", _at("calendar__organization"),
          keys=(("calendar_id", "calendriers"),)),
    Table("timetable.closure", "fermetures", _at("organization")),
    Table("timetable.closedsite", "fermetures-lieux", _at("closure__organization"),
          keys=(("closure_id", "fermetures"),)),
    Table("agendas.agenda", "agendas", _mine("asset"),
          only=("id", "asset_id", "part_id", "name"), keys=(("asset_id", "biens"),)),
    Table("timetable.hold", "plages-prises", _mine("asset"), keys=(("asset_id", "biens"),)),
    Table("timetable.holdevent", "plages-prises-historique", _assets("asset_id")),
    Table("sharing.sharingrule", "regles-de-partage", _mine("asset"),
          keys=(("asset_id", "biens"),)),
    Table("sharing.sharingruleevent", "regles-de-partage-historique", _assets("asset_id")),
    Table("sharing.visibility", "publication", _at("organization")),
    Table("sharing.visibilityevent", "publication-historique", _at("organization")),
    Table("bookings.booking", "reservations", _bookings()),
    Table("bookings.bookingline", "reservations-lignes", _bookings("booking"),
          keys=(("booking_id", "reservations"),)),
    Table("bookings.bookinglineevent", "reservations-lignes-historique",
          lambda body: Q(decider=body) | Q(booking__organization=body)),
    Table("bookings.lineasset", "reservations-biens", _bookings("line__booking"),
          keys=(("line_id", "reservations-lignes"),)),
    Table("bookings.message", "reservations-messages", _bookings("line__booking"),
          keys=(("line_id", "reservations-lignes"),)),
    Table("bookings.proposal", "reservations-propositions", _bookings("line__booking"),
          keys=(("line_id", "reservations-lignes"),)),
    Table("bookings.answeringrules", "delais-de-reponse", _at("organization")),
    Table("bookings.refusalwording", "raisons-de-refus", _at("organization")),
    Table("audits.evidencefile", "preuves", _at("organization")),
    Table("audits.audit", "audits", _at("organization")),
    Table("audits.audit_evidence", "audits-preuves", _at("audit__organization"),
          keys=(("audit_id", "audits"), ("evidencefile_id", "preuves"))),
    Table("audits.finding", "constats", _at("audit__organization"), keys=(("audit_id", "audits"),)),
    Table("audits.rejectedline", "preuves-lignes-rejetees", _at("audit__organization"),
          keys=(("audit_id", "audits"),)),
    Table("audits.publishedwindow", "plages-ouvertes", _at("finding__audit__organization"),
          keys=(("finding_id", "constats"),)),
    Table("needs.need", "besoins", _at("organization")),
    Table("needs.needevent", "besoins-historique", _at("organization")),
    Table("privacy.incident", "incidents", _at("organization")),
    Table("privacy.incidentevent", "incidents-historique", _at("organization")),
    Table("kernel.journalline", "journal", lambda body: Q(organization_id=body.pk)),
    Table("kernel.readingline", "lectures", lambda body: Q(organization_id=body.pk)),
)  # fmt: skip

# Fields of files whose content goes along, under ``fichiers/``.
FILES = (("audits.evidencefile", "file"),)

LEFT_OUT = {
    "agendas.agendaevent": "l’agenda d’où il vient le garde; le temps pris est dans plages-prises",
    "agendas.agendaimport": "une proposition, oubliée après quelques jours",
    "agendas.agendawaiver": "un choix sur un événement d’un agenda tenu ailleurs",
    "bookings.deadline": "se déduit des délais de réponse et des demandes",
    "imports.columnmemory": "une aide à lire le prochain fichier",
    "imports.createdsite": "le lieu lui-même est dans lieux",
    "imports.import": "le fichier déposé reste à qui l’a déposé; ce qui est entré est dans biens",
    "imports.importline": "une ligne de fichier; ce qui est entré est dans biens",
    "imports.twin": "un choix fait pendant une importation",
    "inventory.assetfinanceevent": "l’historique des finances se lit dans les registres financiers",
    "notices.change": "une nouvelle à annoncer; ce qui arrive est dans le journal",
    "notices.choice": "le choix de chaque personne, remis à elle seule",
    "notices.notice": "les avis de chaque personne, remis à elle seule",
    "organizations.absence": "l’absence d’une personne n’est pas à emporter",
    "organizations.absenceevent": "l’absence d’une personne n’est pas à emporter",
    "organizations.departure": "le départ d’une personne n’est pas à emporter",
    "premises.factevent": "l’historique des faits d’un lieu",
    "premises.secret": "un code de porte ne sort jamais",
    "organizations.territory": "le territoire est à tous, non à l’organisme",
    "organizations.invitation": "une invitation est l’affaire de la personne invitée",
    "privacy.retentionrun": "les destructions se comptent pour toute la plateforme",
    "timetable.publicholiday": "les jours fériés sont les mêmes pour tous",
    "timetable.openmonth": "une copie des heures, que la base refait",
    "exports.export": "l’archive ne se contient pas elle-même",
}
