# SPDX-License-Identifier: EUPL-1.2
"""What is done with the owner's other calendars: follow, read, settle, forget.

What they say is laid on the sheet where nothing else stands, never over it; the rest is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError

from usufruit.agendas.feeds import Answer
from usufruit.agendas.ics import Moment, Reading, UnreadableAgenda, read_agenda
from usufruit.agendas.models import Agenda, AgendaEvent, AgendaWaiver
from usufruit.agendas.queries import Conflict, standing_beside, taking
from usufruit.agendas.rules import Piece, is_doubtful, next_wait, pieces, window_at
from usufruit.inventory.models import Asset, Part
from usufruit.kernel.fields import lane_bounds
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span, intersect
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Person
from usufruit.timetable.actions import WantedHold, release_of_agenda, take
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import span_of, time_range

LAYINGS = 3  # somebody may take time between our look and our hold
KEPT_BEHIND = timedelta(days=60)


@verb
def follow_agenda(
    *, asset: Asset, part: Part | None, name: str, address: str, by: Person, now: datetime
) -> Agenda:
    """Let an agenda kept elsewhere take time from an asset; it is read within the minute.

    Raises:
        Refusal: ``agenda_followed`` when this asset follows it already.
    """
    try:
        agenda = Agenda.objects.create(
            asset=asset, part=part, name=name, address=address, next_read_at=now
        )
    except IntegrityError:  # the database names the address it refuses: that goes no further
        raise Refusal("agenda_followed", "Ce bien suit déjà cet agenda.") from None
    _journal("follow_agenda", agenda, by, now, host=agenda.host)
    return agenda


@verb
def forget_agenda(*, agenda: Agenda, by: Person, now: datetime) -> None:
    """Let an agenda take nothing more; what other agendas say of the same hours holds again."""
    _journal("forget_agenda", agenda, by, now, name=agenda.name)
    drop(agenda, now)


def drop(agenda: Agenda, now: datetime) -> None:
    """Delete an agenda with what it holds, then lay its neighbours; the caller's transaction."""
    neighbours = Agenda.objects.filter(asset=agenda.asset).exclude(pk=agenda.pk).order_by("pk")
    release_of_agenda(agenda.pk, now=now)
    agenda.delete()
    for other in neighbours.select_related("asset__site", "part"):
        lay(agenda=other, now=now)


@verb
def read_again(*, agenda: Agenda, by: Person, now: datetime) -> None:
    """Ask for a reading as soon as the queue can."""
    Agenda.objects.filter(pk=agenda.pk).exclude(address="").update(next_read_at=now)
    _journal("read_agenda_again", agenda, by, now)


@verb
def accept_loss(*, agenda: Agenda, by: Person, now: datetime) -> None:
    """Believe an agenda that lost most of its events: the next reading frees their hours."""
    known = Agenda.objects.select_for_update().get(pk=agenda.pk)
    if known.doubted_count is None:
        raise Refusal("nothing_doubted", "Cet agenda n’est plus en doute.")
    known.accepted_count, known.doubted_count = known.doubted_count, None
    known.etag = known.last_modified = ""
    known.next_read_at = now
    known.save()
    _journal("accept_agenda_loss", agenda, by, now, count=known.accepted_count)


@verb
def receive(*, agenda_id: int, answer: Answer, now: datetime, chance: float) -> None:
    """Take in what the server of an agenda answered; what cannot be read changes nothing.

    Args:
        chance: in [0, 1), so that agendas are not all read at once.
    """
    agenda = _locked(agenda_id)
    if agenda is None:
        return
    if answer.content is None:
        _succeed(agenda, now, chance)
        return
    try:
        reading = read_agenda(
            answer.content, zone=agenda.asset.site.time_zone, window=window_at(now)
        )
    except UnreadableAgenda as error:
        _fail(agenda, str(error), now, chance)
        return
    if not reading.is_whole:
        _fail(agenda, "L’agenda reçu s’arrête avant sa fin; l’ancien est gardé.", now, chance)
        return
    _take_in(agenda, reading, now)
    if agenda.doubted_count is None:
        agenda.etag, agenda.last_modified = answer.etag, answer.last_modified
    _succeed(agenda, now, chance)


@verb
def note_failure(*, agenda_id: int, reason: str, now: datetime, chance: float) -> None:
    """Remember that an agenda could not be read, and wait longer before the next time."""
    agenda = _locked(agenda_id)
    if agenda is not None:
        _fail(agenda, reason, now, chance)


@verb
def keep_what_stands(*, conflict: Conflict, by: Person, now: datetime) -> AgendaWaiver:
    """Let an event give way on the hours of what stands there, now and at the next readings."""
    event = AgendaEvent.objects.select_related("agenda").get(pk=conflict.event_id)
    waiver, _is_new = AgendaWaiver.objects.get_or_create(
        agenda=event.agenda, uid=event.uid, span=conflict.shared_span
    )
    _journal("keep_what_stands", event.agenda, by, now, hold=conflict.hold_id)
    lay(agenda=event.agenda, now=now)
    return waiver


@verb
def take_back_hours(*, waiver: AgendaWaiver, by: Person, now: datetime) -> None:
    """Let an event want again the hours it had given up."""
    agenda = waiver.agenda
    _journal("take_back_hours", agenda, by, now)
    waiver.delete()
    lay(agenda=agenda, now=now)


