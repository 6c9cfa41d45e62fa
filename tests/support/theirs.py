# SPDX-License-Identifier: EUPL-1.2
"""What another body keeps to itself: one of each object, marked with a word nobody else uses."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import get_connection
from PIL import Image

from tests.support.world import (
    NOW,
    Mode,
    Role,
    all_lanes,
    make_asset,
    make_body,
    make_person,
    make_site,
    share,
    use,
)
from usufruit.agendas.actions import follow_agenda, keep_what_stands, receive
from usufruit.agendas.feeds import Answer
from usufruit.agendas.imports import propose_import, read_ics_file
from usufruit.agendas.queries import conflicts
from usufruit.audits.actions import conduct_audit, send_evidence
from usufruit.bookings.actions import request_booking
from usufruit.bookings.answering import add_wording
from usufruit.bookings.closing_actions import Fate, close_sites
from usufruit.bookings.desk_actions import take_option
from usufruit.bookings.exchanges import ask_precision
from usufruit.bookings.models import BookingLine
from usufruit.exports.actions import build_export, request_export
from usufruit.imports.actions import ask_check, conduct_check, receive_file
from usufruit.imports.understanding import ColumnMapping
from usufruit.inventory.models import Asset
from usufruit.kernel.spans import Span
from usufruit.needs.actions import report_need, withdraw_need
from usufruit.notices.actions import deliver
from usufruit.notices.models import Notice
from usufruit.organizations.absences import record_absence
from usufruit.organizations.invitations import invite
from usufruit.organizations.models import Organization, Person
from usufruit.premises.actions import add_paper, add_photos, seal_secret, state_facts
from usufruit.premises.facts import Reader
from usufruit.premises.papers import PDF
from usufruit.premises.pictures import read_picture
from usufruit.privacy.actions import record_incident
from usufruit.search.places import Place
from usufruit.sharing.models import Audience
from usufruit.timetable.actions import add_exception, add_season, block_time
from usufruit.timetable.models import Hold
from usufruit.timetable.queries import opening_calendar, span_of
from usufruit.timetable.rules import DatedException, parse_opening
from usufruit.timetable.rules import Season as SeasonRules
from usufruit.timetable.shared_days import share_days, start_following

MARK = "zyxomar"
"""A word that stands in whatever only this body may read."""


@dataclass
class Theirs:
    """A body, its keeper and what it keeps to itself.

    Attributes:
        secret: an asset nobody else sees.
        shared: an asset others see, whose uses are nobody's business.
        objects: whatever else a page may be asked for, by name.
    """

    body: Organization
    keeper: Person
    secret: Asset
    shared: Asset
    line: BookingLine
    request: BookingLine
    objects: dict[str, Any] = field(default_factory=dict)


def make_theirs() -> Theirs:
    """Give a body one of each object that a page can show or change."""
    body = make_body("Ville lointaine")
    keeper = make_person(body, *Role, name=f"Gardienne {MARK}")
    site = make_site(body, name="Garage lointain")
    secret = make_asset(
        body,
        site=site,
        name=f"Brouillon {MARK}",
        state=Asset.State.DRAFT,
        opening="lu-ve 8:00-17:00",
    )
    shared = make_asset(body, site=site, name="Salle lointaine")
    share(secret, Audience.PUBLIC_BODIES, Mode.APPROVAL)
    share(shared, Audience.PUBLIC_BODIES, Mode.APPROVAL)
    borrower = make_person(body, Role.REQUESTER, name=f"Emprunteuse {MARK}")
    theirs = Theirs(
        body=body,
        keeper=keeper,
        secret=secret,
        shared=shared,
        line=_ask(shared, body, borrower, use(24)),
        request=_ask(shared, make_body("Club lointain"), None, use(48)),
    )
    theirs.objects.update(
        **_take_time(theirs),
        **_audit(theirs),
        **_bring(theirs),
        **_people(theirs),
        **_storm(theirs),
        **_keep_agenda(theirs),
        **_share_days(theirs),
        need=_lack(theirs),
        export=_take_away(theirs),
        incident=_incident(theirs),
        notice=_news(theirs),
        **_answers(theirs),
    )
    theirs.objects.update(_tell(theirs))
    return theirs


def _ask(asset: Asset, body: Organization, by: Person | None, span: Span) -> BookingLine:
    by = by or make_person(body, Role.REQUESTER, name=f"Entraîneuse {MARK}")
    return request_booking(
        asset=asset,
        lanes=all_lanes(asset),
        use=span,
        organization=body,
        purpose=f"Soirée {MARK}",
        people_count=None,
        key=uuid4(),
        by=by,
        now=NOW,
    )


def _take_time(theirs: Theirs) -> dict[str, Any]:
    """Give the secret asset a season, an exception and an hour of its owner's."""
    calendar = opening_calendar(theirs.secret)
    summer = SeasonRules(date(2027, 6, 24), date(2027, 8, 20), parse_opening("lu-ve 9:00-12:00"))
    add_season(calendar=calendar, name=f"Été {MARK}", season=summer)
    day = date(2027, 1, 4)
    exception = DatedException(day, day, (), f"Inventaire {MARK}")
    taken = {
        asset.pk: block_time(
            asset=asset,
            lanes=all_lanes(asset),
            use=use(72),
            reason=Hold.Reason.OWN_USE,
            note=f"Réunion {MARK}",
            by=theirs.keeper,
            now=NOW,
        )
        for asset in (theirs.secret, theirs.shared)
    }
    return {
        "season": calendar.seasons.get(days__isnull=False).pk,
        "exception": add_exception(calendar=calendar, exception=exception).pk,
        "option": take_option(
            asset=theirs.secret,
            lanes=all_lanes(theirs.secret),
            use=use(96),
            desk=theirs.body,
            by=theirs.keeper,
            now=NOW,
        ),
        "hold": taken[theirs.secret.pk],
        "rule": theirs.secret.sharing_rules.get().pk,
    }


