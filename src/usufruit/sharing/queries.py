# SPDX-License-Identifier: EUPL-1.2
"""Who may use what, and on which terms."""

from __future__ import annotations

from django.db.models import QuerySet

from usufruit.inventory.models import Asset
from usufruit.kernel.spans import Span
from usufruit.organizations.models import Organization
from usufruit.sharing.models import Audience, Mode, SharingRule
from usufruit.timetable.queries import covers


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
