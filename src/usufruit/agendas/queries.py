# SPDX-License-Identifier: EUPL-1.2
"""What other calendars say, and what they contradict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from psycopg.types.range import Range

from usufruit.agendas.models import Agenda, AgendaEvent, AgendaImport, AgendaWaiver
from usufruit.agendas.rules import TOLD_AFTER
from usufruit.inventory.models import Asset
from usufruit.inventory.queries import managing_body_for
from usufruit.kernel import named_sql
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.spans import Span, merge, subtract
from usufruit.organizations.models import Organization, Person
from usufruit.organizations.queries import MANAGING_ROLES, has_role
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import holds_meeting, span_of

SQL = named_sql.load(Path(__file__).parent / "sql" / "queries.sql")
MOST_CONFLICTS = 200


@dataclass(frozen=True)
class Conflict:
    """An event of an agenda and what stands where it would.

    Attributes:
        seen_at: when the event was first read.
        use_span: the use that stands; ``shared_span``: what both want, buffers included.
    """

    event_id: int
    title: str
    seen_at: datetime
    event_span: Range[datetime]
    agenda_id: int
    agenda_name: str
    asset_id: int
    asset_name: str
    time_zone: str
    part_name: str
    hold_id: int
    reason: str
    note: str
    use_span: Range[datetime]
    shared_span: Range[datetime]

    @property
    def event(self) -> Span:
        """Return the time of the event."""
        return span_of(self.event_span)

    @property
    def use(self) -> Span:
        """Return the use that stands there."""
        return span_of(self.use_span)

    @property
    def get_reason_display(self) -> str:
        """Return why time is taken, in the words of a hold."""
        return str(Hold.Reason(self.reason).label)


def conflicts(
    organization: Organization, now: datetime, *, asset: Asset | None = None
) -> list[Conflict]:
    """Return what a body has to settle, soonest first."""
    return named_sql.fetch_as(Conflict, SQL["find_conflicts"], _asked(organization, asset, now))


def _asked(organization: Organization, asset: Asset | None, now: datetime) -> dict[str, object]:
    return {
        "organization_id": organization.pk,
        "asset_id": asset.pk if asset else None,
        "now": now,
        "most": MOST_CONFLICTS,
    }


def to_look_at(organization: Organization) -> QuerySet[Agenda]:
    """Return the agendas in doubt, or that have not been read for several times."""
    return agendas_of(organization).filter(
        Q(doubted_count__isnull=False) | Q(failure_count__gte=TOLD_AFTER)
    )


def waiting_count(organization: Organization, now: datetime) -> int:
    """Return how many conflicts and doubts wait for a body's managers."""
    parameters = {**_asked(organization, None, now), "told_after": TOLD_AFTER}
    counting = f"SELECT count(*) FROM ({SQL['find_conflicts']}) AS one"  # noqa: S608 - our own text
    statement = f"{counting} UNION ALL {SQL['count_doubts']}"
    return sum(row[0] for row in named_sql.fetch(statement, parameters))


def agendas_of(organization: Organization) -> QuerySet[Agenda]:
    """Return the agendas of the assets a body manages."""
    return (
        Agenda.objects.filter(asset__manager=organization)
        .select_related("asset__site", "part", "batch")
        .order_by("asset__sort_key", "asset_id", "name", "pk")
    )


def agendas_on(asset: Asset, now: datetime) -> QuerySet[Agenda]:
    """Return the agendas of an asset, each with how many of its events are to come."""
    coming = Count("events", filter=Q(events__span__endswith__gt=now))
    return agendas_of(asset.manager).filter(asset=asset).annotate(coming=coming)


def agenda_for(person: Person, pk: int) -> Agenda:
    """Return an agenda of an asset the person manages.

    Raises:
        Http404: when it does not exist or is not theirs; which of the two stays unsaid.
    """
    found = Agenda.objects.filter(pk=pk).select_related("asset__site", "asset__manager", "part")
    agenda = found.first()
    if agenda is None or not has_role(person, agenda.asset.manager, MANAGING_ROLES):
        raise Http404
    return agenda


def import_for(person: Person, organization: Organization | None, pk: int) -> AgendaImport:
    """Return an import of the body the person acts for and whose assets they manage.

    Raises:
        Http404: when it does not exist or is not theirs.
    """
    body = managing_body_for(person, organization)
    found = AgendaImport.objects.filter(organization=body, pk=pk).first()
    if found is None:
        raise Http404
    return found


def conflict_for(person: Person, event_id: int, hold_id: int, now: datetime) -> Conflict:
    """Return a conflict the person may settle.

    Raises:
        Http404: when it is not theirs, or is no conflict any more.
    """
    event = AgendaEvent.objects.filter(pk=event_id).select_related("agenda").first()
    if event is None:
        raise Http404
    asset = agenda_for(person, event.agenda_id).asset
    for one in conflicts(asset.manager, now, asset=asset):
        if (one.event_id, one.hold_id) == (event_id, hold_id):
            return one
    raise Http404


def waivers_on(asset: Asset, now: datetime) -> QuerySet[AgendaWaiver]:
    """Return the hours given up on an asset that are still to come, with the event's title."""
    return (
        AgendaWaiver.objects.filter(agenda__asset=asset, span__endswith__gt=now)
        .select_related("agenda")
        .order_by("span", "pk")
    )


def events_on(asset: Asset, now: datetime) -> QuerySet[AgendaEvent]:
    """Return what the agendas of an asset say is to come."""
    return (
        AgendaEvent.objects.filter(agenda__asset=asset, span__endswith__gt=now)
        .select_related("agenda__part")
        .order_by("span", "pk")
    )


def standing_beside(agenda: Agenda, bounds: Span, now: datetime) -> list[Hold]:
    """Return what others hold on the lanes of an agenda."""
    return [
        hold
        for hold in holds_meeting(agenda.asset, bounds, now)
        if hold.agenda_id != agenda.pk and lanes_meet(hold.lanes, agenda.lanes)
    ]


def taking(agenda: Agenda, now: datetime) -> list[Span]:
    """Return what the events to come of an agenda take, what they gave up left out."""
    given: dict[str, list[Span]] = {}
    for waiver in agenda.waivers.filter(span__endswith__gt=now).order_by("pk"):
        given.setdefault(waiver.uid, []).append(waiver.given)
    spans: list[Span] = []
    for event in agenda.events.filter(span__endswith__gt=now).order_by("pk"):
        spans += subtract([event.taken], given.get(event.uid, []))
    return merge(spans)


def due(now: datetime) -> QuerySet[Agenda]:
    """Return the agendas whose time to be read has come, the longest due first."""
    return Agenda.objects.filter(next_read_at__lte=now).order_by(F("next_read_at").asc(), "pk")


def contested() -> QuerySet[Agenda]:
    """Return the agendas that met something when they were last laid."""
    return Agenda.objects.filter(is_contested=True).order_by("pk")


def already_known(asset_ids: Iterable[int], now: datetime) -> set[tuple[int, Span]]:
    """Return the (asset, time) of the events to come of some assets."""
    known = AgendaEvent.objects.filter(agenda__asset__in=list(asset_ids), span__endswith__gt=now)
    rows = known.order_by("pk").values_list("agenda__asset_id", "span")
    return {(asset_id, span_of(span)) for asset_id, span in rows}
