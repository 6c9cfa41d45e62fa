# SPDX-License-Identifier: EUPL-1.2
"""Who may use what, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from usufruit.inventory.models import Asset
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.sharing.models import Audience, Mode, SharingRule
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
