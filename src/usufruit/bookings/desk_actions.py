# SPDX-License-Identifier: EUPL-1.2
"""What a desk does while somebody is on the line: keep a slot, give it back, book for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from psycopg.types.multirange import Multirange

from usufruit.bookings.desk_queries import caller_served
from usufruit.bookings.models import Booking, BookingLine, Channel, LineAsset, LineState
from usufruit.bookings.rules import check_moment
from usufruit.bookings.silence import announce
from usufruit.bookings.terms import (
    alternatives,
    check_asset,
    check_site,
    desk_terms,
    lanes_as_read,
    terms,
)
from usufruit.bookings.words import one_use_said, sharing_said
from usufruit.bookings.writing import (
    hold_line,
    journal,
    line_sent_before,
    open_booking,
    slot_taken,
    wanted_holds,
)
from usufruit.inventory.models import Asset
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.transactions import verb
from usufruit.organizations.actions import register_organization, register_person
from usufruit.organizations.models import Organization, OrganizationNature, Person
from usufruit.organizations.queries import DESK_ROLES, has_role
from usufruit.sharing.models import Mode
from usufruit.sharing.queries import is_own_body
from usufruit.timetable.actions import (
    WantedHold,
    confirm_option,
    give_up_option,
    stay_at_sites,
    take,
)
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import held_span, is_taken, time_range

# What a body may set aside for its own assets, saying why; the rest binds the desk too.
OVERRIDABLE = {"not_open_to_you", "closed", "outside_window"}
OPTIONS_RULE = "Une option se garde peu, et peu à la fois"


@dataclass(frozen=True)
class DeskWish:
    """What a clerk writes down for the person they serve.

    Attributes:
        key: made by the form, one per wish.
        borrower: the body served, or None for a person, for whom the desk's own body borrows.
        new_association: name of a body not yet in the network, entered unrecognised; else empty.
        caller_name, caller_phone: the person served; a name may do without a number.
        option_id: the option that keeps the slot, or None.
        override: why the desk's body sets its own rule aside; empty when it does not.
    """

    purpose: str
    people_count: int | None
    key: UUID
    channel: Channel
    borrower: Organization | None = None
    new_association: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    option_id: int | None = None
    override: str = ""


@verb
def take_option(
    *,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    desk: Organization,
    by: Person,
    now: datetime,
) -> int:
    """Keep a slot some minutes while the caller decides; return the number of its hold (T8).

    Raises:
        Refusal: in this order, ``not_at_desk``, the codes of ``check_moment`` and ``terms``,
            ``needs_approval``, ``too_many_options``, ``divided_since``, ``slot_taken``.
    """
    _check_desk(by, desk)
    check_moment(use, now)
    stay_at_sites([asset])
    check_asset(asset, desk, None)
    check_site(asset, use)
    if not is_own_body(desk, asset) and terms(asset, lanes, desk, use, now) != Mode.INSTANT:
        raise Refusal(
            "needs_approval",
            "Le propriétaire approuve chaque réservation. Envoyez-lui une demande.",
            rule=sharing_said(asset, desk),
        )
    _lock(by)
    if Hold.objects.options_of(by, now).count() >= settings.OPTIONS_MOST:
        raise Refusal(
            "too_many_options",
            f"Vous gardez déjà {settings.OPTIONS_MOST}\u00a0plages. Libérez-en une.",
            rule=OPTIONS_RULE,
        )
    wanted = WantedHold(
        asset=asset,
        lanes=lanes,
        span=held_span(asset, use),
        use=use,
        reason=Hold.Reason.OPTION,
        expires_at=now + timedelta(minutes=settings.OPTION_MIN),
        held_by_id=by.pk,
    )
    with lanes_as_read():
        taken = take([wanted], now=now)
    if not taken:
        nearest = alternatives(asset, lanes, desk, use, now)
        message = "Cette plage vient d’être prise."
        raise Refusal("slot_taken", message, one_use_said(asset), nearest)
    _journal_option("take_option", asset, taken[0][0], desk, by, now)
    return taken[0][0]


@verb
def release_option(*, option: Hold, desk: Organization, by: Person, now: datetime) -> None:
    """Give a slot back before its time runs out; giving it back twice changes nothing."""
    if give_up_option(option.pk, by=by):
        _journal_option("release_option", option.asset, option.pk, desk, by, now)


@verb
def book_at_desk(
    *,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    desk: Organization,
    wish: DeskWish,
    by: Person,
    now: datetime,
) -> BookingLine:
    """Book, or ask, for somebody who called, came or wrote; their option becomes the booking.

    Sending the same key again returns the first line: nobody is entered twice.

    Raises:
        Refusal: in this order, ``key_reused``, ``not_at_desk``, the codes of ``check_moment``,
            ``not_published``, ``over_capacity``, those of ``desk_terms``, ``option_expired``,
            ``divided_since``, ``slot_taken``.
    """
    _lock(by)  # a twin waits here, before it enters a caller or a body of its own
    sent = Booking.objects.filter(requester=by, idempotency_key=wish.key).first()
    if sent is not None:
        is_same = (sent.purpose, sent.people_count) == (wish.purpose, wish.people_count)
        return line_sent_before(sent, sent.organization, asset, lanes, use, is_same=is_same)
    _check_desk(by, desk)
    check_moment(use, now)
    stay_at_sites([asset])
    check_asset(asset, desk, wish.people_count)
    borrower = _borrower(wish, desk, by, now)
    mode, override = _terms(asset, lanes, use, desk, borrower, wish, now)
    caller = _caller(wish, desk, by, now)
    booking, _is_new = open_booking(
        borrower,
        by,
        wish.purpose,
        wish.people_count,
        wish.key,
        now,
        channel=wish.channel,
        desk=desk,
        caller=caller,
    )
    line = _write_line(booking, asset, lanes, use, mode, now)
    _take(line, mode, wish, by, now)
    detail = {"state": str(line.state), "channel": str(wish.channel), "override": override}
    journal("book_at_desk", line, by, desk, now, **detail)
    announce(line, by, now)
    return line


def _check_desk(by: Person, desk: Organization) -> None:
    if not has_role(by, desk, DESK_ROLES):
        raise Refusal(
            "not_at_desk",
            f"Votre rôle n’ouvre pas le guichet de «\u00a0{desk}\u00a0». Demandez le rôle de "
            "préposé à l’administrateur de votre organisme.",
            rule="Rôles de l’organisme",
        )


def _lock(by: Person) -> None:
    """Let the acts of one person at the desk follow each other, before any slot is locked (T4)."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)


