# SPDX-License-Identifier: EUPL-1.2
"""All that a body could share, with its hours and its rules in words, whatever the number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from usufruit.inventory.models import Asset
from usufruit.kernel.spreadsheets import french_csv
from usufruit.kernel.text import sort_key
from usufruit.organizations.models import Organization
from usufruit.sharing.models import SharingRule
from usufruit.sharing.words import audiences_in_words, week_of
from usufruit.timetable.models import Calendar, Hold
from usufruit.timetable.queries import with_rules
from usufruit.ui import typography


@dataclass(frozen=True)
class Wanted:
    """What the owner looks for; empty is everything."""

    words: str = ""
    kind: str = ""
    state: str = ""
    site_id: int | None = None


@dataclass(frozen=True)
class Row:
    """An asset and what its owner wants to know at a glance.

    Attributes:
        opening: its usual week in words; empty when nobody else can ever book it.
        sharing: to whom it is open, in words; empty for no one.
        coming_count: bookings from now on.
        is_taken: whether something holds it, wholly or in part, at this moment.
        is_managed: whether the body manages it, rather than merely owns it.
    """

    asset: Asset
    opening: str
    sharing: str
    coming_count: int
    is_taken: bool
    is_managed: bool


def portfolio(body: Organization, wanted: Wanted, now: datetime) -> QuerySet[Asset]:
    """Return the assets a body owns or manages, in French order, with all that a row shows.

    Six queries for a page, whatever the number of rows.
    """
    found = Asset.objects.of_organization(body)
    if wanted.words:
        key = sort_key(wanted.words)
        found = found.filter(Q(sort_key__contains=key) | Q(external_id__icontains=wanted.words))
    if wanted.kind:
        found = found.filter(category__kind=wanted.kind)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.site_id:
        found = found.filter(site_id=wanted.site_id)
    holds = Hold.objects.alive(now).filter(asset=OuterRef("pk"))
    coming = (
        holds.filter(reason=Hold.Reason.BOOKING, use_span__endswith__gt=now)
        .order_by()
        .values("asset")
        .annotate(count=Count("pk"))
        .values("count")
    )
    windows = with_rules(Calendar.objects.order_by("pk"))
    rules = SharingRule.objects.order_by("audience", "id")
    return (
        found.annotate(
            coming_count=Coalesce(coming, 0),
            is_taken=Exists(holds.filter(span__contains=now)),
            calendar_id=F("opening__calendar_id"),
        )
        .select_related("category", "site", "owner", "manager", "custodian")
        .prefetch_related(Prefetch("opening__calendar", windows), Prefetch("sharing_rules", rules))
        .order_by("sort_key", "pk")
    )


def rows_of(assets: Iterable[Asset], body: Organization) -> Iterator[Row]:
    """Return the rows of assets read by ``portfolio``."""
    for asset in assets:
        has_calendar = asset.calendar_id is not None  # type: ignore[attr-defined]
        yield Row(
            asset=asset,
            opening=week_of(asset.opening.calendar) if has_calendar else "",
            sharing=audiences_in_words(asset.sharing_rules.all()),
            coming_count=asset.coming_count,  # type: ignore[attr-defined]
            is_taken=asset.is_taken,  # type: ignore[attr-defined]
            is_managed=asset.manager_id == body.pk,
        )


def portfolio_csv(rows: Iterable[Row]) -> str:
    """Return the rows as a table French spreadsheets open, comma decimals included."""
    head = [
        *(_("Numéro"), _("Nom"), _("Nature"), _("Catégorie"), _("État"), _("Lieu")),
        *(_("Adresse"), _("Latitude"), _("Longitude"), _("Capacité"), _("Propriétaire")),
        *(_("Gestionnaire"), _("Gardien"), _("Horaire"), _("Partage")),
        *(_("Battement avant (min)"), _("Battement après (min)"), _("Réservations à venir")),
    ]
    return french_csv([head, *map(_cells, rows)])


def _cells(row: Row) -> list[object]:
    asset = row.asset
    return [
        *map(_text, (asset.external_id, asset.name, asset.category.get_kind_display())),
        *map(_text, (asset.category.name, asset.get_state_display(), asset.site.name)),
        *(_text(asset.site.address), _number(asset.latitude), _number(asset.longitude)),
        asset.capacity,
        *map(_text, (asset.owner.name, asset.manager.name, asset.custodian.name)),
        *map(_text, (row.opening, row.sharing)),
        *(asset.buffer_before_min, asset.buffer_after_min, row.coming_count),
    ]


def _text(value: str) -> str:
    """Return words with plain spaces, which spreadsheets search as they are typed."""
    return str(value).replace(typography.NBSP, " ")


def _number(value: float) -> str:
    return f"{value:.5f}".replace(".", ",")
