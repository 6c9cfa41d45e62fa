# SPDX-License-Identifier: EUPL-1.2
"""Who may use what, and on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from usufruit.inventory.models import Asset
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization, OrganizationNature, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.sharing.models import Audience, Mode, SharingRule, Visibility
from usufruit.sharing.rules import DEFAULTS, NEEDED_TO_BOOK, Information, Reach, Sight, sight
from usufruit.timetable.models import Calendar, Hold
from usufruit.timetable.queries import coming_holds, covers, opening_calendar, with_rules


def audiences_of(organization: Organization | None, asset: Asset | None = None) -> list[Audience]:
    """Return the audiences a body belongs to, for one asset or for assets at large.

    A visitor belongs to none. A body is of an asset's own body when it owns or manages it.
    """
    if organization is None:
        return []
    audiences = []
    if asset is not None and organization.pk in {asset.owner_id, asset.manager_id}:
        audiences.append(Audience.OWN_BODY)
    if organization.nature.is_public:
        audiences.append(Audience.PUBLIC_BODIES)
    if organization.is_recognized:
        audiences.append(Audience.RECOGNIZED)
    return audiences


def is_own_body(organization: Organization | None, asset: Asset) -> bool:
    """Tell whether a body owns or manages an asset: its people may book outside hours and rules."""
    return organization is not None and organization.pk in {asset.owner_id, asset.manager_id}


def sees_live(asset: Asset, organization: Organization | None) -> bool:
    """Tell whether a body sees what is free and taken as it stands now: its own, or who may book.

    Anybody else is told by half-days and a day late: an empty building is nobody's business.
    """
    if is_own_body(organization, asset):
        return True
    return organization is not None and bool(rules_for(asset, organization))


def rules_of(asset: Asset) -> QuerySet[SharingRule]:
    """Return the rules of an asset, the most open audience last."""
    return asset.sharing_rules.select_related("windows").order_by("audience", "id")


def rules_for(asset: Asset, organization: Organization | None) -> list[SharingRule]:
    """Return the rules of an asset that speak to a body, those that book at once first."""
    speaking = rules_of(asset).filter(audience__in=audiences_of(organization, asset))
    return sorted(speaking, key=lambda rule: (rule.mode != Mode.INSTANT, rule.pk))


def rule_covering(asset: Asset, organization: Organization | None, use: Span) -> SharingRule | None:
    """Return the best rule under which a body may use an asset throughout a span, or None."""
    return next(
        (rule for rule in rules_for(asset, organization) if covers(rule.windows_id, use)), None
    )


def rules_with_windows(asset: Asset) -> QuerySet[SharingRule]:
    """Return the rules of an asset with the windows of each, ready to be said in words."""
    windows = with_rules(Calendar.objects.order_by("pk"))
    return asset.sharing_rules.prefetch_related(Prefetch("windows", windows)).order_by(
        "audience", "id"
    )


@dataclass(frozen=True)
class Readiness:
    """What an asset still lacks to serve others, and what leans on it.

    Attributes:
        has_opening: whether it follows an opening calendar.
        has_rules: whether it is open to somebody.
        coming_count: bookings confirmed and not over.
        last_end_at: when the last of them ends, or None.
    """

    has_opening: bool
    has_rules: bool
    coming_count: int
    last_end_at: datetime | None


def readiness(asset: Asset, now: datetime) -> Readiness:
    """Say what is missing for an asset to serve others, and which bookings lean on it."""
    booked = coming_holds(asset, now).filter(reason=Hold.Reason.BOOKING)
    last = booked.order_by("-use_span__endswith").first()
    return Readiness(
        has_opening=opening_calendar(asset) is not None,
        has_rules=asset.sharing_rules.exists(),
        coming_count=booked.count(),
        last_end_at=last.use.end if last else None,
    )


# Who sees what


def reaches_told(body: Organization) -> dict[Information, Reach]:
    """Return how far each kind of information on a body's assets goes, defaults included."""
    told = Visibility.objects.filter(organization=body).order_by("information")
    rows = told.values_list("information", "reach")
    return {**DEFAULTS, **{Information(name): Reach(reach) for name, reach in rows}}


def reach_of(asset: Asset, reader: Organization | None) -> Reach:
    """Return the nearest reach that holds a reader; a visitor is of everyone."""
    if is_own_body(reader, asset):
        return Reach.OWN_BODY
    if reader is not None and reader.nature.is_public:
        return Reach.PUBLIC_BODIES
    is_recognized = reader is not None and reader.is_recognized
    return Reach.RECOGNIZED if is_recognized else Reach.EVERYONE


def sight_of(asset: Asset, reader: Organization | None) -> Sight:
    """Return what a reader sees of an asset: pages and previews all ask here."""
    return sight(
        reaches_told(asset.manager),
        reach_of(asset, reader),
        may_book=sees_live(asset, reader),
    )


def withholding(
    body_ids: Sequence[int], information: Information, asker: Organization | None
) -> set[int]:
    """Return which bodies keep a kind of information from a visitor; from who may book, none do."""
    if asker is not None or information not in NEEDED_TO_BOOK:
        return set()
    told = Visibility.objects.filter(organization__in=body_ids, information=information)
    return set(told.exclude(reach=Reach.EVERYONE).values_list("organization_id", flat=True))


def photos_withheld(asset_ids: Sequence[int], asker: Organization | None) -> set[int]:
    """Return which of some assets do not show their photos to a body, or to a visitor."""
    keeping = Visibility.objects.filter(information=Information.PHOTO)
    keeping = keeping.exclude(reach=Reach.EVERYONE)
    kept = Asset.objects.filter(pk__in=asset_ids, manager__in=keeping.values("organization"))
    of_bodies = kept.select_related("manager").order_by("pk")
    return {asset.pk for asset in of_bodies if not sight_of(asset, asker).photo}


def places_withheld(asset_ids: Sequence[int]) -> dict[int, tuple[float, float] | None]:
    """Return, of some assets, those whose place a visitor is not told, with that of their body.

    None when the body has no place of its own.
    """
    keeping = Visibility.objects.filter(information=Information.ADDRESS)
    keeping = keeping.exclude(reach=Reach.EVERYONE)
    withheld = Asset.objects.filter(
        pk__in=asset_ids, manager__in=keeping.values("organization")
    ).order_by("pk")
    rows = withheld.values_list("pk", "manager__latitude", "manager__longitude")
    return {
        pk: None if latitude is None or longitude is None else (latitude, longitude)
        for pk, latitude, longitude in rows
    }


# Previews

STAND_IN = 0  # no body has this number

PREVIEWS = {"voisin": Audience.PUBLIC_BODIES, "association": Audience.RECOGNIZED, "public": None}


def stand_in(preview: str) -> Organization | None:
    """Return a body of an audience that exists nowhere, to see as it would; None for the public."""
    audience = PREVIEWS[preview]
    if audience is None:
        return None
    is_public = audience == Audience.PUBLIC_BODIES
    return Organization(
        pk=STAND_IN,
        name="",
        nature=OrganizationNature(code="apercu", is_public=is_public, rank=0),
        is_recognized=not is_public,
    )


def preview_for(person: Person | AnonymousUser, body: Organization | None, asked: str) -> str:
    """Return which public a manager wants to see the assets of their body as; empty for none."""
    return asked if asked in PREVIEWS and has_role(person, body, MANAGING_ROLES) else ""


def is_stand_in(reader: Organization | None) -> bool:
    """Tell whether a reader is one that only sees."""
    return reader is not None and reader.pk == STAND_IN
