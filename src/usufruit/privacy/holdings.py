# SPDX-License-Identifier: EUPL-1.2
"""Every table whose rows name a person, and what of each row is handed to that person.

``tests/architecture/test_personal_data.py`` fails for a table that names persons and is not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from usufruit.organizations.models import Person

ROWS_AT_MOST = 50_000


@dataclass(frozen=True)
class Holding:
    """A table that names persons.

    Attributes:
        model: the model's label.
        names: the columns that hold a person, by key or by number.
        columns: what the person receives of each row, dotted through keys; never another person's
            data.
    """

    model: str
    title: str | Promise
    names: tuple[str, ...]
    columns: tuple[str, ...]

    def rows_of(self, person: Person) -> Iterator[dict[str, Any]]:
        """Yield the rows that name a person, oldest first."""
        named = Q()
        for column in self.names:
            named |= Q(**{column: person.pk})
        rows = apps.get_model(self.model)._default_manager.filter(named).order_by("pk")  # noqa: SLF001 - Django's public convention
        yield from rows.values(*self.columns)[:ROWS_AT_MOST]


HOLDINGS = (
    Holding(
        "organizations.Person",
        _("Compte"),
        ("pk",),
        ("id", "email", "full_name", "phone", "is_active", "last_login", "erased_at"),
    ),
    Holding("account.EmailAddress", _("Adresses"), ("user",), ("email", "verified", "primary")),
    Holding(
        "mfa.Authenticator",
        _("Seconds facteurs"),
        ("user",),
        ("type", "created_at", "last_used_at"),
    ),
    Holding(
        "organizations.Membership",
        _("Rôles"),
        ("person",),
        ("organization__name", "role", "ends_on", "ceiling_h"),
    ),
    Holding(
        "organizations.Organization",
        _("Organismes dont vous répondez"),
        ("steward", "deputy"),
        ("name", "steward_function", "stewards_confirmed_on"),
    ),
    Holding(
        "organizations.Absence",
        _("Absences et remplacements"),
        ("person", "replacement"),
        ("organization__name", "days__startswith", "days__endswith"),
    ),
    Holding(
        "organizations.Departure",
        _("Départs"),
        ("person", "contact"),
        ("organization__name", "leaves_on"),
    ),
    Holding(
        "organizations.Invitation",
        _("Invitations reçues"),
        ("person",),
        ("organization__name", "roles", "sent_at", "accepted_at"),
    ),
    Holding(
        "bookings.Booking",
        _("Réservations demandées"),
        ("requester", "caller"),
        ("reference", "organization__name", "purpose", "people_count", "created_at"),
    ),
    Holding(
        "timetable.Hold",
        _("Plages gardées"),
        ("held_by",),
        ("asset__name", "use_span__startswith", "use_span__endswith", "expires_at"),
    ),
    Holding(
        "bookings.BookingLine",
        _("Réponses données"),
        ("decided_by",),
        ("booking__reference", "state", "decided_at", "refusal_reason"),
    ),
    Holding(
        "bookings.Message",
        _("Messages écrits au sujet d’une demande"),
        ("author",),
        ("line__booking__reference", "text", "sent_at", "erased_at"),
    ),
    Holding(
        "notices.Change",
        _("Nouvelles qui vous étaient destinées"),
        ("person",),
        ("title", "made_at", "organization__name"),
    ),
    Holding(
        "notices.Notice",
        _("Avis reçus"),
        ("person",),
        ("change__title", "made_at", "read_at", "sent_at"),
    ),
    Holding("notices.Choice", _("Choix d’avis"), ("person",), ("family", "rhythm")),
    Holding(
        "needs.Need",
        _("Besoins signalés"),
        ("reported_by",),
        ("words", "purpose", "state", "reported_at", "organization__name"),
    ),
    Holding(
        "imports.Import",
        _("Fichiers de biens importés"),
        ("created_by",),
        ("name", "size_bytes", "created_at", "status", "organization__name"),
    ),
    Holding(
        "audits.EvidenceFile",
        _("Preuves déposées"),
        ("uploaded_by",),
        ("name", "size_bytes", "uploaded_at", "organization__name"),
    ),
    Holding(
        "audits.Audit",
        _("Audits demandés"),
        ("created_by",),
        ("created_at", "status", "organization__name"),
    ),
    Holding(
        "audits.PublishedWindow",
        _("Plages ouvertes"),
        ("published_by",),
        ("published_at", "finding__name"),
    ),
    Holding(
        "exports.Export",
        _("Archives demandées"),
        ("requested_by",),
        ("requested_at", "status", "expires_at", "organization__name"),
    ),
    Holding(
        "privacy.Incident",
        _("Incidents inscrits"),
        ("recorded_by",),
        ("title", "known_on", "recorded_at", "organization__name"),
    ),
    Holding(
        "kernel.JournalLine",
        _("Journal de vos gestes"),
        ("person_id",),
        ("at", "verb", "object_type", "object_id", "organization_id"),
    ),
    Holding(
        "kernel.ReadingLine",
        _("Consultations de vos renseignements"),
        ("subject_id",),
        ("at", "page", "organization_id"),
    ),
)

# What names a person without being theirs to receive, and why.
NOT_HANDED: dict[str, str] = {}
