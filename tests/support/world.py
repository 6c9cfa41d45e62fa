# SPDX-License-Identifier: EUPL-1.2
"""A small believable world for tests, built through the same actions as the product."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from usufruit.inventory.actions import add_asset, add_site
from usufruit.inventory.models import Asset, Category, Site
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.spans import Span
from usufruit.organizations.actions import grant_role, register_organization, register_person
from usufruit.organizations.models import Organization, OrganizationNature, Person, Role
from usufruit.sharing.actions import open_to
from usufruit.sharing.models import Audience, Mode
from usufruit.timetable.actions import give_opening, open_calendar
from usufruit.timetable.rules import ALWAYS_OPEN, WeeklyWindow, parse_opening

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # a Tuesday, 10 h in Toronto
PASSWORD = "une-longue-phrase-de-test"
_numbers = count(1)


def make_body(name: str = "", nature: str = "municipality", **fields: Any) -> Organization:
    number = next(_numbers)
    return register_organization(
        by=None,
        now=NOW,
        name=name or f"Municipalité {number}",
        slug=f"corps-{number}",
        nature=OrganizationNature.objects.get(code=nature),
        **{"latitude": 46.5, "longitude": -72.5, **fields},
    )


def make_person(body: Organization | None = None, *roles: Role, name: str = "") -> Person:
    number = next(_numbers)
    person = register_person(
        email=f"personne{number}@exemple.test",
        full_name=name or f"Personne {number}",
        password=None,
        by=None,
        now=NOW,
    )
    for role in roles:
        grant_role(person=person, organization=body, role=role, by=None, now=NOW)
    return person


def make_category(code: str = "", **fields: Any) -> Category:
    code = code or f"categorie-{next(_numbers)}"
    defaults = {"kind": "place", "name": code, "icon": "building", **fields}
    return Category.objects.get_or_create(code=code, defaults=defaults)[0]


def make_site(body: Organization, **fields: Any) -> Site:
    number = next(_numbers)
    values = {"name": f"Lieu {number}", "latitude": 46.5, "longitude": -72.5, **fields}
    return add_site(by=None, now=NOW, organization=body, **values)


def make_asset(
    body: Organization,
    *,
    opening: tuple[WeeklyWindow, ...] | str | None = ALWAYS_OPEN.windows,
    site: Site | None = None,
    **fields: Any,
) -> Asset:
    """Publish an asset, open day and night unless told otherwise (None never opens)."""
    number = next(_numbers)
    values = {
        "name": f"Bien {number}",
        "external_id": f"B-{number}",
        "category": fields.pop("category", None) or make_category("salle"),
        "state": Asset.State.PUBLISHED,
        **fields,
    }
    asset = add_asset(by=None, now=NOW, owner=body, site=site or make_site(body), **values)
    if opening is not None:
        windows = parse_opening(opening) if isinstance(opening, str) else opening
        calendar = open_calendar(
            organization=body,
            name="Heures",
            windows=windows,
            by=None,
            now=NOW,
            time_zone=asset.site.time_zone,
        )
        give_opening(asset=asset, calendar=calendar)
    return asset


def share(
    asset: Asset,
    audience: Audience = Audience.PUBLIC_BODIES,
    mode: Mode = Mode.INSTANT,
    windows: str | None = None,
) -> None:
    open_to(
        asset=asset,
        audience=audience,
        mode=mode,
        windows=parse_opening(windows) if windows else None,
        by=None,
        now=NOW,
    )


def use(hours_ahead: float, hours: float = 2) -> Span:
    """Return a use that starts so many hours after NOW."""
    start = NOW + timedelta(hours=hours_ahead)
    return Span(start, start + timedelta(hours=hours))


__all__ = [
    "NOW",
    "PASSWORD",
    "Audience",
    "Mode",
    "Role",
    "all_lanes",
    "make_asset",
    "make_body",
    "make_category",
    "make_person",
    "make_site",
    "share",
    "use",
]
