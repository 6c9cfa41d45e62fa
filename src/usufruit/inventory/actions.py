# SPDX-License-Identifier: EUPL-1.2
"""What can be done with assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction

from usufruit.inventory import categories
from usufruit.inventory.models import Asset, AttributeDefinition, Category, Part, Site
from usufruit.kernel.fields import lane_bounds, lanes
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role

PartWanted: TypeAlias = tuple[str, tuple[int, int], int | None]
"""A part's name, half-open lanes and capacity in persons, or None."""


@verb
def load_categories(*, now: datetime) -> int:
    """Bring the category tree of the start into the database; an operator's own stay as they are.

    Returns:
        how many categories were added or brought up to date; 0 when all stood already.
    """
    known = {category.code: category for category in Category.objects.all()}
    changed = 0
    for row in categories.rows():
        parent = known.get(row.parent)
        wanted = {
            "parent_id": parent.pk if parent else None,
            "kind": row.kind,
            "name": row.name,
            "synonyms": list(row.synonyms),
            "icon": row.icon,
        }
        category = known.setdefault(row.code, Category(code=row.code))
        stands = {name: getattr(category, name) for name in wanted}
        if category.pk is None or stands != wanted:
            for name, value in wanted.items():
                setattr(category, name, value)
            category.save()
            JournalLine.record(
                "load_category", category, at=now, person_id=None, organization_id=None
            )
            changed += 1
    _load_attributes(known)
    return changed


def _load_attributes(known: Mapping[str, Category]) -> None:
    """Ask each category's characteristics in the order of the tree of the start."""
    AttributeDefinition.objects.bulk_create(
        [
            AttributeDefinition(
                category=known[row.code],
                code=attribute.code,
                name=attribute.name,
                unit=attribute.unit,
                value_type=attribute.value_type,
                rank=rank,
            )
            for row in categories.rows()
            for rank, attribute in enumerate(categories.ATTRIBUTES[code] for code in row.attributes)
        ],
        update_conflicts=True,
        unique_fields=["category", "code"],
        update_fields=["name", "unit", "value_type", "rank"],
    )


@verb
def add_site(*, by: Person | None, now: datetime, **fields: Any) -> Site:  # noqa: ANN401 - the columns of Site
    """Enter a place where assets stand."""
    site = Site(**fields)
    site.full_clean()
    site.save()
    JournalLine.record("add_site", site, **_who(by, now, site.organization))
    return site


@verb
def correct_site(*, site: Site, changes: Mapping[str, Any], by: Person, now: datetime) -> None:
    """Correct a place; its assets stand where it stands."""
    for name, value in changes.items():
        setattr(site, name, value)
    site.full_clean(exclude=["sort_key"])
    site.save(update_fields=list(changes))
    site.assets.exclude(latitude=site.latitude, longitude=site.longitude).update(
        latitude=site.latitude, longitude=site.longitude
    )
    JournalLine.record("correct_site", site, **_who(by, now, site.organization))


@verb
def add_asset(
    *,
    by: Person | None,
    now: datetime,
    parts: Sequence[PartWanted] = (),
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
    _write_parts(asset, parts, {})
    JournalLine.record("add_asset", asset, **_who(by, now, asset.manager))
    return asset


@verb
def correct_asset(
    *,
    asset: Asset,
    changes: Mapping[str, Any],
    by: Person,
    now: datetime,
    parts: Sequence[PartWanted] | None = None,
) -> Asset:
    """Change an asset's own columns; it follows its site when the site changes.

    Only what is changed is written: what others did meanwhile (publish, withdraw) stands.

    Args:
        parts: all the parts it will have, or None to leave them.

    Raises:
        ValidationError: in French, when a constraint of the asset would be broken.
        Refusal: ``not_the_owner`` when somebody else would change hands;
            ``divided_under_holds`` when time already taken names the present lanes.
    """
    present = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)
    before = {name: getattr(present, name) for name in changes}
    _check_hands(present, changes, by)
    asset.state = present.state
    for name, value in changes.items():
        setattr(asset, name, value)
    asset.latitude, asset.longitude = asset.site.latitude, asset.site.longitude
    _validate(asset)
    numbers = {}
    if parts is not None:
        numbers = {lane_bounds(part.lanes)[0]: part.pk for part in asset.parts.order_by("pk")}
        asset.parts.all().delete()
    _save_under_holds(asset, [*changes, "latitude", "longitude"])
    if parts is not None:
        _write_parts(asset, parts, numbers)
    changed = sorted(name for name, value in before.items() if value != getattr(asset, name))
    JournalLine.record(
        "correct_asset", asset, **_who(by, now, asset.manager), detail={"changed": changed}
    )
    return asset


def _check_hands(asset: Asset, changes: Mapping[str, Any], by: Person) -> None:
    """Let only the owner's people give an asset to another owner or manager."""
    is_given = any(
        name in changes and changes[name] != getattr(asset, name) for name in ("owner", "manager")
    )
    if is_given and not has_role(by, asset.owner, MANAGING_ROLES):
        raise Refusal(
            "not_the_owner",
            f"Ce bien est à «\u00a0{asset.owner}\u00a0»\u00a0: ses gestionnaires seuls en "
            "changent le propriétaire ou le gestionnaire.",
            rule="Propriété du bien",
        )


def _save_under_holds(asset: Asset, columns: Sequence[str]) -> None:
    """Save; the database refuses to change lanes that time already taken is written on."""
    try:
        with transaction.atomic():
            asset.save(update_fields=columns)
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if not broken.startswith("hold_"):
            raise
        raise Refusal(
            "divided_under_holds",
            "Des réservations ou des plages bloquées sont déjà inscrites sur ce bien\u00a0: "
            "ses parties ne changent plus. Retirez-le, puis entrez-le de nouveau.",
            rule="Une réservation garde la partie qu’elle a prise",
        ) from error


def _write_parts(
    asset: Asset, parts: Sequence[PartWanted], numbers: Mapping[tuple[int, int], int]
) -> None:
    """Write the parts of an asset; ``numbers`` are those kept from parts of the same lanes."""
    Part.objects.bulk_create(
        Part(
            pk=numbers.get(bounds),
            asset=asset,
            lane_count=asset.lane_count,
            name=name,
            lanes=lanes(bounds),
            capacity=capacity,
            rank=rank,
        )
        for rank, (name, bounds, capacity) in enumerate(parts)
    )


@verb
def set_asset_state(*, asset: Asset, state: Asset.State, by: Person, now: datetime) -> None:
    """Publish, withdraw or return to draft.

    Raises:
        Refusal: ``never_published``: the page of a withdrawn asset is public, a draft's is not.
    """
    present = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)
    if state == Asset.State.WITHDRAWN and present.state == Asset.State.DRAFT:
        raise Refusal(
            "never_published",
            "Ce brouillon n’est pas publié\u00a0: personne d’autre ne le voit, il n’y a rien à "
            "retirer.",
        )
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
