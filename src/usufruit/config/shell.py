# SPDX-License-Identifier: EUPL-1.2
"""What frames every page: the navigation of this person, their body, the map's tiles."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from usufruit.agendas.queries import waiting_count
from usufruit.bookings.queries import inbox_of
from usufruit.kernel.clock import now
from usufruit.notices.queries import unread_count
from usufruit.organizations.models import Organization, Person, Role
from usufruit.organizations.queries import DECIDING_ROLES, DESK_ROLES, MANAGING_ROLES, roles_in
from usufruit.organizations.reminders import reminders_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``shell``; read only when a page shows it, since fragments do not."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    organization = getattr(request, "organization", None)
    held = roles_in(person, organization) if person else frozenset()
    return {
        "nav": _navigation(request, held, organization) if person else _visitor(request),
        "notices": _notices(request, person) if person else None,
        "person": {"name": str(person)} if person else None,
        "organization": organization,
        "organizations": Organization.objects.of_person(person) if person else [],
        "switch_url": reverse("act_for"),
        "account_links": _account_links(held),
        "footer_links": [
            {"label": _("Organismes"), "href": reverse("bodies")},
            {"label": _("Confidentialité"), "href": reverse("privacy_policy")},
            {"label": _("Accessibilité"), "href": reverse("accessibility_statement")},
            {"label": _("Conditions d’utilisation"), "href": reverse("terms_of_use")},
        ],
        "reminders": SimpleLazyObject(lambda: reminders_of(person, organization, now()))
        if person
        else [],
        "basemap_tiles": settings.BASEMAP_TILES,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
    }


def _visitor(request: HttpRequest) -> list[dict[str, Any]]:
    return [_item(request, "results", _("Trouver"), "search")]


def _navigation(
    request: HttpRequest, held: frozenset[str], organization: Organization | None
) -> list[dict[str, Any]]:
    """Return what this person's roles in the body they act for let them do."""
    items = [
        *_visitor(request),
        _item(request, "my_bookings", _("Réservations"), "calendar"),
    ]
    if organization and held & set(DESK_ROLES):
        items.append(_item(request, "desk", _("Guichet"), "phone"))
    if organization and held & set(DECIDING_ROLES):
        waiting = inbox_of(organization, now()).count()
        items.append(_item(request, "inbox", _("Demandes"), "inbox", waiting))
    if organization and held & set(MANAGING_ROLES):
        waiting = waiting_count(organization, now())
        items.append(
            _item(request, "managed_assets", _("Mes biens"), "building-warehouse", waiting)
        )
        items.append(_item(request, "audits", _("Audits"), "chart-bar"))
    return items


def _account_links(held: frozenset[str]) -> list[dict[str, str]]:
    links = [{"label": _("Mon compte"), "href": reverse("account"), "icon": "user"}]
    if Role.BODY_ADMIN in held:
        label = _("Personnes de l’organisme")
        links.append({"label": label, "href": reverse("members"), "icon": "users"})
        label = _("Incidents de confidentialité")
        links.append({"label": label, "href": reverse("incidents"), "icon": "shield-check"})
        label = _("Mon organisme")
        links.append({"label": label, "href": reverse("own_body"), "icon": "building-community"})
    return links


def _notices(request: HttpRequest, person: Person) -> dict[str, Any]:
    return _item(request, "notices", _("Avis à lire"), "bell", unread_count(person))


def _item(request: HttpRequest, name: str, label: str, icon: str, count: int = 0) -> dict[str, Any]:
    href = reverse(name)
    return {
        "label": label,
        "href": href,
        "icon": icon,
        "is_current": request.path.startswith(href),
        "count": count,
    }