def _borrower(wish: DeskWish, desk: Organization, by: Person, now: datetime) -> Organization:
    """Return the body that borrows: the one named, a new association, or the desk's own."""
    if not wish.new_association:
        return wish.borrower or desk
    return register_organization(
        by=by,
        now=now,
        name=wish.new_association,
        slug=f"association-{uuid4().hex[:12]}",
        nature=OrganizationNature.objects.get(code="association"),
        territory=desk.territory,
        time_zone=desk.time_zone,
    )


def _terms(
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    desk: Organization,
    borrower: Organization,
    wish: DeskWish,
    now: datetime,
) -> tuple[Mode, str]:
    """Return the mode, and the reason given where the desk's body sets its own rule aside."""
    try:
        return desk_terms(asset, lanes, desk, borrower, use, now), ""
    except Refusal as refusal:
        may_override = is_own_body(desk, asset) and refusal.code in OVERRIDABLE
        if not wish.override or not may_override:
            raise
        return Mode.INSTANT, wish.override


def _caller(wish: DeskWish, desk: Organization, by: Person, now: datetime) -> Person | None:
    """Return the person served, known to this desk or entered with what they gave."""
    if not wish.caller_name:
        return None
    known = caller_served(desk, wish.caller_name, wish.caller_phone)
    return known or register_person(
        email=None,
        full_name=wish.caller_name,
        phone=wish.caller_phone,
        password=None,
        by=by,
        now=now,
    )


def _write_line(
    booking: Booking,
    asset: Asset,
    lanes: Multirange[int],
    use: Span,
    mode: Mode,
    now: datetime,
) -> BookingLine:
    line = BookingLine.objects.create(
        booking=booking,
        decider=asset.manager,
        use_span=time_range(use),
        state=LineState.CONFIRMED if mode == Mode.INSTANT else LineState.REQUESTED,
        decided_at=now if mode == Mode.INSTANT else None,
    )
    LineAsset.objects.create(
        line=line,
        asset=asset,
        lane_count=asset.lane_count,
        lanes=lanes,
        held_span=time_range(held_span(asset, use)),
    )
    return line


def _take(line: BookingLine, mode: Mode, wish: DeskWish, by: Person, now: datetime) -> None:
    """Take the time of a confirmed line, from the option that keeps it when there is one."""
    wished = list(line.assets.select_related("asset__site", "asset__manager"))
    asset, use = wished[0].asset, Span(line.use_span.lower, line.use_span.upper)
    if mode != Mode.INSTANT:
        if is_taken(asset, wished[0].lanes, held_span(asset, use), now):
            raise slot_taken(line, wished, now)
    elif wish.option_id is None:
        hold_line(line, wished, now)
    elif not confirm_option(wish.option_id, by=by, wanted=wanted_holds(line, wished)[0], now=now):
        raise Refusal(
            "option_expired",
            "L’option a pris fin\u00a0: cette plage n’est plus gardée.",
            rule=OPTIONS_RULE,
            nearest=alternatives(asset, wished[0].lanes, line.booking.desk, use, now),
        )


def _journal_option(
    name: str, asset: Asset, hold_id: int, desk: Organization, by: Person, now: datetime
) -> None:
    JournalLine.record(
        name, asset, at=now, person_id=by.pk, organization_id=desk.pk, detail={"hold": hold_id}
    )
