# SPDX-License-Identifier: EUPL-1.2
"""Whose audits, what they found, what they opened."""

from __future__ import annotations

from typing import TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from usufruit.audits.models import Audit, Finding, PublishedWindow, RejectedLine
from usufruit.audits.options import InventoryAsset
from usufruit.inventory.models import Asset
from usufruit.organizations.models import Membership, Organization, Person, Role
from usufruit.organizations.queries import MANAGING_ROLES
from usufruit.timetable.models import AssetCalendar, Calendar
from usufruit.timetable.queries import holidays_of, opening_rules, with_rules

AUDITING_ROLES = (*MANAGING_ROLES, Role.ANALYST)


def audits_for(person: Person | AnonymousUser) -> QuerySet[Audit]:
    """Return the audits of the bodies a person audits for, the latest first."""
    if not isinstance(person, Person):
        return Audit.objects.none()
    held = Membership.objects.held_by(person).filter(role__in=AUDITING_ROLES)
    bodies = Organization.objects.filter(pk__in=held.values("organization"))
    return (
        Audit.objects.filter(organization__in=bodies)
        .select_related("organization")
        .annotate(
            finding_count=Count("findings"),
            under_used_count=Count("findings", Q(findings__verdict="under_used")),
        )
        .order_by("-created_at", "-id")
    )


def audit_for(person: Person | AnonymousUser, pk: int) -> Audit:
    """Return an audit of a body the person audits for.

    Raises:
        Http404: when it does not exist or is not theirs; which of the two stays unsaid.
    """
    audit = audits_for(person).filter(pk=pk).first()
    if audit is None:
        raise Http404
    return audit


def queued_audits() -> QuerySet[Audit]:
    """Return the audits nobody has begun, the oldest first."""
    return Audit.objects.filter(status=Audit.Status.QUEUED).order_by("pk")


MAX_REJECTED_SHOWN = 50


class AuditContent(TypedDict):
    """What the page of a finished audit shows.

    Attributes:
        shown: findings with evidence, by rank.
        silent: those without any.
        rejected: the first rejected lines.
    """

    shown: list[Finding]
    silent: list[Finding]
    rejected: list[RejectedLine]


def content_of(audit: Audit) -> AuditContent:
    """Return what the page of a finished audit shows."""
    findings = list(audit.findings.order_by("rank"))
    return {
        "shown": [one for one in findings if one.content["evidence"] != "none"],
        "silent": [one for one in findings if one.content["evidence"] == "none"],
        "rejected": list(
            audit.rejected_lines.order_by("file_name", "line_number", "id")[:MAX_REJECTED_SHOWN]
        ),
    }


def finding_for(person: Person | AnonymousUser, pk: int) -> Finding:
    """Return a finding of an audit of theirs, with what was opened from it.

    Raises:
        Http404: when it does not exist or is not theirs.
    """
    opened = PublishedWindow.objects.select_related("rule").order_by("window_number", "id")
    finding = (
        Finding.objects.filter(pk=pk, audit__in=audits_for(person).values("pk"))
        .select_related("audit__organization", "asset__site", "asset__manager")
        .prefetch_related(Prefetch("published_windows", opened))
        .first()
    )
    if finding is None:
        raise Http404
    return finding


def latest_finding(asset: Asset) -> Finding | None:
    """Return what the latest finished audit with evidence says of an asset, or None."""
    return (
        asset.findings.filter(audit__status=Audit.Status.DONE)
        .exclude(content__evidence="none")
        .select_related("audit", "asset")
        .order_by("-audit__finished_at", "-id")
        .first()
    )


def assets_by_number(organization: Organization) -> dict[str, Asset]:
    """Return what a body owns or manages, by inventory number; its own number wins."""
    assets = (
        Asset.objects.of_organization(organization)
        .exclude(state=Asset.State.WITHDRAWN)
        .select_related("site", "category")
        .order_by("id")
    )
    by_number: dict[str, Asset] = {}
    for asset in assets:
        if asset.external_id not in by_number or asset.owner_id == organization.pk:
            by_number[asset.external_id] = asset
    return by_number


def inventory_of(assets: dict[str, Asset]) -> list[InventoryAsset]:
    """Return what the engine must know of a body's assets, their opening hours included."""
    follows = dict(
        AssetCalendar.objects.filter(asset__in=assets.values()).values_list("asset", "calendar")
    )
    calendars = {
        calendar.pk: calendar
        for calendar in with_rules(Calendar.objects.filter(pk__in=set(follows.values())))
    }
    regions = {calendar.holiday_region for calendar in calendars.values()}
    holidays = {region: holidays_of(region) for region in regions}
    rules = {
        pk: opening_rules(calendar, holidays[calendar.holiday_region])
        for pk, calendar in calendars.items()
    }
    return [
        InventoryAsset(
            external_id=number,
            name=asset.name,
            kind=asset.category.kind,
            category=asset.category.name,
            capacity=asset.capacity,
            opening=rules.get(follows.get(asset.pk, 0)),
            zone=asset.site.time_zone,
        )
        for number, asset in assets.items()
    ]
