# SPDX-License-Identifier: EUPL-1.2
"""What can be done with assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from usufruit.inventory.models import Asset, Part, Site
from usufruit.kernel.fields import lanes
from usufruit.kernel.models import JournalLine
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person


@verb
def add_site(*, by: Person | None, now: datetime, **fields: Any) -> Site:  # noqa: ANN401 - the columns of Site
    """Enter a place where assets stand."""
    site = Site(**fields)
    site.full_clean()
    site.save()
    JournalLine.record("add_site", site, **_who(by, now, site.organization))
    return site


@verb
def add_asset(
    *,
    by: Person | None,
    now: datetime,
    parts: Sequence[tuple[str, tuple[int, int], int | None]] = (),
    **fields: Any,  # noqa: ANN401 - the columns of Asset
) -> Asset:
    """Enter an asset, its parts included; it stands where its site stands.

    Args:
        parts: (name, half-open lanes, capacity in persons or None) of each part.

    Raises:
        ValidationError: in French, when a constraint of the asset would be broken.
    """
    owner: Organization = fields["owner"]
    fields.setdefault("manager", owner)
    fields.setdefault("custodian", fields["manager"])
    site: Site = fields["site"]
    asset = Asset(latitude=site.latitude, longitude=site.longitude, **fields)
    _validate(asset)
    asset.save()
    Part.objects.bulk_create(
        Part(
            asset=asset,
            lane_count=asset.lane_count,
            name=name,
            lanes=lanes(bounds),
            capacity=capacity,
            rank=rank,
        )
        for rank, (name, bounds, capacity) in enumerate(parts)
    )
    JournalLine.record("add_asset", asset, **_who(by, now, asset.manager))
    return asset


@verb
def correct_asset(*, asset: Asset, changes: Mapping[str, Any], by: Person, now: datetime) -> Asset:
    """Change an asset's own columns; it follows its site when the site changes.

    Raises:
        ValidationError: in French, when a constraint of the asset would be broken.
    """
    before = {name: getattr(asset, name) for name in changes}
    for name, value in changes.items():
        setattr(asset, name, value)
    asset.latitude, asset.longitude = asset.site.latitude, asset.site.longitude
    _validate(asset)
    asset.save()
    changed = sorted(name for name, value in before.items() if value != getattr(asset, name))
    JournalLine.record(
        "correct_asset", asset, **_who(by, now, asset.manager), detail={"changed": changed}
    )
    return asset


@verb
def set_asset_state(*, asset: Asset, state: Asset.State, by: Person, now: datetime) -> None:
    """Publish, withdraw or return to draft."""
    asset.state = state
    asset.save(update_fields=["state"])
    JournalLine.record(
        "set_asset_state", asset, **_who(by, now, asset.manager), detail={"state": str(state)}
    )


def _validate(asset: Asset) -> None:
    """Check against the constraints; the generated columns are the database's business."""
    asset.full_clean(exclude=["sort_key", "point"])


def _who(by: Person | None, now: datetime, organization: Organization) -> dict[str, Any]:
    return {"at": now, "person_id": by.pk if by else None, "organization_id": organization.pk}