def _people(theirs: Theirs) -> dict[str, Any]:
    """Invite a person, and let another be away."""
    invitation = invite(
        organization=theirs.body,
        email=f"{MARK}@exemple.test",
        full_name=f"Invitée {MARK}",
        roles=[Role.MEMBER],
        by=theirs.keeper,
        now=NOW,
    )
    absence = record_absence(
        person=make_person(theirs.body, Role.MEMBER, name=f"Absente {MARK}"),
        organization=theirs.body,
        replacement=theirs.keeper,
        first_on=date(2027, 1, 4),
        last_on=date(2027, 1, 8),
        by=theirs.keeper,
        now=NOW,
    )
    return {"person": theirs.keeper.pk, "invitation": invitation.pk, "absence": absence.pk}


def _take_away(theirs: Theirs) -> int:
    """Prepare the archive of all that the body has."""
    export = request_export(body=theirs.body, by=theirs.keeper, now=NOW)
    build_export(export_id=export.pk, clock=lambda: NOW)
    return export.pk


def _storm(theirs: Theirs) -> dict[str, Any]:
    """Shut a site of theirs, which displaces a booking."""
    site = make_site(theirs.body, name="Salle d’orage")
    hall = make_asset(theirs.body, site=site, name=f"Abri {MARK}")
    line = _ask(hall, theirs.body, theirs.keeper, use(48))
    closure = close_sites(
        organization=theirs.body,
        sites=[site],
        span=use(40, 20),
        reason=f"verglas {MARK}",
        fates={line.pk: Fate(span_of(line.use_span))},
        by=theirs.keeper,
        now=NOW,
    )
    return {"closure": closure.pk, "displaced": line.booking.reference}


def _news(theirs: Theirs) -> int:
    """Tell the body what was asked of it, and keep one of its keeper's notices."""
    deliver(now=NOW, mailer=get_connection("django.core.mail.backends.dummy.EmailBackend"))
    return Notice.objects.filter(person=theirs.keeper).latest("pk").pk


def _answers(theirs: Theirs) -> dict[str, Any]:
    """Ask about the request, and keep words of the body's own for refusing."""
    asked = ask_precision(
        line=theirs.request, text=f"Avec du son, {MARK}?", by=theirs.keeper, now=NOW
    )
    wording = add_wording(
        organization=theirs.body,
        code="other",
        label=f"Fermé {MARK}",
        by=theirs.keeper,
        now=NOW,
    )
    return {"message": asked.pk, "wording": wording.pk}


def _keep_agenda(theirs: Theirs) -> dict[str, Any]:
    """Follow an agenda that meets the hour blocked twice, settle one, and propose a file."""
    asset, by = theirs.secret, theirs.keeper
    agenda = follow_agenda(
        asset=asset, part=None, name=f"Agenda {MARK}", address="https://x.test/", by=by, now=NOW
    )
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nSUMMARY:Cours {MARK}\nDTSTART:20261204T150000Z\n"
        f"DURATION:PT{number + 1}H\nEND:VEVENT\n"
        for number in range(2)
    )
    text = f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode()
    receive(agenda_id=agenda.pk, answer=Answer(text), now=NOW, chance=0.5)
    settled, conflict = conflicts(theirs.body, NOW, asset=asset)
    waiver = keep_what_stands(conflict=settled, by=by, now=NOW)
    read = read_ics_file(text, asset, None, NOW)
    proposed = propose_import(
        organization=theirs.body, file_name=f"{MARK}.ics", read=read, by=by, now=NOW
    )
    return {
        "agenda": agenda.pk,
        "waiver": waiver.pk,
        "agenda_import": proposed.pk,
        "event": conflict.event_id,
        "met": conflict.hold_id,
    }


