# SPDX-License-Identifier: EUPL-1.2
"""What can be done with a booking; the only way time is taken for one is the timetable's door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from psycopg.types.multirange import Multirange

from usufruit.bookings.answering import check_proposal, propose
from usufruit.bookings.deadlines import Stage
from usufruit.bookings.models import (
    Booking,
    BookingLine,
    Channel,
    Deadline,
    LineAsset,
    LineState,
)
from usufruit.bookings.rules import (
    GIVEN_TO_ANOTHER,
    RefusalReason,
    check_moment,
)
from usufruit.bookings.silence import announce, kept, tell_stage
from usufruit.bookings.telling import tell_of
from usufruit.bookings.terms import (
    check_asset,
    check_division,
    check_set_up,
    check_site,
    desk_terms,
    lanes_as_read,
    terms,
)
from usufruit.bookings.words import sharing_said
from usufruit.bookings.writing import (
    check_decider,
    check_may_change,
    check_requester,
    decide,
    hold_line,
    journal,
    line_sent_before,
    open_booking,
    slot_taken,
    wanted_holds,
)
from usufruit.inventory.models import Asset
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import (
    approving_ceiling_h,
    unbounded_deciders,
)
from usufruit.sharing.models import Mode
from usufruit.timetable.actions import move, release, stay_at_sites
from usufruit.timetable.queries import held_span, is_taken, span_of, time_range
from usufruit.ui import typography

MOST_NAMED = 3


@verb
def request_booking(
    *,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    organization: Organization,
    purpose: str,
    people_count: int | None,
    key: UUID,
    by: Person,
    now: datetime,
    set_up: str = "",
) -> BookingLine:
    """Ask for an asset; the line comes back confirmed where the rule books at once.

    Sending the same key again returns the first line and takes nothing twice.

    Args:
        lanes: the lanes of the part wanted, or all of them.
        people_count: persons expected, or None when unsaid.
        key: made by the form or the client, one per wish.
        set_up: code of the set-up wanted among those of the place; empty when unsaid.

    Raises:
        Refusal: in this order, ``key_reused``, ``not_a_requester``, the codes of
            ``check_moment``, ``not_published``, ``over_capacity``, ``over_fire_limit``,
            ``no_such_set_up``, ``over_set_up``, ``not_open_to_you``, ``closed``,
            ``outside_window``, ``divided_since``, ``slot_taken``.
    """
    # The row comes first: its key is the lock a twin waits on. A refusal below undoes it.
    booking, is_new = open_booking(organization, by, purpose, people_count, key, now, set_up=set_up)
    if not is_new:
        sent = (booking.purpose, booking.people_count, booking.set_up)
        is_same = sent == (purpose, people_count, set_up)
        return line_sent_before(booking, organization, asset, lanes, use, is_same=is_same)
    check_requester(by, organization)
    check_moment(use, now)
    stay_at_sites([asset])
    check_asset(asset, organization, people_count)
    check_set_up(asset, people_count, set_up)
    mode = terms(asset, lanes, organization, use, now)
    line = BookingLine.objects.create(
        booking=booking,
        decider=asset.manager,
        use_span=time_range(use),
        state=LineState.CONFIRMED if mode == Mode.INSTANT else LineState.REQUESTED,
        decided_at=now if mode == Mode.INSTANT else None,
    )
    wished = LineAsset.objects.create(
        line=line,
        asset=asset,
        lane_count=asset.lane_count,
        lanes=lanes,
        held_span=time_range(held_span(asset, use)),
    )
    if mode == Mode.INSTANT:
        hold_line(line, [wished], now)
    elif is_taken(asset, lanes, held_span(asset, use), now):
        raise slot_taken(line, [wished], now)
    journal("request_booking", line, by, organization, now, state=line.state)
    announce(line, by, now)
    return line


@verb
def approve_line(*, line: BookingLine, by: Person, now: datetime) -> BookingLine:
    """Confirm a request: the time is taken in the same transaction, and rivals lose in it (T7).

    Raises:
        Refusal: ``not_a_decider``, ``already_decided``, ``over_your_ceiling``,
            ``starts_in_past``, ``site_closed``, ``divided_since``, ``slot_taken``.
    """
    stay_at_sites(wish.asset for wish in line.assets.select_related("asset"))
    rivals = _lock_with_rivals(line, now)
    line = _requested(line, by)
    _check_ceiling(line, by, now)
    check_moment(span_of(line.use_span), now)
    wished = list(line.assets.select_related("asset__site", "asset__manager"))
    for wish in wished:
        check_site(wish.asset, span_of(line.use_span))
    check_division(wished)
    hold_line(line, wished, now)
    decide(line, LineState.CONFIRMED, by, now)
    for rival in rivals:
        decide(rival, LineState.REFUSED, by, now, GIVEN_TO_ANOTHER, GIVEN_TO_ANOTHER.label)
    return line


def _check_ceiling(line: BookingLine, by: Person, now: datetime) -> None:
    """Refuse an approver a use longer than their body lets them accept, and say who may."""
    ceiling_h = approving_ceiling_h(by, line.decider)
    if ceiling_h is None or span_of(line.use_span).duration_s <= ceiling_h * 3600:
        return
    names = [str(each) for each in unbounded_deciders(line.decider, now)[:MOST_NAMED]]
    others = typography.joined(names, "ou") or "un gestionnaire de biens, à nommer d’abord"
    raise Refusal(
        "over_your_ceiling",
        f"Cet usage passe votre plafond de {ceiling_h}\u00a0h par réservation. "
        f"Peut l’accepter\u00a0: {others}.",
        rule="Plafond de l’approbateur",
    )


def _lock_with_rivals(line: BookingLine, now: datetime) -> list[BookingLine]:
    """Lock a request and those that ask for the same lanes and time, in one order for all.

    Those whose own time has begun stay unanswered: they lost to the clock, not to this request.
    """
    contested = Q()
    for wish in line.assets.all():
        contested |= Q(
            assets__asset=wish.asset_id,
            assets__held_span__overlap=wish.held_span,
            assets__lanes__overlap=wish.lanes,
        )
    in_time = BookingLine.objects.filter(use_span__startswith__gt=now)
    ids = in_time.filter(contested, state=LineState.REQUESTED).values("pk")
    locked = BookingLine.objects.filter(Q(pk__in=ids) | Q(pk=line.pk)).order_by("pk")
    return [
        rival
        for rival in locked.select_for_update(of=("self",))
        if rival.pk != line.pk and rival.state == LineState.REQUESTED
    ]


def _requested(line: BookingLine, by: Person) -> BookingLine:
    """Return the line as it stands under its lock, still waiting and theirs to decide."""
    line = BookingLine.objects.select_related("booking__organization", "decider").get(pk=line.pk)
    check_decider(by, line)
    if line.state != LineState.REQUESTED:
        raise Refusal(
            "already_decided",
            f"Cette demande a déjà une réponse\u00a0: {line.get_state_display().lower()}.",
        )
    return line


@verb
def refuse_line(
    *,
    line: BookingLine,
    reason: RefusalReason,
    explanation: str,
    by: Person,
    now: datetime,
    instead: tuple[Asset, Span] | None = None,
) -> BookingLine:
    """Refuse a request with a reason its sender will read.

    Args:
        instead: another asset or time to propose, which would be a yes to who asked.

    Raises:
        Refusal: ``not_a_decider``, ``already_decided``, and why the proposal would be a no.
    """
    BookingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    line = _requested(line, by)
    decide(line, LineState.REFUSED, by, now, reason, explanation or reason.label)
    if instead is not None:
        check_proposal(line, *instead, now)
        propose(line, *instead)
    return line


@verb
def withdraw_line(
    *, line: BookingLine, by: Person, now: datetime, channel: str = Channel.WEB
) -> BookingLine:
    """Take back a request not yet answered.

    Raises:
        Refusal: ``not_a_requester``, ``already_decided``.
    """
    line = BookingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    check_may_change(by, line.booking)
    if line.state != LineState.REQUESTED:
        raise Refusal(
            "already_decided",
            f"Cette demande a déjà une réponse\u00a0: {line.get_state_display().lower()}.",
        )
    decide(line, LineState.WITHDRAWN, by, now, channel=channel)
    return line


@verb
def cancel_line(
    *, line: BookingLine, by: Person, now: datetime, channel: str = Channel.WEB
) -> BookingLine:
    """Cancel a confirmed booking that has not begun; its time is free again at once (T3).

    Raises:
        Refusal: ``not_a_requester``, ``not_confirmed``, ``already_started``.
    """
    line = _confirmed_before_start(line, by, now)
    release([line.pk])
    decide(line, LineState.CANCELLED, by, now, channel=channel)
    return line


@verb
def move_line(
    *, line: BookingLine, use: Span, by: Person, now: datetime, channel: str = Channel.WEB
) -> BookingLine:
    """Move or prolong a confirmed booking; when the new time is not free the old one stands (T9).

    Raises:
        Refusal: ``needs_approval`` where the rule asks for one, and the codes of
            ``request_booking`` and ``cancel_line``.
    """
    stay_at_sites(wish.asset for wish in line.assets.select_related("asset"))
    line = _confirmed_before_start(line, by, now)
    check_moment(use, now)
    organization = line.booking.organization
    wished = list(line.assets.select_related("asset__site", "asset__manager"))
    for wish in wished:
        check_asset(wish.asset, organization, line.booking.people_count)
        if _terms_again(line.booking, wish, use, now) != Mode.INSTANT:
            raise Refusal(
                "needs_approval",
                "Le propriétaire approuve chaque réservation de ce bien. "
                "Envoyez une nouvelle demande, puis annulez celle-ci.",
                rule=sharing_said(wish.asset, organization),
            )
        wish.held_span = time_range(held_span(wish.asset, use))
    old, line.use_span = line.use_span, time_range(use)
    before = typography.span(span_of(old), wished[0].asset.site.time_zone)
    with lanes_as_read():
        is_moved = move(line.pk, wanted_holds(line, wished), now=now)
    if not is_moved:
        raise slot_taken(line, wished, now)
    line.save(update_fields=["use_span"])
    LineAsset.objects.bulk_update(wished, ["held_span"])
    journal(
        "move_line",
        line,
        by,
        organization,
        now,
        before=str(old),
        after=str(line.use_span),
        channel=channel,
    )
    tell_of("moved", line, by, now, before=before)
    return line


def _terms_again(booking: Booking, wish: LineAsset, use: Span, now: datetime) -> Mode:
    """Return on which terms a booking may take another time: as it was made, by its desk or not."""
    if booking.desk is None:
        return terms(wish.asset, wish.lanes, booking.organization, use, now)
    return desk_terms(wish.asset, wish.lanes, booking.desk, booking.organization, use, now)


def _confirmed_before_start(line: BookingLine, by: Person, now: datetime) -> BookingLine:
    line = BookingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    check_may_change(by, line.booking)
    if line.state != LineState.CONFIRMED:
        raise Refusal("not_confirmed", "Cette réservation n’est pas confirmée.")
    if span_of(line.use_span).start <= now:
        raise Refusal("already_started", "Cette réservation est déjà commencée.")
    return line


WATCHED = 200


def watch_deadlines(*, now: datetime, most: int = WATCHED) -> int:
    """Do what the clock owes to requests still waiting; return how many were touched.

    Each in a transaction of its own, at its last due stage: what was missed while no worker ran is
    told once. Doing it again does nothing.
    """
    due = Deadline.objects.filter(next_at__lte=now).order_by("next_at", "line_id")
    numbers = list(due.values_list("line_id", flat=True)[:most])
    return sum(_pass_stage(line_id=number, now=now) for number in numbers)


@verb
def _pass_stage(*, line_id: int, now: datetime) -> bool:
    """Bring one request to the stage its clock has reached; False when somebody was faster."""
    BookingLine.objects.select_for_update(of=("self",)).get(pk=line_id)
    line = BookingLine.objects.select_related("booking__organization", "decider").get(pk=line_id)
    deadline = Deadline.objects.get(line=line)
    if line.state != LineState.REQUESTED or deadline.next_at is None or deadline.next_at > now:
        return False
    stage = kept(deadline).stage_at(now)
    if stage == Stage.LAPSED or span_of(line.use_span).start <= now:
        decide(line, LineState.LAPSED, None, now)
        return True
    tell_stage(line, deadline, stage, now)
    deadline.stage, deadline.next_at = stage, kept(deadline).next_after(stage)
    deadline.save(update_fields=["stage", "next_at"])
    return True
