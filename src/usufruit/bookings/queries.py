# SPDX-License-Identifier: EUPL-1.2
"""Whose bookings, waiting for whom, and what else would have been free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from psycopg.types.multirange import Multirange

from usufruit.bookings.models import (
    BookingLine,
    Channel,
    LineAsset,
    LineState,
    Message,
    RefusalWording,
)
from usufruit.bookings.rules import nearest_starts
from usufruit.inventory.models import Asset
from usufruit.kernel.local_time import local_wall
from usufruit.kernel.models import JournalLine
from usufruit.kernel.spans import Span, intersect, merge, subtract
from usufruit.organizations.models import Membership, Organization, Person
from usufruit.organizations.queries import DECIDING_ROLES, NAMING_ROLES, has_role
from usufruit.search.queries import VISITOR_AUDIENCES
from usufruit.sharing.models import Mode, SharingRule
from usufruit.sharing.queries import is_own_body, rules_for, rules_of
from usufruit.timetable.closures import shut_spans
from usufruit.timetable.models import Calendar, Hold
from usufruit.timetable.queries import (
    free_of_holds,
    held_span,
    open_between,
    opening_calendar,
    with_rules,
)


def lines() -> QuerySet[BookingLine]:
    """Return lines with all that a row shows, in three queries whatever their number."""
    assets = LineAsset.objects.select_related(
        "asset__site", "asset__category", "asset__manager"
    ).order_by("asset_id")
    return BookingLine.objects.select_related(
        "booking__organization", "booking__requester", "decider", "decided_by", "deadline"
    ).prefetch_related(Prefetch("assets", assets), "assets__asset__parts")


def lines_of_borrower(organization: Organization) -> QuerySet[BookingLine]:
    """Return what a body asked for, the latest use first."""
    return lines().filter(booking__organization=organization).order_by("-use_span", "-id")


def waiting_of(organization: Organization, now: datetime) -> QuerySet[BookingLine]:
    """Return the requests of a body that may still be answered in time, the earliest use first."""
    asked = lines_of_borrower(organization).filter(state=LineState.REQUESTED)
    return asked.filter(use_span__startswith__gt=now).order_by("use_span", "id")


def upcoming_of(organization: Organization, now: datetime) -> QuerySet[BookingLine]:
    """Return the confirmed bookings of a body that are not over, the earliest use first."""
    held = lines_of_borrower(organization).filter(state=LineState.CONFIRMED)
    return held.filter(use_span__endswith__gt=now).order_by("use_span", "id")


def past_of(organization: Organization, now: datetime) -> QuerySet[BookingLine]:
    """Return what is over: used, refused, withdrawn, cancelled or never answered; latest first."""
    to_come = Q(state=LineState.REQUESTED, use_span__startswith__gt=now) | Q(
        state=LineState.CONFIRMED, use_span__endswith__gt=now
    )
    return lines_of_borrower(organization).exclude(to_come)


def inbox_of(organization: Organization, now: datetime) -> QuerySet[BookingLine]:
    """Return what a body may still decide in time, the earliest use first.

    ``rival_count`` counts the other requests for the same lanes and time; ``is_blocked`` marks a
    request whose time something else already holds.
    """
    in_time = {"state": LineState.REQUESTED, "use_span__startswith__gt": now}
    contested = {
        "asset__lines__line": OuterRef("pk"),
        "lanes__overlap": F("asset__lines__lanes"),
        "held_span__overlap": F("asset__lines__held_span"),
    }
    rivals = (
        LineAsset.objects.filter(**{f"line__{name}": value for name, value in in_time.items()})
        .filter(**contested)
        .exclude(line=OuterRef("pk"))
        .order_by()
        .values("asset__lines__line")
        .annotate(others=Count("line", distinct=True))
        .values("others")
    )
    blocking = Hold.objects.filter(
        asset__lines__line=OuterRef("pk"),
        lanes__overlap=F("asset__lines__lanes"),
        span__overlap=F("asset__lines__held_span"),
    )
    return (
        lines()
        .filter(decider=organization, **in_time)
        .annotate(
            rival_count=Coalesce(Subquery(rivals), 0),
            is_blocked=Exists(blocking),
        )
        .order_by("use_span", "id")
    )


def unanswered_by(organization: Organization, now: datetime) -> QuerySet[BookingLine]:
    """Return the requests a body let pass without an answer, the latest use first."""
    passed = Q(state=LineState.REQUESTED, use_span__startswith__lte=now)
    silent = lines().filter(passed | Q(state=LineState.LAPSED), decider=organization)
    return silent.order_by("-use_span", "-id")


def decided_by(organization: Organization) -> QuerySet[BookingLine]:
    """Return what a body has answered or lent to others, the latest answer first."""
    return (
        lines()
        .filter(decider=organization)
        .exclude(state=LineState.REQUESTED)
        .exclude(state=LineState.LAPSED)
        .exclude(booking__organization=organization)
        .order_by("-decided_at", "-id")
    )


@dataclass(frozen=True)
class Event:
    """A thing that happened to a booking: when, what in words, and which body did it."""

    at: datetime
    words: str
    body: str


def history_of(line: BookingLine) -> list[Event]:
    """Return what happened to a line, the first event first."""
    told = JournalLine.objects.filter(
        object_type=BookingLine._meta.label_lower,  # noqa: SLF001 - Django's public convention
        object_id=str(line.pk),
    ).order_by("at", "id")
    bodies = {line.decider_id: line.decider.name}
    bodies[line.booking.organization_id] = line.booking.organization.name
    if line.booking.desk:
        bodies[line.booking.desk.pk] = line.booking.desk.name
    return [
        Event(each.at, _words_of(each), bodies.get(each.organization_id or 0, "")) for each in told
    ]


_EVENT_WORDS = {
    "confirmed_line": _("Demande acceptée"),
    "refused_line": _("Demande refusée"),
    "withdrawn_line": _("Demande retirée"),
    "cancelled_line": _("Réservation annulée"),
    "displaced_line": _("Réservation annulée\u00a0: le lieu ferme"),
    "restore_line": _("Réservation rétablie"),
    "rehouse_line": _("Réservation relogée"),
    "move_line": _("Réservation déplacée"),
    "lapsed_line": _("Demande close sans réponse"),
    "undo_line": _("Geste défait"),
    "ask_precision": _("Précision demandée"),
    "give_precision": _("Précision donnée"),
    "erase_message": _("Message effacé"),
}


def _words_of(told: JournalLine) -> str:
    words = str(_EVENT_WORDS.get(told.verb, told.verb))
    if told.verb in {"request_booking", "book_at_desk"}:
        is_held = told.detail.get("state") == LineState.CONFIRMED
        words = str(_("Réservation confirmée") if is_held else _("Demande envoyée"))
    channel = told.detail.get("channel", Channel.WEB)
    if channel != Channel.WEB and channel in Channel.values:
        words += f", {str(Channel(channel).label).lower()}"
    if told.detail.get("override"):
        words += _(", malgré la règle\u00a0: %(why)s") % {"why": told.detail["override"]}
    return words


def line_for(person: Person | AnonymousUser, reference: str) -> BookingLine:
    """Return a line by its booking's reference, for the people of the bodies it concerns.

    They are its borrower, the body that answered, that of the desk, and those that manage its
    assets today: an asset that changes hands comes with the bookings it will serve.

    Raises:
        Http404: when there is none, or it is none of theirs; which of the two stays unsaid.
    """
    found = lines().select_related("booking__caller", "booking__desk", "displaced_by")
    line = found.filter(booking__reference=reference).order_by("pk").first()
    if line is None or not isinstance(person, Person):
        raise Http404
    concerned = {line.booking.organization_id, line.decider_id, line.booking.desk_id}
    managing = Q(organization__managed_assets__lines__line=line)
    told = Membership.objects.held_by(person).filter(
        Q(organization_id__in=concerned) | managing, role__in=NAMING_ROLES
    )
    if not told.exists():
        raise Http404
    return line


def line_to_decide_for(person: Person | AnonymousUser, reference: str) -> BookingLine:
    """Return a line the person may decide.

    Raises:
        Http404: when it is none of theirs to decide.
    """
    line = line_for(person, reference)
    if not has_role(person, line.decider, DECIDING_ROLES):
        raise Http404
    return line


def similar_assets(asset: Asset) -> QuerySet[Asset]:
    """Return the published assets of the same body and category, for a proposal."""
    same = Asset.objects.filter(
        manager=asset.manager_id, category=asset.category_id, state=Asset.State.PUBLISHED
    )
    return same.exclude(pk=asset.pk).select_related("site", "manager").order_by("name", "pk")


def message_for(person: Person | AnonymousUser, reference: str, pk: int) -> Message:
    """Return a message of a booking the person may see.

    Raises:
        Http404: when it is none of theirs.
    """
    line = line_for(person, reference)
    message = line.messages.select_related("line__booking__organization", "line__decider")
    found = message.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def wording_for(organization: Organization | None, pk: int) -> RefusalWording:
    """Return a wording of the body one acts for.

    Raises:
        Http404: when it is another's.
    """
    wording = RefusalWording.objects.filter(pk=pk, organization=organization).first()
    if wording is None:
        raise Http404
    return wording


def offered_rules(asset: Asset, organization: Organization | None) -> list[SharingRule]:
    """Return the rules that speak to a body, immediate first; to a visitor, all public ones."""
    if organization is not None:
        return rules_for(asset, organization)
    offered = rules_of(asset).filter(audience__in=VISITOR_AUDIENCES)
    return sorted(offered, key=lambda rule: (rule.mode != Mode.INSTANT, rule.pk))


def usable_spans(
    asset: Asset, organization: Organization | None, first: datetime, last: datetime
) -> list[Span]:
    """Return when a body could use an asset between two instants, holds left aside.

    Its own people may whenever; others within opening hours and a window of a rule of theirs.
    """
    return merge(chain.from_iterable(_usable_under_each_rule(asset, organization, first, last)))


def _usable_under_each_rule(
    asset: Asset, organization: Organization | None, first: datetime, last: datetime
) -> list[list[Span]]:
    """Return the same rule by rule, since one rule must hold for the whole of a use."""
    period = Span(first, last)
    within = subtract([period], shut_spans([asset.site_id], period).get(asset.site_id, []))
    if is_own_body(organization, asset):
        return [within]
    zone, a_day = asset.site.time_zone, timedelta(days=1)  # calendars may keep another zone's days
    days = local_wall(first, zone).date() - a_day, local_wall(last, zone).date() + a_day
    opening = intersect(open_between(opening_calendar(asset), *days), within)
    windows = [rule.windows_id for rule in offered_rules(asset, organization)]
    dated = [pk for pk in windows if pk is not None]
    calendars = with_rules(Calendar.objects.filter(pk__in=dated).order_by("pk"))
    spans = [intersect(opening, open_between(calendar, *days)) for calendar in calendars]
    return [opening, *spans] if None in windows else spans


def nearest_free(
    asset: Asset,
    lanes: Multirange[int],
    organization: Organization | None,
    wanted: Span,
    now: datetime,
) -> list[Span]:
    """Return the two free uses of the same length nearest to the one wanted, within two weeks."""
    around = timedelta(days=14)
    first, last = max(now, wanted.start - around), wanted.end + around
    if first >= last:
        return []
    usable = chain.from_iterable(_usable_under_each_rule(asset, organization, first, last))
    held = held_span(asset, wanted)
    before, after = wanted.start - held.start, held.end - wanted.end
    untaken = free_of_holds(asset, lanes, [Span(first - before, last + after)], now)
    fitting = [
        Span(span.start + before, span.end - after)
        for window in usable  # one by one: buffers of neighbouring windows may overlap each other
        for span in intersect([Span(window.start - before, window.end + after)], untaken)
        if span.end - after > span.start + before
    ]
    return nearest_starts(fitting, wanted, now)