def _share_days(theirs: Theirs) -> dict[str, Any]:
    """Type days for the territory, and follow them."""
    days = share_days(organization=theirs.body, name=f"Jours {MARK}", by=theirs.keeper, now=NOW)
    day = date(2027, 2, 1)
    exception = add_exception(calendar=days, exception=DatedException(day, day, (), MARK))
    calendar = opening_calendar(theirs.secret)
    start_following(calendar=calendar, shared=days, accepts_outside=True, by=theirs.keeper, now=NOW)
    return {
        "shared": days.pk,
        "shared_exception": exception.pk,
        "inclusion": calendar.inclusions.get().pk,
    }


def _bring(theirs: Theirs) -> dict[str, Any]:
    """Check a file of assets that nobody has applied yet."""
    content = f"Numéro;Nom;Catégorie\n1;Camion {MARK};inconnue\n"
    batch = receive_file(
        organization=theirs.body,
        upload=SimpleUploadedFile(f"{MARK}.csv", content.encode()),
        by=theirs.keeper,
        now=NOW,
    )
    columns = ColumnMapping.from_json(batch.mapping)
    ask_check(batch=batch, mapping=columns, by=theirs.keeper, now=NOW)
    conduct_check(batch_id=batch.pk)
    return {"import": batch.pk, "import_line": batch.lines.get().pk}


def _lack(theirs: Theirs) -> int:
    """Tell a need and take it back: neighbours see it no more."""
    need = report_need(
        organization=theirs.body,
        category=None,
        words=f"Nacelle {MARK}",
        use=None,
        place=Place("Ici", 46.5, -72.5, "America/Toronto"),
        radius_km=25,
        purpose=f"Luminaires {MARK}",
        by=theirs.keeper,
        now=NOW,
    )
    withdraw_need(need=need, by=theirs.keeper, now=NOW)
    return need.pk


def _incident(theirs: Theirs) -> int:
    """Enter an incident in the register of the body."""
    fields = {
        "title": f"Envoi {MARK}",
        "data_described": "Adresses",
        "circumstances": "Une pièce jointe de trop",
        "known_on": date(2026, 11, 3),
    }
    body, keeper = theirs.body, theirs.keeper
    return record_incident(organization=body, fields=fields, by=keeper, now=NOW).pk


def _tell(theirs: Theirs) -> dict[str, Any]:
    """Give the secret asset a photo, a manual and a code, and its site facts."""
    out = BytesIO()
    Image.new("RGB", (40, 30), (9, 99, 99)).save(out, "JPEG")
    told = {"by": theirs.keeper, "now": NOW}
    picture = read_picture(out.getvalue(), "photo.jpg")
    photo = add_photos(place=theirs.secret, pictures=[picture], alt=f"Vue {MARK}", **told)[0]
    state_facts(place=theirs.secret.site, values={"key_place": f"Comptoir {MARK}"}, **told)
    seal_secret(place=theirs.secret, text=f"1234 {MARK}", hours_before=168, **told)
    seal_secret(place=theirs.shared, text=f"5678 {MARK}", hours_before=168, **told)
    paper = add_paper(
        asset=theirs.secret,
        title=f"Plan {MARK}",
        content=f"%PDF-1.7 {MARK}".encode(),
        media_type=PDF,
        reader=Reader.ALL,
        **told,
    )
    return {"photo": photo.pk, "paper": paper.pk, "site": theirs.secret.site_id}


def _audit(theirs: Theirs) -> dict[str, Any]:
    """Audit the secret asset by evidence of its use, every morning of a quarter."""
    days = [date(2026, 8, 3) + timedelta(days=number) for number in range(91)]
    number = theirs.secret.external_id
    lines = "".join(f"{number};{day} 08:00;{day} 12:00\n" for day in days)
    audit = send_evidence(
        organization=theirs.body,
        uploads=[SimpleUploadedFile(f"{MARK}.csv", f"bien;début;fin\n{lines}".encode())],
        period=None,
        sense=None,
        by=theirs.keeper,
        now=NOW,
    )
    conduct_audit(audit_id=audit.pk, clock=lambda: NOW + timedelta(minutes=1))
    return {"audit": audit.pk, "finding": audit.findings.get(asset=theirs.secret).pk}