@verb
def lay(*, agenda: Agenda, now: datetime) -> None:
    """Hold what the events to come take, where nothing else stands.

    What is held already as it should stays; what another takes meanwhile is a conflict.
    """
    known = _locked(agenda.pk)
    if known is None:
        return
    events = taking(known, now)
    is_contested = False
    for _attempt in range(LAYINGS):
        others = standing_beside(known, _bounds(events, now), now) if events else []
        wanted = pieces(events, map(_held, others), *_buffers(known))
        met = [_held(hold) for hold in others if hold.reason != Hold.Reason.EXTERNAL]
        is_whole = _hold(known, wanted, now)
        is_contested = not is_whole or bool(intersect(events, met))
        if is_whole:
            break
    Agenda.objects.filter(pk=known.pk).update(is_contested=is_contested)


def _hold(agenda: Agenda, wanted: list[Piece], now: datetime) -> bool:
    """Hold these pieces and no others; False when somebody has just taken one."""
    mine = Hold.objects.filter(agenda_id=agenda.pk, span__endswith__gt=now).order_by("pk")
    bounds = lane_bounds(agenda.lanes)
    standing = {
        Piece(span_of(hold.span), span_of(hold.use_span)): hold.pk
        for hold in mine
        if lane_bounds(hold.lanes) == bounds
    }
    kept = [standing[piece] for piece in wanted if piece in standing]
    release_of_agenda(agenda.pk, but=kept, now=now)
    lacking = [
        WantedHold(
            asset=agenda.asset,
            lanes=agenda.lanes,
            span=piece.span,
            use=piece.use,
            reason=Hold.Reason.EXTERNAL,
            agenda_id=agenda.pk,
            note=agenda.name,
        )
        for piece in wanted
        if piece not in standing and piece.span.end > now
    ]
    return not lacking or len(take(lacking, now=now)) == len(lacking)


def store_events(agenda: Agenda, moments: Iterable[Moment], now: datetime) -> None:
    """Keep what an agenda says from now on; an event that stays keeps when it was first seen."""
    told = {(one.uid, one.span): one for one in moments}
    gone = []
    for event in agenda.events.filter(span__endswith__gt=now).order_by("pk"):
        same = told.pop((event.uid, event.taken), None)
        if same is None:
            gone.append(event.pk)
        elif same.title != event.title:
            AgendaEvent.objects.filter(pk=event.pk).update(title=same.title)
    agenda.events.filter(pk__in=gone).delete()
    agenda.events.filter(span__endswith__lt=now - KEPT_BEHIND).delete()
    agenda.waivers.filter(span__endswith__lt=now - KEPT_BEHIND).delete()
    AgendaEvent.objects.bulk_create(
        (
            AgendaEvent(
                agenda=agenda,
                uid=one.uid,
                span=time_range(one.span),
                title=one.title,
                seen_at=now,
            )
            for one in told.values()
        ),
        ignore_conflicts=True,
    )


def _take_in(agenda: Agenda, reading: Reading, now: datetime) -> None:
    coming = [one for one in reading.moments if one.span.end > now]
    known_count = agenda.events.filter(span__endswith__gt=now).count()
    if is_doubtful(known_count, len(coming), agenda.accepted_count):
        agenda.doubted_count = len(coming)
        return
    agenda.doubted_count = agenda.accepted_count = None
    agenda.troubles = list(reading.troubles)
    store_events(agenda, coming, now)
    lay(agenda=agenda, now=now)
    agenda.refresh_from_db(fields=["is_contested"])


def _succeed(agenda: Agenda, now: datetime, chance: float) -> None:
    agenda.failure_count, agenda.trouble, agenda.read_at = 0, "", now
    agenda.next_read_at = now + next_wait(0, chance)
    agenda.save()


def _fail(agenda: Agenda, reason: str, now: datetime, chance: float) -> None:
    agenda.failure_count += 1
    agenda.trouble = reason
    agenda.next_read_at = now + next_wait(agenda.failure_count, chance)
    agenda.save()


def _locked(agenda_id: int) -> Agenda | None:
    """Return an agenda, kept from other hands until the transaction ends; None once forgotten."""
    found = Agenda.objects.select_for_update(of=("self",)).filter(pk=agenda_id)
    return found.select_related("asset__site", "asset__manager", "part").first()


def _held(hold: Hold) -> Span:
    return span_of(hold.span)


def _buffers(agenda: Agenda) -> tuple[timedelta, timedelta]:
    asset = agenda.asset
    return (
        timedelta(minutes=asset.buffer_before_min),
        timedelta(minutes=asset.buffer_after_min),
    )


def _bounds(events: list[Span], now: datetime) -> Span:
    day = timedelta(days=1)
    return Span(min(events[0].start, now) - day, events[-1].end + day)


def _journal(name: str, agenda: Agenda, by: Person, now: datetime, /, **detail: object) -> None:
    JournalLine.record(
        name,
        agenda,
        at=now,
        person_id=by.pk,
        organization_id=agenda.asset.manager_id,
        detail={"asset": agenda.asset_id, **detail},
    )
