# SPDX-License-Identifier: EUPL-1.2
"""Ten minutes to think again: what was decided or given up may be undone while nobody was told.

The letters of a decision wait as long; « Envoyer maintenant » ends both. The time of a cancelled
booking is free at once: undoing takes it again, or says that somebody else has it since.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from usufruit.bookings.models import BookingLine, LineState, Proposal
from usufruit.bookings.rules import GIVEN_TO_ANOTHER, UNDO
from usufruit.bookings.silence import reopen_deadline
from usufruit.bookings.telling import told_of_decisions
from usufruit.bookings.terms import check_division, check_site
from usufruit.bookings.writing import hold_line, journal
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.transactions import verb
from usufruit.notices.actions import hurry, take_back
from usufruit.organizations.models import Person
from usufruit.timetable.actions import release, stay_at_sites
from usufruit.timetable.queries import span_of

UNDOABLE = {LineState.CONFIRMED, LineState.REFUSED, LineState.WITHDRAWN, LineState.CANCELLED}


@verb
def undo_decision(*, line: BookingLine, by: Person, now: datetime) -> BookingLine:
    """Undo what somebody just decided, and what it brought to rivals.

    Raises:
        Refusal: ``not_yours_to_undo``, ``too_late_to_undo``, ``already_told``, ``already_started``,
            ``site_closed``, ``divided_since``, ``taken_since``.
    """
    stay_at_sites(wish.asset for wish in line.assets.select_related("asset"))
    lines = _locked(line)
    line = next(each for each in lines if each.pk == line.pk)
    _check_theirs(line, by, now)
    if not take_back(changes=told_of_decisions(lines)):
        raise Refusal(
            "already_told", "La décision est déjà annoncée\u00a0: elle ne se défait plus."
        )
    undone = LineState(line.state)
    if undone == LineState.CANCELLED:
        _take_again(line, now)
        line.state, line.decided_at, line.decided_by = LineState.CONFIRMED, now, None
        line.save(update_fields=["state", "decided_by", "decided_at"])
    else:
        if undone == LineState.CONFIRMED:
            release([line.pk])
        for each in lines:
            _ask_again(each)
    gives_up = undone in {LineState.WITHDRAWN, LineState.CANCELLED}
    body = line.booking.organization if gives_up else line.decider
    for each in lines:
        journal("undo_line", each, by, body, now, undone=str(undone))
    return line


def _locked(line: BookingLine) -> list[BookingLine]:
    """Lock a line and the rivals that lost by its acceptance, in one order for all."""
    seen = BookingLine.objects.get(pk=line.pk)
    numbers = [seen.pk, *(rival.pk for rival in rivals_refused_with(seen))]
    locked = BookingLine.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    rows = list(locked.select_related("booking__organization", "decider").order_by("pk"))
    # What changed before the lock was had is seen now: only what still belongs together stays.
    first = next(row for row in rows if row.pk == seen.pk)
    same = (first.decided_at, first.decided_by_id)
    return [
        row
        for row in rows
        if row.pk == first.pk
        or (
            (row.decided_at, row.decided_by_id) == same
            and row.refusal_code == GIVEN_TO_ANOTHER.code
        )
    ]


def rivals_refused_with(line: BookingLine) -> list[BookingLine]:
    """Return the requests refused in the act that accepted a line."""
    if line.state != LineState.CONFIRMED or line.decided_by_id is None:
        return []
    lost = BookingLine.objects.filter(
        state=LineState.REFUSED,
        refusal_code=GIVEN_TO_ANOTHER.code,
        decided_at=line.decided_at,
        decided_by=line.decided_by_id,
        assets__asset__in=line.assets.order_by("asset_id").values("asset_id"),
    )
    return list(lost.distinct().order_by("pk"))


def _check_theirs(line: BookingLine, by: Person, now: datetime) -> None:
    """Refuse what somebody else did, or did too long ago, or what has begun since."""
    is_loser = line.refusal_code == GIVEN_TO_ANOTHER.code
    if line.state not in UNDOABLE or line.decided_by_id != by.pk or is_loser:
        raise Refusal(
            "not_yours_to_undo", "Seule la personne qui vient de décider peut défaire son geste."
        )
    if line.decided_at is None or now >= line.decided_at + UNDO:
        raise Refusal("too_late_to_undo", "Un geste se défait dans les dix minutes.")
    if span_of(line.use_span).start <= now:
        raise Refusal("already_started", "Cette plage est déjà commencée.")


def _take_again(line: BookingLine, now: datetime) -> None:
    """Take back the time of a cancelled booking, if nobody has it since."""
    wished = list(line.assets.select_related("asset__site", "asset__manager"))
    for wish in wished:
        check_site(wish.asset, span_of(line.use_span))
    check_division(wished)
    try:
        hold_line(line, wished, now)
    except Refusal as refusal:
        if refusal.code != "slot_taken":
            raise
        raise Refusal(
            "taken_since", "La plage a été reprise entre-temps.", refusal.rule, refusal.nearest
        ) from refusal


def _ask_again(line: BookingLine) -> None:
    """Let a line wait for an answer again, that of whoever manages its asset now."""
    asset = line.assets.select_related("asset").order_by("asset_id")[0].asset
    line.state, line.decider_id = LineState.REQUESTED, asset.manager_id
    line.decided_by = line.decided_at = None
    line.refusal_code = line.refusal_reason = ""
    line.save(
        update_fields=[
            *("state", "decider", "decided_by", "decided_at", "refusal_code", "refusal_reason")
        ]
    )
    Proposal.objects.filter(line=line).delete()
    reopen_deadline(line)


@verb
def send_decision(*, line: BookingLine, by: Person, now: datetime) -> int:
    """Announce a decision without waiting for ten minutes; it can no longer be undone.

    Raises:
        Refusal: ``not_yours_to_undo``, ``too_late_to_undo``, ``already_started``.
    """
    lines = _locked(line)
    _check_theirs(next(each for each in lines if each.pk == line.pk), by, now)
    return hurry(changes=told_of_decisions(lines), now=now)


def undoable(lines: Iterable[BookingLine], person: Person, now: datetime) -> set[int]:
    """Return the numbers of the lines a person may still undo; one query more, if any."""
    theirs = [
        line
        for line in lines
        if line.state in UNDOABLE
        and line.decided_by_id == person.pk
        and line.refusal_code != GIVEN_TO_ANOTHER.code
        and line.decided_at is not None
        and now < line.decided_at + UNDO
        and now < span_of(line.use_span).start
    ]
    if not theirs:
        return set()
    told = {
        int(change.object_id)
        for change in told_of_decisions(theirs)
        if change.told_at is not None or change.due_at <= now
    }
    return {line.pk for line in theirs} - told
