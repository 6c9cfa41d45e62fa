# SPDX-License-Identifier: EUPL-1.2
"""The bookings that stood before: a file proposes, a person looks, all of it goes in or out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from usufruit.agendas.actions import drop, lay, store_events
from usufruit.agendas.ics import Moment, UnreadableAgenda, read_agenda
from usufruit.agendas.models import Agenda, AgendaImport
from usufruit.agendas.queries import already_known
from usufruit.agendas.rules import window_at
from usufruit.agendas.sheets import read_sheet
from usufruit.inventory.models import Asset, Part
from usufruit.inventory.queries import all_lanes
from usufruit.kernel.fields import lanes_meet
from usufruit.kernel.models import JournalLine
from usufruit.kernel.refusals import Refusal
from usufruit.kernel.spans import Span
from usufruit.kernel.tables import UnusableSource
from usufruit.kernel.text import sort_key
from usufruit.kernel.transactions import verb
from usufruit.organizations.models import Organization, Person
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import holds_meeting, span_of

MOST_PROPOSALS = 5_000
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Proposal:
    """A line of a file that can be read.

    Attributes:
        line: of the file, from 1; 0 where it has no lines to speak of.
        part_id: the part it takes; None for the whole asset.
    """

    line: int
    asset_id: int
    part_id: int | None
    moment: Moment

    def packed(self) -> list[object]:
        """Return what is stored until the import is applied."""
        one = self.moment
        times = [one.span.start.isoformat(), one.span.end.isoformat()]
        return [self.line, self.asset_id, self.part_id, one.uid, *times, one.title]

    @classmethod
    def unpacked(cls, stored: Sequence[object]) -> Proposal:
        """Return what was stored."""
        line, asset_id, part_id, uid, start, end, title = stored
        span = Span(datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)))
        part = None if part_id is None else int(str(part_id))
        return cls(int(str(line)), int(str(asset_id)), part, Moment(span, str(uid), str(title)))


@dataclass(frozen=True)
class FileRead:
    """What a file says: what it proposes, the lines left aside and why, how it was understood."""

    proposals: list[Proposal]
    refused: list[tuple[int, str]]
    notes: list[str]


@dataclass(frozen=True)
class Checked:
    """A proposal beside what the sheet says now.

    Attributes:
        verdict: ``new``, ``known`` or ``conflict``.
        standing: what it meets, when it is a conflict.
    """

    proposal: Proposal
    asset: Asset
    part: Part | None
    verdict: str
    standing: tuple[Hold, ...] = ()


def read_ics_file(content: bytes, asset: Asset, part: Part | None, now: datetime) -> FileRead:
    """Return what an agenda in a file proposes for an asset.

    Raises:
        Refusal: ``unreadable_agenda``.
    """
    try:
        reading = read_agenda(content, zone=asset.site.time_zone, window=window_at(now))
    except UnreadableAgenda as error:
        raise Refusal("unreadable_agenda", str(error)) from error
    coming = [one for one in reading.moments if one.span.end > now]
    refused = [(0, trouble) for trouble in reading.troubles]
    notes = []
    if not reading.is_whole:
        notes.append("Le fichier s’arrête avant sa fin\u00a0: des événements peuvent manquer.")
    part_id = part.pk if part else None
    return FileRead([Proposal(0, asset.pk, part_id, one) for one in coming], refused, notes)


def read_sheet_file(
    name: str,
    content: bytes,
    organization: Organization,
    now: datetime,
    *,
    asset: Asset | None = None,
    part: Part | None = None,
) -> FileRead:
    """Return what a spreadsheet proposes, for one asset or for those its lines name.

    Raises:
        Refusal: ``unreadable_sheet``.
    """
    zone = asset.site.time_zone if asset else organization.time_zone
    try:
        sheet = read_sheet(name, content, zone)
    except UnusableSource as error:
        raise Refusal("unreadable_sheet", str(error)) from error
    if asset is None and not sheet.has_rooms:
        raise Refusal(
            "no_room_column",
            "Aucune colonne ne nomme le bien. Ajoutez-la, ou importez depuis la page du bien.",
        )
    rooms = {} if asset else _rooms(organization)
    proposals: list[Proposal] = []
    refused = list(sheet.refused)
    for row in sheet.rows:
        found = (asset.pk, part.pk if part else None) if asset else rooms.get(_plain(row.room))
        if found is None:
            told = row.room[:60] or "sans nom"
            refused.append((row.line, f"«\u00a0{told}\u00a0» n’est pas un de vos biens"))
        elif row.moment.span.end > now:
            proposals.append(Proposal(row.line, *found, row.moment))
    notes = list(sheet.notes)
    if past := len(sheet.rows) + len(sheet.refused) - len(proposals) - len(refused):
        notes.append(f"Lignes déjà passées, laissées de côté\u00a0: {past}.")
    return FileRead(proposals, sorted(refused), notes)


def _rooms(organization: Organization) -> dict[str, tuple[int, int | None]]:
    """Return the assets a body manages, and their parts, by the ways a file may name them."""
    found: dict[str, tuple[int, int | None]] = {}
    managed = Asset.objects.filter(manager=organization).prefetch_related("parts")
    for asset in managed.order_by("-pk"):
        for part in asset.parts.all():
            for name in (asset.name, asset.external_id):
                found[_plain(f"{name} {part.name}")] = (asset.pk, part.pk)
    for asset in managed.order_by("-pk"):
        found[_plain(asset.name)] = found[_plain(asset.external_id)] = (asset.pk, None)
    return found


def _plain(name: str) -> str:
    """Return a name without accents, capitals or punctuation."""
    return " ".join("".join(char if char.isalnum() else " " for char in sort_key(name)).split())


@verb
def propose_import(
    *, organization: Organization, file_name: str, read: FileRead, by: Person, now: datetime
) -> AgendaImport:
    """Keep what a file says until somebody has looked; nothing is taken yet.

    Raises:
        Refusal: ``empty_import`` or ``import_too_long``.
    """
    if not read.proposals and not read.refused:
        raise Refusal("empty_import", "Ce fichier n’annonce rien à venir d’ici dix-huit mois.")
    if len(read.proposals) > MOST_PROPOSALS:
        raise Refusal(
            "import_too_long",
            f"Le fichier a plus de {MOST_PROPOSALS} plages. Coupez-le en plusieurs.",
        )
    proposed = AgendaImport.objects.create(
        organization=organization,
        file_name=file_name[:200],
        created_at=now,
        proposals=[one.packed() for one in read.proposals],
        refused=read.refused[:1000],
        notes=read.notes,
    )
    _journal("propose_agenda_import", proposed, by, now, count=len(read.proposals))
    return proposed


def check(proposed: AgendaImport, now: datetime) -> list[Checked]:
    """Return each proposal beside what the sheet says at this moment, in the order of the file."""
    proposals = [Proposal.unpacked(one) for one in proposed.proposals]
    wanted = {one.asset_id for one in proposals}
    assets = {
        asset.pk: asset
        for asset in Asset.objects.filter(pk__in=wanted, manager=proposed.organization)
        .select_related("site")
        .order_by("pk")
    }
    parts = {part.pk: part for part in Part.objects.filter(asset__in=wanted).order_by("pk")}
    known = already_known(wanted, now)
    standing = {asset.pk: _standing(asset, proposals, now) for asset in assets.values()}
    return [
        _check(
            one, assets[one.asset_id], parts.get(one.part_id or 0), known, standing[one.asset_id]
        )
        for one in proposals
        if one.asset_id in assets and (one.part_id is None or one.part_id in parts)
    ]


def _standing(asset: Asset, proposals: Iterable[Proposal], now: datetime) -> list[Hold]:
    """Return what others than agendas hold on an asset in the days of a file."""
    spans = [one.moment.span for one in proposals if one.asset_id == asset.pk]
    bounds = Span(min(span.start for span in spans), max(span.end for span in spans))
    holds = holds_meeting(asset, bounds, now)
    return [hold for hold in holds if hold.reason != Hold.Reason.EXTERNAL]


def _check(
    one: Proposal,
    asset: Asset,
    part: Part | None,
    known: set[tuple[int, Span]],
    standing: list[Hold],
) -> Checked:
    if (asset.pk, one.moment.span) in known:
        return Checked(one, asset, part, "known")
    lanes = part.lanes if part else all_lanes(asset)
    met = tuple(
        hold
        for hold in standing
        if span_of(hold.span).overlaps(one.moment.span) and lanes_meet(hold.lanes, lanes)
    )
    return Checked(one, asset, part, "conflict" if met else "new", met)


@verb
def apply_import(*, proposed: AgendaImport, by: Person, now: datetime) -> int:
    """Let all that is new in an import take its time; what meets something else is a conflict.

    Returns:
        how many events came in.

    Raises:
        Refusal: ``import_applied`` when it is done already.
    """
    known = AgendaImport.objects.select_for_update().get(pk=proposed.pk)
    if known.applied_at is not None:
        raise Refusal("import_applied", "Cet import est déjà appliqué.")
    groups: dict[tuple[int, int | None], list[Checked]] = {}
    for one in check(known, now):
        if one.verdict != "known" and one.proposal.moment.span.end > now:
            groups.setdefault((one.proposal.asset_id, one.proposal.part_id), []).append(one)
    for key in sorted(groups, key=lambda each: (each[0], each[1] or 0)):
        rows = groups[key]
        agenda = Agenda.objects.create(
            asset=rows[0].asset, part=rows[0].part, name=known.file_name, batch=known, read_at=now
        )
        store_events(agenda, [row.proposal.moment for row in rows], now)
        lay(agenda=agenda, now=now)
    known.applied_at, known.proposals = now, []
    known.save(update_fields=["applied_at", "proposals"])
    count = sum(map(len, groups.values()))
    _journal("apply_agenda_import", known, by, now, count=count)
    return count


@verb
def undo_import(*, proposed: AgendaImport, by: Person, now: datetime) -> None:
    """Take out all that an import brought; what other agendas say of the same hours holds again.

    Raises:
        Refusal: ``import_not_applied`` when there is nothing to undo.
    """
    known = AgendaImport.objects.select_for_update().get(pk=proposed.pk)
    if known.applied_at is None or known.undone_at is not None:
        raise Refusal("import_not_applied", "Cet import n’est pas en vigueur.")
    for agenda in known.agendas.order_by("pk"):
        drop(agenda, now)
    known.undone_at = now
    known.save(update_fields=["undone_at"])
    _journal("undo_agenda_import", known, by, now)


@verb
def forget_proposals(*, now: datetime) -> None:
    """Delete the imports that nobody applied within a week: their titles may name persons."""
    AgendaImport.objects.filter(applied_at__isnull=True, created_at__lt=now - KEPT).delete()


def counted(rows: Iterable[Checked]) -> Iterator[tuple[str, int]]:
    """Yield each verdict with how many lines have it."""
    found = [row.verdict for row in rows]
    for verdict in ("new", "known", "conflict"):
        yield verdict, found.count(verdict)


def _journal(
    name: str, proposed: AgendaImport, by: Person, now: datetime, /, **detail: object
) -> None:
    JournalLine.record(
        name,
        proposed,
        at=now,
        person_id=by.pk,
        organization_id=proposed.organization_id,
        detail=detail,
    )
