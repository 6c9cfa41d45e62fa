# SPDX-License-Identifier: EUPL-1.2
"""A storm: shut sites, answer every booking inside in the same act; open again (T14, T15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import BookingLine, LineState
from usufruit.bookings.rules import check_moment
from usufruit.bookings.telling import tell_of
from usufruit.bookings.terms import (
    check_asset,
    check_division,
    check_site,
    lanes_as_read,
    terms,
)
from usufruit.bookings.writing import decide, hold_line, journal, slot_taken, wanted_holds
from usufruit.inventory.models import Asset, Site
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import CLOSING_ROLES, has_role
from usufruit.sharing.models import Mode
from usufruit.timetable.actions import move, release, stay_at_sites
from usufruit.timetable.models import Closure
from usufruit.timetable.opening_actions import reopen_sites, shut_sites
from usufruit.timetable.queries import held_span, span_of, time_range
from usufruit.ui import typography

LONGEST = timedelta(days=31)
CLOSURE_RULE = "Chaque réservation d’un lieu qui ferme reçoit une réponse"


@dataclass(frozen=True)
class Fate:
    """What becomes of one booking inside a closure.

    Attributes:
        seen: the use as the page showed it; a booking moved since is asked about again.
        is_kept: it stays, closure or not.
        asset, use: where it goes; both None when it is kept or given up.
    """

    seen: Span
    is_kept: bool = False
    asset: Asset | None = None
    use: Span | None = None


@dataclass(eq=False)
class BookingsInside(Refusal):
    """Bookings of sites about to shut have no answer yet.

    Attributes:
        lines: their numbers.
    """

    lines: list[int] = field(default_factory=list)


@verb
def close_sites(
    *,
    organization: Organization,
    sites: Sequence[Site],
    span: Span,
    reason: str,
    fates: Mapping[int, Fate],
    by: Person,
    now: datetime,
) -> Closure:
    """Shut sites and give each booking inside its fate, all or nothing.

    Locks sites, then lines, then holds: a booking being made is waited for and then seen (T4).

    Args:
        fates: by number of line; one that is gone meanwhile is left alone.

    Raises:
        Refusal: ``not_a_closer``, ``no_site``, ``starts_in_past``, ``too_long``,
            ``bookings_inside``, and for a booking to be moved the codes of ``rehouse``.
    """
    _check_closer(by, organization, sites)
    if span.end <= now:
        raise Refusal("starts_in_past", "Cette fermeture est déjà finie. Choisissez une autre fin.")
    if span.end - span.start > LONGEST:
        raise Refusal("too_long", "Une fermeture dure au plus 31\u00a0jours.")
    ids = [site.pk for site in sites]
    list(Site.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    lines = _lock_inside(ids, span)
    unanswered = [
        line.pk
        for line in lines
        if line.pk not in fates or fates[line.pk].seen != span_of(line.use_span)
    ]
    if unanswered:
        raise BookingsInside(
            "bookings_inside",
            "Des réservations ont changé pendant que vous décidiez. Répondez à celles-ci.",
            rule=CLOSURE_RULE,
            lines=unanswered,
        )
    closure = shut_sites(
        organization=organization, sites=sites, span=span, reason=reason, by=by, now=now
    )
    for line in lines:
        _settle(line, fates[line.pk], closure, by, now)
    return closure


def _check_closer(by: Person, organization: Organization, sites: Sequence[Site]) -> None:
    if not has_role(by, organization, CLOSING_ROLES) or any(
        site.organization_id != organization.pk for site in sites
    ):
        raise Refusal(
            "not_a_closer",
            f"Votre rôle ne permet pas de fermer les lieux de «\u00a0{organization}\u00a0».",
            rule="Rôles de l’organisme",
        )
    if not sites:
        raise Refusal("no_site", "Choisissez au moins un lieu.")


def _lock_inside(site_ids: list[int], span: Span) -> list[BookingLine]:
    """Lock the confirmed lines that use one of the sites during a span, in one order for all."""
    inside = Q(assets__asset__site__in=site_ids, use_span__overlap=time_range(span))
    found = BookingLine.objects.filter(inside, state=LineState.CONFIRMED).values("pk")
    locked = BookingLine.objects.filter(pk__in=found).select_for_update(of=("self",))
    read = locked.select_related("booking__organization", "decider").order_by("pk")
    return [line for line in read if line.state == LineState.CONFIRMED]


def _settle(line: BookingLine, fate: Fate, closure: Closure, by: Person, now: datetime) -> None:
    """Give a booking its fate; one that has begun is kept, and its people are called (T14)."""
    if fate.is_kept or span_of(line.use_span).start <= now:
        return
    if fate.asset is not None and fate.use is not None:
        rehouse(line=line, asset=fate.asset, use=fate.use, by=by, now=now)
        return
    release([line.pk])
    line.displaced_by = closure
    decide(line, LineState.DISPLACED, by, now)


@verb
def rehouse(*, line: BookingLine, asset: Asset, use: Span, by: Person, now: datetime) -> None:
    """Give a confirmed booking another time, or another asset that its body may book at once.

    Raises:
        Refusal: the codes of ``check_moment``, ``check_asset`` and ``terms``, ``needs_approval``,
            ``slot_taken``.
    """
    check_moment(use, now)
    (wish,) = line.assets.select_related("asset__site", "asset__manager")
    stays = wish.asset_id == asset.pk
    lanes: Multirange[int] = wish.lanes if stays else all_lanes(asset)
    if stays:
        check_site(asset, use)
    else:
        check_asset(asset, line.booking.organization, line.booking.people_count)
    if not stays and terms(asset, lanes, line.booking.organization, use, now) != Mode.INSTANT:
        raise Refusal("needs_approval", "Le propriétaire de ce bien approuve chaque réservation.")
    wish.asset, wish.lanes, wish.lane_count = asset, lanes, asset.lane_count
    wish.held_span = time_range(held_span(asset, use))
    old, line.use_span, line.decider = line.use_span, time_range(use), asset.manager
    with lanes_as_read():
        is_moved = move(line.pk, wanted_holds(line, [wish]), now=now)
    if not is_moved:
        raise slot_taken(line, [wish], now)
    line.save(update_fields=["use_span", "decider"])
    wish.save(update_fields=["asset", "lanes", "lane_count", "held_span"])
    journal("rehouse_line", line, by, asset.manager, now, before=str(old), after=str(use))
    before = typography.span(span_of(old), wish.asset.site.time_zone)
    tell_of("rehoused", line, by, now, before=before)


@verb
def reopen(*, closure: Closure, sites: Iterable[Site], by: Person, now: datetime) -> int:
    """Open sites again before the end; whoever was displaced may then be brought back.

    Raises:
        Refusal: ``not_a_closer``, ``no_site``.
    """
    chosen = list(sites)
    _check_closer(by, closure.organization, chosen)
    return reopen_sites(closure=closure, sites=chosen, by=by, now=now)


@verb
def restore_line(*, line: BookingLine, by: Person, now: datetime) -> BookingLine:
    """Bring back a booking its closure displaced, where and when it was.

    Raises:
        Refusal: ``not_displaced``, ``not_a_closer``, ``starts_in_past``, ``site_closed``,
            ``divided_since``, ``slot_taken``.
    """
    stay_at_sites(wish.asset for wish in line.assets.select_related("asset"))
    line = BookingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.displaced_by is None:
        raise Refusal("not_displaced", "Cette réservation n’a pas été annulée par une fermeture.")
    wished = list(line.assets.select_related("asset__site", "asset__manager"))
    _check_closer(by, line.displaced_by.organization, [wish.asset.site for wish in wished])
    check_moment(span_of(line.use_span), now)
    for wish in wished:
        check_site(wish.asset, span_of(line.use_span))
    check_division(wished)
    hold_line(line, wished, now)
    line.displaced_by = None
    decide(line, LineState.CONFIRMED, by, now)
    # Nothing was decided anew: there is no acceptance to take back into a request.
    line.decided_by = None
    line.save(update_fields=["decided_by"])
    return line
